"""What a control is called: its own words, its author's names for it, or the words beside it."""

from __future__ import annotations

import re

from payaudit.perceive.pressables import ICON_PX
from payaudit.perceive.texts import Text
from payaudit.perceive.tree import Node, Rect, Tree

_MARK = re.compile("[✓✔√☑✅◉⦿●☐□○◯⬜]+")
_BUTTONS = frozenset({"button", "submit", "reset"})
_BELOW = 40  # nodes of a control, itself first, whose names may be its own
_BOX_PX = ICON_PX * 1.5  # a larger box without words is no tick box
_BESIDE_PX = 40  # a label stands within 40 px of its box (rule R02)
_OVERLAP_PX = 2  # px by which a label may run into its box
_LEFT_PX = 20  # by which a label on the right is preferred to one on the left
_TOGETHER = 8  # texts of a label in pieces; more is a paragraph of its own
_ROW_PX = 90.0  # of height; three lines beside a switch


class Labels:
    """Labels of the controls of one tree."""

    def __init__(self, tree: Tree, texts: tuple[Text, ...]) -> None:
        self._tree = tree
        self._texts = texts
        self._for = {n.attrs["for"]: n.index for n in tree.nodes if n.tag == "LABEL" and n.attrs.get("for")}

    def of(self, node: Node, inside: list[Text]) -> tuple[str, bool]:
        """The label of a node that holds these texts, empty where it has none; and whether it is its own."""
        own = self._own(node, inside)
        return (own, True) if own else (self._around(node), False)

    def _own(self, node: Node, inside: list[Text]) -> str:
        """Its words, or what its author calls it."""
        seen = [t.text.strip() for t in inside if t.sight != "hidden"]
        if seen and not _MARK.fullmatch("".join(seen)):
            return " ".join(dict.fromkeys(seen))
        own = _named(node, ("aria-label", "title", "alt", "placeholder"))
        if own:
            return own
        if node.tag == "INPUT" and node.attrs.get("type", "").lower() in _BUTTONS:
            return node.value or node.attrs.get("value", "")
        for below in self._tree.subtree(node.index)[1:_BELOW]:
            name = _named(self._tree.nodes[below], ("aria-label", "alt", "title"))
            if name:
                return name
        return ""

    def serving(self, node: Node) -> int | None:
        """The ``<label>`` that hands its presses on to a box: named by it, or around it."""
        named = self._for.get(node.attrs.get("id", ""))
        if named is not None:
            return named
        above = self._tree.ancestors(node.index)
        return next((a for a in above if self._tree.nodes[a].tag == "LABEL"), None)

    def _around(self, node: Node) -> str:
        """The words that belong to a box without words of its own."""
        holder = self.serving(node)
        if holder is not None:
            return " ".join(t.text.strip() for t in self._texts if self._tree.inside(t.node, holder))
        if node.box is None or max(node.box[2:]) > _BOX_PX:
            return ""
        return self._beside(node, node.box)

    def _beside(self, node: Node, box: Rect) -> str:
        near = [
            (distance, text)
            for text in self._texts
            if text.sight not in {"hidden", "covered"}
            and not self._tree.inside(text.node, node.index)
            and (distance := _distance(box, text.box)) is not None
        ]
        if not near:
            return self._of_row(node)
        first = min(near, key=lambda pair: pair[0])[1]
        row = self._tree.common(first.node, node.index)
        together = [
            t.text.strip()
            for t in self._texts
            if t is first or (self._tree.inside(t.node, row) and abs(t.box[1] - first.box[1]) < first.box[3])
        ]
        return " ".join(together) if len(together) <= _TOGETHER else first.text.strip()

    def _of_row(self, node: Node) -> str:
        """The words at the other end of the row that a switch stands in."""
        for above in self._tree.ancestors(node.index)[1:6]:
            box = self._tree.nodes[above].box
            if box is None or box[3] > _ROW_PX:
                break
            words = [
                t.text.strip()
                for t in self._texts
                if t.sight == "visible" and self._tree.inside(t.node, above)
            ]
            if words:
                return " ".join(words)[:200]
        return ""


def _named(node: Node, names: tuple[str, ...]) -> str:
    """The first of these attributes that is not blank."""
    return next((value for name in names if (value := node.attrs.get(name, "").strip())), "")


def _distance(box: Rect, text: Rect) -> float | None:
    """How far a text stands beside a box, in px; None where it is no label of it."""
    x, y, width, height = box
    tx, ty, tw, th = text
    if min(y + height, ty + th) - max(y, ty) < 0.3 * min(height, th):
        return None
    right = tx >= x
    gap = tx - (x + width) if right else x - (tx + tw)
    if not -_OVERLAP_PX <= gap <= _BESIDE_PX:
        return None
    return gap if right else gap + _LEFT_PX
