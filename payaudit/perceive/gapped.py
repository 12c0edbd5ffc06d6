"""Wordings with words in between: ``adjust|change…price|fee``.

A lawyer's sentence puts phrases between a verb and its object, and no list holds
them all. ``…`` stands for a few letters of the same clause, ``|`` for either word.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

GAP = "…"
EITHER = "|"

_DENSE = 12  # characters between two words where a script sets no spaces: a phrase
_SPACED = 32  # characters in a script with spaces: as many words
_NO_SPACES = re.compile(r"[぀-ヿ㐀-鿿฀-๿가-힣]")  # or says much in few letters
_END = re.compile(r"[。，,；;：:！!？?\n]|\.(?=\s|$)")  # of what belongs together, in a normalised text

Span = tuple[int, int]


class Gapped(NamedTuple):
    """A wording: its parts in order, each with the words that it may be."""

    parts: tuple[tuple[str, ...], ...]

    @property
    def apart(self) -> int:
        """How far two parts may stand from each other, in characters."""
        return _DENSE if any(map(_NO_SPACES.search, self.parts[0])) else _SPACED

    def spans(self, at: Mapping[str, Sequence[Span]], text: str) -> Iterator[Span]:
        """Where a text holds it, each beginning once and as short as it can be; ``at``: where words stand."""
        standing = [
            sorted((span for word in part for span in at.get(word, ())), key=_longest_first)
            for part in self.parts
        ]
        for start, end in standing[0]:
            last = end
            for part in standing[1:]:
                near = bisect_left(part, (last, -len(text)), key=_longest_first)
                if near == len(part) or part[near][0] > last + self.apart:
                    break
                if _END.search(text, last, part[near][0]):
                    break
                last = part[near][1]
            else:
                yield start, last


def _longest_first(span: Span) -> tuple[int, int]:
    return span[0], -span[1]
