# ruff: noqa: ANN401 - options are passed on as they are
"""A guarded browser for tests: proxy, wire and page script in place, the payment host on loopback."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from payaudit.data import rules_folder
from payaudit.evidence.exchange import Exchange, Missing, WebSocketLog
from payaudit.model.evidence import Event
from payaudit.perceive.calls import Calls
from payaudit.walk.guard import Guard, free_port
from tests.walk.guard.standin import PAY

BINARIES = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
MAP = f"--host-resolver-rules=MAP {PAY} 127.0.0.1"
CALLS = Calls.load(rules_folder() / "calls")

both = pytest.mark.parametrize("binary", BINARIES, ids=["headless-shell", "chromium"])
# A minute each: in every run in the smaller build, in full Chromium under `sweep`.
both_in_a_sweep = pytest.mark.parametrize(
    "binary",
    [BINARIES[0], pytest.param(BINARIES[1], marks=pytest.mark.sweep)],
    ids=["headless-shell", "chromium"],
)


def needed(binary: str) -> str:
    """The binary, or a skip that says what is missing."""
    if not Path(binary).is_file():
        pytest.skip(f"{binary} is not installed")
    return binary


class Guarded:
    """A browser under guard, and everything the guard handed over."""

    browser: Browser

    def __init__(self, **options: Any) -> None:
        self.exchanges: list[Exchange] = []
        self.logs: list[WebSocketLog] = []
        self.missing: list[Missing] = []
        self.events: list[Event] = []
        self.guard = Guard(
            CALLS,
            resolve={PAY: "127.0.0.1"},
            on_event=self.events.append,
            on_exchange=self.exchanges.append,
            on_websocket=self.logs.append,
            on_missing=self.missing.append,
            **options,
        )

    async def page(self, url: str, **options: Any) -> Page:
        """A page in a fresh, protected context."""
        context: BrowserContext = await self.browser.new_context(**options)
        await self.guard.protect(context)
        page = await context.new_page()
        await page.goto(url)
        return page

    def calls(self) -> list[dict[str, Any]]:
        """The data of all payment calls so far."""
        return [event.data for event in self.events if event.kind == "payment_call"]


@asynccontextmanager
async def guarded(binary: str, **options: Any) -> AsyncIterator[Guarded]:
    """Launch ``binary`` under a guard; ``options`` go to ``Guard``."""
    ours = Guarded(**options)
    guard = ours.guard
    await guard.start_proxy()
    port = free_port()
    arguments = ["--no-sandbox", MAP, *guard.chromium_args(port)]
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(
            executable_path=needed(binary), args=arguments, env={**guard.browser_env()}
        )
        ours.browser = browser
        await guard.attach(port)
        try:
            yield ours
        finally:
            await guard.close()
            await browser.close()


async def until(true: Callable[[], object], seconds: float = 5.0) -> bool:
    """Wait until ``true()`` holds; false when it did not in time."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not true():
        if asyncio.get_running_loop().time() > deadline:
            return False
        await asyncio.sleep(0.03)
    return True


def speaks_of(events: list[Event], host: str) -> list[Event]:
    """The events that name a host."""
    return [event for event in events if host in json.dumps(event.data)]
