"""Numbers of people that a screen shows: those who watch, buy or have bought."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.prices import amounts
from payaudit.perceive.screen import Screen
from payaudit.perceive.tree import Rect

_FEWEST = 2  # digits: of ten people any number is as likely as the next
_BEHIND = re.compile(
    r"(?<![\d.,])(\d{1,3}(?:[.,\u2009\u202f\u00a0 ]\d{3})+|\d+(?:\.\d+)?)"
    r"\s{0,2}(万|萬|만|[kK千])?[+多余餘]?\s{0,2}$"
)
_GROUPS = re.compile(r"[.,\s\u2009\u202f\u00a0](?=\d{3})")
_DIGITS = re.compile(r"[\d.,]+")
_CAPTION = 80  # characters kept
_NEAR = 24  # characters before the word in which its number stands


@dataclass(frozen=True, slots=True)
class Crowd:
    """A number of people; ``caption`` is its text without figures, ``total`` whether it only adds up."""

    number: Decimal
    caption: str
    text: str
    total: bool
    node: int
    box: Rect


def crowds(screen: Screen, lexicon: Lexicon) -> tuple[Crowd, ...]:
    """Each such number in front whose caption stands there once: lists of dramas repeat theirs."""
    found: list[Crowd] = []
    for text in screen.front:
        said = text.text.strip()
        for hit in lexicon.find("crowd", said):
            match = _BEHIND.search(said[max(0, hit.start - _NEAR) : hit.start])
            if match is None or any(a.money is not None for a in amounts(match.group())):
                continue
            number = _value(match)
            if number is not None and number >= 10 ** (_FEWEST - 1):
                caption = " ".join(_DIGITS.sub(" ", said).split())[:_CAPTION]
                total = lexicon.has("crowd_total", said) and not lexicon.has("crowd_window", said)
                found.append(Crowd(number, caption, said[:_CAPTION], total, text.node, text.box))
                break
    times = Counter(c.caption for c in found)
    return tuple(c for c in found if times[c.caption] == 1)


def _value(match: re.Match[str]) -> Decimal | None:
    """None of a number that is rounded to thousands or more: it jumps where the crowd does not."""
    return None if match[2] else Decimal(_GROUPS.sub("", match[1]))
