"""A site that does all that is hard to record, and keeps a log of its own of every answer it gave."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import hashlib
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from websockets.asyncio.server import ServerConnection, serve

from tests.walk import odd_ways

MIB = 1024 * 1024

INDEX = """<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>霸总短剧</title>
<meta name="viewport" content="width=device-width,initial-scale=1">
<link rel="stylesheet" href="/app.css"><link rel="icon" href="data:,"></head><body>
<h1>霸总短剧</h1><p id="price">…</p><p id="balance"></p><p id="ws"></p><p id="sw"></p><p id="worker"></p>
<p id="other"></p><p id="part"></p><p id="log"></p>
<button id="unlock">解锁第9集</button><button id="pop">打开弹窗</button><a href="/r1" id="go">去第二页</a>
<iframe src="http://localhost:%OTHER%/frame" width="300" height="40"></iframe>
<video src="/v.mp4" preload="auto" muted width="100" height="60"></video>
<script src="/app.js"></script></body></html>"""
APP = """const $ = (i) => document.getElementById(i), J = (u, b) => fetch(u, b && { method: 'POST',
  headers: { 'content-type': 'application/json' }, body: JSON.stringify(b) }).then((r) => r.json());
J('/api/price?ts=' + Date.now() + '&nonce=' + Math.random().toString(36).slice(2))
  .then((p) => { $('price').textContent = p.text; });
$('unlock').onclick = () => J('/api/unlock', { ep: 9 }).then((r) => { $('balance').textContent = r.text; });
$('pop').onclick = () => { navigator.sendBeacon('/beacon', 'pressed'); open('/popup'); };
const w = new WebSocket('ws://127.0.0.1:%SOCKET%/'); w.onopen = () => w.send('hi');
w.onmessage = (e) => { $('ws').textContent += e.data + ' '; };
const x = new XMLHttpRequest(); x.open('POST', 'http://localhost:%OTHER%/other');
x.setRequestHeader('content-type', 'application/json'); x.setRequestHeader('x-sign', 'abc');
x.onload = () => { $('other').textContent = x.responseText; }; x.send('{"q":1}');
navigator.serviceWorker.register('/sw.js').then(() => navigator.serviceWorker.ready).then(async () => {
  if (!navigator.serviceWorker.controller)
    await new Promise((r) => navigator.serviceWorker.addEventListener('controllerchange', r, { once: true }));
  $('sw').textContent = await fetch('/through').then((r) => r.text()); });
new Worker('/worker.js').onmessage = (e) => { $('worker').textContent = e.data; };
fetch('/v.mp4', { headers: { Range: 'bytes=1000-1999' } }).then((r) => r.arrayBuffer())
  .then((b) => { $('part').textContent = 'part ' + b.byteLength; });
