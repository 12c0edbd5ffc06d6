"""Cards that are none: pay buttons that repeat a price, bars under a list, remarks about a price."""

from __future__ import annotations

import re

from payaudit.model.money import Money
from payaudit.perceive.card import Card, of_a_kind, stands_apart
from payaudit.perceive.controls import Control
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.placed import ASKED, placed
from payaudit.perceive.prices import amounts
from payaudit.perceive.screen import Screen
from payaudit.perceive.style import Style
from payaudit.perceive.tree import Tree

_ALIKE = 0.15  # share by which cards of one row may differ in width or height
_SENTENCE = 24  # characters of a text that is more than a price and its name
_TICKS = frozenset({"checkbox", "switch"})
_ECHO = 40  # characters of a button that repeats a price
_NUMBER = re.compile(r"\W*\d{2,6}(?:\s*\+\s*\d{1,6})?\W*")  # 1000+200, and nothing else
_FACES = 6  # nodes of a card, itself first, that may paint its ground
_FACE = 0.8  # share of a card's height that its ground fills


def without_echoes(found: list[Card], screen: Screen, lexicon: Lexicon) -> list[Card]:
    """Drop pay controls that merely repeat the price of a card, or add to it what else is ticked."""
    tree = screen.tree
    kept = [
        c
        for c in found
        if _is_counted(c)
        or not (
            _is_echo(c, found, tree, lexicon)
            or _is_bar(c, found, tree)
            or _is_total(c, found, screen, lexicon)
        )
    ]
    return kept or found


def without_notes(found: list[Card], screen: Screen, pays: list[Control]) -> list[Card]:
    """Where some can be pressed, what cannot is a remark about a price."""
    tree = screen.tree
    pressed = [c for c in found if any(p is not None and p.strong for p in (c.chooser, c.button))]
    # What a tick adds makes no remark of what it is added to.
    real = [c for c in pressed if not is_ticked(screen, c)]
    if not real and len(pressed) < len(found):
        return found
    # Where a list listens for all, no control is sure; what has none at all still is a remark.
    paid_apart = any(c.strong and stands_apart(tree, c, found) for c in pays)
    others = [c for c in found if c not in real]
    if len(real) == 1 and paid_apart and all(_is_prose(c) and not _paid_by(c, pays) for c in others):
        return real
    some = [c for c in found if c.chooser is not None or c.button is not None]
    kept = real if len(real) > 1 else some
    return kept if len(kept) > 1 else found


def without_plain_lines(found: list[Card], screen: Screen, pays: list[Control]) -> list[Card]:
    """Where three cards of a kind stand together, drop lines on the bare ground around them: heads and sums.

    On a page that listens above its cards no control tells them from remarks.
    """
    tree = screen.tree
    kind = of_a_kind(tree, found)
    row = {found[i].node for i in kind if _is_drawn(tree, found[i])}
    if len(row) < len(kind) or not kind:
        return found
    return [c for c in found if c.node in row or _pressed(c, pays) or _is_drawn(tree, c)]


def _pressed(card: Card, pays: list[Control]) -> bool:
    """Whether a card has a control that is sure, or one that says to pay."""
    own = [c for c in (card.chooser, card.button) if c is not None]
    return any(c.strong or c in pays for c in own)


def _is_drawn(tree: Tree, card: Card) -> bool:
    """Whether a card is painted as a thing of its own: a ground, a border or a shadow around its words."""
    height = (tree.nodes[card.node].box or (0.0, 0.0, 0.0, 0.0))[3]
    faces = (tree.nodes[i] for i in tree.subtree(card.node)[:_FACES])
    return any(
        node.style is not None
        and node.box is not None
        and node.box[3] >= _FACE * height
        and (node.style.border_px > 0 or node.style.picture or _has_ground(node.style))
        for node in faces
    )


def _has_ground(style: Style) -> bool:
    return style.background is not None and style.background[3] > 0


def _paid_by(card: Card, pays: list[Control]) -> bool:
    """Whether a pay control names what a card costs."""
    asked = {a.money for control in pays for a in amounts(control.label) if a.money is not None}
    return card.main is not None and card.main.amount.money in asked


def _is_prose(card: Card) -> bool:
    """Whether a card is one text that tells of prices in a sentence."""
    return len(card.texts) == 1 and len(card.words) >= _SENTENCE


