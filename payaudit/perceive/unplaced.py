"""A page that was saved without its layout: laid out in name only, so that its words can be read.

Each block gets a line of its own, one below the other, in document order. Elements that
follow each other in a line without any words between them are taken for parts of a card:
they are told apart unless one carries on the other's price. Nothing is
known of how the page looked; a tree says so (``placed`` is False), and no size, place or
contrast of it may become a fact.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from payaudit.perceive.style import STYLES, style_of
from payaudit.perceive.tree import ELEMENT, TEXT, Node, Piece, Rect, Tree

WIDTH = 390.0
_LINE, _MARK, _WIDE, _NARROW, _MARGIN = 24.0, 16.0, 16.0, 8.0, 16.0
_BUTTON = 40.0  # a finger's height, so that a button can be the main one
_UNSHOWN = frozenset(
    ["SCRIPT", "STYLE", "TEMPLATE", "HEAD", "NOSCRIPT", "TITLE", "META", "LINK", "DATALIST", "OBJECT"]
)
_BLOCKS = frozenset({
    "ADDRESS", "ARTICLE", "ASIDE", "BLOCKQUOTE", "BODY", "BUTTON", "DD", "DETAILS", "DIALOG", "DIV",
    "DL", "DT", "FIELDSET", "FIGCAPTION", "FIGURE", "FOOTER", "FORM", "H1", "H2", "H3", "H4", "H5",
    "H6", "HEADER", "HTML", "LI", "MAIN", "NAV", "OL", "P", "PRE", "SECTION", "SUMMARY", "TABLE",
    "TBODY", "TFOOT", "THEAD", "TR", "UL",
})  # fmt: skip
_MARKS = frozenset({"IMG", "SVG", "CANVAS", "INPUT"})
_STRUCK = frozenset({"S", "DEL", "STRIKE"})
_BOLD = frozenset({"B", "STRONG", "TH", "H1", "H2", "H3", "H4", "H5", "H6"})
_PRESSED = frozenset({"A", "BUTTON", "LABEL", "SELECT", "SUMMARY"})
_BUTTONS = frozenset({"submit", "button", "reset"})
_SPACE = re.compile(r"\s+")
_DECLARED = re.compile(r"([a-z-]+)\s*:\s*([^;]+)")
_CARRIES_ON = re.compile(r"[/.,%:：0-9元円원集天月年日币角]")  # how the rest of a price or a count begins
_LEADS_ON = re.compile(r"[¥￥$€£₩₫฿₹(（:：]\s*$")  # how its first part ends
_APART = 12.0  # px between parts of a card in one line: wider than a space
_CJK = re.compile(r"[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]")


def lay_out(tree: Tree, words: Mapping[int, str]) -> None:
    """Give every node that would be painted a box; ``words`` are the texts of text nodes by index."""
    tree.placed = False
    _Page(tree, words).lay()
    bottom = max((n.box[1] + n.box[3] for n in tree.nodes if n.box is not None), default=0.0)
    tree.width, tree.height, tree.document_height, tree.scroll_y = WIDTH, bottom, bottom, 0.0


class _Page:
    def __init__(self, tree: Tree, words: Mapping[int, str]) -> None:
        self._nodes, self._words = tree.nodes, words
        self._x, self._y, self._open = _MARGIN, 0.0, False
        self._before = ""  # what was written last in this line

    def lay(self) -> None:
        gone: set[int] = set()
        around: list[int] = []
        for node in self._nodes:
            while around and around[-1] != node.parent:
                self._close(around.pop())
            if (
                node.parent in gone
                or (node.kind == ELEMENT and _unshown(node))
                or node.kind not in {ELEMENT, TEXT}
            ):
                if node.kind in {ELEMENT, TEXT}:
                    gone.add(node.index)
                    continue
                around.append(node.index)
                continue
            node.paint = float(node.index)
            if node.kind == TEXT:
                self._text(node)
                continue
            self._begin(node)
            around.append(node.index)
        while around:
            self._close(around.pop())

    def _text(self, node: Node) -> None:
        words = _SPACE.sub(" ", self._words.get(node.index, ""))
        if not words.strip():
            if words and self._open:
                node.pieces.append(Piece(" ", (self._x, self._y, _NARROW / 2, _LINE)))
                self._style(node)
            return
        self._put(node, words)

    def _put(self, node: Node, words: str) -> None:
        self._style(node)
        self._before = words
        width = sum(_WIDE if _CJK.match(c) else _NARROW for c in words)
        room = WIDTH - _MARGIN - self._x
        if width > room and self._open and self._x > _MARGIN:
            self._next_line()
            room = WIDTH - 2 * _MARGIN
        lines = max(1.0, -(-width // (WIDTH - 2 * _MARGIN)))
        node.box = (self._x, self._y, min(width, room), lines * _LINE)
        node.pieces.append(Piece(words, node.box))
        self._x += min(width, room)
        self._open = True
        if lines > 1:
            self._y += (lines - 1) * _LINE
            self._next_line()

    def _begin(self, node: Node) -> None:
        self._style(node)
        if self._open and self._is_part(node):
            node.style = replace(node.style, display="inline-block") if node.style is not None else None
            words = self._first_words(node)
            if words and not (_CARRIES_ON.match(words) or _LEADS_ON.search(self._before)):
                self._x += _APART
        if node.tag == "BR":
            self._next_line()
        elif node.tag in _BLOCKS:
            if self._open:
                self._next_line()
        elif node.tag in _MARKS:
            caption = node.attrs.get("value", "") if node.attrs.get("type", "").lower() in _BUTTONS else ""
            if caption.strip():
                self._put(node, caption)
            else:
                node.box = (self._x, self._y, _MARK, _MARK)
                self._x, self._open = self._x + _MARK, True

    def _close(self, index: int) -> None:
        """Draw an element around what it holds."""
        node = self._nodes[index]
        inside = [b for child in node.children if (b := self._nodes[child].box) is not None]
        if node.kind == ELEMENT and inside:
            node.box = _around([*inside, node.box] if node.box is not None else inside)
        if node.tag in _BLOCKS and self._open:
            self._next_line()
        if node.tag == "BUTTON" and node.box is not None:
            x, y, _, _ = node.box
            node.box = (x, y, WIDTH - 2 * _MARGIN, _BUTTON)
            self._y = max(self._y, y + _BUTTON)
        elif node.tag in _BLOCKS and node.box is not None:
            x, y, _, high = node.box
            # Parts that stand in one line here may stand below each other: a card is taller than a line.
            high = max(high, _LINE * sum(self._is_part(self._nodes[i]) for i in node.children))
            node.box = (x, y, WIDTH - 2 * _MARGIN, high)
            self._y = max(self._y, y + high)

    def _is_part(self, node: Node) -> bool:
        """Whether it stands in a line of elements alone, and not in a sentence."""
        if node.kind != ELEMENT or node.tag in _BLOCKS or node.tag in _MARKS or node.tag in {"BR", "A"}:
            return False
        beside = self._nodes[node.parent].children if node.parent >= 0 else []
        return not any(self._nodes[i].kind == TEXT and self._words.get(i, "").strip() for i in beside)

    def _first_words(self, node: Node) -> str:
        for child in node.children:
            words = (
                self._words.get(child, "")
                if self._nodes[child].kind == TEXT
                else self._first_words(self._nodes[child])
            )
            if words.strip():
                return words.strip()
        return ""

    def _next_line(self) -> None:
        self._x, self._y, self._open = _MARGIN, self._y + _LINE, False

    def _style(self, node: Node) -> None:
        above = self._nodes[node.parent].style if node.parent >= 0 else None
        if node.kind == TEXT and above is not None:
            node.style = above
            return
        told = declared(node)
        size = told.get("font-size", "")
        row = dict.fromkeys(STYLES, "")
        row |= {
            "display": "block" if node.tag in _BLOCKS else "inline",
            "visibility": "visible",
            "opacity": "1",
            "color": "rgb(0, 0, 0)",
            "background-color": "rgba(0, 0, 0, 0)",
            "background-image": "none",
            "font-size": size if size.endswith("px") else f"{above.font_px if above is not None else 16.0}px",
            "font-weight": "700" if node.tag in _BOLD or (above is not None and above.bold) else "400",
            "text-decoration-line": "line-through"
            if node.tag in _STRUCK or "line-through" in told.get("text-decoration", "")
            else "none",
            "position": "static",
            "overflow-x": "visible",
            "overflow-y": "visible",
            "cursor": "pointer" if node.tag in _PRESSED or "onclick" in node.attrs else "auto",
            "pointer-events": "auto",
            "border-top-width": "0px",
            "border-top-left-radius": "0px",
            "box-shadow": "none",
            "outline-width": "0px",
        }
        node.style = style_of(tuple(row[name] for name in STYLES))


def declared(node: Node) -> dict[str, str]:
    """What the element's own ``style`` attribute says."""
    return {
        name: value.strip().lower() for name, value in _DECLARED.findall(node.attrs.get("style", "").lower())
    }


def _unshown(node: Node) -> bool:
    """Whether the markup itself says that nothing of it is seen."""
    if node.tag in _UNSHOWN or "hidden" in node.attrs or (node.tag == "DIALOG" and "open" not in node.attrs):
        return True
    if node.tag == "INPUT" and node.attrs.get("type", "").lower() == "hidden":
        return True
    told = declared(node)
    return told.get("display") == "none" or told.get("visibility") == "hidden"


def _around(boxes: list[Rect]) -> Rect:
    x, y = min(b[0] for b in boxes), min(b[1] for b in boxes)
    return (x, y, max(b[0] + b[2] for b in boxes) - x, max(b[1] + b[3] for b in boxes) - y)
