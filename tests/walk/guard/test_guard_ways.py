"""Law 1, shown: every way in which a page reaches a payment host unguarded ends at the guard."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter

import pytest
from playwright.async_api import Browser, Error, Page, async_playwright

from payaudit.model.evidence import Event
from tests.walk.guard.harness import MAP, Guarded, both_in_a_sweep, guarded, needed, speaks_of, until
from tests.walk.guard.standin import PAY, Counted, Shop, payment_host, shop
from tests.walk.guard.ways import WAYS, pages, way

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AT_LEAST = 20
PLAIN = (
    "--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets,HttpsUpgrades,"
    "LocalNetworkAccessChecksWebTransport,LocalNetworkAccessChecksWebRTC"
)


async def _take(page: Page, name: str, pay: str) -> None:
    with contextlib.suppress(Error, TimeoutError):
        async with asyncio.timeout(8.0):  # a page that left never answers
            await page.evaluate(way(name, pay))


async def _unguarded(browser: Browser, site: Shop, paid: Counted, name: str, pay: str) -> bool:
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(site.url)
    before = paid.reached
    await _take(page, name, pay)
    reached = await until(lambda: paid.reached > before, 2.0)
    await context.close()
    return reached


async def _guarded(ours: Guarded, site: Shop, name: str, pay: str) -> list[Event]:
    page = await ours.page(site.url)
    ours.events.clear()
    await _take(page, name, pay)
    await until(lambda: speaks_of(ours.events, PAY), 4.0)
    await asyncio.sleep(0.2)  # what slipped through would connect now
    seen = speaks_of(ours.events, PAY)
    await page.context.close()
    return seen


@both_in_a_sweep
@pytest.mark.timeout(420)
async def test_no_way_reaches_the_payment_host(binary: str) -> None:
    async with payment_host() as paid:
        pay = f"http://{PAY}:{paid.port}"
        async with shop(pages(pay)) as site:
            async with async_playwright() as driver:
                browser = await driver.chromium.launch(
                    executable_path=needed(binary), args=["--no-sandbox", PLAIN, MAP]
                )
                open_ways = [name for name in WAYS if await _unguarded(browser, site, paid, name, pay)]
                await browser.close()
            print(f"{binary}: {len(open_ways)} of {len(WAYS)} ways connect unguarded")
            print("  do not, hence prove nothing:", sorted(set(WAYS) - set(open_ways)))
            assert len(open_ways) >= AT_LEAST

            paid.accepts = paid.datagrams = 0
            walls: Counter[str] = Counter()
            silent = []
            async with guarded(binary) as ours:
                for name in WAYS:
                    seen = await _guarded(ours, site, name, pay)
                    walls.update({str(event.data["wall"]) for event in seen})
                    if not seen and name in open_ways:
                        silent.append(name)
                    assert paid.reached == 0, f"{name} reached the payment host"
            print(f"  guarded: 0 connections; ways seen by wall: {dict(walls)}; no event: {silent}")
            assert not silent
