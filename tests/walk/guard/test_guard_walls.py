"""Each wall alone, and what happens when one is lost."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Error, async_playwright

from payaudit.walk.guard import free_port
from payaudit.walk.guard.policy import Policy
from payaudit.walk.guard.proxy import Proxy
from payaudit.walk.guard.sink import Sink
from payaudit.walk.guard.wire import Wire
from tests.walk.guard.harness import BINARIES, CALLS, MAP, both, both_in_a_sweep, guarded, needed, until
from tests.walk.guard.standin import PAY, Counted, Shop, payment_host, shop
from tests.walk.guard.test_guard_ways import PLAIN
from tests.walk.guard.ways import WAYS, pages, way

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# What Fetch cannot pause, or what is no request at all: the proxy and the switches stop these.
NOT_THE_WIRES = {
    "websocket",
    "worker_websocket",
    "web_transport",
    "webrtc_stun",
    "webrtc_turn_tcp",
    "preconnect",
}
# What passes no HTTP proxy: the switches stop these.
NOT_THE_PROXYS = {"web_transport", "webrtc_stun"}


_AT_ONCE = 6


@asynccontextmanager
async def _place() -> AsyncIterator[tuple[Counted, Shop, str]]:
    async with payment_host() as paid:
        pay = f"http://{PAY}:{paid.port}"
        async with shop(pages(pay)) as site:
            yield paid, site, pay


async def _leaks(browser: Browser, paid: Counted, site: Shop, pay: str, without: set[str]) -> list[str]:
    """Several ways at once; where anything arrived, each of them by itself, to say which."""
    found = []
    names = sorted(set(WAYS) - without)
    for some in (names[i : i + _AT_ONCE] for i in range(0, len(names), _AT_ONCE)):
        before = paid.reached
        await asyncio.gather(*(_try(browser, site, way(name, pay)) for name in some))
        if paid.reached == before:
            continue
        for name in some:
            before = paid.reached
            await _try(browser, site, way(name, pay))
            found += [name] if paid.reached > before else []
        assert found, f"something of {some} arrived, and no way by itself"
    return found


async def _try(browser: Browser, site: Shop, script: str) -> None:
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(site.url)
    with contextlib.suppress(Error):
        await page.evaluate(script)
    await asyncio.sleep(0.5)
    await context.close()


@both_in_a_sweep
async def test_proxy_alone(binary: str) -> None:
    async with _place() as (paid, site, pay), async_playwright() as driver:
        proxy = Proxy(Policy(CALLS), lambda _: None, {PAY: "127.0.0.1"})
        port = await proxy.start()
        arguments = [f"--proxy-server=http://127.0.0.1:{port}", "--proxy-bypass-list=<-loopback>"]
        browser = await driver.chromium.launch(
            executable_path=needed(binary), args=["--no-sandbox", PLAIN, MAP, *arguments]
        )
        assert await _leaks(browser, paid, site, pay, NOT_THE_PROXYS) == []
        await browser.close()
        await proxy.close()


@both_in_a_sweep
async def test_wire_alone(binary: str) -> None:
    async with _place() as (paid, site, pay), async_playwright() as driver:
        port = free_port()
        browser = await driver.chromium.launch(
            executable_path=needed(binary),
            args=["--no-sandbox", PLAIN, MAP, f"--remote-debugging-port={port}"],
        )
        wire = Wire(Policy(CALLS), Sink(lambda _: None), lambda: None)
        await wire.attach(port)
        leaks = await _leaks(browser, paid, site, pay, NOT_THE_WIRES)
        await browser.close()
        await wire.close()
        # Full Chromium opens the connection of a navigation before it asks: a connection, no request.
        assert [line for line in paid.lines if line] == []
        if "headless-shell" in binary:
            assert leaks == []


@both
async def test_a_killed_client_lets_nothing_out(binary: str) -> None:
    async with _place() as (paid, site, pay), guarded(binary) as ours:
        page = await ours.page(site.url)
        asked = len(site.asked)
        ours.guard.wire.cdp.kill()
        with contextlib.suppress(Error):
            await page.evaluate(f"fetch('/after-the-loss').catch(()=>0);{way('fetch', pay)}")
        assert await until(ours.guard.lost.is_set)
        for name in ("fetch", "form", "popup", "websocket", "beacon", "service_worker"):
            with contextlib.suppress(Error):
                await page.evaluate(way(name, pay))
        with contextlib.suppress(Error):
            await page.goto(site.url + "/again")
        await asyncio.sleep(1)
        assert paid.reached == 0
        assert [line for line in site.asked[asked:] if "again" in line[1]] == []
        assert [event.kind for event in ours.events].count("guard_lost") == 1


async def test_the_loss_of_the_proxy_closes_the_browsers_only_way_out() -> None:
    async with _place() as (paid, site, pay), guarded(BINARIES[0]) as ours:
        page = await ours.page(site.url)
        await ours.guard.proxy.close()
        with pytest.raises(Error):
            await page.goto(site.url + "/again")
        with contextlib.suppress(Error):
            await page.evaluate(way("fetch", pay))
        await asyncio.sleep(0.5)
        assert paid.reached == 0


async def test_a_page_cannot_reach_the_debugging_port() -> None:
    async with _place() as (_, site, _), guarded(BINARIES[0]) as ours:
        page = await ours.page(site.url)
        port = max(ours.guard.proxy.forbidden - {ours.guard.proxy.port})
        for host in ("127.0.0.1", "localhost", "[::1]", "2130706433"):
            script = (
                f"fetch('http://{host}:{port}/json/version',{{mode:'no-cors'}}).then(r=>r.type,()=>'failed')"
            )
            await page.evaluate(script)
        blocked = [event.data for event in ours.events if event.data.get("reason") == "debugging port"]
        assert len(blocked) >= 3


@both
async def test_an_orderly_end_is_no_loss(binary: str) -> None:
    async with _place() as (paid, site, pay), guarded(binary) as ours:
        page = await ours.page(site.url)
        await ours.guard.close()
        with contextlib.suppress(Error):
            await page.evaluate(way("fetch", pay))
        with pytest.raises(Error):
            await page.goto(site.url + "/again")
        assert paid.reached == 0
        assert not ours.guard.lost.is_set()
        assert [event for event in ours.events if event.kind == "guard_lost"] == []
