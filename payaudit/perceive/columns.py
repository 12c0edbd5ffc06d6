"""Offers that stand in the columns of a table, a row for each property."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from payaudit.perceive.card import Card
from payaudit.perceive.controls import Control
from payaudit.perceive.placed import Placed, placed_in
from payaudit.perceive.prices import amounts
from payaudit.perceive.screen import Screen
from payaudit.perceive.texts import Text
from payaudit.perceive.tree import Rect, Tree

_LINE_PX = 8  # tops of texts in one row differ by less
_ROW_PX = 24  # height of the bands in which controls are counted as one row
_EDGE_PX = 4  # px by which cells' edges may be off


def column_cards(screen: Screen, anchors: list[Placed]) -> tuple[Card, ...]:
    """The offers; ``anchors`` are the amounts that are asked.

    Empty unless prices stand under one another in at least two rows and no row
    but one holds controls: else each row is an offer of its own.
    """
    tree = screen.tree
    table, inside = _fullest_table(tree, anchors)
    rows = {
        round(a.text.box[1] / _LINE_PX): [b for b in inside if abs(b.text.box[1] - a.text.box[1]) < _LINE_PX]
        for a in inside
    }
    wide = [r for r in rows.values() if len(r) > 1]
    strong = [c for c in screen.controls if c.strong and tree.inside(c.node, table)]
    pressed = {round(c.box[1] / _ROW_PX) for c in strong if c.role != "label"}
    if not wide or len(rows) < 2 or len(pressed) > 2:  # noqa: PLR2004 - one row of choosers, one of buttons
        return ()
    first = min(wide, key=lambda r: r[0].text.box[1])
    texts = [t for t in screen.in_scope if tree.inside(t.runs[0].node, table)]
    cells = {(cell := _cell(tree, a)).x: cell.node for a in reversed(first)}
    lefts = sorted(_cell(tree, a).x for a in first)
    return tuple(
        _column(cells[left], (left, right), texts, strong, lefts[0])
        for left, right in zip(lefts, [*lefts[1:], float("inf")], strict=True)
    )


def _fullest_table(tree: Tree, anchors: Iterable[Placed]) -> tuple[int, list[Placed]]:
    """The table that holds most amounts, and these; none where there is no table."""
    held: dict[int, list[Placed]] = {}
    for anchor in anchors:
        for above in tree.ancestors(anchor.runs[0].node):
            if tree.nodes[above].tag == "TABLE" or tree.nodes[above].attrs.get("role") in {"table", "grid"}:
                held.setdefault(above, []).append(anchor)
                break
    return max(held.items(), key=lambda kv: len(kv[1]), default=(-1, []))


def _column(
    node: int, edges: tuple[float, float], texts: list[Text], strong: list[Control], first: float
) -> Card:
    """The offer between two edges; ``first`` is where the first column of offers begins."""
    mine = tuple(t for t in texts if _between(t.box, edges))
    chooser = next((c for c in strong if _between(c.box, edges)), None)
    told = tuple(_under_heading(p, texts, first) for p in placed_in(mine))
    return Card(node, mine, told, chooser, None, None, None)


def _between(box: Rect, edges: tuple[float, float]) -> bool:
    return edges[0] - _EDGE_PX <= _middle(box) < edges[1] - _EDGE_PX


def _middle(box: Rect) -> float:
    return box[0] + box[2] / 2


def _under_heading(one: Placed, texts: list[Text], first: float) -> Placed:
    """The amount with the role that its row's heading gives it ("After that")."""
    heading = next((t for t in texts if _middle(t.box) < first and _level(t.box, one.text.box)), None)
    if heading is None or one.amount.role != "price":
        return one
    read = amounts(f"{heading.text.strip()} {one.text.text[one.amount.start :]}")
    return replace(one, amount=one.amount.model_copy(update={"role": read[0].role})) if read else one


def _level(a: Rect, b: Rect) -> bool:
    """Whether two boxes stand beside one another at some height."""
    return a[1] < b[1] + b[3] and b[1] < a[1] + a[3]


@dataclass(frozen=True, slots=True)
class _Cell:
    node: int
    x: float


def _cell(tree: Tree, anchor: Placed) -> _Cell:
    for above in tree.ancestors(anchor.runs[0].node):
        node = tree.nodes[above]
        if node.tag in {"TD", "TH"} or node.attrs.get("role") in {"cell", "gridcell"}:
            return _Cell(above, node.box[0] if node.box else anchor.text.box[0])
    return _Cell(anchor.runs[0].node, anchor.text.box[0])
