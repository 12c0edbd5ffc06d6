"""Pages drawn in a real browser, as screens."""

from __future__ import annotations

import json
from collections.abc import Iterable

from playwright.async_api import async_playwright

from payaudit.perceive.screen import Screen, build
from payaudit.walk.browser import can_sandbox, find_browser, launch_args
from payaudit.walk.snapshot import capture


async def screens(pages: Iterable[str]) -> dict[str, Screen]:
    """Each page, by its own text."""
    found = {}
    async with async_playwright() as playwright:
        here = find_browser()
        browser = await playwright.chromium.launch(
            executable_path=here.path,
            args=[each for each in launch_args(here) if each != "--headless=new"],
            chromium_sandbox=can_sandbox(here),
        )
        page = await browser.new_page(viewport={"width": 390, "height": 700})
        session = await page.context.new_cdp_session(page)
        for drawn in pages:
            await page.set_content(drawn)
            found[drawn] = build(json.loads(await capture(page, session)))
        await browser.close()
    return found
