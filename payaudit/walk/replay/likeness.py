"""Whether two requests ask the same, though each carries a time stamp or a number used once.

Nothing is known of any site's names: two requests are alike where their method, host and
path are one, they carry the same fields, and each value that differs is in both of a kind
that is new every time: a time of day, a random fraction, a hash or token. A number that
counts (an episode, an amount) is none, so that the answer for episode 3 is never given for
episode 4.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from payaudit.walk.secret import HIDDEN

_ONCE = tuple(
    re.compile(pattern)
    for pattern in (
        r"1[0-9]{9}(?:\.\d+|[0-9]{3}|[0-9]{6})?",  # Unix time in s, ms or µs, from 2001 to 2033
        r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*",
        r"0?\.\d{6,}",  # Math.random()
        r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}",
        # Base36, base64, hex: letters and digits in turns, as no name with a number at its end has them.
        r"(?=[0-9a-zA-Z+/=]{10,}\Z)[a-zA-Z+/=]*\d+[a-zA-Z+/=]+\d+[a-zA-Z+/=]+.*",
        r"\d{13,}",  # numbered by time and chance
    )
)


# Base36 has letters and digits in turns as a rule only: one in seven such tokens has too few digits.
_TOKEN = re.compile(r"(?=.*[0-9])(?=.*[a-zA-Z])[0-9a-zA-Z+/=_-]{8,}")
_AS_LONG = 3
_BOUNDARY = re.compile(rb"--([0-9A-Za-z'()+_,./:=?-]{1,70})\r\n")


def once(value: str) -> bool:
    """Whether a value is of a kind that is new every time."""
    return any(kind.fullmatch(value) for kind in _ONCE)


def _both_once(ours: str, theirs: str) -> bool:
    """Whether each is new every time; where one is, so is a token of its make that begins otherwise."""
    if once(ours) and once(theirs):
        return True
    return (
        (once(ours) or once(theirs))
        and all(map(_TOKEN.fullmatch, (ours, theirs)))
        and abs(len(ours) - len(theirs)) <= _AS_LONG
        and ours[:2] != theirs[:2]
    )


def alike(method: str, url: str, body: bytes, recorded: tuple[str, str, bytes]) -> bool:
    """Whether a request asks what a recorded one (method, URL, body) asked."""
    if method != recorded[0]:
        return False
    asked, known = urlsplit(url), urlsplit(recorded[1])
    if (asked.scheme, asked.netloc, asked.path) != (known.scheme, known.netloc, known.path):
        return False
    return _same_query(asked.query, known.query) and _same_body(body, recorded[2])


def _same_query(asked: str, known: str) -> bool:
    if asked == known:
        return True
    ours, theirs = parse_qsl(asked, keep_blank_values=True), parse_qsl(known, keep_blank_values=True)
    return (
        bool(ours)
        and len(ours) == len(theirs)
        # A bare ?1700000000000 is a name without a value.
        and all(_same(a, b) and _same(x, y) for (a, x), (b, y) in zip(ours, theirs, strict=True))
    )


def _same_body(asked: bytes, known: bytes) -> bool:
    if asked == known:
        return True
    ours_parted, theirs_parted = _BOUNDARY.match(asked), _BOUNDARY.match(known)
    if ours_parted and theirs_parted:  # the browser draws the line between the parts anew each time
        return asked.replace(ours_parted[1], b"") == known.replace(theirs_parted[1], b"")
    try:
        return _same(json.loads(asked), json.loads(known))
    except (ValueError, RecursionError):
        pass
    try:
        ours, theirs = asked.decode(), known.decode()
    except UnicodeDecodeError:
        return False
    return "=" in ours and "=" in theirs and _same_query(ours, theirs)


def _same(asked: Any, known: Any) -> bool:  # noqa: ANN401 - whatever JSON holds
    if asked == known or HIDDEN in (asked, known):
        return True
    if isinstance(asked, dict) and isinstance(known, dict):
        return asked.keys() == known.keys() and all(_same(asked[key], known[key]) for key in asked)
    if isinstance(asked, list) and isinstance(known, list):
        return len(asked) == len(known) and all(map(_same, asked, known))
    plain = (str, int, float)
    return (
        isinstance(asked, plain)
        and isinstance(known, plain)
        and type(asked) is type(known)
        and _both_once(str(asked), str(known))
    )
