"""Letting an episode play to its end, as far as patience goes."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from playwright.async_api import Error

from payaudit.model.evidence import Goal
from payaudit.walk.run import Run
from payaudit.walk.stage import View

if TYPE_CHECKING:
    from playwright.async_api import Page

_MOST_S = 45.0  # of one wait; a longer episode is not waited for
_BLIND_S = 8.0  # where a canvas or a broken stream says nothing of its length
_GRACE_S = 1.2  # what comes after the end takes its time to show
# Only read, never touched: how much of the largest video is left, in seconds; null where none can tell.
_LEFT = """() => JSON.stringify((() => {
  const size = (v) => v.clientWidth * v.clientHeight;
  const v = [...document.querySelectorAll('video')].sort((a, b) => size(b) - size(a))[0];
  if (!v || !size(v)) return null;
  const left = Number.isFinite(v.duration) ? v.duration - v.currentTime : null;
  return { left, paused: v.paused && !v.ended };
})())"""


async def watch(run: Run, goal: Goal, why: str) -> View:
    """Start what is paused by a tap on it, then wait for its end, bounded."""
    left, paused = await _left(run.page)
    if paused:
        view = run.last
        if view is not None:
            await run.tap_point(
                view.screen.width / 2, view.screen.height * 0.4, goal, "to start the paused video"
            )
            left, _ = await _left(run.page)
    seconds = _BLIND_S if left is None else min(max(left, 0.0) + _GRACE_S, _MOST_S)
    return await run.wait(round(seconds, 1), goal, why, intent="episode")


async def _left(page: Page) -> tuple[float | None, bool]:
    for frame in page.frames:
        try:
            told = json.loads(await asyncio.wait_for(frame.evaluate(_LEFT), 2.0))
        except (Error, TimeoutError, ValueError):
            continue
        if told is not None:
            return told["left"], bool(told["paused"])
    return None, False
