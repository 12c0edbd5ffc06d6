"""Stand-ins on loopback: a shop that serves pages, and a payment host that counts who connects."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

PAY = "wx.tenpay.com"  # a real payment host of rules/calls, mapped to loopback


@dataclass
class Counted:
    """A raw TCP and UDP listener: every accept and every datagram counts."""

    port: int = 0
    accepts: int = 0
    datagrams: int = 0
    lines: list[str] = field(default_factory=list)

    @property
    def reached(self) -> int:
        """Connections and datagrams so far."""
        return self.accepts + self.datagrams


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, counted: Counted) -> None:
        self._counted = counted

    def datagram_received(self, _data: bytes, _addr: object) -> None:
        self._counted.datagrams += 1


@asynccontextmanager
async def payment_host() -> AsyncIterator[Counted]:
    """A payment host that answers anything with a small page."""
    counted = Counted()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        counted.accepts += 1
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            counted.lines.append((await reader.readline()).decode("latin-1").strip())
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n<p>ok")
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    counted.port = server.sockets[0].getsockname()[1]
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: _Udp(counted), local_addr=("127.0.0.1", counted.port)
    )
    try:
        yield counted
    finally:
        transport.close()
        server.close()


@dataclass
class Shop:
    """A small HTTP server: ``pages`` by path; ``/go?URL`` and ``/go307?URL`` redirect."""

    pages: dict[str, tuple[str, str]] = field(default_factory=dict)
    port: int = 0
    asked: list[tuple[str, str, bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it is; loopback, hence a secure context."""
        return f"http://127.0.0.1:{self.port}"

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until it ends."""
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                line, *rest = head.decode("latin-1").split("\r\n")
                method, target, _ = line.split(" ")
                length = next((int(f[15:]) for f in rest if f.lower().startswith("content-length:")), 0)
                body = await reader.readexactly(length)
                path, _, query = target.partition("?")
                self.asked.append((method, target, body))
                writer.write(self._reply(path, query))
                await writer.drain()
        writer.close()

    def _reply(self, path: str, query: str) -> bytes:
        if path in ("/go", "/go307"):
            status = "302 Found" if path == "/go" else "307 Temporary Redirect"
            return f"HTTP/1.1 {status}\r\nLocation: {query}\r\nContent-Length: 0\r\n\r\n".encode()
        kind, text = self.pages.get(path, ("text/html", "<p>other"))
        body = text.encode()
        return (
            f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
            f"Access-Control-Allow-Origin: *\r\nCache-Control: no-store\r\n\r\n"
        ).encode() + body


@asynccontextmanager
async def shop(pages: dict[str, tuple[str, str]]) -> AsyncIterator[Shop]:
    """A shop serving ``pages`` (path to content type and text); anything else is a short page."""
    serving = Shop(pages)
    server = await asyncio.start_server(serving.answer, "127.0.0.1", 0)
    serving.port = server.sockets[0].getsockname()[1]
    try:
        yield serving
    finally:
        server.close()
