"""Whether what can be read names a call or a letter, and nothing else, as the way to stop a renewal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from payaudit.extract.walked import Seen
from payaudit.perceive.lexicon import Lexicon

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")  # to cancel write to billing@site.example
_END = re.compile(r"[。；;！!？?\n]|\.(?=\s|$)")


def by_contact(seen: Iterable[Seen], lexicon: Lexicon) -> tuple[Seen, str] | None:
    """The sentence that says so, and where; None where none does or any names a way without asking.

    A sentence that only says that one may cancel names no way, and takes nothing from one that does.
    """
    found: tuple[Seen, str] | None = None
    for at, sentence in _sentences(seen):
        if not (lexicon.has("cancel", sentence) or lexicon.has("stop_renewal", sentence)):
            continue
        if lexicon.has("own_way", sentence):
            if lexicon.has("not_possible", sentence):
                continue
            return None
        if found is None and (lexicon.has("by_contact", sentence) or _MAIL.search(sentence)):
            found = at, sentence
    return found


def _sentences(seen: Iterable[Seen]) -> Iterator[tuple[Seen, str]]:
    told: set[str] = set()
    for at in seen:
        for text in at.screen.texts:
            if text.sight == "hidden" or text.text in told:
                continue
            told.add(text.text)
            for part in _END.split(text.text):
                if part.strip():
                    yield at, part.strip()
