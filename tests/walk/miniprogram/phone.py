"""A package put up in a guarded browser, as a walk does, with the page in hand."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Page, async_playwright

from payaudit.evidence.exchange import Exchange
from payaudit.model.evidence import Event
from payaudit.walk.browser import find_browser
from payaudit.walk.guard import Guard
from payaudit.walk.miniprogram.miniprogram import Staging, put_up
from payaudit.walk.miniprogram.package import read_package
from payaudit.walk.personas import context_options, persona
from payaudit.walk.walk import launch
from tests.walk.guard.harness import CALLS, until

ELSEWHERE = "elsewhere.example"  # mapped to loopback


def written(folder: Path, files: Mapping[str, str]) -> Path:
    """A package of these files; ``app.json`` and ``app.js`` are made where they are left out."""
    pages = [n.removesuffix(".wxml") for n in files if n.startswith("pages/") and n.endswith(".wxml")]
    whole = {"app.json": json.dumps({"pages": pages}), "app.js": "App({})", **files}
    for name, text in whole.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return folder


@dataclass
class Phone:
    """The page of a package, and what the guard handed over."""

    page: Page
    guard: Guard
    events: list[Event]
    exchanges: list[Exchange]

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The data of all events of a kind."""
        return [event.data for event in self.events if event.kind == kind]

    async def comes(self, kind: str, /, **fields: object) -> bool:
        """Wait for an event with these data."""
        return await until(lambda: any(fields.items() <= data.items() for data in self.of(kind)), 5)


@asynccontextmanager
async def phone(  # noqa: PLR0913 - a staging, told whole
    package: Path,
    *,
    backend: str | None = None,
    who: str = "wechat-iphone",
    path: str = "/",
    ads: str = "watched",
    orders: str = "few",
) -> AsyncIterator[Phone]:
    """Open a package on its first page, or on ``path``."""
    events: list[Event] = []
    exchanges: list[Exchange] = []
    played = persona(who)
    guard = Guard(
        CALLS,
        played.host,
        orders,  # type: ignore[arg-type] # told by name in tests
        on_event=events.append,
        on_exchange=exchanges.append,
        resolve={ELSEWHERE: "127.0.0.1"},
    )
    async with async_playwright() as driver:
        staging = Staging(read_package(package), backend, ads)  # type: ignore[arg-type] # as above
        put = put_up(staging, guard, driver)
        browser, port = await launch(driver, find_browser(), guard, headless=True)
        await guard.attach(port)
        options = context_options(played, driver)
        context = await browser.new_context(**options)
        await guard.protect(context, played.host)
        await put.begin(played, options["user_agent"])
        page = await context.new_page()
        await page.goto(f"http://mp.payaudit.invalid{path}")
        await page.wait_for_function("document.documentElement.dataset.started !== undefined")
        try:
            yield Phone(page, guard, events, exchanges)
        finally:
            await context.close()
            await put.close()
            await guard.close()
            await browser.close()