def without_extras(found: list[Card], screen: Screen, lexicon: Lexicon) -> list[Card]:
    """Drop what is only added to a choice: its row is a tick box, or says so, and the others are neither."""
    agreed = [c for c in found if is_ticked(screen, c) and lexicon.has("consent", c.words)]
    if agreed and len(agreed) < len(found):
        found = [c for c in found if c not in agreed]  # what is agreed to is not sold by the box
    extras = [c for c in found if is_ticked(screen, c) or lexicon.has("extra", c.words)]
    rest = [c for c in found if c not in extras]
    # Of one that is left, it must be sure that it is sold: several ticks are several extras.
    alone = len(rest) == 1 and len(extras) > 1 and all(is_ticked(screen, c) for c in extras)
    return rest if len(rest) > 1 or alone else found


def is_ticked(screen: Screen, card: Card) -> bool:
    """Whether the card's own control is a tick box or switch."""
    boxes = [c for c in screen.controls if screen.tree.inside(c.node, card.node)]
    return any(c.role in _TICKS for c in boxes) and card.button is None


def _is_echo(card: Card, found: list[Card], tree: Tree, lexicon: Lexicon) -> bool:
    """Whether a card is only a button that says again what another one costs."""
    button, main = card.button, card.main
    if button is None or main is None or len(button.label) > _ECHO:
        return False
    if not all(tree.inside(p.runs[0].node, button.node) for p in card.placed if p.role in ASKED):
        return False
    others = [c for c in found if c is not card]
    asks = lexicon.has("pay", button.label)
    lone = asks and not any(lexicon.has("pay", c.words) for c in others)
    # Cards of one row differ in price; two wide buttons below each other are no row.
    # Nor is the one that pays among others that only choose.
    mates = [c for c in others if c.button is not None or c.chooser is None]
    if not lone and any(_row_mates(tree, card.node, c.node) and not c.costs(main.key) for c in mates):
        return False
    return any(
        c.costs(main.key)
        and (
            c.chooser is not None
            or len(c.words) > len(button.label)
            or (asks and not lexicon.has("pay", c.words))
        )
        for c in others
    )


def _is_counted(card: Card) -> bool:
    """Whether a card is a button that also says how much it sells: 1000+200 $9.99."""
    if card.button is None or card.button.node != card.node:
        return False
    label = card.button.label
    for amount in reversed(amounts(label)):
        label = label[: amount.start] + " " + label[amount.end :]
    return _NUMBER.fullmatch(label) is not None


def _is_total(card: Card, found: list[Card], screen: Screen, lexicon: Lexicon) -> bool:
    """Whether a card is only the button that asks for a chosen offer and for what was added to it."""
    button, main = card.button, card.main
    if button is None or main is None or main.amount.money is None or not lexicon.has("pay", button.label):
        return False
    others = [c for c in found if c is not card]
    chosen = [c.main.amount.money for c in others if c.main is not None and c.chooser is not None]
    if not screen.tree.inside(card.node, button.node) or any(c.button is not None for c in others):
        return False
    added = {p.amount.money for p in placed(screen) if p.amount.money is not None}
    total = main.amount.money
    return any(
        money is not None
        and money.currency == total.currency
        and Money(amount=total.amount - money.amount, currency=total.currency) in added - {money}
        for money in chosen
        if money is not None and money.amount < total.amount
    )


def _row_mates(tree: Tree, one: int, other: int) -> bool:
    """Whether two nodes are cards of one row or grid: side by side in the tree, alike in tag and size."""
    a, b = tree.nodes[one], tree.nodes[other]
    if not tree.of_one_list(one, other) or a.tag != b.tag or a.box is None or b.box is None:
        return False
    return all(abs(x - y) <= _ALIKE * max(x, y) for x, y in zip(a.box[2:], b.box[2:], strict=True))


def _is_bar(card: Card, found: list[Card], tree: Tree) -> bool:
    """Whether a card is the bar under a list: the pay control with a summary of what stands chosen."""
    main = card.main
    if card.chooser is not None or card.button is None or main is None:
        return False
    return tree.inside(card.button.node, card.node) and any(
        c is not card and c.chooser is not None and c.chooser.strong and c.costs(main.key) for c in found
    )
