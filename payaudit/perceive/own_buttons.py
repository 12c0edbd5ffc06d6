"""Offers side by side, each with one button of its own, whatever that button says."""

from __future__ import annotations

from dataclasses import replace

from payaudit.perceive.card import Card
from payaudit.perceive.controls import Control
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.screen import Screen

_SALE = ("one_off", "renewal", "no_renewal", "unlock", "trial", "first_time", "topup")
"""Groups of words that say on what terms something is sold; a list of dramas says none."""
_NO_BUTTON = ("agreement_link", "play", "refund", "fold", "share")
_SEVERAL = 2
_HEIGHT_PX = (24.0, 80.0)


def with_own_buttons(found: list[Card], screen: Screen, lexicon: Lexicon) -> list[Card]:
    """The cards with their buttons, where each has exactly one and at least two tell terms of sale."""
    if len(found) < _SEVERAL or all(card.button is not None for card in found):
        return found
    own = [_only(card, screen, lexicon) for card in found]
    told = sum(any(lexicon.has(group, card.words) for group in _SALE) for card in found)
    if told < _SEVERAL or len({c.node for c in own if c is not None}) < len(found):
        return found
    return [
        replace(card, button=button, chooser=card.chooser if card.chooser and card.chooser.strong else None)
        for card, button in zip(found, own, strict=True)
    ]


def _only(card: Card, screen: Screen, lexicon: Lexicon) -> Control | None:
    """The one thing in a card that is drawn to be pressed."""
    inside = [
        c
        for c in screen.controls
        if c.strong
        and c.role in {"button", "link"}
        and c.node != card.node
        and screen.tree.inside(c.node, card.node)
        and any(letter.isalpha() for letter in c.label)
        and _HEIGHT_PX[0] <= _height(c, screen) <= _HEIGHT_PX[1]
        and not any(lexicon.has(group, c.label) for group in _NO_BUTTON)
    ]
    return inside[0] if len({c.node for c in inside}) == 1 else None


def _height(control: Control, screen: Screen) -> float:
    """As drawn, where the layer's edge may cut off what is seen of it."""
    box = screen.tree.nodes[control.node].box
    return control.box[3] if box is None else box[3]
