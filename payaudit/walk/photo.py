"""The picture of a capture: what the viewer sees, as PNG, twice as dense as CSS px at most."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from playwright.async_api import Error

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.async_api import CDPSession, Page

_DENSITY = 2.0  # a phone's own 3 took three times as long and read no better (OCR, contrast)
_PATIENCE_S = 10
_SAME_ZOOM = 0.01
_NAMES_A_VIEWPORT = "document.querySelector('meta[name=viewport i]') !== null"


@dataclass(frozen=True, slots=True)
class Glass:
    """The screen that a context stands for. Sizes in CSS px."""

    width: int
    height: int
    density: float
    mobile: bool
    screen_width: int
    screen_height: int

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Glass:
        """From Playwright's options of a context."""
        view = options["viewport"]
        screen = options.get("screen") or view
        return cls(
            width=view["width"],
            height=view["height"],
            density=float(options.get("device_scale_factor", 1)),
            mobile=bool(options.get("is_mobile")),
            screen_width=screen["width"],
            screen_height=screen["height"],
        )

    def told(self) -> dict[str, object]:
        """As Chromium takes it, in the form in which Playwright has set it before."""
        upright = self.mobile and self.height >= self.width
        turned = self.mobile and not upright
        return {
            "width": self.width,
            "height": self.height,
            "deviceScaleFactor": self.density,
            "mobile": self.mobile,
            "screenWidth": self.screen_width,
            "screenHeight": self.screen_height,
            "screenOrientation": {
                "type": "portraitPrimary" if upright else "landscapePrimary",
                "angle": 90 if turned else 0,
            },
        }


async def straighten(session: CDPSession, glass: Glass) -> bool:
    """Undo the zoom of another window in a page that names no viewport; whether there was one.

    A pop-up may be laid out in a window of the browser's own size before it has the persona's screen,
    and keeps the zoom of that.
    """
    asked = {"expression": _NAMES_A_VIEWPORT, "returnByValue": True}
    if (await session.send("Runtime.evaluate", asked))["result"].get("value") is not False:
        return False
    seen = await session.send("Page.getLayoutMetrics")
    zoom = glass.width / max(1, seen["cssLayoutViewport"]["clientWidth"])
    if abs(seen["cssVisualViewport"].get("scale", 1) - zoom) <= _SAME_ZOOM:
        return False
    await session.send("Emulation.setPageScaleFactor", {"pageScaleFactor": zoom})
    return True


async def photograph(page: Page, session: CDPSession, glass: Glass | None) -> bytes | None:
    """PNG of the visible part of the page; None where none could be taken.

    ``glass``: the persona's screen; None where the browser's own is looked through.
    """
    try:
        async with asyncio.timeout(_PATIENCE_S):
            if glass is None:
                return await page.screenshot(animations="allow", caret="initial", timeout=0, scale="device")
            # A picture ends with the screen that its own session has set: without one, the page
            # would find a density of 1 afterwards.
            await session.send("Emulation.setDeviceMetricsOverride", glass.told())
            view = (await session.send("Page.getLayoutMetrics"))["cssVisualViewport"]
            clip = {
                "x": view["pageX"],
                "y": view["pageY"],
                "width": view["clientWidth"],
                "height": view["clientHeight"],
                "scale": view.get("scale", 1) * min(glass.density, _DENSITY) / glass.density,
            }
            # Speed costs half as many bytes again, and saves half of the time.
            asked = {"format": "png", "clip": clip, "optimizeForSpeed": True}
            return base64.b64decode((await session.send("Page.captureScreenshot", asked))["data"])
    except (Error, TimeoutError):
        return None
