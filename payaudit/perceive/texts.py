"""Texts as a person reads them: runs that stand together become one.

A price split over spans, flex items or pseudo-elements is read as one text; two
buttons side by side are not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from payaudit.perceive.cents import Painted, between
from payaudit.perceive.paint import Paint, area, intersect
from payaudit.perceive.style import Colour, Style, blend, contrast
from payaudit.perceive.tree import ELEMENT, READING, TEXT, Node, Piece, Rect, Tree

Sight = Literal["visible", "covered", "off_screen", "clipped", "hidden"]

_WHITE: Colour = (255.0, 255.0, 255.0, 1.0)
_GONE = 0.05  # effective opacity below which nothing is seen
_CLIPPED = 0.4  # share of its box that must remain for a text to be read
_COVERED = 0.7  # share hidden from which a text can no longer be read
_MARGIN = 0.3  # of the font's size, from which two words stand apart
_CJK = "\u2e80"  # where scripts begin that part no words
_BREAKS = frozenset({"TD", "TH", "LI", "TR", "OPTION"})


@dataclass(frozen=True, slots=True)
class Run:
    """One painted stretch of text with its look; sizes in CSS px as painted."""

    start: int
    text: str
    node: int
    box: Rect
    font_px: float
    bold: bool
    struck: bool
    opacity: float
    contrast: float | None
    sight: Sight

    @property
    def end(self) -> int:
        """Offset behind its last character in the whole text."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Text:
    """What one reads in one go. ``node`` is the first run's element."""

    text: str
    runs: tuple[Run, ...]
    node: int
    box: Rect

    def runs_at(self, start: int, end: int) -> tuple[Run, ...]:
        """The runs that a span of the text touches (never empty)."""
        found = tuple(r for r in self.runs if r.start < end and r.end > start)
        return found or self.runs[:1]

    @property
    def sight(self) -> Sight:
        """Visible as soon as one of its runs is."""
        sights = [r.sight for r in self.runs if r.text.strip()]
        for best in ("visible", "off_screen", "clipped", "covered"):
            if best in sights:
                return best
        return "hidden"


def union(boxes: list[Rect]) -> Rect:
    """The smallest box around all of them."""
    x, y = min(b[0] for b in boxes), min(b[1] for b in boxes)
    return (x, y, max(b[0] + b[2] for b in boxes) - x, max(b[1] + b[3] for b in boxes) - y)


def read(paint: Paint, pressable: set[int]) -> tuple[Text, ...]:
    """All texts of a tree in document order; ``pressable`` separates neighbours."""
    texts: list[Text] = []
    open_runs: list[Run] = []
    for node in _in_reading_order(paint.tree):
        if not node.pieces or node.style is None:
            continue
        for piece in node.pieces:
            if not piece.text.strip():
                if open_runs:
                    tail = open_runs[-1]
                    open_runs[-1] = _retext(tail, tail.text.rstrip() + " ")
                continue
            if open_runs:
                last = open_runs[-1]
                joint = _joint(paint.tree, last, node, piece.box, pressable)
                joint = _touching(paint, open_runs, node, piece) if joint == "" else joint
                if joint is None:
                    texts.append(_close(open_runs))
                    open_runs = []
                elif joint:
                    open_runs[-1] = _retext(last, last.text.rstrip() + joint)
            at = open_runs[-1].end if open_runs else 0
            open_runs.append(_run(paint, node, piece, at))
    if open_runs:
        texts.append(_close(open_runs))
    return tuple(texts)


def _in_reading_order(tree: Tree) -> list[Node]:
    """Document order, but with what ``::after`` draws behind its element: the capture lists it first."""
    last: dict[int, int] = {}
    for node in reversed(tree.nodes):
        end = last.setdefault(node.index, node.index)
        if node.parent >= 0:
            last[node.parent] = max(last.get(node.parent, node.parent), end)
    return sorted(
        tree.nodes,
        key=lambda n: last[n.parent] + 0.5 if n.tag == "::AFTER" and n.parent >= 0 else float(n.index),
    )


def _retext(run: Run, text: str) -> Run:
    return replace(run, text=text)


def _close(runs: list[Run]) -> Text:
    return Text("".join(r.text for r in runs), tuple(runs), runs[0].node, union([r.box for r in runs]))


def _container(tree: Tree, node: Node) -> int:
    """The block in whose lines the node's text flows."""
    index = _element(node)
    while index >= 0:
        style = tree.nodes[index].style
        if style is not None and not style.inline:
            return index
        index = tree.nodes[index].parent
    return -1


