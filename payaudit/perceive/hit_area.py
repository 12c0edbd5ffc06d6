"""How large a thing is under a finger, where the page does not say what hears the press."""

from __future__ import annotations

from payaudit.perceive.controls import Control
from payaudit.perceive.paint import area
from payaudit.perceive.screen import Screen
from payaudit.perceive.tree import Rect

_TALL_PX = 96.0  # a higher box is a part of the page, not what is drawn around a mark


def hit_area(screen: Screen, control: Control) -> Rect:
    """The box that a finger may meet, in CSS px.

    A control is its own. A mark or caption without a listener of its own is heard by something around
    it: then the largest box counts that holds nothing else, so that nothing is called smaller than it is.
    """
    if control.strong:
        return control.box
    tree = screen.tree
    found = control.box
    others = [c.node for c in screen.controls if c.node != control.node]
    texts = [t.node for t in screen.texts if not tree.inside(t.node, control.node)]
    for above in tree.ancestors(control.node):
        if above <= screen.scope or any(
            tree.inside(n, above) and not tree.inside(n, control.node) for n in (*others, *texts)
        ):
            break
        box = tree.nodes[above].box
        if box is None or box[3] > _TALL_PX:
            break
        shown = screen.paint.shown(above)
        if area(shown) > area(found):
            found = shown
    return found
