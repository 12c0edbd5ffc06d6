"""Elements of a page with their places and looks: what the protocol tells of each, asked in one go."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from payaudit.perceive.style import STYLES
from payaudit.walk.devtools.protocol import Automation, Refused
from payaudit.walk.devtools.wxml import Part

MORE = ("z-index", "padding-left", "padding-top", "padding-right", "padding-bottom", "text-align")
_ASKED = (*STYLES, *MORE)
_SIZES = ("offsetWidth", "offsetHeight")
_HELD = {
    "checkbox": "checked",
    "radio": "checked",
    "switch": "checked",
    "input": "value",
    "textarea": "value",
}
_NAMES = ("elementId", "pageId", "nodeId", "videoId")
_MOST = 1500  # elements of a page that are looked at; a page with more is told as a gap
_DEEPEST = 6  # components within components

Handle = dict[str, Any]
"""What names an element to DevTools: ``elementId``, ``pageId`` and, of some, ``nodeId`` or ``videoId``."""


@dataclass(frozen=True, slots=True)
class Placed:
    """One element. Lengths in CSS px, places from the page's upper left corner.

    ``styles`` are in the order of ``perceive.style.STYLES``, ``more`` in that of ``MORE``.
    """

    handle: Handle
    tag: str
    left: float
    top: float
    width: float
    height: float
    styles: tuple[str, ...]
    more: tuple[str, ...]
    held: Any = None  # what a field or tick holds
    scroll: tuple[float, float] | None = None  # of a scroll-view: top and height of what it holds


async def elements(
    automation: Automation, page: str, tags: Collection[str]
) -> tuple[list[dict[str, Any]], bool]:
    """Every element of the page, and whether all were taken; one request for each component's inside.

    ``tags`` are those of its markup: asked for by name where "all" is no selector to this DevTools.
    """
    found = await _below(automation, "Page.getElements", {"pageId": page}, page, tags)
    known = {one["elementId"] for one in found}
    fresh = [one for one in found if one.get("nodeId")]
    for _ in range(_DEEPEST):
        if not fresh or len(found) > _MOST:
            break
        inside = await asyncio.gather(
            *(_below(automation, "Element.getElements", handle_of(one), page, tags) for one in fresh)
        )
        # A node inside that the page's own list has is a slot's content, and has its place.
        owners = list(zip(fresh, inside, strict=True))
        fresh = []
        for owner, below in owners:
            new = [one for one in below if one["elementId"] not in known]
            known |= {one["elementId"] for one in new}
            at = found.index(owner) + 1
            found[at:at] = new
            fresh += [one for one in new if one.get("nodeId")]
    return found[:_MOST], len(found) <= _MOST


async def _below(
    automation: Automation, method: str, of: Handle, page: str, tags: Collection[str]
) -> list[dict[str, Any]]:
    for selector in ("*", ",".join(sorted(tags))):
        try:
            told = await automation.send(method, selector=selector, **of)
        except Refused:
            continue
        if told.get("elements"):
            return [{**one, "pageId": page} for one in told["elements"]]
    return []


def handle_of(element: dict[str, Any]) -> Handle:
    """The part of an element that requests name it by."""
    return {name: element[name] for name in _NAMES if element.get(name)}


async def placed(automation: Automation, found: list[dict[str, Any]]) -> list[Placed | None]:
    """Place and look of each; None for one that is gone by now. Three requests each, under way together."""
    return list(await asyncio.gather(*(_one(automation, element) for element in found)))


async def _one(automation: Automation, element: dict[str, Any]) -> Placed | None:
    handle, tag = handle_of(element), str(element.get("tagName", "")).lower()
    try:
        size, styles, offset = await asyncio.gather(
            automation.send("Element.getDOMProperties", names=list(_SIZES), **handle),
            automation.send("Element.getStyles", names=list(_ASKED), **handle),
            automation.send("Element.getOffset", **handle),
        )
        looks = tuple("" if v is None else str(v) for v in styles["styles"])
        width, height = (float(v or 0) for v in size["properties"])
        return Placed(
            handle,
            tag,
            float(offset["left"]),
            float(offset["top"]),
            width,
            height,
            looks[: len(STYLES)],
            looks[len(STYLES) :],
            await _held(automation, handle, tag),
            await _scrolled(automation, handle) if tag == "scroll-view" else None,
        )
    except (Refused, KeyError, TypeError, ValueError):
        return None


async def _held(automation: Automation, handle: Handle, tag: str) -> Any:  # noqa: ANN401 - any JSON
    if tag not in _HELD:
        return None
    try:
        told = await automation.send("Element.getProperties", names=[_HELD[tag]], **handle)
    except Refused:
        return None
    return (told.get("properties") or [None])[0]


async def _scrolled(automation: Automation, handle: Handle) -> tuple[float, float] | None:
    try:
        top, height = [
            (
                await automation.send(
                    "Element.callFunction", functionName=f"scroll-view.{n}", args=[], **handle
                )
            )
            for n in ("scrollTop", "scrollHeight")
        ]
        return float(top["result"]), float(height["result"])
    except (Refused, KeyError, TypeError, ValueError):
        return None


def matched(parts: list[Part], found: list[Placed | None], classes: list[str]) -> dict[int, Placed]:
    """Which element of the markup each one is, by order, tag and class; ``classes`` as they were told."""
    ours = [i for i, part in enumerate(parts) if part.tag and part.tag != "page"]
    tags = [f.tag if f is not None else "" for f in found]
    if [parts[i].tag for i in ours] == tags:
        return {i: f for i, f in zip(ours, found, strict=True) if f is not None}
    mine = [f"{parts[i].tag} {parts[i].attrs.get('class', '')}" for i in ours]
    others = [f"{tag} {name}" for tag, name in zip(tags, classes, strict=True)]
    pairs: dict[int, Placed] = {}
    for block in SequenceMatcher(None, mine, others, autojunk=False).get_matching_blocks():
        for step in range(block.size):
            one = found[block.b + step]
            if one is not None:
                pairs[ours[block.a + step]] = one
    return pairs
