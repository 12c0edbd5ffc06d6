"""Pictures of dramas in a list: what is pressed to open one."""

from __future__ import annotations

from payaudit.perceive.controls import Control
from payaudit.perceive.paint import area, intersect
from payaudit.perceive.prices import amounts
from payaudit.perceive.screen import Screen
from payaudit.perceive.tree import Node, painted

_LEAST, _MOST = 0.02, 0.7  # of the viewport; smaller pictures are marks, larger ones the page
_HOLDER = 6  # ancestors of a caption within which its picture stands
_PARTS = 30  # nodes of a control that are looked through for a picture


def tiles(screen: Screen) -> list[Control]:
    """Links and buttons with a picture, the largest first."""
    whole = area(screen.paint.viewport)
    found = [
        c
        for c in screen.reachable
        if c.strong
        and c.role in {"link", "button"}
        and _LEAST * whole < area(c.box) < _MOST * whole
        and any(_drawn(screen.tree.nodes[i]) for i in screen.tree.subtree(c.node)[:_PARTS])
    ]
    return sorted(found, key=lambda c: (-area(c.box), c.node))


def captions(screen: Screen) -> list[Control]:
    """Words that stand with a picture as large as a tile, where nothing says what listens; one each."""
    best_of: dict[int, tuple[float, Control]] = {}
    for control in screen.reachable:
        if control.role != "text" or not control.label.strip() or amounts(control.label):
            continue
        holder = _pictured(screen, control)
        if holder is not None and holder[0] not in best_of:
            best_of[holder[0]] = (holder[1], control)
    return [c for _, c in sorted(best_of.values(), key=lambda pair: (-pair[0], pair[1].node))]


def _pictured(screen: Screen, control: Control) -> tuple[int, float] | None:
    """What holds a caption and a picture, and the picture's area in px²."""
    tree, viewport = screen.tree, screen.paint.viewport
    whole = area(viewport)
    for above in tree.ancestors(control.node)[1:_HOLDER]:
        box = tree.nodes[above].box
        if box is not None and area(box) >= _MOST * whole:
            return None
        drawn = [
            area(intersect(node.box, viewport))
            for node in (tree.nodes[i] for i in tree.subtree(above))
            if node.box is not None and painted(node) and _drawn(node)
        ]
        if max(drawn, default=0.0) > _LEAST * whole:
            return above, max(drawn)
    return None


def _drawn(node: Node) -> bool:
    return node.tag in {"IMG", "CANVAS", "VIDEO", "SVG"} or (node.style is not None and node.style.picture)
