"""The middle wall: what it records, what it must not hold up, and how many orders leave."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Error
from websockets.asyncio.server import ServerConnection, serve

from payaudit.walk.guard.policy import MOST_ORDERS
from tests.walk.guard.harness import BINARIES, Guarded, both, guarded, until
from tests.walk.guard.standin import Shop, shop

pytestmark = pytest.mark.browser

PAGES = {
    "/": ("text/html; charset=utf-8", "<!doctype html><title>s</title><body>短剧"),
    "/x.json": ("application/json", '{"price":990}'),
    "/sw.js": ("text/javascript", "fetch('/from-sw')"),
    "/worker.js": ("text/javascript", "fetch('/from-worker')"),
}


@asynccontextmanager
async def _slow_server() -> AsyncIterator[int]:
    """``/events``, ``/lines`` and ``/drip`` take 20 s in small parts; ``/film`` has 12 MiB."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            target = (await reader.readuntil(b"\r\n\r\n")).split(b" ")[1]
            head = b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nConnection: close\r\n"
            if target == b"/film":
                writer.write(head + b"Content-Type: video/mp4\r\nContent-Length: 12582912\r\n\r\n")
                for _ in range(192):
                    writer.write(bytes(65536))
                    await writer.drain()
            else:
                kinds = {b"/events": b"text/event-stream", b"/lines": b"application/x-ndjson"}
                kind = kinds.get(target, b"text/plain")
                writer.write(head + b"Content-Type: " + kind + b"\r\n\r\n")
                for _ in range(200):
                    writer.write(b"data: tick\n\n")
                    await writer.drain()
                    await asyncio.sleep(0.1)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def _recorded(ours: Guarded, site: Shop, end: str) -> list[tuple[str, int, bytes]]:
    assert await until(lambda: any(each.url.endswith(end) for each in ours.exchanges)), end
    found = [each for each in ours.exchanges if each.url == site.url + end]
    return [(each.method, each.status, each.response_body) for each in found]


@both
async def test_records_what_crossed(binary: str) -> None:
    async with shop(dict(PAGES)) as site, guarded(binary) as ours:
        ours.guard.set_step(2, 7)
        page = await ours.page(site.url)
        await page.evaluate("fetch('/x.json').then(r=>r.text())")
        await page.evaluate("fetch('/post',{method:'POST',body:'a=1&b=剧'}).then(r=>r.text())")
        await page.evaluate("fetch('/post',{method:'POST',body:'a=1&b=剧'}).then(r=>r.text())")
        await page.evaluate("fetch('/blob',{method:'POST',body:new Blob(['blob body'])}).then(r=>r.text())")
        await page.evaluate("fetch('/go?/x.json?2').then(r=>r.text())")
        await page.evaluate("navigator.sendBeacon('/beacon','b')")
        await page.evaluate("navigator.serviceWorker.register('/sw.js')")
        await page.evaluate("new Worker('/worker.js')")
        await page.evaluate("window.open('/popup')")
        assert await _recorded(ours, site, "/") == [("GET", 200, PAGES["/"][1].encode())]
        assert await _recorded(ours, site, "/x.json") == [("GET", 200, b'{"price":990}')]
        assert len(await _recorded(ours, site, "/post")) == 2
        for end in ("/beacon", "/from-sw", "/from-worker", "/popup", "/sw.js"):
            assert len(await _recorded(ours, site, end)) == 1, end
        bodies = {each.url.removeprefix(site.url): each.request_body for each in ours.exchanges}
        assert bodies["/post"] == "a=1&b=剧".encode()
        assert bodies["/blob"] == b"blob body"
        hops = [(each.status, each.redirect) for each in ours.exchanges if each.url.endswith("x.json?2")]
        assert hops == [(302, False), (200, True)]
        assert {(each.run, each.step) for each in ours.exchanges} == {(2, 7)}
        assert [each for each in ours.missing if site.url in each.url] == []
        urls = [target for _, target, _ in site.asked if "favicon" not in target]
        assert len([each for each in ours.exchanges if "favicon" not in each.url]) == len(urls)


@both
async def test_streams_and_films_are_not_held_up(binary: str) -> None:
    async with shop(dict(PAGES)) as site, _slow_server() as port, guarded(binary) as ours:
        page = await ours.page(site.url)
        at = f"http://127.0.0.1:{port}"
        tick = f"new Promise(r=>{{new EventSource('{at}/events').onmessage=e=>r(e.data)}})"
        assert await asyncio.wait_for(page.evaluate(tick), 3) == "tick"
        film = f"fetch('{at}/film').then(r=>r.arrayBuffer()).then(b=>b.byteLength)"
        assert await asyncio.wait_for(page.evaluate(film), 5) == 12582912
        lines = f"fetch('{at}/lines').then(r=>r.body.getReader().read()).then(x=>x.value.length>0)"
        assert await asyncio.wait_for(page.evaluate(lines), 3) is True
        await page.evaluate(
            f"void fetch('{at}/drip')"
        )  # no sign of a stream: waited for, and waited for alone
        assert await asyncio.wait_for(page.evaluate("fetch('/x.json').then(r=>r.status)"), 3) == 200
        assert await until(lambda: len([each for each in ours.exchanges if at in each.url]) == 3)
        why = {each.url.removeprefix(at): each.truncated for each in ours.exchanges if at in each.url}
        assert why == {"/events": "unspecified", "/film": "length", "/lines": "unspecified"}


