"""A saved page as a snapshot without layout: its elements, attributes and words."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import Comment, Doctype, NavigableString, PageElement, Tag

_ELEMENT, _TEXT, _DOCUMENT = 1, 3, 9
_MOST_NODES = 200_000
_MOST_DEPTH = 400  # lxml goes deeper; no page that people read does


def parsed(html: bytes | str) -> BeautifulSoup:
    """A page as it stands in the file, by its own or the likeliest encoding."""
    return BeautifulSoup(html, "lxml")


def snapshot(soup: BeautifulSoup, url: str, more: Iterable[str] = ()) -> bytes:
    """The page as ``payaudit-snapshot/1`` without layout; ``more`` are lines that only a browser showed."""
    made = _Columns()
    root = made.add(-1, _DOCUMENT, "#document", "", {})
    for child in soup.children:
        made.walk(child, root)
    lines = [line for line in more if line.strip()]
    if lines:
        holder = made.add(root, _ELEMENT, "SECTION", "", {})
        for line in lines:
            made.add(made.add(holder, _ELEMENT, "P", "", {}), _TEXT, "#text", line, {})
    title = soup.title.get_text().strip() if soup.title is not None else ""
    document = {
        "format": "payaudit-snapshot/1",
        "placed": False,
        "url": url,
        "title": title,
        "viewport": {"width": 0, "height": 0, "scale": 1, "offset_x": 0, "offset_y": 0},
        "trees": [{"owner": None, "parent": None, "snapshot": made.snapshot()}],
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def words(soup: BeautifulSoup) -> str:
    """All that the page says, without scripts and styles, spaces as one."""
    said = [
        text
        for text in soup.find_all(string=True)
        if type(text) is NavigableString
        and text.parent is not None
        and text.parent.name not in {"script", "style"}
    ]
    return " ".join(" ".join(said).split())


@dataclass
class _Columns:
    """The table of nodes that a ``DOMSnapshot`` is."""

    strings: list[str] = field(default_factory=list)
    known: dict[str, int] = field(default_factory=dict)
    parents: list[int] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    names: list[int] = field(default_factory=list)
    texts: list[int] = field(default_factory=list)
    attributes: list[list[int]] = field(default_factory=list)
    checked: list[int] = field(default_factory=list)
    selected: list[int] = field(default_factory=list)
    values: dict[int, int] = field(default_factory=dict)

    def add(self, parent: int, kind: int, name: str, text: str, attrs: dict[str, str]) -> int:
        index = len(self.kinds)
        self.parents.append(parent)
        self.kinds.append(kind)
        self.names.append(self._string(name))
        self.texts.append(self._string(text) if kind == _TEXT else -1)
        self.attributes.append([self._string(part) for pair in attrs.items() for part in pair])
        if name == "INPUT":
            if "checked" in attrs:
                self.checked.append(index)
            if "value" in attrs:
                self.values[index] = self._string(attrs["value"])
        if name == "OPTION" and "selected" in attrs:
            self.selected.append(index)
        return index

    def walk(self, element: PageElement, parent: int) -> None:
        """Add an element and all below it; an explicit stack, since a hostile page nests deeply."""
        rest: list[tuple[PageElement, int, int]] = [(element, parent, 0)]
        while rest and len(self.kinds) < _MOST_NODES:
            here, above, depth = rest.pop()
            if isinstance(here, Tag):
                attrs = {
                    name: " ".join(v) if isinstance(v, list) else str(v or "")
                    for name, v in here.attrs.items()
                }
                index = self.add(above, _ELEMENT, here.name.upper(), "", attrs)
                if depth < _MOST_DEPTH:
                    rest.extend((child, index, depth + 1) for child in reversed(list(here.children)))
            elif isinstance(here, NavigableString) and not isinstance(here, Comment | Doctype):
                self.add(above, _TEXT, "#text", str(here), {})

    def snapshot(self) -> dict[str, Any]:
        nodes = {
            "parentIndex": self.parents,
            "nodeType": self.kinds,
            "nodeName": self.names,
            "nodeValue": self.texts,
            "attributes": self.attributes,
            "backendNodeId": list(range(1, len(self.kinds) + 1)),
            "isClickable": {"index": []},
            "inputValue": {"index": list(self.values), "value": list(self.values.values())},
            "inputChecked": {"index": self.checked},
            "optionSelected": {"index": self.selected},
            "contentDocumentIndex": {"index": [], "value": []},
        }
        layout: dict[str, list[Any]] = {
            name: []
            for name in (
                "nodeIndex", "bounds", "text", "paintOrders", "styles", "scrollRects", "clientRects",
                "offsetRects",
            )
        }  # fmt: skip
        return {"documents": [{"nodes": nodes, "layout": layout}], "strings": self.strings}

    def _string(self, text: str) -> int:
        if text not in self.known:
            self.known[text] = len(self.strings)
            self.strings.append(text)
        return self.known[text]
