"""What of a tree reaches the eye and the finger: clipping, covering, hit-testing."""

from __future__ import annotations

from collections import defaultdict

from payaudit.perceive.tree import ELEMENT, Node, Rect, Tree

_BAND = 64.0  # px of height per bucket of the spatial index
_OPAQUE_TAGS = frozenset({"IMG", "CANVAS", "VIDEO", "EMBED", "OBJECT"})
_OPAQUE = 0.9  # alpha from which what lies below can no longer be read


def intersect(a: Rect, b: Rect) -> Rect:
    """The common part; zero size where there is none."""
    x, y = max(a[0], b[0]), max(a[1], b[1])
    right, bottom = min(a[0] + a[2], b[0] + b[2]), min(a[1] + a[3], b[1] + b[3])
    return (x, y, max(0.0, right - x), max(0.0, bottom - y))


def area(box: Rect) -> float:
    """In square px."""
    return box[2] * box[3]


def contains(box: Rect, x: float, y: float) -> bool:
    """Whether a point lies in the box."""
    return box[0] <= x < box[0] + box[2] and box[1] <= y < box[1] + box[3]


class Paint:
    """Clip rectangles, effective opacity and a spatial index over one tree."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.viewport: Rect = (0.0, 0.0, tree.width, tree.height)
        count = len(tree.nodes)
        self.opacity = [1.0] * count
        self.scale = [1.0] * count
        self.clip: list[Rect | None] = [None] * count
        self._floats = [False] * count  # or stands in what does, in the same layer
        self._bands: dict[int, list[int]] = defaultdict(list)
        self._resolve()

    def _resolve(self) -> None:
        nodes = self.tree.nodes
        # Clip that applies to in-flow children, to absolutely placed ones, and to fixed ones.
        flow: list[Rect | None] = [None] * len(nodes)
        placed: list[Rect | None] = [None] * len(nodes)
        fixed: list[Rect | None] = [None] * len(nodes)
        for node in nodes:
            i, p = node.index, node.parent
            style = node.style
            if p >= 0:
                self.opacity[i] = self.opacity[p]
                self.scale[i] = node.scale if node.scale != 1.0 else self.scale[p]
                self._floats[i] = self._floats[p] and node.paint == nodes[p].paint
            clip = flow[p] if p >= 0 else None
            if style is not None and node.kind == ELEMENT:
                self.opacity[i] *= style.opacity
                self._floats[i] |= style.floats
                if style.position == "fixed":
                    clip = fixed[p] if p >= 0 else None
                elif style.position == "absolute":
                    clip = placed[p] if p >= 0 else None
            self.clip[i] = clip
            inner = clip
            if style is not None and node.kind == ELEMENT and node.box is not None:
                if (style.clips_x or style.clips_y) and node.tag not in {"HTML", "BODY"}:
                    inner = intersect(node.box, clip) if clip else node.box
                if node.tag in {"IFRAME", "FRAME"}:
                    inner = intersect(node.box, clip) if clip else node.box
                    placed[i] = fixed[i] = flow[i] = inner
                    self._index(node)
                    continue
            flow[i] = inner
            positioned = style is not None and style.position not in {"static", ""}
            placed[i] = inner if positioned else (placed[p] if p >= 0 else None)
            fixed[i] = fixed[p] if p >= 0 else None
            self._index(node)

    def _index(self, node: Node) -> None:
        if node.kind != ELEMENT or node.box is None or node.style is None or not node.style.visible:
            return
        shown = intersect(self.shown(node.index), self.viewport)
        if area(shown) <= 0:
            return
        for band in range(int(shown[1] // _BAND), int((shown[1] + shown[3]) // _BAND) + 1):
            self._bands[band].append(node.index)

    def shown(self, index: int) -> Rect:
        """The node's box after clipping by its ancestors."""
        box = self.tree.nodes[index].box or (0.0, 0.0, 0.0, 0.0)
        clip = self.clip[index]
        return intersect(box, clip) if clip is not None else box

    def opaque(self, node: Node) -> bool:
        """Whether nothing behind the node can be read through it."""
        if node.style is None or self.opacity[node.index] < _OPAQUE:
            return False
        if node.tag in _OPAQUE_TAGS or node.style.picture:
            return True
        return node.style.background is not None and node.style.background[3] >= _OPAQUE

    def hit(self, x: float, y: float) -> int | None:
        """The element that a finger at the point would meet; within a layer, floats lie over blocks."""
        best: tuple[float, bool, int] | None = None
        for i in self._bands.get(int(y // _BAND), ()):
            node = self.tree.nodes[i]
            if (
                node.style is not None
                and node.style.pressable
                and contains(self.shown(i), x, y)
                and (best is None or (node.paint, self._floats[i], i) > best)
            ):
                best = (node.paint, self._floats[i], i)
        return best[2] if best else None

    def covered(self, index: int, box: Rect, paint: float) -> float:
        """Share of ``box`` hidden by opaque boxes painted after it, 0 to 1 (by the largest one)."""
        whole = area(box)
        if whole <= 0:
            return 0.0
        worst = 0.0
        first, last = int(box[1] // _BAND), int((box[1] + box[3]) // _BAND)
        # One band in the middle is enough: what hides a line crosses its middle.
        for i in self._bands.get((first + last) // 2, ()):
            node = self.tree.nodes[i]
            if node.paint > paint and self.opaque(node) and not self.tree.inside(index, i):
                worst = max(worst, area(intersect(box, self.shown(i))) / whole)
        return worst
