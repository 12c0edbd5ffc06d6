"""A raw snapshot decoded into one flat list of nodes.

Input is what ``walk`` stored: Chromium's ``DOMSnapshot.captureSnapshot`` for
the page and, where the browser isolates sites, one more tree for each foreign
frame. Frames stand in place of their owners, their offsets applied. A page of an archive
that others recorded has nodes but no layout (``placed`` is false).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from payaudit.errors import EvidenceError
from payaudit.perceive.style import OLDEST, STYLES, style_of
from payaudit.perceive.tree import Node, Piece, Tree
from payaudit.perceive.unplaced import lay_out

_FRAMES = frozenset({"IFRAME", "FRAME"})
_INNER = "\0inner"  # an attribute no page can write: where a frame's content begins in its box


def decode(raw: dict[str, Any]) -> Tree:
    """Flatten a stored snapshot. Raises ``EvidenceError`` when it is not one."""
    try:
        view = raw["viewport"]
        nodes: list[Node] = []
        owners: dict[tuple[int, int], int] = {}
        for number, entry in enumerate(raw["trees"]):
            _Entry(number, entry["snapshot"]["strings"], nodes, owners).decode(entry)
        main = raw["trees"][0]["snapshot"]["documents"][0]
        tree = Tree(
            nodes=nodes,
            width=view["width"],
            height=view["height"],
            scale=view.get("scale", 1.0),
            url=raw["url"],
            title=raw.get("title", ""),
            document_height=main.get("contentHeight", view["height"]),
            scroll_y=main.get("scrollOffsetY", 0.0),
        )
        if raw.get("placed") is False:
            strings = raw["trees"][0]["snapshot"]["strings"]
            lay_out(tree, {i: strings[v] for i, v in enumerate(main["nodes"]["nodeValue"]) if v >= 0})
        return tree  # noqa: TRY300 - all of it may meet what is no snapshot
    except (KeyError, IndexError, TypeError) as error:
        raise EvidenceError(
            f"a snapshot in the evidence cannot be read ({error!r}); record the walk again",
            f"证据中的页面快照无法读取（{error!r}）；请重新录制",
        ) from error


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a document goes: under which node, from which point, and how far above the page."""

    parent: int
    x: float
    y: float
    lift: float


