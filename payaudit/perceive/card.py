"""One offer on one screen: its texts, its amounts, and what to press for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

from payaudit.perceive.controls import Control
from payaudit.perceive.placed import Placed
from payaudit.perceive.pressables import alike
from payaudit.perceive.texts import Text
from payaudit.perceive.tree import Tree

_FIGURES = ("day", "episode")
# How many of a shorter time a longer one holds, as shops reckon when they say what a year comes to a week.
_TIMES: dict[str, tuple[str, ...]] = {
    "day": ("7", "28", "30", "31", "90", "91", "180", "182", "365", "366"),
    "week": ("4", "4.29", "4.33", "4.35", "12", "13", "26", "48", "50", "52", "52.14"),
    "month": ("3", "6", "12"),
}
_ROUNDED = Decimal("0.02")  # share by which such a figure may differ
ChosenBy = Literal["dom", "aria", "class", "style", "button_price"]


@dataclass(frozen=True)  # without slots: what is reckoned of it is kept with it
class Card:
    """One offer on one screen. ``node`` holds all its texts."""

    node: int
    texts: tuple[Text, ...]
    placed: tuple[Placed, ...]
    chooser: Control | None  # what to press to choose it
    button: Control | None  # its own pay control, if it has one
    chosen: bool | None
    chosen_by: ChosenBy | None

    @cached_property
    def words(self) -> str:
        """All its texts, a line each."""
        return "\n".join(t.text.strip() for t in self.texts)

    @cached_property
    def main(self) -> Placed | None:
        """The amount that it costs: the largest that is no reference, saving or figure per day or episode.

        Such a figure is the price only where no other stands on the card.
        """
        # After a trial for nothing, what is charged later is the only amount.
        asked = [p for p in self.placed if p.asked] or [p for p in self.placed if p.role == "renewal"]
        candidates = [p for p in asked if p.amount.money is not None] or asked
        candidates = [p for p in candidates if p not in self.figures] or candidates
        return max(candidates, key=lambda p: (round(p.font_px), -p.text.box[1]), default=None)

    @cached_property
    def figures(self) -> tuple[Placed, ...]:
        """Amounts that tell what the price comes to by the day, episode, week or month."""
        asked = [p for p in self.placed if p.asked and p.amount.money is not None]
        return tuple(
            p for p in asked if p.amount.per in _FIGURES or any(_comes_to(p, other) for other in asked)
        )

    def costs(self, value: tuple[object, ...]) -> bool:
        """Whether this is the value of its main amount."""
        return self.main is not None and self.main.key == value


def _comes_to(figure: Placed, price: Placed) -> bool:
    """Whether a figure for a time is another amount parted by how often that time fits into a longer one."""
    small, large = figure.amount.money, price.amount.money
    if (
        small is None
        or large is None
        or small.currency != large.currency
        or not 0 < small.amount < large.amount
    ):
        return False
    if figure.amount.per == price.amount.per or figure.amount.role != "price":
        return False
    return any(
        abs(small.amount * Decimal(often) - large.amount) <= _ROUNDED * large.amount
        for often in _TIMES.get(figure.amount.per or "", ())
    )


def of_a_kind(tree: Tree, found: Sequence[Card]) -> list[int]:
    """Places of three cards or more that are things of one kind, side by side; empty where no three are."""
    for i, card in enumerate(found):
        parent = tree.nodes[card.node].parent
        kind = [
            j
            for j, other in enumerate(found)
            if tree.nodes[other.node].parent == parent and (j == i or alike(tree, card.node, other.node))
        ]
        if len(kind) > 2:  # noqa: PLR2004 - of two, either may be the odd one
            return kind
    return []


def stands_apart(tree: Tree, control: Control, cards: Iterable[Card]) -> bool:
    """Whether a control lies neither within a card nor around one."""
    return not any(tree.inside(control.node, c.node) or tree.inside(c.node, control.node) for c in cards)
