"""Which card stands chosen, and how that is known."""

from __future__ import annotations

from dataclasses import replace

from payaudit.perceive.card import Card, ChosenBy, of_a_kind, stands_apart
from payaudit.perceive.controls import Control
from payaudit.perceive.paint import area
from payaudit.perceive.placed import ASKED
from payaudit.perceive.prices import amounts
from payaudit.perceive.screen import Screen
from payaudit.perceive.states import state_of_words
from payaudit.perceive.tree import ELEMENT, Tree

_ONE_OF_SEVERAL = frozenset({"radio", "option", "tab"})
_NAMED = 40  # nodes of a card, itself first, whose class may say that it is chosen
_DRAWN = 12  # nodes of a card, itself first, that may draw its face
_MOST = 0.7  # share of a card that a box of its face fills


def with_chosen(screen: Screen, found: tuple[Card, ...], pays: list[Control]) -> tuple[Card, ...]:
    """The cards, each with whether it stands chosen."""
    states = [_own_state(screen, c) for c in found]
    bar = any(stands_apart(screen.tree, c, found) for c in pays)
    # Without a control that pays for what stands chosen, nothing is chosen: a loud card is only loud.
    # So it is where each has a button of its own, whatever else stands beside them.
    bar = bar and len({c.button.node for c in found if c.button is not None}) < len(found)
    if len(found) > 1 and bar and not any(on for on, _ in states):
        states = _by_comparison(screen, found, pays) or states
    if any(on for on, _ in states):
        known_by = next(how for on, how in states if on)
        states = [(bool(on), how or known_by) for on, how in states]
    return tuple(
        replace(card, chosen=on, chosen_by=how) for card, (on, how) in zip(found, states, strict=True)
    )


def _own_state(screen: Screen, card: Card) -> tuple[bool | None, ChosenBy | None]:
    """What a card's own controls and class names say."""
    tree, chooser = screen.tree, card.chooser
    if chooser is not None and chooser.role == "radio":
        return chooser.state, chooser.state_known_by
    # A card that fills a page holds the tabs or choices of the whole page: which is its own cannot be told.
    own = [c for c in screen.controls if c.role in _ONE_OF_SEVERAL and tree.inside(c.node, card.node)]
    if len(own) == 1:
        return own[0].state, own[0].state_known_by
    if chooser is not None and chooser.state is not None and chooser.state_known_by in {"dom", "aria"}:
        return chooser.state, chooser.state_known_by
    for index in tree.subtree(card.node)[:_NAMED]:
        node = tree.nodes[index]
        if node.kind == ELEMENT and state_of_words(node.words()) is True:
            return True, "class"
    return None, None


def _by_comparison(
    screen: Screen, found: tuple[Card, ...], pays: list[Control]
) -> list[tuple[bool | None, ChosenBy | None]]:
    """States from what tells one card from the others; empty where nothing does."""
    odd = _odd_one(screen, found)
    if odd is not None:
        return [(i == odd, "style") for i in range(len(found))]
    named = _by_button_price(screen.tree, found, pays)
    return [] if named is None else [(i == named, "button_price") for i in range(len(found))]


def _odd_one(screen: Screen, found: tuple[Card, ...]) -> int | None:
    """The one card drawn otherwise than all its neighbours, which are drawn alike."""
    row = of_a_kind(screen.tree, found) or list(range(len(found)))
    looks = {i: face(screen, found[i]) for i in row}
    if len(row) < 3:  # noqa: PLR2004 - of two, either may be the odd one
        return None
    for i, look in looks.items():
        rest = [other for j, other in looks.items() if j != i]
        if look not in rest and len(set(rest)) == 1:
            return i
    return None


def face(screen: Screen, card: Card) -> tuple[object, ...]:
    """How a card is drawn: the look of every box that fills most of it."""
    tree = screen.tree
    whole = area(tree.nodes[card.node].box or (0.0, 0.0, 0.0, 0.0))
    return tuple(
        node.style.look
        for i in tree.subtree(card.node)[:_DRAWN]
        if (node := tree.nodes[i]).style is not None
        and node.kind == ELEMENT
        and node.box is not None
        and area(node.box) > _MOST * whole
    )


def _by_button_price(tree: Tree, found: tuple[Card, ...], pays: list[Control]) -> int | None:
    """The one card whose price a pay control repeats."""
    for control in pays:
        said = {(a.money, a.coins) for a in amounts(control.label) if a.role in ASKED}
        hits = [
            i
            for i, card in enumerate(found)
            if card.main is not None and (card.main.amount.money, card.main.amount.coins) in said
        ]
        # A card's own button says nothing about choice.
        if len(hits) == 1 and stands_apart(tree, control, found):
            return hits[0]
    return None
