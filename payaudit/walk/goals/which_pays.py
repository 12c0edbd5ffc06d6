"""Which control pays for the offer that is wanted, on any screen on the way to its payment."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from payaudit.perceive.bill import bill_of
from payaudit.perceive.card import Card
from payaudit.perceive.controls import Control
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.naming import clean
from payaudit.perceive.pay_controls import pay_controls
from payaudit.perceive.prices import amounts
from payaudit.walk.stage import View

Price = tuple[object, ...]
"""What makes two amounts the same: ``perceive.placed.value_of``."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The offer, and how far the way to its payment has come."""

    name: str
    price: Price | None  # as its card showed it last
    chosen: bool
    onward: bool  # a press to pay led to another screen
    pressed: Collection[tuple[str, str]]  # screen and caption of what was pressed to pay


def which_pays(view: View, lexicon: Lexicon, card: Card | None, wanted: Wanted) -> Control | None:
    """The likeliest that was not pressed on this screen; ``card``: the offer's own, where it stands here."""
    price = card.main.key if card is not None and card.main is not None else None
    foreign = _of_others(view, card)
    if card is None and len(foreign) == 1 and asks_the_same(foreign[0], wanted.price):
        foreign = []  # the last look at what was chosen, under another name
        price = wanted.price
    own = (
        [card.button]
        if card is not None and card.button is not None and card.button.reach != "blocked"
        else []
    )
    elsewhere = {c.main.key[:2] for c in view.scene.cards if c is not card and c.main is not None}
    ranked: list[tuple[int, float, Control]] = []
    # A heading that says "unlock" is pressed only where no button is, here or further down.
    buttons = [c for c in view.scene.pays if c.strong] or _further_down(view, lexicon) or view.scene.pays
    pool: list[Control] = [*own, *buttons]
    bill = bill_of(view.screen, view.scene.pays, lexicon)
    due = None if bill is None else bill.total.amount.money
    for control in pool:
        if (view.scene.key, control.label) in wanted.pressed:
            continue
        if any(control.node == c.button.node for c in foreign if c.button is not None):
            continue
        if card is None and not wanted.chosen and clean(control.label) == wanted.name:
            return control
        values = {(a.money, a.coins) for a in amounts(control.label)}
        if card is None and not wanted.onward and values & elsewhere:
            continue  # it pays for what stands here, and the offer does not
        asked = price or wanted.price
        same = asked is not None and (asked[0], asked[1]) in values
        # A bill says what it comes to with what was added.
        same = same or (due is not None and due in {money for money, _ in values})
        # Where its own button led, the only control that pays asks for it, with what was added.
        alone = wanted.onward and len(pool) == 1
        other = bool(values) and price is not None and not same and not alone
        if other and (values & elsewhere or not control.strong):
            continue
        # The one button may ask for more than the offer: something ticked beforehand is in it.
        rank = 4 if other else 0 if control in own else (1 if same else (2 if control.strong else 3))
        ranked.append((rank, -control.box[1], control))
    return min(ranked, key=lambda r: (r[0], r[1], r[2].node))[2] if ranked else None


def asks_the_same(card: Card, price: Price | None) -> bool:
    """Whether a card asks this price."""
    return card.main is not None and price is not None and card.main.key[:2] == price[:2]


def _of_others(view: View, card: Card | None) -> list[Card]:
    """Cards of other offers that have a button of their own."""
    tree = view.screen.tree
    return [
        c
        for c in view.scene.cards
        if c is not card
        and c.button is not None
        and (tree.inside(c.button.node, c.node) or len(view.scene.cards) > 1)
        and (card is None or c.button is not card.button)
    ]


def _further_down(view: View, lexicon: Lexicon) -> list[Control]:
    """Pay controls of the layer in front that lie outside the view, where none is in it."""
    screen = view.screen
    return [
        c
        for c in pay_controls(screen, lexicon, reachable=False)
        if c.reach == "scroll" and c.strong and screen.tree.inside(c.node, screen.scope)
    ]
