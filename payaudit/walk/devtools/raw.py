"""A page as DevTools tells it, in the form of a snapshot that ``perceive`` reads (``payaudit-snapshot/1``).

What the protocol does not tell is made up as CSS would have it: the order of painting from
position and z-index, the place of a text from the box of its element.
"""

from __future__ import annotations

from collections.abc import Mapping

from payaudit.walk.devtools.columns import (
    AT,
    Columns,
    Made,
    Rect,
    View,
    document,
    plain,
    px,
    width_of,
    with_style,
)
from payaudit.walk.devtools.modal import Modal
from payaudit.walk.devtools.placed import MORE, Placed
from payaudit.walk.devtools.presses import guessed, named
from payaudit.walk.devtools.question import lay
from payaudit.walk.devtools.wxml import Part

Key = tuple[tuple[int, int, int], ...]

_TAGS = {"image": "IMG", "video": "VIDEO", "canvas": "CANVAS", "input": "INPUT", "textarea": "TEXTAREA"}
_ROLES = {
    "button": "button",
    "navigator": "link",
    "checkbox": "checkbox",
    "radio": "radio",
    "switch": "switch",
}


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
    made, columns = Made(b"", {}), Columns()
    body = columns.node(columns.node(columns.node(-1, "#document", {}), "HTML", {}), "BODY", {})
    columns.kinds[0] = 9
    whole = (0.0, 0.0, view.width, max(view.page_height, view.height))
    columns.row(1, whole, 0, plain("block"))
    columns.row(body, whole, 0, plain("block"))
    order = _painted(parts, places)
    listening = named(parts)
    if not listening:
        made.guessed, listening = True, guessed(parts, places)
    nodes: dict[int, int] = {-1: body}
    for i, part in enumerate(parts):
        place = places.get(i)
        if part.hidden or part.parent not in nodes or (place and place.styles[AT["display"]] == "none"):
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
            styles = with_style(styles, "overflow-y", "auto")
            scroll = (place.scroll[0], place.scroll[1], place.height)
        box = (place.left, place.top, place.width, place.height)
        columns.row(node, box, order[i], styles, scroll=scroll)
    if modal is not None:
        lay(columns, made, body, modal, view)
    made.snapshot = document(columns, view, url, title)
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
        position = place.styles[AT["position"]] if place else ""
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
    columns: Columns,
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
        px(place.more[MORE.index(f"padding-{s}")]) for s in ("left", "top", "right", "bottom")
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
    wanted = width_of(words, px(place.styles[AT["font-size"]], 16.0))
    room = max(0.0, end - x)
    if 0 < wanted < room:
        align = place.more[MORE.index("text-align")]
        if line is None:
            x += (room - wanted) * {"center": 0.5, "right": 1.0, "end": 1.0}.get(align, 0.0)
        room = wanted
    return (x, y, room or 1.0, high or 1.0)
