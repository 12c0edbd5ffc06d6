"""Whether what can be read names a call or a letter, and nothing else, as the way to stop a renewal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from payaudit.extract.sentence_end import SENTENCE_END
from payaudit.extract.walked import Seen
from payaudit.perceive.lexicon import Lexicon

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")  # to cancel write to billing@site.example
_CAPTION = 28  # characters of an entry
_NAMED = 0.5  # share of it that names one's renewals


def by_contact(seen: Iterable[Seen], lexicon: Lexicon) -> tuple[Seen, str] | None:
    """The sentence that says so, and where; None where none does or any names a way without asking.

    A sentence that only says that one may cancel names no way, and takes nothing from one that does. Nor
    does one that names the viewer's own page, where that page was opened and is what speaks of the letter.
    """
    found: tuple[Seen, str] | None = None
    elsewhere = here = False
    pointing = True  # whatever names another way names the viewer's own page, and nothing to press there
    about = False  # what the sentence before was about
    for at, sentence in _sentences(seen):
        before, about = about, _about(sentence, lexicon)
        asks = lexicon.has("by_contact", sentence) or bool(_MAIL.search(sentence))
        # On the page for it, any place that is named may be where one cancels, in whatever words.
        if not (about or (before and asks) or _own_page(at)):
            continue
        if _title(sentence, lexicon):
            continue
        if lexicon.has("own_way", sentence):
            possible = not lexicon.has("not_possible", sentence)
            here = here or (possible and _own_page(at))
            elsewhere = elsewhere or possible
            pointing = pointing and (not possible or lexicon.has("manage_renewal", sentence))
        elif (
            asks
            and (about or (before and not lexicon.has("inquiry", sentence)))
            and (found is None or (_own_page(at) and not _own_page(found[0])))
        ):
            found = at, sentence
    # Another way that is named somewhere is doubted only by the very page that it points to.
    if found is None or here or (elsewhere and not (_own_page(found[0]) and pointing)):
        return None
    return found


def _about(sentence: str, lexicon: Lexicon) -> bool:
    return any(
        lexicon.has(group, sentence) or lexicon.negated(group, sentence)
        for group in ("cancel", "stop_renewal")
    )


def _title(sentence: str, lexicon: Lexicon) -> bool:
    """Whether it is only the name of an entry, or the head of the page that it led to."""
    if len(sentence) > _CAPTION:
        return False
    return sum(h.end - h.start for h in lexicon.find("manage_renewal", sentence)) >= _NAMED * len(sentence)


def _own_page(at: Seen) -> bool:
    """Whether it is the page that the viewer's own entry for memberships led to."""
    action = at.step.action
    return action.verb == "tap" and action.intent == "manage_renewal" and at.step.outcome.changed


def _sentences(seen: Iterable[Seen]) -> Iterator[tuple[Seen, str]]:
    told: set[str] = set()
    for at in seen:
        for text in at.screen.texts:
            if text.sight == "hidden" or text.text in told:
                continue
            told.add(text.text)
            for part in SENTENCE_END.split(text.text):
                if part.strip():
                    yield at, part.strip()
