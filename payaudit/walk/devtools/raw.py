"""A page as DevTools tells it, in the form of a snapshot that ``perceive`` reads (``payaudit-snapshot/1``).

What the protocol does not tell is made up as CSS would have it: the order of painting from
position and z-index, the place of a text from the box of its element.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from payaudit.perceive.style import STYLES
from payaudit.walk.devtools.modal import Modal
from payaudit.walk.devtools.placed import MORE, Handle, Placed
from payaudit.walk.devtools.presses import guessed, named
from payaudit.walk.devtools.wxml import Part

Rect = tuple[float, float, float, float]
Key = tuple[tuple[int, int, int], ...]

_TAGS = {"image": "IMG", "video": "VIDEO", "canvas": "CANVAS", "input": "INPUT", "textarea": "TEXTAREA"}
_ROLES = {
    "button": "button",
    "navigator": "link",
    "checkbox": "checkbox",
    "radio": "radio",
    "switch": "switch",
}
_WIDE = frozenset("WFA")  # East Asian widths of letters as wide as they are high
_NARROW = 0.55  # width of the others, of their height
_AT = {name: i for i, name in enumerate(STYLES)}
_PX, _LINE_PX, _EDGE_PX, _BUTTON_PX = 16.0, 22.0, 16.0, 50.0  # of a question that we draw
_UNNAMED = 1 << 24  # numbers from here on are those of nodes that DevTools has no name for
_ON_TOP = 1 << 20  # paint order of what the host lays over a page


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
class _Columns:
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
        return self.strings.setdefault(value, len(self.strings))

    def node(self, parent: int, name: str, attrs: Mapping[str, str], words: str = "") -> int:
        self.parents.append(parent)
        self.kinds.append(1 if name != "#text" else 3)
        self.names.append(self.text(name))
        self.values.append(self.text(words) if words else -1)
        self.attributes.append([self.text(part) for pair in attrs.items() for part in pair])
        self.backends.append(_UNNAMED + len(self.parents))
        return len(self.parents) - 1

    def row(self, node: int, box: Rect, paint: int, styles: tuple[str, ...], **more: Any) -> None:  # noqa: ANN401
        self.rows.append({"node": node, "box": list(box), "paint": paint, "styles": styles, **more})


def snapshot_of(  # noqa: PLR0913 - all that is known of a page
    parts: list[Part],
    places: Mapping[int, Placed],
    view: View,
    *,
    url: str,
    title: str,
    modal: Modal | None = None,
    numbers: dict[str, int],
) -> Made:
    """The page, and the question of the host that stands over it.

    ``numbers`` are those that elements had in earlier snapshots of the run; new ones are added.
    """
    made, columns = Made(b"", {}), _Columns()
    body = columns.node(columns.node(columns.node(-1, "#document", {}), "HTML", {}), "BODY", {})
    columns.kinds[0] = 9
    whole = (0.0, 0.0, view.width, max(view.page_height, view.height))
    columns.row(1, whole, 0, _plain("block"))
    columns.row(body, whole, 0, _plain("block"))
    order = _painted(parts, places)
    listening = named(parts)
    if not listening:
        made.guessed, listening = True, guessed(parts, places)
    nodes: dict[int, int] = {-1: body}
    for i, part in enumerate(parts):
        place = places.get(i)
        if part.hidden or part.parent not in nodes or (place and place.styles[_AT["display"]] == "none"):
            continue
        if not part.tag:
            node = nodes[i] = columns.node(nodes[part.parent], "#text", {}, part.text)
            _text_row(columns, node, i, parts, places, order)
            continue
        name = _TAGS.get(part.tag, f"WX-{part.tag.upper()}" if part.tag != "img" else "IMG")
        attrs = _attributes(part, place)
        node = nodes[i] = columns.node(nodes[part.parent], name, attrs)
        if place is None:
            continue
        made.handles[node] = place.handle
        called = f"{place.handle.get('pageId')} {place.handle.get('elementId')}"
        columns.backends[node] = numbers.setdefault(called, len(numbers) + 1)
        if i in listening:
            columns.clickable.append(node)
        if isinstance(place.held, str):
            columns.typed.append((node, columns.text(place.held)))
        styles, scroll = place.styles, None
        if place.scroll is not None:
            styles = _with(styles, "overflow-y", "auto")
            scroll = (place.scroll[0], place.scroll[1], place.height)
        box = (place.left, place.top, place.width, place.height)
        columns.row(node, box, order[i], styles, scroll=scroll)
    if modal is not None:
        _lay(columns, made, body, modal, view)
    made.snapshot = _document(columns, view, url, title)
    return made


def _attributes(part: Part, place: Placed | None) -> dict[str, str]:
    attrs = {{"aria-role": "role"}.get(name, name): value for name, value in part.attrs.items()}
    if part.tag in _ROLES:
        attrs.setdefault("role", _ROLES[part.tag])
    if part.tag in {"checkbox", "radio", "switch"} and place is not None and isinstance(place.held, bool):
        attrs["aria-checked"] = str(place.held).lower()
    return attrs


def _painted(parts: list[Part], places: Mapping[int, Placed]) -> dict[int, int]:
    """The rank in which each element is painted, by CSS 2.1 appendix E without its finer points."""
    keys: dict[int, Key] = {}
    context: dict[int, Key] = {-1: ()}
    flow: dict[int, Key] = {-1: ()}
    for i, part in enumerate(parts):
        outer, inner = context[part.parent], flow[part.parent]
        place = places.get(i)
        position = place.styles[_AT["position"]] if place else ""
        level = place.more[MORE.index("z-index")] if place else "auto"
        if place is None or position in {"", "static"}:
            keys[i] = (*inner, (0, 0, i))
            context[i], flow[i] = outer, inner
        elif level.lstrip("-").isdigit() or position == "fixed":
            at = int(level) if level.lstrip("-").isdigit() else 0
            keys[i] = context[i] = flow[i] = (*outer, (at, 1, i))
        else:
            keys[i] = flow[i] = (*outer, (0, 1, i))
            context[i] = outer
    return {i: rank for rank, i in enumerate(sorted(keys, key=lambda i: keys[i]), 1)}


def _text_row(  # noqa: PLR0913, PLR0917 - one page, seen from one of its texts
    columns: _Columns,
    node: int,
    index: int,
    parts: list[Part],
    places: Mapping[int, Placed],
    order: Mapping[int, int],
) -> None:
    """A text stands in the box of the nearest element that has one, between its neighbours there."""
    owner = parts[index].parent
    while owner >= 0 and owner not in places:
        owner = parts[owner].parent
    if owner < 0:
        return
    place = places[owner]
    words = " ".join(parts[index].text.split())
    columns.row(node, _stretch(index, parts, places, place, words), order[owner], place.styles, text=words)


def _stretch(index: int, parts: list[Part], places: Mapping[int, Placed], place: Placed, words: str) -> Rect:
    left, top, right, bottom = (
        _px(place.more[MORE.index(f"padding-{s}")]) for s in ("left", "top", "right", "bottom")
    )
    x, y = place.left + left, place.top + top
    wide, high = max(0.0, place.width - left - right), max(0.0, place.height - top - bottom)
    parent = parts[index].parent
    beside = [i for i, p in enumerate(parts) if p.parent == parent and p.tag and i in places]
    before = [places[i] for i in beside if i < index]
    after = [places[i] for i in beside if i > index]
    end = x + wide
    line = next((one for one in (*before[-1:], *after[:1])), None)
    if line is not None and line.height:
        y, high = line.top, line.height
        x = before[-1].left + before[-1].width if before else x
        end = after[0].left if after and after[0].left > x else end
    wanted = _width(words, _px(place.styles[_AT["font-size"]], 16.0))
    room = max(0.0, end - x)
    if 0 < wanted < room:
        align = place.more[MORE.index("text-align")]
        if line is None:
            x += (room - wanted) * {"center": 0.5, "right": 1.0, "end": 1.0}.get(align, 0.0)
        room = wanted
    return (x, y, room or 1.0, high or 1.0)


def _lay(columns: _Columns, made: Made, body: int, modal: Modal, view: View) -> None:
    """A question of the host over the page: drawn by us, as DevTools draws it outside of the page."""
    up, wide = view.scroll_y, view.width * 0.8
    shade = _with(_with(_plain("block"), "background-color", "rgba(0, 0, 0, 0.6)"), "position", "fixed")
    white = _with(_plain("block"), "background-color", "rgb(255, 255, 255)")
    clear = _plain("block")
    # The host tells its two answers apart by colour; here the one that goes on is filled.
    go_on = _with(clear, "background-color", "rgb(7, 193, 96)")
    ranks = iter(range(_ON_TOP, _ON_TOP * 2))
    veil = columns.node(body, "WX-MODAL", {"role": "dialog", "aria-modal": "true"})
    columns.row(veil, (0.0, up, view.width, view.height), next(ranks), shade)
    lines = [words for words in (modal.title, modal.text) if words]
    highs = [
        _LINE_PX * max(1, -(-round(_width(words, _PX)) // round(wide - 2 * _EDGE_PX))) for words in lines
    ]
    beside = len(modal.answers) <= 2  # noqa: PLR2004 - as the host draws yes and no
    buttons = _BUTTON_PX * (1 if beside else len(modal.answers))
    high = sum(highs) + _EDGE_PX * (len(lines) + 1) + buttons
    x, y = (view.width - wide) / 2, up + max(0.0, (view.height - high) / 2)
    box = columns.node(veil, "WX-VIEW", {})
    columns.row(box, (x, y, wide, high), next(ranks), white)

    def said(parent: int, words: str, at: Rect) -> None:
        text = columns.node(parent, "#text", {}, words)
        width = min(at[2], _width(words, _PX))
        columns.row(text, (at[0] + (at[2] - width) / 2, at[1], width, at[3]), next(ranks), clear, text=words)

    y += _EDGE_PX
    for words, tall in zip(lines, highs, strict=True):
        line = columns.node(box, "WX-VIEW", {})
        at = (x + _EDGE_PX, y, wide - 2 * _EDGE_PX, tall)
        columns.row(line, at, next(ranks), clear)
        said(line, words, at)
        y += tall + _EDGE_PX
    share = wide / len(modal.answers) if beside else wide
    for number, (words, answer) in enumerate(modal.answers):
        left, top = (x + number * share, y) if beside else (x, y + number * _BUTTON_PX)
        button = columns.node(box, "WX-VIEW", {"role": "button"})
        columns.row(button, (left, top, share, _BUTTON_PX), next(ranks), go_on if answer >= 0 else clear)
        said(button, words, (left, top + (_BUTTON_PX - _LINE_PX) / 2, share, _LINE_PX))
        made.handles[button] = answer
        columns.clickable.append(button)


def _width(words: str, px: float) -> float:
    return px * sum(1.0 if unicodedata.east_asian_width(c) in _WIDE else _NARROW for c in words)


def _document(columns: _Columns, view: View, url: str, title: str) -> bytes:
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


def _plain(display: str) -> tuple[str, ...]:
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


def _with(styles: tuple[str, ...], name: str, value: str) -> tuple[str, ...]:
    return (*styles[: _AT[name]], value, *styles[_AT[name] + 1 :])


def _px(text: str, fallback: float = 0.0) -> float:
    try:
        return float(text.removesuffix("px"))
    except ValueError:
        return fallback
