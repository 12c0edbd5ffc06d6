"""Time as a walk lives it: the machine's own, or in a replay that of the recording."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING

from payaudit.walk.rest import Rested, Traffic, settle

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Page


class Clock:
    """The machine's own time, and how a page is left to it until it rests."""

    def now(self) -> datetime:
        """The time of day."""
        return datetime.now(UTC)

    def seconds(self) -> float:
        """Seconds since some moment, for differences."""
        return monotonic()

    async def sleep(self, seconds: float) -> None:
        """Let so much time pass."""
        await asyncio.sleep(seconds)

    def begin_run(self, run: int) -> None:
        """A fresh context is about to be opened."""

    async def begin(self, run: int, step: int) -> None:
        """An act is about to be carried out."""

    async def rest(
        self,
        page: Page,
        session: CDPSession,
        traffic: Traffic,
        *,
        differs_from: str | None = None,
        patience_s: float = 0.0,
    ) -> Rested:
        """Wait until a page rests after an act, and snapshot it; see ``settle``."""
        return await settle(page, session, traffic, differs_from=differs_from, patience_s=patience_s)

    def captured(self) -> datetime:
        """The screen has been captured: when."""
        return self.now()

    def end(self) -> None:
        """The step is on disk."""
