"""A small client of the automation protocol of WeChat DevTools: JSON texts over one WebSocket.

A request is ``{id, method, params}``, its reply ``{id, result}`` or ``{id, error: {message}}``,
an event ``{method, params}``. Names are those of the npm client ``miniprogram-automator`` 0.12.1.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
from collections.abc import Callable
from typing import Any, Self
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from payaudit.errors import UsageError
from payaudit.walk.ends import WalkCut

_CONNECT_S = 8
_ANSWER_S = 30
_OLDEST = (2, 7, 3)  # base library; below it the protocol is another one
_AT_ONCE = 64  # requests under way; DevTools answers them one after the other
_DEV = "dev"

OnEvent = Callable[[dict[str, Any]], None]


class Lost(WalkCut):
    """DevTools is gone, or answers no more."""


class Refused(Exception):  # noqa: N818 - what DevTools said
    """DevTools answered with an error; ``str`` is its message."""


class Automation:
    """One connection. Use: ``connect``, ``on`` for events, ``send``, ``close``."""

    def __init__(self, socket: ClientConnection, address: str) -> None:
        self.address = address
        self.sdk = ""
        self.requests = 0
        self._socket = socket
        self._numbers = itertools.count(1)
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._heard: dict[str, OnEvent] = {}
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._reading = asyncio.ensure_future(self._read())

    @classmethod
    async def connect(cls, address: str) -> Self:
        """Connect and ask who is there; raises ``UsageError`` for all but a DevTools of a known version."""
        check_address(address)
        try:
            async with asyncio.timeout(_CONNECT_S):
                socket = await connect(
                    address, max_size=None, compression=None, proxy=None, ping_interval=None
                )
        except (InvalidHandshake, InvalidMessage, EOFError, ConnectionResetError) as problem:
            raise _another(address) from problem
        except (OSError, TimeoutError) as problem:
            raise UsageError(
                f"nothing answers at {address}; open the project with the automation port:"
                " `cli auto --project DIR --auto-port 9420`",
                f"{address} 没有应答；请先以自动化端口打开项目：cli auto --project 目录 --auto-port 9420",
            ) from problem
        made = cls(socket, address)
        try:
            async with asyncio.timeout(_CONNECT_S):
                told = await made.send("Tool.getInfo")
            made.sdk = str(told["SDKVersion"])
        except (TimeoutError, Refused, Lost, KeyError) as problem:
            await made.close()
            raise _another(address) from problem
        if not _new_enough(made.sdk):
            await made.close()
            raise UsageError(
                f"the base library in DevTools is {made.sdk}; choose 2.7.3 or later in the project's details",
                f"开发者工具中的基础库为 {made.sdk}；请在项目详情中选择 2.7.3 或更高版本",
            )
        return made

    def on(self, method: str, heard: OnEvent) -> None:
        """Call ``heard`` with the params of each event of this name; it must not block."""
        self._heard[method] = heard

    @property
    def lost(self) -> bool:
        """Whether the connection has ended."""
        return self._reading.done()

    async def send(self, name: str, /, **params: object) -> dict[str, Any]:
        """Ask and wait for the answer. Raises ``Refused`` and ``Lost``."""
        async with self._turns:
            if self.lost:
                raise _gone()
            number = str(next(self._numbers))
            answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
            self._waiting[number] = answer
            self.requests += 1
            try:
                await self._socket.send(json.dumps({"id": number, "method": name, "params": params}))
                async with asyncio.timeout(_ANSWER_S):
                    return await answer
            except ConnectionClosed as end:
                raise _gone() from end
            except TimeoutError as end:
                raise Lost(
                    f"WeChat DevTools did not answer {name} within {_ANSWER_S} s",
                    f"微信开发者工具在 {_ANSWER_S} 秒内未应答 {name}",
                ) from end
            finally:
                self._waiting.pop(number, None)

    async def wx(self, method: str, *arguments: object) -> Any:  # noqa: ANN401 - any JSON
        """Call a method of ``wx`` in the mini-program."""
        return (await self.send("App.callWxMethod", method=method, args=list(arguments))).get("result")

    async def run(self, function: str, *arguments: object) -> Any:  # noqa: ANN401 - any JSON
        """Run a function, given as its source, in the mini-program's logic layer."""
        told = await self.send("App.callFunction", functionDeclaration=function, args=list(arguments))
        return told.get("result")

    async def close(self) -> None:
        """End the connection; DevTools and the mini-program go on."""
        await self._socket.close()
        await self._reading

    async def _read(self) -> None:
        try:
            async for text in self._socket:
                self._take(text)
        except ConnectionClosed:
            pass
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(_gone())

    def _take(self, text: str | bytes) -> None:
        try:
            told = json.loads(text)
        except ValueError:
            return
        if not isinstance(told, dict):
            return
        answer = self._waiting.get(str(told.get("id")))
        if answer is None:
            heard = self._heard.get(str(told.get("method")))
            if heard is not None and not told.get("id"):
                heard(told.get("params") or {})
        elif not answer.done():
            error = told.get("error")
            if error:
                said = error.get("message") if isinstance(error, dict) else error
                answer.set_exception(Refused(str(said)))
            else:
                result = told.get("result")
                answer.set_result(result if isinstance(result, dict) else {})


def check_address(address: str) -> None:
    """Raise ``UsageError`` for what is no WebSocket's address."""
    try:
        parts = urlsplit(address)
        good = parts.scheme in {"ws", "wss"} and bool(parts.hostname)
        _ = parts.port
    except ValueError:
        good = False
    if not good:
        raise UsageError(
            f"{address!r} is no automation address; give one such as ws://127.0.0.1:9420 to --devtools",
            f"{address!r} 不是自动化地址；--devtools 应形如 ws://127.0.0.1:9420",
        )


def _new_enough(version: str) -> bool:
    numbers = tuple(int(n) for n in re.findall(r"\d+", version)[:3])
    return version == _DEV or numbers >= _OLDEST


def _another(address: str) -> UsageError:
    return UsageError(
        f"what answers at {address} is not the automation port of WeChat DevTools; it is the port given to"
        " `cli auto --auto-port`, not that of `cli open`",
        f"{address} 上应答的不是微信开发者工具的自动化端口；"
        "应为 cli auto --auto-port 指定的端口，而非 cli open 的端口",
    )


def _gone() -> Lost:
    return Lost("the connection to WeChat DevTools was lost", "与微信开发者工具的连接已断开")
