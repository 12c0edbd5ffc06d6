"""A page that plays a long film and measures how that went, served at the pace of a phone's network.

``/whole``: a plain ``<video>``, whose server answers every Range with all that is left.
``/parts``: a player that fetches a second at a time, as HLS players do, and appends it (Media Source).
``/load``: a script that fetches the film by parts as fast as they come, without playing it.
The page says what it has reached (``played 10 s``, ``end``) and tells the server its measures.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.walk.film import Film

MIB = 1024 * 1024
PIECE = 64 * 1024

PAGE = """<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>长片</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="data:,"></head>
<body><h1>霸总归来 第1集</h1><p id="said">…</p>
<video id="v" muted playsinline width="180" height="320"></video><p>第2集 ¥1.00 解锁</p><script>
const WAY = location.pathname.slice(1), SECONDS = %SECONDS%, v = document.getElementById('v');
const say = (text) => { document.getElementById('said').textContent = text; };
const got = { stalls: 0, waited_ms: 0, played: 0, first_ms: null, error: '' }, began = performance.now();
let since = null, next = 10;
v.onplaying = () => { if (got.first_ms === null) got.first_ms = performance.now() - began;
  if (since !== null) { got.waited_ms += performance.now() - since; since = null; } };
v.onwaiting = () => { if (got.first_ms !== null && v.currentTime < %UNTIL%) {
  got.stalls++; since = performance.now(); } };
v.onerror = () => { got.error = String(v.error && v.error.message); };
async function tell() {
  const frames = v.getVideoPlaybackQuality();
  Object.assign(got, { played: v.currentTime, wall_ms: performance.now() - began,
    frames: frames.totalVideoFrames, dropped: frames.droppedVideoFrames });
  await fetch('/told', { method: 'POST', body: JSON.stringify(got) });
  say('end');
}
v.ontimeupdate = () => { got.played = v.currentTime;
  if (v.currentTime >= %UNTIL%) { v.ontimeupdate = null; v.pause(); tell(); }
  else if (v.currentTime >= next) { say('played ' + next + ' s'); next += 10; } };
const part = (n) => fetch('/part/' + n).then((r) => r.arrayBuffer());
if (WAY === 'whole') { v.src = '/film.webm'; v.play(); }
if (WAY === 'parts') {
  const source = new MediaSource();
  v.src = URL.createObjectURL(source);
  source.onsourceopen = async () => {
    const buffer = source.addSourceBuffer('video/webm; codecs="vp8"');
    for (let n = 0; n <= SECONDS; n++) {
      buffer.appendBuffer(await part(n));
      await new Promise((done) => { buffer.onupdateend = done; });
    }
    source.endOfStream();
  };
  v.play();
}
if (WAY === 'load') (async () => {
  for (let n = 0; n <= SECONDS; n++) { await part(n); if (n % 10 === 9) say('played ' + (n + 1) + ' s'); }
  tell();
})();
</script></body></html>"""


@dataclass
class FilmSite:
    """The site while it is served; ``given`` is what it sent: path, status, bytes of the body."""

    film: Film
    until: float  # s: where the page stops to play
    rate: float  # bytes per second of all connections together; 0: as fast as it goes
    port: int = 0
    given: list[tuple[str, int, int]] = field(default_factory=list)
    told: dict[str, Any] = field(default_factory=dict)
    _free: float = 0.0  # when the network takes the next piece

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                asked = {k.lower(): v for k, _, v in (line.partition(": ") for line in head[1:])}
                body = await reader.readexactly(int(asked.get("content-length", 0)))
                await self._one(writer, head[0].split(" ")[1], asked, body)
        writer.close()

    async def _one(self, writer: asyncio.StreamWriter, path: str, asked: dict[str, str], body: bytes) -> None:
        film, status, kind, more = self.film, 200, "video/webm", ""
        if path == "/film.webm":
            first, last = 0, film.size - 1
            if "range" in asked:
                start, _, end = asked["range"].removeprefix("bytes=").partition("-")
                first, last, status = int(start), min(int(end or last), last), 206
                more = f"Content-Range: bytes {first}-{last}/{film.size}\r\n"
            length, pieces = last - first + 1, film.read(first, last)
        else:
            kind, said = self._said(path, body)
            length, pieces = len(said), iter((said,))
        writer.write(
            f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n{more}"
            "Accept-Ranges: bytes\r\nCache-Control: no-store\r\n\r\n".encode()
        )
        sent = 0
        try:
            for piece in pieces:
                for start in range(0, len(piece), PIECE):
                    sent += await self._send(writer, piece[start : start + PIECE])
        finally:
            self.given.append((path, status, sent))

    def _said(self, path: str, body: bytes) -> tuple[str, bytes]:
        if path == "/told":
            self.told = json.loads(body)
            return "text/plain", b""
        if path.startswith("/part/"):
            number = int(path.rpartition("/")[2])
            return "video/webm", self.film.second(number - 1) if number else self.film.head
        page = PAGE.replace("%SECONDS%", str(self.film.seconds)).replace("%UNTIL%", str(self.until))
        return "text/html", page.encode()

    async def _send(self, writer: asyncio.StreamWriter, piece: bytes) -> int:
        if self.rate:
            now = time.monotonic()
            self._free = max(self._free, now) + len(piece) / self.rate
            await asyncio.sleep(self._free - now)
        writer.write(piece)
        await writer.drain()
        return len(piece)


@asynccontextmanager
async def film_site(film: Film, until: float, rate: float = 0.0) -> AsyncIterator[FilmSite]:
    """Serve it on loopback."""
    site = FilmSite(film, until, rate)
    server = await asyncio.start_server(site.answer, "127.0.0.1", 0)
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.close()
