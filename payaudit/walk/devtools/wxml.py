"""The markup of a page as DevTools tells it (``Element.getWXML``), as a flat list in document order."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset({"img", "br", "hr", "source", "track"})
_HIDDEN = ("display:none", "display: none")


@dataclass(slots=True)
class Part:
    """An element, or a stretch of text (``tag`` empty); ``parent`` is an index of the same list."""

    parent: int
    tag: str = ""
    text: str = ""
    attrs: dict[str, str] = field(default_factory=dict)
    hidden: bool = False  # by its own style, or that of what encloses it


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[Part] = []
        self._open: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, attrs)
        if tag not in _VOID:
            self._open.append(len(self.parts) - 1)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        # An inner <input> has no end of its own: what encloses it closes it too.
        for at in range(len(self._open) - 1, -1, -1):
            if self.parts[self._open[at]].tag == tag:
                del self._open[at:]
                return

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.parts.append(Part(self._open[-1] if self._open else -1, text=data))

    def _start(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.parts.append(Part(self._open[-1] if self._open else -1, tag, attrs=given))


def read_wxml(text: str) -> list[Part]:
    """All elements and texts, each with whether its markup hides it."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    for part in reader.parts:
        above = part.parent >= 0 and reader.parts[part.parent].hidden
        part.hidden = above or any(sign in part.attrs.get("style", "") for sign in _HIDDEN)
    return reader.parts
