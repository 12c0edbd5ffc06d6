"""The clock of a replay: the pages live in the time of the recording, and time passes only between acts.

Date, timers and animation frames of every page stand still while it is acted on and looked
at; in between they run, in slices, to the moment at which the recording went on. What a
timer does, it does in every replay before the same look. Films know no time but the real one,
and are waited for while they play. Chromium's own virtual time would
reach further (workers, CSS), but a page whose time lies behind the real one draws no frame
and takes no touch.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any

from playwright.async_api import Error

from payaudit.walk.clock import Clock
from payaudit.walk.guard.cdp import CdpError
from payaudit.walk.replay.schedule import Schedule
from payaudit.walk.rest import Rested, Traffic, settle

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, CDPSession, Page

    from payaudit.walk.guard.wire import Wire

_SLICE_MS = 200
_LONG_MS = 2000  # after so much of one wait the slices are longer
_LONG_SLICE_MS = 1000
_FRAME_S = 0.02  # between slices, so that a page can paint what a slice did
_ASK_S = 1.5
_LOAD_S = 3.0
_LOOK_S = 0.005
_IDLE_S = 5.0
# A film that plays, and will come to an end: what a page does then is decided by the film's own time.
_FILMS = """[...document.querySelectorAll('video,audio')].filter((m) => !m.paused && !m.ended && !m.loop &&
 m.playbackRate > 0 && m.readyState > 2)"""
# Whether something on a page moves by a style or plays, and will come to an end.
_MOVING = f"""(() => {{ try {{ return document.getAnimations().some((a) => a.playState === 'running' &&
 a.effect && a.effect.getComputedTiming().endTime !== Infinity) || {_FILMS}.length > 0 }}
 catch {{ return false }} }})()"""
# What moves without end stands at its beginning while it is looked at, a film where it is; then they go on.
_STILL = f"""(() => {{ const key = Symbol.for('payaudit.still'); try {{ const held = globalThis[key] ?? [];
 for (const a of document.getAnimations()) if (a.playState === 'running' && a.effect &&
 a.effect.getComputedTiming().endTime === Infinity) {{ a.pause(); a.currentTime = 0;
 held.push(() => {{ if (a.playState === 'paused') a.play() }}) }}
 for (const m of {_FILMS}) {{ const rate = m.playbackRate; m.playbackRate = 0;
 held.push(() => {{ if (m.playbackRate === 0) m.playbackRate = rate }}) }}
 globalThis[key] = held }} catch {{}} }})()"""
_MOVE = """(() => { const key = Symbol.for('payaudit.still'); try {
 for (const on of globalThis[key] ?? []) on();
 delete globalThis[key] } catch {} })()"""
_SHOWN = frozenset({"page", "iframe"})


class ReplayClock(Clock):
    """Time by the schedule of a recording. ``on_slice`` is awaited whenever a little of it has passed."""

    def __init__(self, schedule: Schedule) -> None:
        self.schedule = schedule
        self.on_slice: Callable[[], Awaitable[None]] | None = None
        self._wire: Wire | None = None
        self._context: BrowserContext | None = None
        self._there = 0  # ms since 1970: how far the time of the pages has come

    def watch(self, wire: Wire) -> None:
        """Know the requests under way."""
        self._wire = wire

    async def set_in(self, context: BrowserContext) -> None:
        """Give a fresh context the time at which its run began; call before its first page."""
        self._there = _ms(self.schedule.now)
        # Not installed first: between the two it would run, and be as far in its frame as that took.
        await context.clock.pause_at(datetime.fromtimestamp(self._there / 1000, UTC))
        self._context = context

    def now(self) -> datetime:
        """The time of the recording."""
        return self.schedule.now

    def seconds(self) -> float:
        """Seconds since the recording began."""
        return (self.schedule.now - self.schedule.audit.started).total_seconds()

    async def sleep(self, seconds: float) -> None:
        """Nothing: time passes between acts, as far as it did in the recording."""

    def begin_run(self, run: int) -> None:
        """Go to when the run began."""
        self.schedule.begin_run(run)

    async def begin(self, run: int, step: int) -> None:
        """Go to when the act began."""
        self.schedule.begin(run, step)
        await self._everywhere(_MOVE)
        await self._pass(self.schedule.now, fine_ms=0)  # nothing was done meanwhile: time alone passed

    async def rest(
        self,
        page: Page,
        session: CDPSession,
        traffic: Traffic,
        *,
        differs_from: str | None = None,
        patience_s: float = 0.0,
    ) -> Rested:
        """Let time pass until the recording looked, then snapshot once nothing moves any more."""
        del differs_from, patience_s
        until = self.schedule.seen
        await self._pass(until)
        await self._quiet()
        await self._everywhere(_STILL)
        rested = await settle(page, session, traffic)
        return Rested(rested.snapshot, rested.mark, rested.edges, rested.rested, rested.seconds, until)

    def captured(self) -> datetime:
        """When the recording had captured the screen."""
        return self.schedule.captured(self.schedule.now)

    def end(self) -> None:
        """Go on to the next act of the recording."""
        self.schedule.end()

    async def _pass(self, until: datetime, fine_ms: int = _LONG_MS) -> None:
        began, goal = self._there, _ms(until)
        while self._there < goal:
            await self._quiet()
            length = _SLICE_MS if self._there - began < fine_ms else _LONG_SLICE_MS
            length = min(length, goal - self._there)
            if self._context is not None:
                with contextlib.suppress(Error):  # what a page's own timer throws is the page's affair
                    await self._context.clock.run_for(length)
            self._there += length
            self.schedule.pass_to(datetime.fromtimestamp(self._there / 1000, UTC))
            moving = any(await self._everywhere(_MOVING))
            await asyncio.sleep(length / 1000 if moving else _FRAME_S)
            if self.on_slice is not None:
                await self.on_slice()
        self.schedule.pass_to(until)

    async def _quiet(self) -> None:
        """Until every request has its answer, and every page that is wanted is there.

        A page that had begun to load would else begin its life a slice earlier or later.
        """
        if self._wire is None:
            return
        began = monotonic()
        while True:
            await self._wire.settle(_IDLE_S)
            await self._everywhere("0")  # what a page has been told to do it has done, and told of
            if not self._wire.busy:
                return
            if monotonic() - began > _LOAD_S:
                self._wire.loads.pass_over()  # something of it was held back
            await asyncio.sleep(_LOOK_S)

    async def _everywhere(self, script: str) -> list[Any]:
        """What a script says in each page and foreign frame; one that does not answer is passed over."""
        if self._wire is None:
            return []
        told = []
        for session in self._wire.listening(_SHOWN):
            command = {"expression": script, "returnByValue": True}
            try:
                async with asyncio.timeout(_ASK_S):
                    said = await self._wire.cdp.send("Runtime.evaluate", command, session)
            except (CdpError, TimeoutError):
                continue
            told.append(said.get("result", {}).get("value"))
        return told


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
