"""Cashiers that no signature knows: refused after a press to pay, whatever the way; links are not."""

from __future__ import annotations

import pytest
from playwright.async_api import Page
from websockets.asyncio.server import ServerConnection, serve

from tests.walk.guard.harness import BINARIES, Guarded, both_in_a_sweep, guarded, until
from tests.walk.guard.standin import Shop, shop

pytestmark = pytest.mark.browser

HOST = "http://kasse.zahlgut.test"
FORM = (
    "const f=document.createElement('form');f.method='post';f.action='URL';f.target='TARGET';"
    "for(const [name,value] of Object.entries(FIELDS))"
    "f.append(Object.assign(document.createElement('input'),{name,value}));"
    "document.body.append(f);f.submit()"
)
ORDER = '{"order_id":"A1","amount":590,"currency":"JPY","next":"http://a.test/xyz"}'
PAGES = {
    "/": ("text/html; charset=utf-8", "<!doctype html><title>s</title><body>ドラマ"),
    "/order.json": ("application/json", ORDER),
}
# What the page does after the press → the name of the field or word that gives the cashier away.
WAYS = {
    "navigation": (f"location.href='{HOST}/start?z=1'", "kasse"),
    "fields in the address": ("location.href='http://a.test/r?order_no=1&total=590'", "total + order_no"),
    "form": (
        FORM.replace("URL", "http://a.test/in")
        .replace("TARGET", "")
        .replace("FIELDS", "{MerchantTradeNo:'N1',TotalAmount:'99'}"),
        "MerchantTradeNo",
    ),
    "form in a popup": (
        FORM.replace("URL", "http://a.test/in")
        .replace("TARGET", "_blank")
        .replace("FIELDS", "{comercio:'N1',importe:'99'}"),
        "importe + comercio",
    ),
    "popup": ("window.open('http://a.test/checkout/5')", "checkout"),
    "redirect of the site's own": ("location.href='/go?http://a.test/pay/5'", "pay"),
    "named by an answer": (
        "fetch('/order.json').then(r=>r.json()).then(o=>location.href=o.next)",
        "named by an order's answer",
    ),
}


async def _pressed(ours: Guarded, site: Shop, script: str) -> Page:
    page = await ours.page(site.url)
    ours.events.clear()
    ours.guard.arm(page.url)
    await ours.guard.ready()
    await page.evaluate(f"()=>{{{script}}}")
    return page


@both_in_a_sweep
async def test_an_unknown_cashier_is_refused_and_told(binary: str) -> None:
    async with shop(dict(PAGES)) as site, guarded(binary) as ours:
        for name, (script, by) in WAYS.items():
            page = await _pressed(ours, site, script)
            assert await until(ours.calls), name
            call = ours.calls()[0]
            assert (call["channel"], call["wallet_confirms"], call["by"]) == ("unknown", None, by), name
            assert page.url == site.url + "/", name
            await page.context.close()
        form = [call for call in ours.events if call.data.get("method") == "POST"]
        assert not form or form[-1].data["arguments"]


async def test_the_fields_of_a_form_are_kept() -> None:
    async with shop(dict(PAGES)) as site, guarded(BINARIES[0]) as ours:
        await _pressed(ours, site, WAYS["form"][0])
        assert await until(ours.calls)
        call = ours.calls()[0]
        assert (call["method"], call["url"]) == ("POST", "http://a.test/in")
        assert call["arguments"] == {"MerchantTradeNo": "N1", "TotalAmount": "99"}


async def test_a_cashiers_form_on_the_sites_own_host() -> None:
    script = (
        "const f=document.createElement('form');f.method='POST';f.action='/aio';"
        "f.innerHTML='<input name={} value=1>';document.body.append(f);f.submit()"
    )
    async with shop(dict(PAGES)) as site, guarded(BINARIES[0]) as ours:
        await _pressed(ours, site, script.format("note"))
        assert not await until(ours.calls, 1.5)
        page = await _pressed(ours, site, script.format("CheckMacValue"))
        assert await until(ours.calls)
        assert (ours.calls()[0]["channel"], ours.calls()[0]["by"]) == ("unknown", "CheckMacValue")
        assert page.url == site.url + "/"


async def test_a_plain_link_stays_a_navigation() -> None:
    async with shop(dict(PAGES)) as site, guarded(BINARIES[0]) as ours:
        other = f"http://localhost:{site.port}/stories"
        page = await _pressed(ours, site, f"location.href='{other}'")
        await page.wait_for_url(other)
        assert ours.calls() == []


async def test_without_a_press_and_after_another_one_nothing_is_guessed() -> None:
    async with shop(dict(PAGES)) as site, guarded(BINARIES[0]) as ours:
        other = f"http://localhost:{site.port}/checkout/5"
        page = await ours.page(site.url)
        await page.evaluate(f"()=>{{location.href='{other}'}}")
        await page.wait_for_url(other)
        await page.goto(site.url)
        ours.guard.arm(page.url)
        ours.guard.disarm()
        ours.guard.calm()
        await page.evaluate(f"()=>{{location.href='{other}'}}")
        await page.wait_for_url(other)
        assert ours.calls() == []


async def test_a_mutation_that_debits_is_refused() -> None:
    body = '{"query":"mutation { deductCoins(n: 3) { ok } }"}'
    async with shop(dict(PAGES)) as site, guarded(BINARIES[0]) as ours:
        page = await ours.page(site.url)
        script = f"fetch('/graphql',{{method:'POST',body:'{body}'}}).then(()=>1,()=>0)"
        assert await page.evaluate(script) == 0
        assert [(call["channel"], call["kind"]) for call in ours.calls()] == [("balance", "debit")]
        assert not [line for line in site.asked if "graphql" in line[1]]


async def test_frames_are_held_while_armed_without_orders() -> None:
    heard: list[str] = []

    async def listen(socket: ServerConnection) -> None:
        async for text in socket:
            heard.append(str(text))  # noqa: PERF401 - told as they come, not when the socket ends

    async with serve(listen, "127.0.0.1", 0) as server, shop(dict(PAGES)) as site:
        port = next(iter(server.sockets)).getsockname()[1]
        async with guarded(BINARIES[0], orders="none") as ours:
            page = await ours.page(site.url)
            await page.evaluate(
                f"new Promise(r=>{{window.s=new WebSocket('ws://127.0.0.1:{port}/x');s.onopen=r}})"
            )
            await page.evaluate("s.send('before')")
            ours.guard.arm(page.url)
            await ours.guard.ready()
            await page.evaluate('s.send(\'{"op":"buy","id":7}\');s.send(\'{"type":"ping"}\')')
            ours.guard.disarm()
            await ours.guard.ready()
            await page.evaluate("s.send('after')")
            assert await until(lambda: "after" in heard)
            assert heard == ["before", '{"type":"ping"}', "after"]
            assert await until(lambda: [e for e in ours.events if e.kind == "blocked"])
            told = [event.data for event in ours.events if event.kind == "blocked"]
            assert [(each["method"], each["reason"]) for each in told] == [("SEND", "armed")]
            assert told[0]["frame"] == {"data": '{"op":"buy","id":7}'}
