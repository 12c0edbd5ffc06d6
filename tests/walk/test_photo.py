"""The picture of a capture: what stands in view, at most two device px to a CSS px."""

from __future__ import annotations

import asyncio
import io

import pytest
from PIL import Image
from playwright.async_api import async_playwright

from payaudit.walk.browser import can_sandbox, find_browser, launch_args
from payaudit.walk.photo import Glass, photograph

PAGE = """<!doctype html><meta name=viewport content="width=device-width">
<style>body{margin:0}div{height:400px}</style>
<script>var turns=0;addEventListener("resize",()=>turns++)</script>
<div style="background:#f00"></div><div style="background:#0f0"></div><div style="background:#00f"></div>"""


SEEN = "[devicePixelRatio, innerWidth, innerHeight, scrollY, turns]"


async def pictures(scales: list[float]) -> list[Image.Image]:
    """A page scrolled to its second block, at each density."""
    found = []
    async with async_playwright() as playwright:
        here = find_browser()
        browser = await playwright.chromium.launch(
            executable_path=here.path,
            args=[each for each in launch_args(here) if each != "--headless=new"],
            chromium_sandbox=can_sandbox(here),
        )
        for scale in scales:
            options = {"viewport": {"width": 300, "height": 400}, "device_scale_factor": scale}
            context = await browser.new_context(**options)  # type: ignore[arg-type] # as Playwright names them
            page = await context.new_page()
            await page.set_content(PAGE)
            await page.evaluate("window.scrollTo(0, 400)")
            session = await context.new_cdp_session(page)
            before = await page.evaluate(SEEN)
            data = await photograph(page, session, Glass.of(options))
            assert data is not None
            found.append(Image.open(io.BytesIO(data)).convert("RGB"))
            assert await page.evaluate(SEEN) == before == [scale, 300, 400, 400, 0]
            await context.close()
        await browser.close()
    return found


@pytest.mark.browser
def test_a_scrolled_page_is_shown_as_it_stands_and_no_denser_than_two() -> None:
    plain, dense = asyncio.run(pictures([1, 3]))
    assert (plain.size, dense.size) == ((300, 400), (600, 800))
    for shot in (plain, dense):
        assert {shot.getpixel((5, 5)), shot.getpixel((shot.width - 5, shot.height - 5))} == {(0, 255, 0)}