def _joint(tree: Tree, last: Run, node: Node, box: Rect, pressable: set[int]) -> str | None:
    """What stands between the last run and a node's piece: text to insert, or None to part them."""
    if node.tag == READING:
        return None  # the engine gives lines; which of them run on is not known
    common = tree.common(last.node, node.index)
    for side in (last.node, node.index):
        for above in tree.ancestors(side):
            if above == common:
                break
            node_above = tree.nodes[above]
            link = above in pressable and not (node_above.style is not None and node_above.style.inline)
            if link or node_above.tag in _BREAKS or _framed(node_above):
                return None
    if _container(tree, tree.nodes[last.node]) == _container(tree, node):
        broken = any(tree.nodes[i].tag == "BR" for i in range(last.node + 1, node.index))
        return "\n" if broken else ""
    overlap = min(last.box[1] + last.box[3], box[1] + box[3]) - max(last.box[1], box[1])
    if overlap < 0.4 * min(last.box[3], box[3]):
        return None
    gap = box[0] - (last.box[0] + last.box[2])
    size = max(last.font_px, 8.0)
    if gap < -0.3 * size or gap > 0.7 * size:
        return None
    return "" if gap < 0.3 * size else " "


def _touching(paint: Paint, before: list[Run], node: Node, piece: Piece) -> str:
    return _apart(before[-1], piece) or _sized(paint, before, node, piece)


def _apart(last: Run, piece: Piece) -> str:
    """A space where a margin parts two words of one line (48 h [Offre limitée])."""
    words = last.text[-1:], piece.text[:1]
    lettered = all(c.isalnum() and c < _CJK for c in words) and any(c.isalpha() for c in words)
    gap = piece.box[0] - (last.box[0] + last.box[2])
    level = abs(last.box[1] + last.box[3] / 2 - piece.box[1] - piece.box[3] / 2) < last.box[3] / 2
    return " " if lettered and level and _MARGIN * last.font_px <= gap else ""


def _sized(paint: Paint, before: list[Run], node: Node, piece: Piece) -> str:
    """What stands between two pieces that touch, by their sizes."""
    last = before[-1]
    font_px = _run(paint, node, piece, 0).font_px
    said = "".join(run.text for run in before[-3:])  # 3: a sign, an amount and what follows
    return between(Painted(said, last.font_px, last.box), Painted(piece.text, font_px, piece.box))


def _framed(node: Node) -> bool:
    """Whether the node draws a frame or ground of its own, as a chip or button does."""
    s = node.style
    if s is None or s.inline or node.kind == TEXT:  # letters carry the style of what holds them
        return False
    ground = s.background is not None and s.background[3] > 0.1  # noqa: PLR2004 - fainter is no ground
    return (s.border_px > 0 and s.border is not None and s.border[3] > 0.1) or (  # noqa: PLR2004 - as above
        (ground or s.picture) and s.radius > 0
    )


def _run(paint: Paint, node: Node, piece: Piece, at: int) -> Run:
    tree, style = paint.tree, node.style
    assert style is not None  # noqa: S101 - read() passes styled nodes only; narrows the type
    element = _element(node)
    opacity = paint.opacity[element] * (style.color[3] if style.color else 1.0)
    scale = paint.scale[element] * tree.scale
    struck = style.struck or any(
        (s := tree.nodes[a].style) is not None and s.struck for a in tree.ancestors(element)[:4]
    )
    return Run(
        start=at,
        text=piece.text,
        node=node.index,
        box=piece.box,
        font_px=style.font_px * scale,
        bold=style.bold,
        struck=struck,
        opacity=opacity,
        contrast=_contrast(paint, element, style),
        sight=_sight(paint, node, piece.box, opacity) if style.visible else "hidden",
    )


def _element(node: Node) -> int:
    """The element whose style draws the node's text."""
    return node.parent if node.kind == TEXT else node.index


def _sight(paint: Paint, node: Node, box: Rect, opacity: float) -> Sight:
    if opacity < _GONE or area(box) <= 0:
        return "hidden"
    clip = paint.clip[node.index]
    shown = intersect(box, clip) if clip is not None else box
    if area(shown) < _CLIPPED * area(box):
        return "clipped"
    if area(intersect(shown, paint.viewport)) < _CLIPPED * area(box):
        return "off_screen"
    if paint.covered(_element(node), intersect(shown, paint.viewport), node.paint) >= _COVERED:
        return "covered"
    return "visible"


def _contrast(paint: Paint, element: int, style: Style) -> float | None:
    """Contrast with what lies behind; None where a picture or gradient does."""
    if style.color is None:
        return None
    tree = paint.tree
    ground: Colour = _WHITE
    grounds: list[tuple[Colour, float]] = []
    for above in tree.ancestors(element):
        s = tree.nodes[above].style
        if s is None or tree.nodes[above].kind != ELEMENT:
            continue
        if s.picture and tree.nodes[above].tag not in {"HTML", "BODY"}:
            return None
        if s.background is not None and s.background[3] > 0:
            grounds.append((s.background, paint.opacity[above]))
            if s.background[3] * paint.opacity[above] >= 0.99:  # noqa: PLR2004 - opaque but for rounding
                break
    for colour, opacity in reversed(grounds):
        ground = blend(colour, ground, opacity)
    return contrast(blend(style.color, ground, paint.opacity[element]), ground)
