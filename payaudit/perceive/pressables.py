"""What can be pressed: by tag, role, listener or cursor, and small pictures perhaps."""

from __future__ import annotations

import re

from payaudit.perceive.paint import Paint, area, intersect
from payaudit.perceive.style import vivid
from payaudit.perceive.texts import Text
from payaudit.perceive.tree import ELEMENT, Node, Tree, painted

ICON_PX = 60.0
"""Sides of a finger-sized picture; larger ones are content."""

_NATIVE = {"BUTTON": "button", "SUMMARY": "button", "SELECT": "select", "TEXTAREA": "input"}
_ROLES = frozenset(
    {"button", "link", "checkbox", "radio", "switch", "tab", "menuitem", "option", "menuitemradio"}
)
_INPUTS = {"checkbox": "checkbox", "radio": "radio", "button": "button", "submit": "button",
           "image": "button", "reset": "button"}  # fmt: skip
_PICTURES = frozenset({"IMG", "SVG", "I", "CANVAS", "EM"})
_OWN = frozenset({"BUTTON", "A", "LABEL", "INPUT", "SELECT"})  # listen for themselves only
_PAGE_SHARE = 0.7  # of the viewport; a listener on something larger serves what lies inside
_SWIPED_SHARE = 0.3  # of that; what listens for fingers on more is swiped
_ITEM_PX = 36.0  # of height; lower children of a listener are lines, not items
_PANEL_SHARE = 0.25  # of the viewport; what is smaller and holds a control is a card with a button
_LINE_PX = 24.0  # of height; lower siblings are lines of one thing
_ABOUT = 1.7  # how much larger one sibling of a kind is than another at most
_SPECK_PX = 8  # a smaller picture is ornament
_BUTTON_PX = (32.0, 72.0, 96.0)  # a drawn button's height from and to, and its least width
_ROUND_PX = 4.0  # radius of its corners
_OFF_PX = 8.0  # from its middle to that of its caption
_CLOCK = re.compile(r"\d[:：]\d")


def pressables(paint: Paint) -> dict[int, str]:
    """Nodes that are controls by tag, role, listener or cursor, with their role."""
    found: dict[int, str] = {}
    page = area(paint.viewport) * _PAGE_SHARE
    for node in paint.tree.nodes:
        if node.kind != ELEMENT or not painted(node) or node.style is None:
            continue
        role = _role(paint.tree, node)
        if role is None:
            continue
        if role == "listener" and (
            node.tag in {"HTML", "BODY"}
            or (node.touched and node.box is not None and area(node.box) >= page * _SWIPED_SHARE)
            or (node.box is not None and area(node.box) >= page)
            or _holds_layers(paint.tree, node)
        ):
            continue
        found[node.index] = "button" if role == "listener" else role
    return found


def _holds_layers(tree: Tree, node: Node) -> bool:
    """Whether something without an extent of its own listens for the layers that are put into it."""
    if node.box is not None and area(node.box) > 0:
        return False
    return any(
        below.style is not None and below.style.position == "fixed" and below.box is not None
        for below in (tree.nodes[i] for i in tree.subtree(node.index))
        if below.index != node.index
    )


def _role(tree: Tree, node: Node) -> str | None:  # noqa: PLR0911 - one return per way of being a control
    given = node.attrs.get("role", "")
    if given in _ROLES:
        return given
    if node.tag == "INPUT":
        kind = node.attrs.get("type", "text").lower()
        return None if kind == "hidden" else _INPUTS.get(kind, "input")
    if node.tag in _NATIVE:
        return _NATIVE[node.tag]
    if node.tag in {"A", "AREA"} and "href" in node.attrs:
        return "link"
    if node.tag == "LABEL":
        return "label"
    if node.clickable or node.touched or "onclick" in node.attrs or node.attrs.get("tabindex", "-1") == "0":
        return "listener"
    style = node.style
    if style is not None and style.cursor == "pointer":
        above = tree.nodes[node.parent].style if node.parent >= 0 else None
        if above is None or above.cursor != "pointer":
            return "listener"
    return None


def listens_for_others(tree: Tree, index: int, held: list[Text]) -> bool:
    """A listener on something that holds a list: it serves the items, not itself."""
    node = tree.nodes[index]
    if node.tag in _OWN or node.attrs.get("role") in _ROLES:
        return False
    items: dict[tuple[str, int, int], int] = {}
    for child in node.children:
        below = tree.nodes[child]
        if below.kind != ELEMENT or below.box is None or below.box[3] < _ITEM_PX:
            continue
        texts = sum(tree.inside(t.node, child) for t in held)
        if texts:
            shape = (below.tag, round(below.box[2] / 24), texts if len(node.children) < 8 else 0)  # noqa: PLR2004 - a long list may vary
            items[shape] = items.get(shape, 0) + (1 if texts > 1 or len(node.children) > 5 else 0)  # noqa: PLR2004 - lone words are columns of one card
    return max(items.values(), default=0) > 1


def listens_for_a_panel(paint: Paint, index: int, roles: dict[int, str]) -> bool:
    """A listener on a sheet or section with controls of its own in it: it serves whatever lies inside."""
    tree = paint.tree
    node = tree.nodes[index]
    if node.tag in _OWN or node.attrs.get("role") in _ROLES or node.box is None:
        return False
    if area(node.box) < area(paint.viewport) * _PANEL_SHARE:
        return False
    return any(
        tree.nodes[i].tag in _NATIVE or tree.nodes[i].tag in _OWN
        for i in roles
        if tree.inside(i, index) and i != index
    )


def alike(tree: Tree, one: int, other: int) -> bool:
    """Whether two siblings are things of one kind: same tag, a class in common, about the same size."""
    a, b = tree.nodes[one], tree.nodes[other]
    if a.tag != b.tag or a.box is None or b.box is None or min(a.box[3], b.box[3]) < _LINE_PX:
        return False
    mine, others = set(a.attrs.get("class", "").split()), set(b.attrs.get("class", "").split())
    if mine and others and not mine & others:  # "on" beside none is the chosen one
        return False
    return all(max(x, y) <= _ABOUT * min(x, y) for x, y in zip(a.box[2:], b.box[2:], strict=True))


def small_picture(paint: Paint, node: Node) -> bool:
    """A picture in sight that a finger would fit: it may listen on an ancestor."""
    if node.kind != ELEMENT or node.style is None or node.box is None or node.pieces:
        return False
    drawn = node.tag in _PICTURES or (node.style.picture and not node.children)
    return (
        drawn
        and min(node.box[2:]) >= _SPECK_PX
        and max(node.box[2:]) <= ICON_PX
        and area(intersect(node.box, paint.viewport)) > 0
    )


def drawn_as_a_button(paint: Paint, node: Node, text: Text) -> bool:
    """A text alone in the middle of a rounded box of colour, as large as a button; its page listens above."""
    style, box = node.style, node.box
    if style is None or box is None or style.radius < _ROUND_PX or _CLOCK.search(text.text):
        return False
    if not any(
        paint.tree.nodes[i].clickable or paint.tree.nodes[i].touched for i in paint.tree.ancestors(node.index)
    ):
        return False
    sized = _BUTTON_PX[0] <= box[3] <= _BUTTON_PX[1] and _BUTTON_PX[2] <= box[2] <= paint.viewport[2]
    off = abs(text.box[0] + text.box[2] / 2 - box[0] - box[2] / 2)
    return sized and off <= _OFF_PX and (style.picture or vivid(style.background))
