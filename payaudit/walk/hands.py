"""Fingers: taps, swipes and scrolls at real points, as the device sends them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Page

    from payaudit.perceive.tree import Rect, Tree

_SWIPE_MOVES = 12
_SWIPE_PAUSE_S = 0.016  # one frame


class Hands:
    """Acts on one page; touch or mouse as the persona has it."""

    def __init__(self, page: Page, session: CDPSession, *, touch: bool) -> None:
        self._page = page
        self._session = session
        self._touch = touch

    async def tap(self, x: float, y: float, tree: Tree) -> None:
        """Press a point given in CSS px of the layout viewport."""
        x, y = x * tree.scale, y * tree.scale
        if self._touch:
            await self._page.touchscreen.tap(x, y)
        else:
            await self._page.mouse.click(x, y)

    async def swipe_up(self, region: Rect, share: float = 0.6) -> None:
        """Move what lies in the region up by a share of its height."""
        await self._drag(region, share)

    async def swipe_down(self, region: Rect, share: float = 0.6) -> None:
        """Move what lies in the region down."""
        await self._drag(region, -share)

    async def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Put a finger down, move it, and lift it."""
        if not self._touch:
            await self._page.mouse.move(*start)
            await self._page.mouse.down()
            await self._page.mouse.move(*end, steps=_SWIPE_MOVES)
            await self._page.mouse.up()
            return
        await self._swipe(start, end)

    async def _drag(self, region: Rect, share: float) -> None:
        x = region[0] + region[2] / 2
        middle = region[1] + region[3] / 2
        half = region[3] * abs(share) / 2
        start, end = (middle + half, middle - half) if share > 0 else (middle - half, middle + half)
        if not self._touch:
            await self._page.mouse.move(x, middle)
            await self._page.mouse.wheel(0, start - end)
            return
        await self._swipe((x, start), (x, end))

    async def _swipe(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        for i in range(_SWIPE_MOVES + 1):
            done = i / _SWIPE_MOVES
            x, y = (a + (b - a) * done for a, b in zip(start, end, strict=True))
            await self._touched("touchMove" if i else "touchStart", x, y)
            await asyncio.sleep(_SWIPE_PAUSE_S if i else 0)
        await self._session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    async def _touched(self, kind: str, x: float, y: float) -> None:
        params = {"type": kind, "touchPoints": [{"x": x, "y": y}]}
        await self._session.send("Input.dispatchTouchEvent", params)
