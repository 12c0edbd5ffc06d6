"""What has to be ticked before a payment is asked for."""

from __future__ import annotations

from collections.abc import Collection

from payaudit.perceive.card import Card
from payaudit.perceive.consents import ConsentBox, consent_boxes
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.pay_controls import priced
from payaudit.walk.stage import View

_NEVER_TICKED = ("passwordless", "autobuy", "extra", "newsletter")
_GRID_PX = 16  # by which a box may move and be the same


def box_to_tick(
    view: View, lexicon: Lexicon, card: Card | None, ticked: Collection[str]
) -> ConsentBox | None:
    """The next open box, the card's own before others; ``ticked`` holds the places of those before."""
    tree = view.screen.tree
    boxes = [
        b
        for b in consent_boxes(view.screen, lexicon)
        if b.control.state is not True
        and place(b) not in ticked
        and b.kind in {"agreement", "renewal"}
        and b.control.tap is not None
    ]
    inside = [b for b in boxes if card is not None and tree.inside(b.control.node, card.node)]
    return next(iter(inside or boxes), None) or _unnamed_box(view, lexicon, ticked)


def place(box: ConsentBox) -> str:
    """The same for the same box on the next screen."""
    x, y, _, _ = box.control.box
    return f"{box.label}|{round(x / _GRID_PX)}|{round(y / _GRID_PX)}"


def _unnamed_box(view: View, lexicon: Lexicon, ticked: Collection[str]) -> ConsentBox | None:
    """A box whose words no list knows, once all others are ticked and nothing is paid without it.

    What costs something, pays by itself later or allows advertising is never ticked.
    """
    screen = view.screen
    for control in screen.reachable:
        box = ConsentBox("agreement", control.label, control)
        if (
            control.role == "checkbox"
            and control.state is False
            and control.tap is not None
            and screen.tree.inside(control.node, screen.scope)
            and place(box) not in ticked
            and not priced(control)
            and not any(lexicon.has(group, control.label) for group in _NEVER_TICKED)
        ):
            return box
    return None
