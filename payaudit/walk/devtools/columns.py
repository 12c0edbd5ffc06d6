"""The columns of a snapshot in the making: nodes, their boxes and looks, and at last the document as JSON."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from payaudit.perceive.style import STYLES
from payaudit.walk.devtools.placed import Handle

Rect = tuple[float, float, float, float]
"""x, y, width, height in CSS px, from the page's upper left corner."""

AT = {name: i for i, name in enumerate(STYLES)}
_WIDE = frozenset("WFA")  # East Asian widths of letters as wide as they are high
_NARROW = 0.55  # width of the others, of their height
_UNNAMED = 1 << 24  # numbers from here on are those of nodes that DevTools has no name for


@dataclass(frozen=True)
class View:
    """The window of a page. Sizes in CSS px."""

    width: float
    height: float
    scroll_y: float = 0.0
    page_height: float = 0.0


@dataclass
class Made:
    """A snapshot, and what each of its nodes is pressed by: an element's handle or a modal's answer."""

    snapshot: bytes
    handles: dict[int, Handle | int]
    guessed: bool = False  # no markup named its handlers


@dataclass
class Columns:
    """Made row by row; ``document`` puts them together."""

    strings: dict[str, int] = field(default_factory=dict)
    parents: list[int] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    names: list[int] = field(default_factory=list)
    values: list[int] = field(default_factory=list)
    attributes: list[list[int]] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    clickable: list[int] = field(default_factory=list)
    typed: list[tuple[int, int]] = field(default_factory=list)
    backends: list[int] = field(default_factory=list)

    def text(self, value: str) -> int:
        """The index of a string."""
        return self.strings.setdefault(value, len(self.strings))

    def node(self, parent: int, name: str, attrs: Mapping[str, str], words: str = "") -> int:
        """A further node below ``parent``; its index."""
        self.parents.append(parent)
        self.kinds.append(1 if name != "#text" else 3)
        self.names.append(self.text(name))
        self.values.append(self.text(words) if words else -1)
        self.attributes.append([self.text(part) for pair in attrs.items() for part in pair])
        self.backends.append(_UNNAMED + len(self.parents))
        return len(self.parents) - 1

    def row(self, node: int, box: Rect, paint: int, styles: tuple[str, ...], **more: Any) -> None:  # noqa: ANN401
        """Box, rank of painting and looks of a node; of a text ``text``, of a scroller ``scroll``."""
        self.rows.append({"node": node, "box": list(box), "paint": paint, "styles": styles, **more})


def document(columns: Columns, view: View, url: str, title: str) -> bytes:
    """The snapshot as UTF-8 JSON."""
    rows = columns.rows
    nowhere: dict[str, list[int]] = {"index": [], "value": []}
    styles = [[columns.text(value) for value in row["styles"]] for row in rows]
    texts = [columns.text(row["text"]) if row.get("text") else -1 for row in rows]
    snapshot = {
        "documents": [
            {
                "nodes": {
                    "parentIndex": columns.parents,
                    "nodeType": columns.kinds,
                    "nodeName": columns.names,
                    "nodeValue": columns.values,
                    "backendNodeId": columns.backends,
                    "attributes": columns.attributes,
                    "isClickable": {"index": columns.clickable},
                    "inputValue": {
                        "index": [i for i, _ in columns.typed],
                        "value": [v for _, v in columns.typed],
                    },
                    "inputChecked": {"index": []},
                    "optionSelected": {"index": []},
                    "contentDocumentIndex": nowhere,
                },
                "layout": {
                    "nodeIndex": [row["node"] for row in rows],
                    "bounds": [row["box"] for row in rows],
                    "text": texts,
                    "paintOrders": [row["paint"] for row in rows],
                    "styles": styles,
                    "scrollRects": [_scroll(row)[0] for row in rows],
                    "clientRects": [_scroll(row)[1] for row in rows],
                    "offsetRects": [[] for _ in rows],
                },
                "contentHeight": max(view.page_height, view.height),
                "scrollOffsetX": 0.0,
                "scrollOffsetY": view.scroll_y,
            }
        ],
        "strings": list(columns.strings),
    }
    document = {
        "format": "payaudit-snapshot/1",
        "url": url,
        "title": title,
        "viewport": {"width": view.width, "height": view.height, "scale": 1, "offset_x": 0, "offset_y": 0},
        "trees": [{"owner": None, "parent": None, "snapshot": snapshot, "touched": []}],
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _scroll(row: dict[str, Any]) -> tuple[list[float], list[float]]:
    if not row.get("scroll"):
        return [], []
    top, height, client = row["scroll"]
    wide = row["box"][2]
    return [0.0, top, wide, height], [0.0, 0.0, wide, client]


def plain(display: str) -> tuple[str, ...]:
    """The looks of a box that is given none."""
    known = {
        "display": display,
        "visibility": "visible",
        "opacity": "1",
        "color": "rgb(0, 0, 0)",
        "background-color": "rgba(0, 0, 0, 0)",
        "background-image": "none",
        "font-size": "16px",
        "font-weight": "400",
        "text-decoration-line": "none",
        "position": "static",
        "overflow-x": "visible",
        "overflow-y": "visible",
        "cursor": "auto",
        "pointer-events": "auto",
        "box-shadow": "none",
        "float": "none",
    }
    return tuple(known.get(name, "") for name in STYLES)


def with_style(styles: tuple[str, ...], name: str, value: str) -> tuple[str, ...]:
    """The looks with one property changed."""
    return (*styles[: AT[name]], value, *styles[AT[name] + 1 :])


def px(text: str, fallback: float = 0.0) -> float:
    """The number of a length in px."""
    try:
        return float(text.removesuffix("px"))
    except ValueError:
        return fallback


def width_of(words: str, size: float) -> float:
    """About how wide a text of this size is on one line, in CSS px."""
    return size * sum(1.0 if unicodedata.east_asian_width(c) in _WIDE else _NARROW for c in words)
