"""The outermost wall: a forward proxy of our own that refuses payment hosts whatever the browser does.

It sees each TLS connection by its host (CONNECT) and each plain request by its
whole URL, every one of them on a kept-alive connection too. Nothing is
buffered beyond one block; nothing is decrypted.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from payaudit.model.evidence import Event
from payaudit.perceive.urls import Address, address
from payaudit.walk.guard.http1 import BadMessage, Head, copy_body, copy_response, read_head
from payaudit.walk.guard.policy import Policy, called
from payaudit.walk.guard.tunnel import tunnel

_HEAD_LIMIT = 1 << 18  # bytes of a message head; Chromium's own limit is the same
_CONNECT_SECONDS = 30
_PORTS = 1 << 16
_LOOPBACK = ("127.", "::1", "0.0.0.0", "::ffff:127.")  # noqa: S104 - compared with, not bound to

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def _now() -> datetime:
    return datetime.now(UTC)


class Proxy:
    """One forward proxy on a loopback port, for one audit.

    ``resolve`` maps host names to addresses and wins over DNS; it is for tests.
    With ``sealed`` it refuses everything.
    ``forbidden`` are loopback ports nobody may reach: the browser's debugging port.
    """

    def __init__(
        self,
        policy: Policy,
        on_event: Callable[[Event], None],
        resolve: Mapping[str, str] | None = None,
        *,
        sealed: bool = False,
    ) -> None:
        self.lost = asyncio.Event()
        self.port = 0
        self.forbidden: set[int] = set()
        self.now: Callable[[], datetime] = _now
        self._sealed = sealed
        self.passed: Counter[tuple[str, str]] = Counter()  # plain requests let out, by method and URL
        self.turned_away: list[tuple[str, bool]] = []  # with ``sealed``; True: a WebSocket
        self._policy = policy
        self._on_event = on_event
        self._resolve = resolve or {}
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    async def start(self) -> int:
        """Listen; returns the port."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=_HEAD_LIMIT)
        self.port = int(self._server.sockets[0].getsockname()[1])
        self.forbidden.add(self.port)
        return self.port

    def lose(self) -> None:
        """Fail closed: cut every connection and refuse all further ones. Takes effect at once."""
        self.lost.set()
        for task in tuple(self._open):
            task.cancel()

    async def close(self) -> None:
        """Stop listening and cut what is open."""
        if self._server is not None:
            self._server.close()
        tasks = tuple(self._open)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - asyncio calls this inside a task
        self._open.add(task)
        try:
            if not self.lost.is_set():
                await self._serve(reader, writer)
        except (OSError, EOFError, ValueError, asyncio.CancelledError):
            pass  # the browser or a server went away, or the guard was lost: nothing to say to anyone
        finally:
            self._open.discard(task)
            writer.transport.abort() if self.lost.is_set() else writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer request after request: each one is looked at afresh."""
        while not self.lost.is_set():
            try:
                head = await read_head(reader)
            except BadMessage as problem:
                await _say(writer, 400, str(problem), last=True)
                return
            if head is None:
                return
            again = await self._one(head, reader, writer)
            if not again:
                return

    async def _one(self, head: Head, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Serve one request; true when the connection may carry another."""
        connect = head.method == "CONNECT"
        at = address(f"https://{head.target}/" if connect else head.target)
        if (
            at.scheme not in (("https",) if connect else ("http", "ws"))
            or not at.host
            or not 0 < (at.port or 0) < _PORTS
        ):
            await _say(writer, 400, "a proxy needs an absolute URL", last=True)
            return False
        if (connect and at.path != "/") or self._refused(head, at, connect=connect) or self._shut(head, at):
            await _say(writer, 403, "refused by payaudit", last=True)
            return False
        try:
            upstream = await self._dial(at)
        except (
            OSError,
            TimeoutError,
            UnicodeError,
            IndexError,
        ) as problem:  # the last: asyncio, no address left
            await _say(writer, 502, f"{at.host}: {problem}", last=True, why=_net_error(problem))
            return False
        if upstream is None:
            self._blocked(head.method, at.url, "debugging port")
            await _say(writer, 403, "refused by payaudit", last=True)
            return False
        try:
            if connect:
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await tunnel((reader, writer), upstream)
                return False
            if not head.upgrade:
                self.passed[head.method, head.target] += 1
            return await _relay(head, at, (reader, writer), upstream)
        finally:
            upstream[1].close()

    def _refused(self, head: Head, at: Address, *, connect: bool) -> bool:
        if connect:
            match = self._policy.calls.match_host(at.host or "")
            if match is None:
                return False
            self._event("payment_call", called(match, "CONNECT", f"https://{head.target}/", "proxy"))
            return True
        refusal = self._policy.refuse(head.method, at.url, "proxy", count=False)
        if refusal is None:
            return False
        self._on_event(Event(kind=refusal.kind, at=self.now(), data=refusal.data))
        return True

    def _shut(self, head: Head, at: Address) -> bool:
        if self._sealed:
            self.turned_away.append((at.url, head.upgrade))
        return self._sealed

    async def _dial(self, at: Address) -> Streams | None:
        """Connect; ``None`` where the address is the browser's own debugging port or ours."""
        host = self._resolve.get(at.host or "", at.host or "")
        async with asyncio.timeout(_CONNECT_SECONDS):
            if at.port in self.forbidden:
                found = await asyncio.get_running_loop().getaddrinfo(host, at.port)
                if any(str(entry[4][0]).startswith(_LOOPBACK) for entry in found):
                    return None
            return await asyncio.open_connection(host, at.port, limit=_HEAD_LIMIT, happy_eyeballs_delay=0.25)

    def _blocked(self, method: str, url: str, reason: str) -> None:
        self._event("blocked", {"url": url, "method": method, "reason": reason, "wall": "proxy"})

    def _event(self, kind: str, data: dict[str, object]) -> None:
        self._on_event(Event.model_validate({"kind": kind, "at": self.now(), "data": data}))