fetch('/film.mp4').then(async (r) => { const reader = r.body.getReader();
  while (!(await reader.read()).done); });"""
WORKER = "fetch('/from-worker').then((r) => r.text()).then((t) => postMessage(t));"
SW = """self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (e) => e.waitUntil(clients.claim()));
self.addEventListener('fetch', (e) => { if (new URL(e.request.url).pathname === '/through')
  e.respondWith(fetch('/behind').then((r) => r.text()).then((t) => new Response('SW(' + t + ')'))); });"""
PAGE2 = """<!doctype html><meta charset=utf-8><title>第二页</title><p>连续包周 ¥19.9/周</p>
<button onclick="location = '/odd'">旁门</button>"""
PLAIN = {
    "/popup": ("text/html", "<!doctype html><meta charset=utf-8><title>弹窗</title><p>收银台 ¥29.9"),
    "/page2": ("text/html", PAGE2),
    "/frame": ("text/html", "<!doctype html><meta charset=utf-8><p>跨域框架 支付 ¥9.9"),
    "/sw.js": ("text/javascript", SW),
    "/worker.js": ("text/javascript", WORKER),
    "/behind": ("text/plain", "behind"),
    "/from-worker": ("text/plain", "worker ok"),
}
MOVED = {"/r1": (302, "/r2?x=1"), "/r2": (301, "/page2"), "/odd/form": (303, "/page2")}


@dataclass(frozen=True)
class Given:
    """One answer: what was asked, its status, and SHA-256 of what each side said, decoded."""

    method: str
    target: str
    sent: str
    status: int
    sha256: str


@dataclass
class BusySite:
    """The site while it is served; ``log`` is the truth about what was asked and answered."""

    film: int = 9 * MIB
    port: int = 0
    other: int = 0
    socket: int = 0
    log: list[Given] = field(default_factory=list)
    frames: list[tuple[str, str]] = field(default_factory=list)
    unlocked: Counter[str] = field(default_factory=Counter)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def _filled(self, text: str) -> bytes:
        return text.replace("%OTHER%", str(self.other)).replace("%SOCKET%", str(self.socket)).encode()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                method, target, _ = head[0].split(" ")
                asked = {k.lower(): v for k, _, v in (line.partition(": ") for line in head[1:])}
                body = await reader.readexactly(int(asked.get("content-length", 0)))
                await self._one(writer, method, target, asked, body)
        writer.close()

    async def _one(
        self, writer: asyncio.StreamWriter, method: str, target: str, asked: dict[str, str], body: bytes
    ) -> None:
        status, headers, said = self._say(method, target, asked, body)
        path = target.partition("?")[0]
        packed = said
        if path in ("/", "/app.js") and "gzip" in asked.get("accept-encoding", ""):
            headers["Content-Encoding"], packed = "gzip", gzip.compress(said)
        elif path == "/app.css" and "br" in asked.get("accept-encoding", ""):
            headers["Content-Encoding"], packed = "br", brotli(said)
        lines = [f"HTTP/1.1 {status} X", *(f"{k}: {v}" for k, v in headers.items())]
        writer.write("\r\n".join([*lines, f"Content-Length: {len(packed)}", "", ""]).encode("latin-1"))
        self.log.append(Given(method, target, sha256(body), status, sha256(said)))
        for start in range(0, len(packed), MIB):
            writer.write(packed[start : start + MIB])
            await writer.drain()

    def _say(
        self, method: str, target: str, asked: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        path = target.partition("?")[0]
        allow = {
            "Access-Control-Allow-Origin": asked.get("origin", "*"),
            "Access-Control-Allow-Headers": "content-type,x-sign",
            "Cache-Control": "no-store",
        }
        if path in MOVED:
            status, to = MOVED[path]
            return status, {"Location": to, "Cache-Control": "no-store"}, b""
        if path in ("/v.mp4", "/film.mp4"):
            return self._film(path, asked)
        if path == "/other":
            status = 204 if method == "OPTIONS" else 200
            return status, allow, b"" if method == "OPTIONS" else "跨域 ok".encode()
        if path == "/beacon":
            return 204, allow, b""
        return self._page(path, body, allow)

    def _page(self, path: str, body: bytes, allow: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        kind, said = "application/json", b""
        if path == "/":
            kind, said = "text/html", self._filled(INDEX)
            allow["Set-Cookie"] = "sid=abc; Path=/"
        elif path == "/app.js":
            kind, said = "text/javascript", self._filled(APP)
        elif path == "/app.css":
            kind, said = "text/css", b"body{font:16px sans-serif}" + b"/*pad*/" * 200
        elif path == "/api/price":
            said = json.dumps({"text": "首月 ¥9.9，次月起 ¥29.9/月自动续费"}).encode()
        elif path == "/api/unlock":
            self.unlocked[body.decode()] += 1
            said = json.dumps({"text": f"余额 {300 - 80 * self.unlocked[body.decode()]} 看剧币"}).encode()
        elif path in PLAIN:
            kind, said = PLAIN[path][0], PLAIN[path][1].encode()
        elif path in odd_ways.ANSWERS:
            kind, said = odd_ways.ANSWERS[path]
            allow |= odd_ways.HEADERS.get(path, {})
        else:
            return 404, {"Content-Type": "text/plain"}, b"not found"
        return 200, {**allow, "Content-Type": f"{kind}; charset=utf-8"}, said

    def _film(self, path: str, asked: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        size = self.film if path == "/film.mp4" else 200_000
        data = bytes(i * 7 & 255 for i in range(1000)) * (size // 1000 + 1)
        headers = {"Content-Type": "video/mp4", "Accept-Ranges": "bytes", "Cache-Control": "no-store"}
        wanted = asked.get("range", "")
        if not wanted:
            return 200, headers, data[:size]
        first, _, last = wanted.removeprefix("bytes=").partition("-")
        start, end = int(first), min(int(last), size - 1) if last else size - 1
        headers["Content-Range"] = f"bytes {start}-{end}/{size}"
        return 206, headers, data[start : end + 1]

    async def talk(self, line: ServerConnection) -> None:
        with contextlib.suppress(Exception):
            async for message in line:
                self.frames.append(("out", str(message)))
                for number in range(3):
                    said = f"仅剩{900 - number}秒"
                    self.frames.append(("in", said))
                    await line.send(said)


@asynccontextmanager
async def busy_site(film: int = 9 * MIB) -> AsyncIterator[BusySite]:
    """Serve it on two loopback ports and a third for the WebSocket."""
    site = BusySite(film)
    servers = [await asyncio.start_server(site.answer, "127.0.0.1", 0) for _ in range(2)]
    site.port, site.other = (server.sockets[0].getsockname()[1] for server in servers)
    try:
        async with serve(site.talk, "127.0.0.1", 0) as sockets:
            site.socket = next(iter(sockets.sockets)).getsockname()[1]
            yield site
    finally:
        for server in servers:
            server.close()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def brotli(data: bytes) -> bytes:
    """Data as a brotli stream without compression (RFC 7932, 9.2): one uncompressed block, one empty."""
    assert 0 < len(data) <= 1 << 16
    bits = (len(data) - 1) << 4 | 1 << 20  # WBITS 0, ISLAST 0, MNIBBLES 00, MLEN-1, ISUNCOMPRESSED
    return bits.to_bytes(3, "little") + data + b"\x03"
