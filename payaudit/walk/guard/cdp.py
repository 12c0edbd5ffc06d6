"""A small client of the Chrome DevTools Protocol, with flat sessions."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import urllib.request
from collections.abc import Callable
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from payaudit.errors import PayauditError

_FIND_SECONDS = 20
_EVENT = '{"method":"'  # how Chromium begins every event
_HEAD = len(_EVENT)

OnEvent = Callable[[str, str, dict[str, Any]], None]


class CdpError(PayauditError):
    """The browser refused a command, or is gone."""


class Cdp:
    """One connection to a browser's debugging port.

    ``on_event(session, method, params)`` is called in order and must not block; it gets
    the events whose names begin with one of ``wanted``, the others are not even parsed.
    ``closed`` is set once the connection has ended, whoever ended it.
    """

    def __init__(self, socket: ClientConnection, on_event: OnEvent, wanted: tuple[str, ...] = ("",)) -> None:
        self._wanted = wanted
        self.closed = asyncio.Event()
        self.on_closed: Callable[[], None] | None = None
        self._socket = socket
        self._on_event = on_event
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._reading = asyncio.ensure_future(self._read())

    @classmethod
    async def open(cls, place: int | str, on_event: OnEvent, wanted: tuple[str, ...] = ("",)) -> Cdp:
        """Connect to a port of this machine, waiting for it, or to a ``ws://`` URL; raises ``CdpError``."""
        url = place if isinstance(place, str) else await _browser_url(place)
        socket = await connect(
            url, max_size=None, compression=None, proxy=None, ping_interval=None, max_queue=None
        )
        return cls(socket, on_event, wanted)

    async def send(
        self, method: str, params: dict[str, Any] | None = None, session: str = ""
    ) -> dict[str, Any]:
        """Send a command and wait for its answer; raises ``CdpError``.

        The command is on its way before the first suspension, so that commands
        started one after the other arrive in that order.
        """
        return await self.start(method, params, session)

    def start(
        self, method: str, params: dict[str, Any] | None = None, session: str = ""
    ) -> asyncio.Future[dict[str, Any]]:
        """Send a command at once; the future holds its answer or a ``CdpError``."""
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        answer.add_done_callback(_looked_at)
        if self.closed.is_set():
            answer.set_exception(_gone())
            return answer
        number = next(self._numbers)
        self._waiting[number] = answer
        message: dict[str, Any] = {"id": number, "method": method, "params": params or {}}
        if session:
            message["sessionId"] = session
        self._write(json.dumps(message))
        return answer

    async def close(self) -> None:
        """End the connection."""
        self.on_closed = None
        await self._socket.close()
        await self._reading

    def kill(self) -> None:
        """Drop the connection without a farewell, as a crash would."""
        self._socket.transport.abort()

    def _write(self, text: str) -> None:
        sending = asyncio.ensure_future(self._socket.send(text))
        sending.add_done_callback(_looked_at)

    async def _read(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for text in self._socket:
                event = str(text)
                if event.startswith(self._wanted, _HEAD) or not event.startswith(_EVENT):
                    self._take(json.loads(event))
        self.closed.set()
        if self.on_closed is not None:
            self.on_closed()
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(_gone())
        self._waiting.clear()

    def _take(self, message: dict[str, Any]) -> None:
        if "id" not in message:
            self._on_event(message.get("sessionId", ""), message["method"], message.get("params", {}))
            return
        answer = self._waiting.pop(message["id"], None)
        if answer is None or answer.done():
            return
        if "error" in message:
            said = message["error"].get("message", "")
            answer.set_exception(CdpError(f"the browser said: {said}", f"浏览器拒绝了命令：{said}"))
        else:
            answer.set_result(message.get("result", {}))


def _looked_at(future: asyncio.Future[Any]) -> None:
    """Mark an exception as seen: whoever needs it awaits the future."""
    if not future.cancelled():
        future.exception()


def _gone() -> CdpError:
    return CdpError("the connection to the browser has ended", "与浏览器的连接已断开")


async def _browser_url(port: int) -> str:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def ask() -> str:
        with opener.open(f"http://127.0.0.1:{port}/json/version", timeout=5) as answer:
            return str(json.load(answer)["webSocketDebuggerUrl"])

    deadline = asyncio.get_running_loop().time() + _FIND_SECONDS
    while True:
        try:
            return await asyncio.to_thread(ask)
        except (OSError, ValueError, KeyError) as problem:
            if asyncio.get_running_loop().time() > deadline:
                raise CdpError(
                    f"no browser answers on debugging port {port}: {problem}",
                    f"调试端口 {port} 上没有浏览器应答：{problem}",
                ) from None
            await asyncio.sleep(0.1)
