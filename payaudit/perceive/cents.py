"""Numbers that touch in different sizes: $9 with a small 99 says $9.99, ¥30 with a small 30天 two things."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from payaudit.perceive.tree import Rect

_WHOLE = re.compile(r"(?<![\d.,])\d{1,4}\s?$")
_CENTS = re.compile(r"\s?\d\d\s?(?:$|[€$£¥￥元円起/（(])")
_SMALL = 0.8  # of the whole amount's letters; shops set cents at a half to two thirds
_RAISED = 0.15  # of the whole amount's height between the two bottoms
_NEAR = 12  # letters in which the currency's sign stands


class Painted(NamedTuple):
    """A stretch of text, its letters' size in px and its box, as painted."""

    text: str
    px: float
    box: Rect


def between(before: Painted, after: Painted) -> str:
    """Say what parts two texts that touch: a point before cents, a space between two numbers, else nothing.

    Cents are two digits, smaller and not lower than the line of the whole
    amount, raised or with the currency's sign near.
    """
    alike = min(before.px, after.px) > _SMALL * max(before.px, after.px)
    if alike or not (before.text[-1:].isdecimal() and after.text[:1].isdecimal()):
        return ""
    around = before.text[-_NEAR:] + after.text[:4]
    signed = any(unicodedata.category(letter) == "Sc" or letter == "元" for letter in around)
    bottom, cents_bottom = (part.box[1] + part.box[3] for part in (before, after))
    fits = cents_bottom <= bottom - _RAISED * before.box[3] or (signed and cents_bottom <= bottom + 1)
    cents = after.px < before.px and _WHOLE.search(before.text) and _CENTS.match(after.text)
    return "." if cents and fits else " "
