"""The picture of a capture: what the viewer sees, as PNG, twice as dense as CSS px at most."""

from __future__ import annotations

import asyncio
import base64
from typing import TYPE_CHECKING

from playwright.async_api import Error

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Page

_DENSITY = 2.0  # a phone's own 3 took three times as long and read no better (OCR, contrast)
_PATIENCE_S = 10


async def photograph(page: Page, session: CDPSession, device_scale: float, *, emulated: bool) -> bytes | None:
    """PNG of the visible part of the page; None where none could be taken.

    ``emulated``: the device's size and density are the persona's, not the browser's own.
    """
    try:
        async with asyncio.timeout(_PATIENCE_S):
            if not emulated:
                return await page.screenshot(animations="allow", caret="initial", timeout=0, scale="device")
            view = (await session.send("Page.getLayoutMetrics"))["cssVisualViewport"]
            clip = {
                "x": view["pageX"],
                "y": view["pageY"],
                "width": view["clientWidth"],
                "height": view["clientHeight"],
                "scale": view.get("scale", 1) * min(device_scale, _DENSITY),
            }
            # Speed costs half as many bytes again, and saves half of the time.
            asked = {"format": "png", "clip": clip, "optimizeForSpeed": True}
            return base64.b64decode((await session.send("Page.captureScreenshot", asked))["data"])
    except (Error, TimeoutError):
        return None
