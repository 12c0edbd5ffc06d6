"""Text of a hostile page as a reader may see it: nothing hidden, nothing reordered, nothing endless."""

from __future__ import annotations

import re

LIMIT = 700  # characters of one text; a name, a sentence or an address is shorter
_TAIL = 200  # of them from the end: what a sentence says after a long quotation

# Controls, direction marks and overrides, invisible spaces and fillers, tags, lone surrogates. Characters
# that join (U+200C, U+200D) are told apart below: scripts and emoji need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)
_JOINERS = "\u200c\u200d"
# Scripts whose spelling needs joiners (Arabic to Myanmar, Khmer, Mongolian) and pictographs.
_JOINED = re.compile("[\u0600-\u109f\u1780-\u18af\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]")
_PILE = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4})"
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)


def shown(text: str, limit: int = LIMIT) -> str:
    """The text with invisible and reordering characters named, as ``[U+202E]``, and its middle cut.

    Plain text still: whoever writes it into markup escapes it. Marks piled on one
    letter are kept up to four.
    """
    return _PILE.sub(r"\1", _UNSEEN.sub(_named, cut(text, limit)))


def cut(text: str, limit: int) -> str:
    """At most about ``limit`` characters; how many are left out stands where they were."""
    if len(text) <= limit:
        return text
    tail = min(_TAIL, limit // 3)
    left_out = len(text) - limit
    return f"{text[: limit - tail]}… [+{left_out:,}] …{text[len(text) - tail :]}"


def _named(found: re.Match[str]) -> str:
    char = found[0]
    if char in _JOINERS and _JOINED.match(found.string, found.start() - 1 if found.start() else 0):
        return char
    return f"[U+{ord(char):04X}]"
