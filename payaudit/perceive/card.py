"""One offer on one screen: its texts, its amounts, and what to press for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from payaudit.perceive.controls import Control
from payaudit.perceive.placed import Placed
from payaudit.perceive.texts import Text
from payaudit.perceive.tree import Tree

_FIGURES = ("day", "episode")
ChosenBy = Literal["dom", "aria", "class", "style", "button_price"]


@dataclass(frozen=True, slots=True)
class Card:
    """One offer on one screen. ``node`` holds all its texts."""

    node: int
    texts: tuple[Text, ...]
    placed: tuple[Placed, ...]
    chooser: Control | None  # what to press to choose it
    button: Control | None  # its own pay control, if it has one
    chosen: bool | None
    chosen_by: ChosenBy | None

    @property
    def words(self) -> str:
        """All its texts, a line each."""
        return "\n".join(t.text.strip() for t in self.texts)

    @property
    def main(self) -> Placed | None:
        """The amount that it costs: the largest that is no reference, saving or figure per day or episode.

        Such a figure is the price only where no other stands on the card.
        """
        asked = [p for p in self.placed if p.asked]
        candidates = [p for p in asked if p.amount.money is not None] or asked
        candidates = [p for p in candidates if p.amount.per not in _FIGURES] or candidates
        return max(candidates, key=lambda p: (round(p.font_px), -p.text.box[1]), default=None)

    def costs(self, value: tuple[object, ...]) -> bool:
        """Whether this is the value of its main amount."""
        return self.main is not None and self.main.key == value


def stands_apart(tree: Tree, control: Control, cards: Iterable[Card]) -> bool:
    """Whether a control lies neither within a card nor around one."""
    return not any(tree.inside(control.node, c.node) or tree.inside(c.node, control.node) for c in cards)
