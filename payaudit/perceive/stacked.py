"""Offers written one under another in a single list, each closed by its own pay button.

A heading, its prices and a button follow each other as equals, as in a
definition list or a page without boxes: no subtree holds one offer alone.
"""

from __future__ import annotations

from itertools import pairwise

from payaudit.perceive.card import Card
from payaudit.perceive.controls import Control
from payaudit.perceive.parting import fork
from payaudit.perceive.placed import Placed, currency_around, placed_in
from payaudit.perceive.screen import Screen
from payaudit.perceive.texts import Text
from payaudit.perceive.tree import Tree

_SEVERAL = 2
_HEADINGS = frozenset({"DT", "H1", "H2", "H3", "H4", "H5", "H6"})
_LARGEST = 0.9  # of the largest price's size
_LINE_PX = 8  # what follows begins at most this much above the end of what stands before it


def stacked_cards(screen: Screen, anchors: list[Placed], pays: list[Control]) -> tuple[Card, ...]:
    """The offers; empty unless at least two such sections each hold one price and end in one button.

    Where a price stands on something else that is pressed, offers are chosen, not stacked.
    """
    tree = screen.tree
    paying = {c.node for c in pays}
    pressed = [
        c
        for c in screen.controls
        if c.strong and c.node not in paying and not tree.inside(screen.scope, c.node)
    ]
    if any(tree.inside(a.text.node, c.node) for a in anchors for c in pressed):
        return ()
    node, _ = fork(tree, screen.scope, anchors)
    rows = [i for i in tree.nodes[node].children if tree.nodes[i].box is not None]
    if not _one_under_another(tree, rows):
        return ()
    buttons = _buttons(screen, rows, pays)
    held = [next((c for c in buttons if tree.inside(c.node, row)), None) for row in rows]
    found = [_card(screen, section, anchors) for section in _sections(tree, rows, held)]
    cards = [card for card in found if card is not None]
    count = sum(c is not None for c in held)
    return tuple(cards) if len(cards) == count >= _SEVERAL else ()


def _buttons(screen: Screen, rows: list[int], pays: list[Control]) -> list[Control]:
    """What closes the offers: controls that pay; where one is drawn like others, all of them."""
    strong = [c for c in pays if c.strong]
    sizes = {_size(c) for c in strong}
    alike = [
        c
        for c in screen.controls
        if c.strong
        and c.role == "button"
        and _size(c) in sizes
        and any(screen.tree.inside(c.node, r) for r in rows)
    ]
    return alike if len(alike) > len(strong) else strong


def _size(control: Control) -> tuple[int, int]:
    return round(control.box[2]), round(control.box[3])


def _one_under_another(tree: Tree, rows: list[int]) -> bool:
    boxes = [box for row in rows if (box := tree.nodes[row].box) is not None]
    return all(b[1] >= a[1] + a[3] - _LINE_PX for a, b in pairwise(boxes))


def _sections(tree: Tree, rows: list[int], held: list[Control | None]) -> list[tuple[list[int], Control]]:
    """The rows of each offer with its button: cut before each heading, else behind each button."""
    heads = [i for i, row in enumerate(rows) if tree.nodes[row].tag in _HEADINGS]
    ends = [i for i, control in enumerate(held) if control is not None]
    cuts = [h for h in heads if h <= ends[-1]] if ends else []
    if len(cuts) != len(ends) or any(not a < b for a, b in zip(cuts, ends, strict=True)):
        cuts = [0, *(e + 1 for e in ends[:-1])]
    found = []
    for at, start in enumerate(cuts):
        stop = cuts[at + 1] if at + 1 < len(cuts) else len(rows)
        inside = [c for c in held[start:stop] if c is not None]
        if len(inside) == 1:
            found.append((rows[start:stop], inside[0]))
    return found


def _card(screen: Screen, section: tuple[list[int], Control], anchors: list[Placed]) -> Card | None:
    """One offer; None where its rows hold no price but the button's, or several."""
    rows, button = section
    tree = screen.tree
    apart = [row for row in rows if not tree.inside(button.node, row)]
    beside = [a for a in anchors if any(tree.inside(a.text.node, row) for row in apart)]
    priced = [a for a in beside if a.amount.money is not None] or beside
    largest = max((a.font_px for a in priced), default=0.0)
    priced = [a for a in priced if a.font_px > _LARGEST * largest]  # what stands smaller reckons or repeats
    if len({a.key for a in priced}) != 1:
        return None
    root = next(row for row in rows if tree.inside(priced[0].text.node, row))

    def mine(text: Text) -> bool:
        return any(tree.inside(text.node, row) for row in rows)

    texts = tuple(t for t in screen.in_scope if mine(t))
    return Card(root, texts, tuple(placed_in(texts, currency_around(screen))), None, button, None, None)
