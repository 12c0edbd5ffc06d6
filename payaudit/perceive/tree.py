"""The nodes of one capture as a flat list, and who lies under whom.

Boxes are in CSS px of the main frame's viewport, at the scroll position of the
capture.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from payaudit.perceive.style import Style

Rect = tuple[float, float, float, float]
"""x, y, width, height."""

ELEMENT, TEXT = 1, 3
PICTURED, READING = "#PICTURED", "#READING"
"""Tags of nodes that were read from pixels: a block of lines, and a line."""
_NOT_PAINTED = frozenset({"SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "HEAD", "META", "LINK", "TITLE"})


@dataclass(slots=True)
class Piece:
    """One painted stretch of text of a node; a pseudo-element may have several."""

    text: str
    box: Rect
    line: Rect | None = None  # the widest of its lines, where it wraps


@dataclass(slots=True)
class Node:
    """One node of the merged tree; ``index`` is its name in facts and reports."""

    index: int
    parent: int
    kind: int
    tag: str
    attrs: dict[str, str]
    backend: int
    tree: int
    style: Style | None = None
    box: Rect | None = None
    paint: float = -1.0
    scale: float = 1.0
    clickable: bool = False
    touched: bool = False  # listens for a finger, and not for a click
    checked: bool | None = None
    value: str = ""
    scrolls: bool = False
    scroll_top: float = 0.0
    scroll_height: float = 0.0
    pieces: list[Piece] = field(default_factory=list)
    children: list[int] = field(default_factory=list)

    def words(self) -> str:
        """The names its author gave it: class and id, for weak hints only."""
        return f"{self.attrs.get('class', '')} {self.attrs.get('id', '')}"


@dataclass(slots=True)
class Tree:
    """All nodes in document order, frames in place of their owners."""

    nodes: list[Node]
    width: float
    height: float
    scale: float
    url: str
    title: str
    document_height: float
    scroll_y: float
    placed: bool = True  # False: boxes and looks are made up, as only the markup is known

    def ancestors(self, index: int) -> list[int]:
        """From the node itself up to the root."""
        chain = []
        while index >= 0:
            chain.append(index)
            index = self.nodes[index].parent
        return chain

    def common(self, first: int, second: int) -> int:
        """The nearest common ancestor of two nodes."""
        above = set(self.ancestors(first))
        return next((n for n in self.ancestors(second) if n in above), -1)

    def of_one_list(self, one: int, other: int) -> bool:
        """Whether two nodes are items of one list, each in a wrapper of its own perhaps."""
        a, b = self.nodes[one].parent, self.nodes[other].parent
        return a == b or (min(a, b) >= 0 and self.nodes[a].parent == self.nodes[b].parent)

    def inside(self, index: int, ancestor: int) -> bool:
        """Whether ``index`` lies under ``ancestor`` (or is it)."""
        while index > ancestor:
            index = self.nodes[index].parent
        return index == ancestor

    def subtree(self, index: int) -> list[int]:
        """The node and all below it, in document order."""
        found, stack = [], [index]
        while stack:
            here = stack.pop()
            found.append(here)
            stack.extend(reversed(self.nodes[here].children))
        return found


def painted(node: Node) -> bool:
    """Whether the node can be seen at all, wherever it lies."""
    return node.box is not None and node.tag not in _NOT_PAINTED
