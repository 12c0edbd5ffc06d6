"""A bill: amounts below one another that add up to the last of them, as an order is summed up to be paid.

Told by arithmetic first: 9.900, 2.500, 12.400. What is bought stands at the
head; what is added to it and the sum are no offers. Three prices to choose from
may add up too: in a bill none is pressed, and the sum is called so or stands on
the button.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from payaudit.model.money import Money
from payaudit.perceive.controls import Control
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.placed import Placed, placed
from payaudit.perceive.prices import amounts
from payaudit.perceive.screen import Screen

_MOST = 5  # rows above a sum
_BOXES = frozenset({"checkbox", "switch", "label"})
_LINE = 40  # characters of a row; a longer text is a sentence that speaks of prices


@dataclass(frozen=True)
class Bill:
    """``bought`` and ``added`` make up ``total``; all stand in this order."""

    bought: Placed
    added: tuple[Placed, ...]
    total: Placed

    @property
    def sums(self) -> frozenset[Money]:
        """The amounts that nothing is sold for: what was added, and the sum."""
        found = {p.amount.money for p in (*self.added, self.total)}
        return frozenset(m for m in found if m is not None and m != self.bought.amount.money)


def bill_of(screen: Screen, pays: Iterable[Control], lexicon: Lexicon) -> Bill | None:
    """The first bill in front, in reading order; ``None`` where none adds up."""
    # What is ticked and adds to the sum is a row of it, though it can be pressed.
    ticked = [c.node for c in screen.controls if c.role in _BOXES and c.state is True]
    pressed = [
        c.node
        for c in screen.controls
        if c.strong and not any(screen.tree.inside(c.node, box) for box in ticked)
    ]
    asked = {a.money for control in pays for a in amounts(control.label)}
    rows = [
        p
        for p in placed(screen)
        if p.amount.money is not None
        and len(p.text.text) <= _LINE
        and not any(screen.tree.inside(p.text.node, node) for node in pressed)
    ]
    for end, total in enumerate(rows):
        if total.amount.money not in asked and not _called_total(total, screen, lexicon):
            continue
        for start in range(max(0, end - _MOST), end - 1):
            if _adds_up([*rows[start:end], total]):
                return Bill(rows[start], tuple(rows[start + 1 : end]), total)
    return None


def _called_total(total: Placed, screen: Screen, lexicon: Lexicon) -> bool:
    """Whether a word for a sum stands with the amount or before it in its row."""
    _, y, _, height = total.text.box
    row = [t for t in screen.in_scope if y <= t.box[1] + t.box[3] / 2 <= y + height]
    return any(lexicon.has("total", t.text) for t in row)


def _adds_up(rows: Sequence[Placed]) -> bool:
    moneys = [p.amount.money for p in rows if p.amount.money is not None]
    # What is bought may cost nothing today, where a trial begins.
    if len({m.currency for m in moneys}) != 1 or any(m.amount <= 0 for m in moneys[1:]):
        return False
    below = all(b.text.box[1] > a.text.box[1] + a.text.box[3] / 2 for a, b in pairwise(rows))
    return below and sum(m.amount for m in moneys[:-1]) == moneys[-1].amount