async def _relay(head: Head, at: Address, client: Streams, upstream: Streams) -> bool:
    """Pass one plain request up and its answer down; an upgrade becomes a tunnel."""
    rest = at.url.partition("://")[2]
    cut = min((rest.find(mark) for mark in "/?" if mark in rest), default=len(rest))
    path = rest[cut:] if rest[cut:].startswith("/") else "/" + rest[cut:]
    upstream[1].write(head.forwarded(path))
    if head.upgrade:
        await tunnel(client, upstream)
        return False
    sending = asyncio.ensure_future(copy_body(head, client[0], upstream[1]))
    try:
        again = await copy_response(head, upstream[0], client[1])
    finally:
        done = sending.done()  # an early answer leaves the body unread: the connection cannot go on
        sending.cancel()
        with contextlib.suppress(OSError, EOFError, ValueError, asyncio.CancelledError):
            await sending
    return again and done and not head.close


def _net_error(problem: Exception) -> str:
    """Chromium's word for why a host could not be reached, which it does not find out behind a proxy."""
    if isinstance(problem, ConnectionRefusedError):
        return "ERR_CONNECTION_REFUSED"
    if isinstance(problem, socket.gaierror | UnicodeError):
        return "ERR_NAME_NOT_RESOLVED"
    return "ERR_TIMED_OUT" if isinstance(problem, TimeoutError) else "ERR_ADDRESS_UNREACHABLE"


async def _say(writer: asyncio.StreamWriter, status: int, text: str, *, last: bool, why: str = "") -> None:
    body = text.encode("utf-8", "replace")
    writer.write(
        b"HTTP/1.1 %d payaudit %s\r\nContent-Type: text/plain; charset=utf-8\r\n"
        b"Content-Length: %d\r\n%s\r\n%s"
        % (status, why.encode(), len(body), b"Connection: close\r\n" if last else b"", body)
    )
    await writer.drain()
