"""Where one offer ends and the next begins, by the tree alone.

The tree is parted where subtrees that hold amounts stand side by side, unless
these still speak of one thing.
"""

from __future__ import annotations

from payaudit.perceive.placed import Placed
from payaudit.perceive.screen import Screen
from payaudit.perceive.tree import Rect, Tree

Part = tuple[int, list[Placed]]
"""A node and the amounts under it that belong to one offer."""

_WHOLE = frozenset({"button", "link", "radio", "label", "option", "tab"})  # what is pressed in one piece
_UNITS = frozenset({"episode", "day"})  # a price for so little only puts another one smaller
_CARD_PX = 160  # of height that the lines of one card take up at most
_LINE_PX = 28  # of height; a line of text is no card


def part(screen: Screen, node: int, anchors: list[Placed]) -> list[Part]:
    """Part the amounts under ``node`` into offers."""
    tree = screen.tree
    node, by_child = fork(tree, node, anchors)
    if len(by_child) == 1 or in_one_text(anchors) or _one_offer(screen, node, by_child):
        return [(node, anchors)]
    parts: list[Part] = []
    for child, group in by_child.items():
        parts += [(node, group)] if child == node else part(screen, child, group)
    return parts


def in_one_text(anchors: list[Placed]) -> bool:
    """Whether all of them stand in the same text."""
    return len({id(a.text) for a in anchors}) == 1


def fork(tree: Tree, node: int, anchors: list[Placed]) -> tuple[int, dict[int, list[Placed]]]:
    """The first node on the way down whose children share the amounts, and their shares."""
    while True:
        by_child: dict[int, list[Placed]] = {}
        for anchor in anchors:
            by_child.setdefault(_child(tree, node, anchor.runs[0].node), []).append(anchor)
        only = next(iter(by_child))
        if len(by_child) > 1 or only == node:
            return node, by_child
        node = only


def _child(tree: Tree, node: int, below: int) -> int:
    """The child of ``node`` on the way down to ``below``; ``node`` itself when there is none."""
    last = below
    while below > node:
        last, below = below, tree.nodes[below].parent
    return last if below == node and last != node else node


def _one_offer(screen: Screen, node: int, by_child: dict[int, list[Placed]]) -> bool:  # noqa: PLR0911 - one return per sign
    """Whether amounts in several children still speak of one thing."""
    anchors = [a for group in by_child.values() for a in group]
    if len({a.key for a in anchors}) == 1:
        return True
    here = next((c for c in screen.controls if c.node == node and c.strong), None)
    if here is not None and here.role in _WHOLE:
        return True
    children = list(by_child)
    presses = sum(_has_control(screen, c) for c in children)
    if presses >= 2:  # noqa: PLR2004 - each can be pressed: each is an offer
        return False
    # One price and what it comes to for an episode or a day speak of one thing.
    if len({a.key for a in anchors if a.amount.per not in _UNITS}) == 1:
        return True
    if _alike(screen.tree, children):
        return False
    kinds = {a.amount.coins is not None for a in anchors}
    # Coins and what they cost, which the button may repeat.
    if kinds == {True, False} and len({a.key for a in anchors}) == 2:  # noqa: PLR2004 - one of each
        return True
    boxes = [box for c in children if (box := screen.tree.nodes[c].box) is not None]
    return len(boxes) == len(children) and presses == 0 and _span(boxes) < _CARD_PX


def _has_control(screen: Screen, node: int) -> bool:
    return any(c.strong and c.role != "label" and screen.tree.inside(c.node, node) for c in screen.controls)


def _alike(tree: Tree, children: list[int]) -> bool:
    """Same tag and about the same width or height: a list or grid of cards."""
    nodes = [tree.nodes[c] for c in children]
    boxes = [n.box for n in nodes if n.box is not None]
    if len({n.tag for n in nodes}) > 1 or len(boxes) < len(nodes):
        return False
    widths, heights = [b[2] for b in boxes], [b[3] for b in boxes]
    return min(widths) > 0.6 * max(widths) and min(heights) > 0.5 * max(heights) and min(heights) > _LINE_PX


def _span(boxes: list[Rect]) -> float:
    """Height from the top of the first to the bottom of the last."""
    return max(b[1] + b[3] for b in boxes) - min(b[1] for b in boxes)
