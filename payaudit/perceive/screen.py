"""A screen as a person had it before them: what could be read and pressed.

Built from one stored snapshot, without a browser, by the walk to decide what to
do next and by the extractor to say what was there.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from payaudit.model.readings import Reading
from payaudit.perceive.controls import Control, collect
from payaudit.perceive.decode import decode
from payaudit.perceive.paint import Paint, area, intersect
from payaudit.perceive.pictured import graft, is_pictured
from payaudit.perceive.pressables import pressables
from payaudit.perceive.prices import amounts
from payaudit.perceive.texts import Text, read
from payaudit.perceive.tree import ELEMENT, Node, Rect, Tree

_OVERLAY_SHARE = 0.06  # of the viewport; smaller ones are badges and bars' buttons
_DIGITS = re.compile(r"\d+")
_LAYER_SHARE = 0.22  # of the viewport's height; lower ones are bars
_BAR_SHARE = 0.45  # of the height, of the highest bar: three ways to pay and what one agrees to
_WIDE_SHARE = 0.9  # of the width
_EDGE_PX = 4.0
_FRONT_SHARE = 0.9  # of the front texts that the scope must hold
_MOVED_PX = 4.0  # by which a layer that is drawn anew may differ
_SAME_TEXTS, _SAME_SHARE = 3, 0.6  # of the texts in front by which a screen reads as another one


@dataclass(frozen=True)
class Screen:
    """Texts, controls and layers of one capture. Boxes in CSS px of the viewport."""

    tree: Tree
    paint: Paint
    texts: tuple[Text, ...]
    controls: tuple[Control, ...]

    @property
    def width(self) -> float:
        """Of the viewport."""
        return self.tree.width

    @property
    def height(self) -> float:
        """Of the viewport."""
        return self.tree.height

    @cached_property
    def front(self) -> tuple[Text, ...]:
        """Visible texts that no other layer lies over, see-through or not."""
        modal = self._modal
        return tuple(
            t
            for t in self.texts
            if t.sight == "visible"
            and (modal is None or self.tree.inside(t.node, modal))
            and self._in_front(t)
        )

    @cached_property
    def _modal(self) -> int | None:
        """An open modal ``<dialog>``: all else is inert, though its backdrop is no node.

        Chromium lays a modal one out as fixed, any other as absolute.
        """
        found = [
            n.index
            for n in self.tree.nodes
            if n.tag == "DIALOG" and "open" in n.attrs and n.style is not None and n.style.position == "fixed"
        ]
        return max(found, key=lambda i: (self.tree.nodes[i].paint, i), default=None)

    @cached_property
    def reachable(self) -> tuple[Control, ...]:
        """Controls that a finger meets now."""
        modal = self._modal
        return tuple(
            c
            for c in self.controls
            if c.tap is not None and c.enabled and (modal is None or self.tree.inside(c.node, modal))
        )

    def pictured(self, node: int) -> bool:
        """Whether a node was read from pixels."""
        return is_pictured(self.tree, node)

    @cached_property
    def scope(self) -> int:
        """The node that holds what is in front: a sheet, a dialog, or the whole page."""
        layer = self._top_layer
        if layer is not None:
            return self._around([t for t in self.front if self.tree.inside(t.node, layer.index)], 1.0)
        return self._around(list(self.front), _FRONT_SHARE)

    def _around(self, texts: list[Text], least: float) -> int:
        """The deepest node that holds at least a share of the texts."""
        if not texts:
            return 0
        share: Counter[int] = Counter()
        for text in texts:
            share.update(self.tree.ancestors(text.node))
        return max(i for i, n in share.items() if n >= least * len(texts))

    @cached_property
    def _top_layer(self) -> Node | None:
        """The topmost layer that speaks for itself; bars along an edge do not."""
        layers = [
            n
            for n in self.tree.nodes
            if self._lies_over(n)
            and self.paint.shown(n.index)[3] >= _LAYER_SHARE * self.height
            and sum(self.tree.inside(t.node, n.index) for t in self.front) > 1
        ]
        speaking = [n for n in layers if not self._is_bar(n, layers)]
        return max(speaking, key=lambda n: (n.paint, n.index), default=None)

    def _is_bar(self, node: Node, layers: list[Node]) -> bool:
        """Whether a layer is a high bar along the lower edge of what it stands in, as under a list of offers.

        A sheet dims what lies beneath or covers it; over a bar one goes on reading
        the layer it belongs to, or the prices of the page.
        """
        if not self._along_lower_edge(node):
            return False
        holder = next(
            (n.index for n in reversed(layers) if n is not node and self.tree.inside(node.index, n.index)), 0
        )
        around = [
            t
            for t in self.front
            if self.tree.inside(t.node, holder) and not self.tree.inside(t.node, node.index)
        ]
        if holder:
            return len(around) > 1
        return sum(any(a.money is not None for a in amounts(t.text)) for t in around) > 1

    def in_prose(self, control: Control) -> bool:
        """Whether a control is some of the words of a sentence, as the link to an agreement is."""
        return any(
            0 < sum(self.tree.inside(r.node, control.node) for r in t.runs) < len(t.runs) for t in self.texts
        )

    @cached_property
    def in_scope(self) -> tuple[Text, ...]:
        """What is in front and what scrolling within it would show, from under a bar perhaps."""
        front = set(map(id, self.front))
        return tuple(
            t
            for t in self.texts
            if id(t) in front
            or (
                self.tree.inside(t.node, self.scope)
                and (
                    t.sight in {"off_screen", "clipped"}
                    or (t.sight in {"covered", "visible"} and self._under_bar(t))
                )
            )
        )

    def _under_bar(self, text: Text) -> bool:
        """Whether a bar along the lower edge covers a text of what scrolls under it."""
        lower = text.box[1] + text.box[3]
        return any(
            self.paint.shown(n.index)[1] < lower
            and n.paint > self.tree.nodes[text.node].paint
            and not self.tree.inside(text.node, n.index)
            for n in self._bars
        )

    @cached_property
    def _bars(self) -> tuple[Node, ...]:
        """What is painted in scope along the lower edge and stays there while the rest scrolls."""
        return tuple(
            n
            for n in self.tree.nodes
            if n.style is not None
            and n.style.position in {"fixed", "sticky", "absolute"}
            and n.index != self.scope
            and self.tree.inside(n.index, self.scope)
            and self._along_lower_edge(n)
            and self.paint.opaque(n)
        )

    def _along_lower_edge(self, node: Node) -> bool:
        _, top, width, height = self.paint.shown(node.index)
        return (
            top + height >= self.height - _EDGE_PX
            and 0 < height <= _BAR_SHARE * self.height
            and width >= _WIDE_SHARE * self.width
        )

    @cached_property
    def overlay(self) -> Node | None:
        """The topmost layer that lies over other content, if there is one."""
        if self._top_layer is not None:
            return self._top_layer
        holders = (self.tree.nodes[i] for i in self.tree.ancestors(self.scope))
        return next((n for n in holders if self._lies_over(n)), None)

    @property
    def layer_name(self) -> tuple[str, str] | None:
        """What tells the topmost layer from another; None without one."""
        node = self.overlay
        return None if node is None else (node.tag, _DIGITS.sub("", node.words()))

    def same_layer(self, other: Screen) -> bool:
        """Whether the topmost layer is that of another screen of the same page, in whatever state.

        Its node where it lived on, else its name, as a page may draw the same layer anew.
        """
        mine, its = self.overlay, other.overlay
        if mine is None or its is None:
            return mine is its
        lives = (mine.tag, mine.backend) == (its.tag, its.backend) and self.tree.url == other.tree.url
        return lives or self.layer_name == other.layer_name

    def reads_as(self, other: Screen) -> bool:
        """Whether most of what stood in front of another screen stands in front here."""
        was = {t.text for t in other.front}
        again = was & {t.text for t in self.front}
        return len(again) >= _SAME_TEXTS and len(again) >= _SAME_SHARE * len(was)

    def beneath(self, paywall: Screen) -> bool:
        """Whether this is the page under a paywall that was a layer; what it says of a lock is no layer."""
        if paywall.overlay is None or self.tree.url != paywall.tree.url:
            return False
        # A player that fills the page lay under the paywall already, perhaps drawn anew since.
        layer = self.overlay
        inside = paywall.tree.inside
        if layer is not None and self._says_other(layer, paywall):
            return False
        return layer is None or any(
            _drawn_anew(layer, n) and not inside(paywall.overlay.index, n.index) for n in paywall.tree.nodes
        )

    def _says_other(self, layer: Node, before: Screen) -> bool:
        """Whether most of what a layer says stood nowhere on an earlier screen: it came up since."""
        said = {t.text for t in self.front if self.tree.inside(t.node, layer.index)}
        return len(said & {t.text for t in before.texts}) < len(said) / 2

    def back_at(self, home: Screen, paywall: Screen) -> bool:
        """Whether the page from which a paywall was reached is here again, under another address perhaps."""
        return self.overlay is None and self.reads_as(home) and not paywall.reads_as(home)

    def _lies_over(self, node: Node) -> bool:
        style = node.style
        if node.kind != ELEMENT or style is None or node.box is None:
            return False
        if style.position not in {"fixed", "absolute"} and node.tag != "DIALOG":
            return False
        if style.position == "absolute" and node.tag != "DIALOG" and not self._on_screen(node):
            return False
        shown = intersect(self.paint.shown(node.index), self.paint.viewport)
        if area(shown) < _OVERLAY_SHARE * area(self.paint.viewport):
            return False
        return any(
            not self.tree.inside(t.node, node.index)
            and t.sight in {"visible", "covered"}
            and self.tree.nodes[t.node].paint < node.paint
            and area(intersect(t.box, shown)) > 0.5 * area(t.box)
            for t in self.texts
        )

    def _on_screen(self, node: Node) -> bool:
        """Whether it is placed against the screen, not within a part of the page as a player's cover is."""
        for above in self.tree.ancestors(node.index)[1:]:
            holder = self.tree.nodes[above]
            if (
                holder.style is not None
                and holder.style.position not in {"static", ""}
                and holder.box is not None
            ):
                return holder.box[2] >= 0.8 * self.width and holder.box[3] >= 0.8 * self.height
            if holder.tag in {"IFRAME", "#DOCUMENT"}:
                return True
        return True

    def _in_front(self, text: Text) -> bool:
        for run in text.runs:
            if run.sight != "visible" or not run.text.strip():
                continue
            shown = intersect(run.box, self.paint.viewport)
            hit = self.paint.hit(shown[0] + shown[2] / 2, shown[1] + shown[3] / 2)
            if hit is None:
                return True
            node = self.tree.nodes[hit]
            return (
                self.tree.inside(run.node, hit)
                or self.tree.inside(hit, self._block(run.node))
                or node.paint <= self.tree.nodes[run.node].paint
                or self._twin(hit, run.box, self.tree.nodes[run.node].paint)
            )
        return False

    def _block(self, index: int) -> int:
        """The nearest ancestor that is a box of its own, for presses that land beside the letters."""
        for above in self.tree.ancestors(index)[1:]:
            style = self.tree.nodes[above].style
            if style is not None and not style.inline:
                return above
        return index

    def _twin(self, hit: int, box: Rect, paint: float) -> bool:
        """A see-through control laid over its own caption, no larger than a card.

        Not a see-through part of something solid, as the padding of a dialog is.
        """
        node = self.tree.nodes[hit]
        holders = (self.tree.nodes[i] for i in self.tree.ancestors(hit))
        if any(n.paint > paint and self.paint.opaque(n) for n in holders):
            return False
        return (
            node.box is not None
            and area(node.box) < 0.2 * area(self.paint.viewport)
            and not self.paint.opaque(node)
            and area(intersect(node.box, box)) > 0
        )

    @cached_property
    def scrollers(self) -> tuple[Node, ...]:
        """Regions in scope, or around it, that hide more below."""
        return tuple(
            n
            for n in self.tree.nodes
            if n.scrolls
            and n.box is not None
            and n.scroll_top + n.box[3] < n.scroll_height - 8
            and area(intersect(self.paint.shown(n.index), self.paint.viewport)) > 0
            and (self.tree.inside(n.index, self.scope) or self.tree.inside(self.scope, n.index))
        )

    @property
    def page_scrolls(self) -> bool:
        """Whether the page itself goes on below, and lets a finger get there."""
        return not self._fixed and self.tree.scroll_y + self.height < self.tree.document_height - 8

    @property
    def _fixed(self) -> bool:
        """Whether the page is held in place (``overflow: hidden``), as under a deck moved by script.

        The root's own setting rules; where it says nothing, the body's is the page's.
        """
        for tag in ("HTML", "BODY"):
            root = next((n.style for n in self.tree.nodes if n.tag == tag), None)
            if root is not None and (root.clips_y or root.scrollable):
                return not root.scrollable
        return False

    @cached_property
    def words(self) -> str:
        """All front texts in reading order, a line each."""
        return "\n".join(t.text.strip() for t in self.front)


def build(raw: dict[str, Any], readings: tuple[Reading, ...] = ()) -> Screen:
    """Read one stored snapshot, with what was read of its pictures.

    Raises ``EvidenceError`` when it is no snapshot.
    """
    tree = decode(raw)
    graft(tree, readings)
    paint = Paint(tree)
    roles = pressables(paint)
    texts = read(paint, set(roles))
    return Screen(tree, paint, texts, collect(paint, roles, texts))


def _drawn_anew(layer: Node, node: Node) -> bool:
    """Whether two nodes are one layer by name and place; a page that draws anew keeps no node."""
    if node.box is None or layer.box is None or (node.tag, node.words()) != (layer.tag, layer.words()):
        return False
    return all(abs(a - b) <= _MOVED_PX for a, b in zip(node.box, layer.box, strict=True))
