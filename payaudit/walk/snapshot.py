"""One snapshot of a page: DOM, layout, style and paint order of every frame.

Chromium's own ``DOMSnapshot`` reads closed shadow roots, pseudo-elements and
live checked states in one call and runs nothing in the page. Full Chromium puts
foreign frames in processes of their own: each is captured through its own
session and merged by the frame element that holds it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from playwright.async_api import Error

from payaudit.perceive.style import STYLES
from payaudit.walk.secret import without_passwords

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Page

_WANTED = {
    "computedStyles": list(STYLES),
    "includePaintOrder": True,
    "includeDOMRects": True,
    "includeBlendedBackgroundColors": False,
}

_TOUCHES = frozenset({"touchend", "pointerup", "mouseup", "pointerdown", "mousedown", "tap"})
_GROUP = "payaudit"


async def capture(page: Page, session: CDPSession) -> bytes:
    """The snapshot as UTF-8 JSON (``payaudit-snapshot/1``). Raises Playwright's ``Error``."""
    snapshot = await session.send("DOMSnapshot.captureSnapshot", _WANTED)
    without_passwords(snapshot)
    metrics = await session.send("Page.getLayoutMetrics")
    view = metrics["cssVisualViewport"]
    layout = metrics["cssLayoutViewport"]
    touched = await _touched(session)
    trees: list[dict[str, Any]] = [{"owner": None, "parent": None, "snapshot": snapshot, "touched": touched}]
    trees += await _foreign_frames(page, session)
    document = {
        "format": "payaudit-snapshot/1",
        "url": page.url,
        "title": _title(snapshot),
        "viewport": {
            "width": layout["clientWidth"],
            "height": layout["clientHeight"],
            "scale": view.get("scale", 1),
            "offset_x": view.get("offsetX", 0),
            "offset_y": view.get("offsetY", 0),
        },
        "trees": trees,
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


async def _touched(session: CDPSession) -> list[int]:
    """Backend ids of nodes that listen for a finger: Chromium's own ``isClickable`` knows of clicks alone."""
    try:
        held = await session.send("Runtime.evaluate", {"expression": "document", "objectGroup": _GROUP})
        asked = {"objectId": held["result"]["objectId"], "depth": -1, "pierce": True}
        listeners = (await session.send("DOMDebugger.getEventListeners", asked))["listeners"]
        await session.send("Runtime.releaseObjectGroup", {"objectGroup": _GROUP})
    except (Error, KeyError):
        return []  # a page on its way to another one, or the browser's own
    return sorted({one["backendNodeId"] for one in listeners if one["type"] in _TOUCHES})


def _title(snapshot: dict[str, Any]) -> str:
    index = snapshot["documents"][0].get("title", -1)
    return str(snapshot["strings"][index]) if isinstance(index, int) and index >= 0 else ""


async def _foreign_frames(page: Page, session: CDPSession) -> list[dict[str, Any]]:
    """Frames that live in another process, with the node that holds each."""
    if len(page.frames) < 2:  # noqa: PLR2004 - the main frame alone
        return []
    found: list[dict[str, Any]] = []
    for frame in page.frames[1:]:
        try:
            own = await page.context.new_cdp_session(frame)
        except Error:
            continue  # shares the page's process: already in the main snapshot
        try:
            identity = (await own.send("Page.getFrameTree"))["frameTree"]["frame"]["id"]
            owner = await session.send("DOM.getFrameOwner", {"frameId": identity})
            tree = await own.send("DOMSnapshot.captureSnapshot", _WANTED)
            without_passwords(tree)
            touched = await _touched(own)
        except Error:
            continue  # the frame went away, or hangs in another foreign frame
        finally:
            await own.detach()
        found.append({"owner": owner["backendNodeId"], "parent": 0, "snapshot": tree, "touched": touched})
    return found