async def test_websocket_frames() -> None:
    async def echo(socket: ServerConnection) -> None:
        async for text in socket:
            await socket.send(text)

    async with serve(echo, "127.0.0.1", 0) as server, shop(dict(PAGES)) as site, guarded(BINARIES[0]) as ours:
        port = next(iter(server.sockets)).getsockname()[1]
        page = await ours.page(site.url)
        assert await page.evaluate(TALK.replace("PORT", str(port))) == 1
        # A frame's event comes by another pipe than the script's answer, now and then a moment after it:
        # one that is late for this step's log stands in the next.
        for step in range(2, 50):
            ours.guard.set_step(1, step)
            if sum(len(log.frames) for log in ours.logs) == 4:
                break
            await asyncio.sleep(0.1)
        assert {log.url for log in ours.logs} == {f"ws://127.0.0.1:{port}/s"}
        frames = [(frame.direction, frame.opcode, frame.data) for log in ours.logs for frame in log.frames]
        assert sorted(frames) == sorted(
            (way, code, data)
            for way in ("in", "out")
            for code, data in ((1, "hi"), (2, base64.b64encode(b"\1\2").decode()))
        )
        assert ours.logs[0].step == 0


async def test_big_body_arrives_whole() -> None:
    text = "x" * 5_000_000
    async with shop({**PAGES, "/big": ("text/plain", text)}) as site, guarded(BINARIES[0]) as ours:
        page = await ours.page(site.url)
        assert await page.evaluate("fetch('/big').then(r=>r.text()).then(t=>t.length)") == len(text)
        found = await _recorded(ours, site, "/big")
        assert hashlib.sha256(found[0][2]).digest() == hashlib.sha256(text.encode()).digest()


POST = "fetch('PATH',{method:'POST',body:'x=1'}).then(r=>r.status,()=>0)"
TALK = """new Promise(done => {
  const socket = new WebSocket('ws://127.0.0.1:PORT/s');
  let heard = 0;
  socket.onopen = () => { socket.send('hi'); socket.send(new Uint8Array([1, 2])); };
  socket.onmessage = () => { if (++heard === 2) done(1); };
})"""


async def test_orders_are_few() -> None:
    async with shop(dict(PAGES)) as site, guarded(BINARIES[0]) as ours:
        page = await ours.page(site.url)
        script = POST.replace("PATH", "/api/order/create")
        got = [await page.evaluate(script) for _ in range(MOST_ORDERS + 2)]
        assert got == [200] * MOST_ORDERS + [0, 0]
        assert [each.kind for each in ours.events] == ["blocked", "blocked"]
        assert ours.events[0].data["reason"] == f"orders:{MOST_ORDERS}"
        assert len([line for line in site.asked if "order" in line[1]]) == MOST_ORDERS


async def test_debit_is_refused_and_recorded() -> None:
    async with shop(dict(PAGES)) as site, guarded(BINARIES[0]) as ours:
        page = await ours.page(site.url)
        assert await page.evaluate(POST.replace("PATH", "/api/coins/deduct")) == 0
        assert [call["channel"] for call in ours.calls()] == ["balance"]
        assert ours.calls()[0]["arguments"] == {"x": "1"}
        assert not [line for line in site.asked if "deduct" in line[1]]


async def test_no_orders_and_armed() -> None:
    async with shop(dict(PAGES)) as site, guarded(BINARIES[0], orders="none") as ours:
        page = await ours.page(site.url)
        assert await page.evaluate(POST.replace("PATH", "/api/order/create")) == 0
        assert await page.evaluate(POST.replace("PATH", "/api/anything")) == 200
        ours.guard.arm()
        assert await page.evaluate(POST.replace("PATH", "/api/anything")) == 0
        assert await page.evaluate("fetch('/x.json').then(r=>r.status)") == 200
        ours.guard.disarm()
        assert await page.evaluate(POST.replace("PATH", "/api/anything")) == 200
        assert [event.data["reason"] for event in ours.events] == ["orders:none", "armed"]


@both
async def test_a_refused_navigation_leaves_the_page_as_it_was(binary: str) -> None:
    async with shop(dict(PAGES)) as site, guarded(binary) as ours:
        page = await ours.page(site.url)
        await page.evaluate(
            "window.mine=1;location.href='http://wx.tenpay.com/cgi?prepay_id=1&total_fee=990'"
        )
        assert await until(ours.calls)
        await asyncio.sleep(0.3)
        assert (page.url, await page.evaluate("window.mine")) == (site.url + "/", 1)
        call, calls = ours.calls()[0], ours.guard.policy.calls
        match = calls.match_url("GET", call["url"])
        assert match is not None
        assert str(calls.amount_of(match, call["url"], call["arguments"])) == "CNY 9.90"
        with pytest.raises(Error):
            await page.goto("http://wx.tenpay.com/")