@dataclass(slots=True)
class _Entry:
    """One captured tree on its way into ``nodes``; ``owners`` are the frames that others belong to."""

    number: int
    strings: list[str]
    nodes: list[Node]
    owners: dict[tuple[int, int], int]
    origins: dict[int, tuple[int, float, float]] = field(default_factory=dict)
    touched: frozenset[int] = frozenset()

    def decode(self, entry: dict[str, Any]) -> None:
        """Append all documents of the tree that are painted."""
        foreign = entry.get("owner") is not None
        self.touched = frozenset(entry.get("touched") or ())
        root_parent, x, y = -1, 0.0, 0.0
        if foreign:
            root_parent = self.owners.get((entry["parent"], entry["owner"]), -1)
            if root_parent >= 0 and (box := self.nodes[root_parent].box):
                x, y = box[0], box[1]
        self.origins[0] = (root_parent, x, y)
        for position, document in enumerate(entry["snapshot"]["documents"]):
            if position not in self.origins:
                continue  # a frame whose owner is not painted
            parent, x, y = self.origins[position]
            lift = self.nodes[parent].paint if parent >= 0 and foreign else 0.0
            self._document(document, _Place(parent, x, y, lift))

    def _document(self, document: dict[str, Any], place: _Place) -> None:
        columns = document["nodes"]
        first = len(self.nodes)
        for i, parent in enumerate(columns["parentIndex"]):
            above = parent + first if parent >= 0 else place.parent
            self.nodes.append(self._node(columns, i, above))
            if above >= 0:
                self.nodes[above].children.append(first + i)
        new = self.nodes[first:]
        for i in columns["isClickable"]["index"]:
            new[i].clickable = True
        for name in ("inputValue", "textValue"):
            held = columns.get(name, {"index": (), "value": ()})
            for i, value in zip(held["index"], held["value"], strict=True):
                new[i].value = self._text(value)
        _check(columns, new)
        x = place.x - document.get("scrollOffsetX", 0.0)
        y = place.y - document.get("scrollOffsetY", 0.0)
        wraps = _wraps(document.get("textBoxes"))
        self._layout(document["layout"], new, _Place(place.parent, x, y, place.lift), wraps)
        frames = columns["contentDocumentIndex"]
        for i, child in zip(frames["index"], frames["value"], strict=True):
            box = new[i].box
            if box is not None:
                inner = new[i].attrs.pop(_INNER, "0 0").split()
                self.origins[child] = (first + i, box[0] + float(inner[0]), box[1] + float(inner[1]))
        for node in new:
            node.touched = node.backend in self.touched and not node.clickable
            if node.tag in _FRAMES:
                self.owners[(self.number, node.backend)] = node.index

    def _node(self, columns: dict[str, Any], row: int, parent: int) -> Node:
        pairs = columns["attributes"][row]
        return Node(
            index=len(self.nodes),
            parent=parent,
            kind=columns["nodeType"][row],
            tag=self.strings[columns["nodeName"][row]].upper(),
            attrs={self.strings[pairs[k]].lower(): self._text(pairs[k + 1]) for k in range(0, len(pairs), 2)},
            backend=columns["backendNodeId"][row],
            tree=self.number,
        )

    def _text(self, index: int) -> str:
        return self.strings[index] if index >= 0 else ""

    def _layout(
        self, layout: dict[str, Any], new: list[Node], place: _Place, wraps: dict[int, list[float]]
    ) -> None:
        """Boxes, text and looks; a node with several rows has its box from the first."""
        scroll, client, offset = layout["scrollRects"], layout["clientRects"], layout["offsetRects"]
        for row, i in enumerate(layout["nodeIndex"]):
            node = new[i]
            x, y, width, height = layout["bounds"][row]
            box = (x + place.x, y + place.y, width, height)
            if text := self._text(layout["text"][row]):
                line = wraps.get(row)
                node.pieces.append(
                    Piece(
                        text, box, (line[0] + place.x, line[1] + place.y, line[2], line[3]) if line else None
                    )
                )
            if node.box is not None:
                continue
            node.box = box
            paint = layout["paintOrders"][row]
            node.paint = place.lift + paint / 1e6 if place.lift else paint
            styles = layout["styles"][row]
            if OLDEST <= len(styles) <= len(STYLES):
                node.style = style_of(tuple(map(self._text, styles)))
            if offset[row] and offset[row][2] >= 30 and width:  # noqa: PLR2004 - rounding to whole px hides the scale of narrower boxes
                ratio = width / offset[row][2]
                node.scale = ratio if abs(ratio - 1) > 0.02 else 1.0  # noqa: PLR2004 - rounding again
            if scroll[row] and client[row]:
                _scroll(node, scroll[row], client[row])


def _wraps(boxes: dict[str, Any] | None) -> dict[int, list[float]]:
    """The widest line of each row of the layout whose text stands on several."""
    lines: dict[int, list[list[float]]] = {}
    for row, bounds in zip(boxes["layoutIndex"], boxes["bounds"], strict=True) if boxes else ():
        lines.setdefault(row, []).append(bounds)
    return {
        row: max(several, key=lambda b: b[2])
        for row, several in lines.items()
        if len({round(b[1]) for b in several}) > 1
    }


def _check(columns: dict[str, Any], new: list[Node]) -> None:
    """Say of tick boxes, radios and options whether they are on."""
    ticked = set(columns["inputChecked"]["index"])
    for i, node in enumerate(new):
        if node.tag == "INPUT" and node.attrs.get("type", "").lower() in {"checkbox", "radio"}:
            node.checked = i in ticked
    for i in columns["optionSelected"]["index"]:
        new[i].checked = True


def _scroll(node: Node, scroll: list[float], client: list[float]) -> None:
    if node.tag in _FRAMES:
        node.attrs[_INNER] = f"{client[0]} {client[1]}"
    node.scroll_top = scroll[1]
    node.scroll_height = scroll[3]
    if node.style is not None and node.style.scrollable and scroll[3] > client[3] + 8 and client[3] > 0:
        node.scrolls = True
