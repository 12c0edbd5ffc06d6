"""An investigator logs in in a window; the session is kept, and nothing else is."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.async_api import Error, async_playwright

from payaudit.errors import UsageError
from payaudit.perceive.calls import Calls
from payaudit.walk.ends import unreachable
from payaudit.walk.guard import Guard
from payaudit.walk.personas import context_options, persona
from payaudit.walk.walk import Tell, launch
from payaudit.walk.window import browser_with_window, can_save, save_state, until_closed

if TYPE_CHECKING:
    from playwright.async_api import Page


async def login(target: str, save: Path, who: str, browser: str | None, tell: Tell) -> int:
    """Open ``target``, wait until the window is closed, write the session; returns how many cookies it has.

    Raises ``UsageError`` and ``BrowserMissing``. The guard stands as in any walk.
    """
    known = persona(who)
    found = browser_with_window(browser)
    can_save(save)
    guard = Guard(Calls.bundled(), known.host, "none", record=False)
    async with async_playwright() as playwright:
        tell(f"starting {found.version or found.kind}", f"正在启动 {found.version or found.kind}")
        started, port = await launch(playwright, found, guard, headless=False)
        try:
            await guard.attach(port)
            context = await started.new_context(**context_options(known, playwright))
            context.on("dialog", lambda _: None)  # questions are the investigator's to answer
            await guard.protect(context)
            await _open(await context.new_page(), target)
            tell(
                "log in in the window, then close it; nothing is recorded",
                "请在窗口中登录，然后关闭窗口；不会录制任何内容",
            )
            await until_closed(context)
            state = await save_state(context, save)
        finally:
            await guard.close()
            with suppress(Error, TimeoutError):
                async with asyncio.timeout(10):
                    await started.close()
    return len(state.get("cookies", ()))


async def _open(page: Page, target: str) -> None:
    try:
        await page.goto(target, wait_until="commit")
    except Error as error:
        raise UsageError(*unreachable(target, error.message.partition("\n")[0])) from error
