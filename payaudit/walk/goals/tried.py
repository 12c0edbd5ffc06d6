"""What came of an offer that was to be paid for, and how a screen tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from payaudit.perceive.cashier_form import cashier_form
from payaudit.perceive.controls import Control
from payaudit.perceive.naming import clean, offer_name
from payaudit.perceive.prices import amounts
from payaudit.walk.run import Run
from payaudit.walk.stage import View


@dataclass(frozen=True)
class Tried:
    """One offer, whether its payment call was seen, and what else was on sale on the way."""

    name: str
    called: bool
    view: View
    deeper: tuple[str, ...] = ()
    direct: bool = False  # choosing it was paying for it
    links: tuple[str, ...] = ()  # agreements linked from screens behind the first paywall
    renews: bool = False  # a screen on the way speaks of a renewal
    tabs: Mapping[str, str] = field(default_factory=dict)  # of what is sold deeper, the tab it stands behind


def names(view: View, run: Run) -> list[str]:
    """The offers of a paywall in screen order; last those that name no price."""
    priced = [offer_name(c, run.lexicon) for c in view.scene.cards]
    return list(dict.fromkeys([*priced, *(clean(c.label) for c in unpriced(view))]))


def unpriced(view: View) -> list[Control]:
    """Pay controls that name no price, where no offer stands chosen that they could be for."""
    if any(c.chosen for c in view.scene.cards):
        return []
    tree = view.screen.tree
    return [
        c
        for c in view.scene.pays
        if c.strong
        and c.label.strip()
        and not amounts(c.label)
        and not any(c is card.button or tree.inside(c.node, card.node) for card in view.scene.cards)
    ][:2]


def payment(view: View) -> str | None:
    """What a page that was left for a cashier sent there, word for word; None where it was not left."""
    sent = (cashier_form(event) for event in view.step.events)
    return next((form for form in sent if form is not None), None)


def called(view: View) -> bool:
    """Whether the step holds a refused payment call, or an order stopped before one."""
    return any(e.kind in {"payment_call", "blocked"} for e in view.step.events)
