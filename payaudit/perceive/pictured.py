"""Letters in pictures: which pictures are worth reading, and what was read set into the tree.

A price drawn on a canvas has no node. What was read of it stands under the
picture's node as nodes of its own, so that everything that judges by text and
place works the same; a source made from them names no node, as it rests on
pixels.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from payaudit.model.readings import Reading
from payaudit.perceive.paint import Paint, area, contains, intersect
from payaudit.perceive.style import Style
from payaudit.perceive.texts import Text, union
from payaudit.perceive.tree import ELEMENT, PICTURED, READING, TEXT, Node, Piece, Rect, Tree, painted

_TAGS = frozenset({"IMG", "CANVAS", "SVG", "INPUT"})
_LEAST = (40.0, 14.0)  # px; smaller pictures hold no legible words
_SILENT = 0.03  # share of a picture that texts of the page may cover before they speak for it
_MOST = 12  # pictures of one screen
_GAP = 0.75  # of the higher line; lines further apart are not of one block
_LETTER = 0.74  # font size of a line's box, which holds ascenders, descenders and a margin
_DOLLAR = re.compile(r"(?<![A-Za-z])S(?=\d{1,4}\.\d{2}(?!\d))")  # "$19.99" is read as "S19.99" at times


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture on the screen, by the ids of the snapshot; its visible part in CSS px of the viewport."""

    owner: int
    tree: int
    box: Rect


def silent_pictures(paint: Paint, texts: tuple[Text, ...], scope: int = 0) -> tuple[Picture, ...]:
    """Visible pictures under ``scope`` that no text of the page speaks for, largest first."""
    found = []
    for node in paint.tree.nodes:
        if node.kind != ELEMENT or not painted(node) or not _is_picture(node):
            continue
        shown = intersect(paint.shown(node.index), paint.viewport)
        if shown[2] < _LEAST[0] or shown[3] < _LEAST[1] or not paint.tree.inside(node.index, scope):
            continue
        if paint.opacity[node.index] < 0.3 or paint.covered(node.index, shown, node.paint) > 0.5:  # noqa: PLR2004 - half gone
            continue
        spoken = sum(area(intersect(t.box, shown)) for t in texts if t.sight == "visible")
        if spoken <= _SILENT * area(shown):
            found.append(Picture(node.backend, node.tree, shown))
    found.sort(key=lambda p: (-area(p.box), p.tree, p.owner))
    return tuple(found[:_MOST])


def _is_picture(node: Node) -> bool:
    if node.tag in _TAGS:
        return node.tag != "INPUT" or node.attrs.get("type", "").lower() == "image"
    return node.style is not None and node.style.picture and node.tag not in {"HTML", "BODY"}


def owner_of(pictures: tuple[Picture, ...], box: Rect) -> Picture | None:
    """The smallest picture that holds the middle of a box."""
    x, y = box[0] + box[2] / 2, box[1] + box[3] / 2
    return min((p for p in pictures if contains(p.box, x, y)), key=lambda p: area(p.box), default=None)


def set_right(raw: str) -> str:
    """An engine's line as it was meant: compatibility forms folded, a dollar sign read as S restored."""
    return _DOLLAR.sub("$", unicodedata.normalize("NFKC", raw))


def graft(tree: Tree, lines: tuple[Reading, ...]) -> None:
    """Set lines into a tree, each block of lines an element under the picture that showed it."""
    owners = {(n.tree, n.backend): n for n in tree.nodes if n.kind == ELEMENT}
    by_owner: dict[int, list[Reading]] = {}
    for line in lines:
        node = owners.get((line.tree, line.owner))
        if node is not None and node.style is not None:
            by_owner.setdefault(node.index, []).append(line)
    for index in sorted(by_owner):
        picture = tree.nodes[index]
        blocks = _blocks(by_owner[index])
        pressed = _pressed(tree, picture) and len(blocks) > 1
        if pressed and picture.style is not None:
            # Its parts are pressed, not itself.
            picture.clickable, picture.style = False, replace(picture.style, cursor="auto")
        for block in blocks:
            _append(tree, picture, block, pressed=pressed)


def is_pictured(tree: Tree, index: int) -> bool:
    """Whether a node was read from pixels."""
    return tree.nodes[index].tag in {PICTURED, READING}


def _pressed(tree: Tree, picture: Node) -> bool:
    """Whether the picture takes presses, so that parts of it may be buttons."""
    holders = [tree.nodes[i] for i in tree.ancestors(picture.index)[:3]]
    return any(n.clickable or (n.style is not None and n.style.cursor == "pointer") for n in holders)


def _blocks(lines: list[Reading]) -> list[list[Reading]]:
    """Lines that stand close below each other, from top to bottom."""
    blocks: list[list[Reading]] = []
    for line in sorted(lines, key=lambda r: (r.box.y, r.box.x)):
        home = next((b for b in blocks if any(_close(line, other) for other in b)), None)
        if home is None:
            blocks.append([line])
        else:
            home.append(line)
    return blocks


def _close(one: Reading, other: Reading) -> bool:
    a, b = one.box, other.box
    across = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
    gap = max(a.y, b.y) - min(a.y + a.height, b.y + b.height)
    return across > 0 and gap < _GAP * max(a.height, b.height)


def _append(tree: Tree, picture: Node, block: list[Reading], *, pressed: bool) -> None:
    boxes = [(r.box.x, r.box.y, r.box.width, r.box.height) for r in block]
    holder = _node(tree, picture, ELEMENT, PICTURED, union(boxes))
    holder.clickable = pressed
    for line, box in zip(block, boxes, strict=True):
        node = _node(tree, holder, TEXT, READING, box)
        node.pieces.append(Piece(line.text, box))
        node.style = replace(_plain(holder), font_px=round(box[3] * _LETTER, 1))


def _node(tree: Tree, parent: Node, kind: int, tag: str, box: Rect) -> Node:
    node = Node(
        index=len(tree.nodes),
        parent=parent.index,
        kind=kind,
        tag=tag,
        attrs={},
        backend=-1,
        tree=parent.tree,
        box=box,
        paint=parent.paint + 1e-4,
        scale=parent.scale,
    )
    node.style = _plain(parent)
    tree.nodes.append(node)
    parent.children.append(node.index)
    return node


def _plain(node: Node) -> Style:
    """The picture's style without what it draws itself; its colours are not known, only its pixels are."""
    assert node.style is not None  # noqa: S101 - graft() takes styled pictures only; narrows the type
    return replace(
        node.style,
        display="block",
        opacity=1.0,
        color=None,
        background=None,
        picture=False,
        struck=False,
        bold=False,
        position="static",
        clips_x=False,
        clips_y=False,
        scrollable=False,
        border=None,
        border_px=0.0,
    )
