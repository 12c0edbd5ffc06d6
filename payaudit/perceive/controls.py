"""What can be pressed, where, and in what state, with how each is known.

Real controls come first (tags, roles, listeners, the pointer cursor). Short
texts and small pictures that are none of these are kept as weak candidates:
pages that listen on a common ancestor leave no trace on the thing pressed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from payaudit.perceive.labels import Labels
from payaudit.perceive.paint import Paint, area, intersect
from payaudit.perceive.pressables import (
    alike,
    drawn_as_a_button,
    listens_for_a_panel,
    listens_for_others,
    small_picture,
)
from payaudit.perceive.states import Known, state_of
from payaudit.perceive.texts import Run, Text, union
from payaudit.perceive.tree import ELEMENT, Node, Rect, Tree

Reach = Literal["now", "scroll", "blocked"]

_WEAK = frozenset({"text", "icon"})
_EDGE_PX = 3.0
_CAPTION = 24  # characters; longer is prose, not a caption
_TITLE = re.compile("《[^《》]+》")


@dataclass(frozen=True, slots=True)
class Control:
    """Something a finger may press. ``tap`` is None where no point of it can be met now."""

    node: int
    role: str
    label: str
    box: Rect
    tap: tuple[float, float] | None
    reach: Reach
    state: bool | None
    state_known_by: Known | None
    enabled: bool
    words: str
    href: str | None
    strong: bool  # a control by tag, role, listener or cursor, or drawn as a button
    named: bool = True  # its label is its own, not what stands beside it

    @property
    def side(self) -> float:
        """The shorter side of its hit area in CSS px."""
        return min(self.box[2], self.box[3])


def collect(paint: Paint, roles: dict[int, str], texts: tuple[Text, ...]) -> tuple[Control, ...]:
    """All controls in document order, weak candidates among them."""
    tree = paint.tree
    labels = Labels(tree, texts)
    owned: dict[int, list[Text]] = {}
    for text in texts:
        for holder, part in _parts(tree, text, roles).items():
            owned.setdefault(holder, []).append(part)
    lists = {i for i in roles if listens_for_others(tree, i, owned.get(i, []))}
    panels = {i for i in roles if i not in lists and listens_for_a_panel(paint, i, roles)}
    own = {i: role for i, role in roles.items() if i not in lists and i not in panels}
    found = [_control(paint, labels, tree.nodes[i], role, owned.get(i, [])) for i, role in own.items()]
    items: dict[tuple[int, bool], list[Text]] = {}
    for text in texts:
        if not _within(tree, text.node, own):
            items.setdefault(_item(tree, text, lists, panels), []).append(text)
    for (element, listed), held in items.items():
        caption = " ".join(t.text.strip() for t in held)
        if listed:
            found.append(_control(paint, labels, tree.nodes[element], "item", held))
        elif len(caption) <= _CAPTION and any(t.sight == "visible" for t in held):
            drawn = len(held) == 1 and drawn_as_a_button(paint, tree.nodes[element], held[0])
            found.append(_control(paint, labels, tree.nodes[element], "button" if drawn else "text", held))
    for text in texts:
        if not _within(tree, text.node, own):
            found += [
                _control(paint, labels, tree.nodes[i], "text", [part]) for i, part in _links(tree, text)
            ]
    found += [
        _control(paint, labels, node, "icon", [])
        for node in tree.nodes
        if small_picture(paint, node) and not _within(tree, node.index, own)
    ]
    return tuple(sorted(found, key=lambda c: c.node))


def _within(tree: Tree, index: int, controls: dict[int, str]) -> bool:
    return any(a in controls for a in tree.ancestors(index))


def _parts(tree: Tree, text: Text, roles: dict[int, str]) -> dict[int, Text]:
    """What of a text stands in each control around it: a link in a sentence holds its own words."""
    held: dict[int, list[Run]] = {}
    for run in text.runs:
        for above in tree.ancestors(run.node):
            if above in roles:
                held.setdefault(above, []).append(run)
    return {
        holder: text
        if len(runs) == len(text.runs)
        else Text("".join(r.text for r in runs), tuple(runs), runs[0].node, union([r.box for r in runs]))
        for holder, runs in held.items()
    }


def _links(tree: Tree, text: Text) -> Iterator[tuple[int, Text]]:
    """Parts of a sentence in a colour of their own, or in 《》: links, where a page listens above them."""
    if len(text.runs) < 2:  # noqa: PLR2004 - one run is the whole
        return
    held: dict[int, list[Run]] = {}
    for run in text.runs:
        held.setdefault(
            tree.nodes[run.node].parent if tree.nodes[run.node].kind != ELEMENT else run.node, []
        ).append(run)
    plain = _colour(tree, text.runs[0])
    for element, runs in held.items():
        words = "".join(run.text for run in runs).strip()
        apart = _TITLE.fullmatch(words) or (element != text.node and _colour(tree, runs[0]) != plain)
        if apart and len(words) <= _CAPTION and any(letter.isalpha() for letter in words):
            yield element, Text(words, tuple(runs), runs[0].node, union([run.box for run in runs]))


def _colour(tree: Tree, run: Run) -> object:
    style = tree.nodes[run.node].style
    return None if style is None else style.color


def _item(tree: Tree, text: Text, lists: set[int], panels: set[int]) -> tuple[int, bool]:
    """The item a text stands in, where a list or panel listens for it; else its own element."""
    own = text.node if tree.nodes[text.node].kind == ELEMENT else tree.nodes[text.node].parent
    below, kind = own, None
    for above in tree.ancestors(own)[1:]:
        if above in lists:
            return below, True
        if above in panels:
            return (own, False) if kind is None else (kind, True)
        if _one_of_a_kind(tree, below, above):
            kind = below
        below = above
    return own, False


def _one_of_a_kind(tree: Tree, child: int, parent: int) -> bool:
    return any(c != child and alike(tree, child, c) for c in tree.nodes[parent].children)


def _control(paint: Paint, labels: Labels, node: Node, role: str, inside: list[Text]) -> Control:
    box = paint.shown(node.index)
    flows = role == "link" and node.style is not None and node.style.inline
    if len(inside) == 1 and (role in _WEAK or flows):
        box = inside[0].box
    tap, reach = _tap(paint, node.index, box, inside)
    if tap is None and node.tag == "INPUT" and (label := labels.serving(node)) is not None:
        # A box that its author hid behind a drawing of his own is pressed by its label.
        handed, how = _tap(paint, label, paint.shown(label), [])
        if handed is not None and not _within_link(paint, label, handed):
            tap, reach = handed, how
    state, known = state_of(paint.tree, node, inside)
    words, named = labels.of(node, inside)
    return Control(
        node=node.index,
        role=role,
        label=words,
        box=box,
        tap=tap,
        reach=reach,
        state=state,
        state_known_by=known,
        enabled="disabled" not in node.attrs and node.attrs.get("aria-disabled") != "true",
        words=node.words(),
        href=node.attrs.get("href"),
        strong=role not in _WEAK,
        named=named,
    )


def _tap(paint: Paint, index: int, box: Rect, inside: list[Text]) -> tuple[tuple[float, float] | None, Reach]:
    shown = intersect(box, paint.viewport)
    if area(shown) <= 0 or area(shown) < 0.25 * area(box):
        return None, "scroll"
    x, y, width, height = shown
    # Between the lines of a link that wraps lie other words, and other links.
    lines = [p.line for t in inside[:1] for r in t.runs for p in paint.tree.nodes[r.node].pieces if p.line]
    points = [(line[0] + line[2] / 2, line[1] + line[3] / 2) for line in lines]
    points += [(x + width / 2, y + height / 2)]
    points += [(t.box[0] + t.box[2] / 2, t.box[1] + t.box[3] / 2) for t in inside[:2] if t.sight == "visible"]
    points += [(x + width * fx, y + height * fy) for fx in (0.15, 0.85) for fy in (0.25, 0.75)]
    first = None
    for point in points:
        if not _meets(paint, index, point):
            continue
        # Beside the edge of what covers a part of it, a rounded point may meet the cover.
        if all(_meets(paint, index, (point[0], point[1] + by)) for by in (-_EDGE_PX, _EDGE_PX)):
            return point, "now"
        first = first or point
    return first, "blocked" if first is None else "now"


def _meets(paint: Paint, index: int, point: tuple[float, float]) -> bool:
    hit = paint.hit(*point)
    return hit is not None and (paint.tree.inside(hit, index) or _serves(paint.tree, hit, index))


def _within_link(paint: Paint, label: int, point: tuple[float, float]) -> bool:
    """Whether a point of a label meets something in it that is pressed for itself, as an agreement's link."""
    tree, hit = paint.tree, paint.hit(*point)
    holders = tree.ancestors(hit) if hit is not None else ()
    return any(a != label and tree.inside(a, label) and _listens(tree.nodes[a]) for a in holders)


def _listens(node: Node) -> bool:
    pressed = node.tag in {"A", "BUTTON"} or node.attrs.get("role") in {"link", "button"}
    return pressed or node.clickable or node.touched


def _serves(tree: Tree, hit: int, index: int) -> bool:
    """Whether what is hit hands the press on: the label of a box, or a box under its drawing."""
    if tree.nodes[index].tag == "INPUT":
        return any(tree.nodes[a].tag == "LABEL" for a in tree.ancestors(hit)[:4]) and (
            tree.common(hit, index) >= 0 and tree.nodes[tree.common(hit, index)].tag == "LABEL"
        )
    if tree.nodes[hit].tag == "INPUT" or tree.nodes[hit].tag == "A":
        return tree.nodes[hit].parent == tree.nodes[index].parent
    return False
