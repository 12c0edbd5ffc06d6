"""A double of WeChat DevTools, which cannot run here: its automation protocol over our own runtime.

What it mocks is DevTools alone. The mini-program runs in a real browser, so its elements, taps, data and
answers are real; the protocol is that which the npm client ``miniprogram-automator`` 0.12.1 speaks.
As in DevTools, a page's selector does not reach into components, markup shows no handlers, and the
host's bars and questions are no part of a page.

    python -m tests.walk.devtools.double PACKAGE API_JSON [PORT]
"""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from playwright.async_api import Error, Page, async_playwright
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from payaudit.model.evidence import Event
from payaudit.perceive.calls import Calls
from payaudit.walk.browser import find_browser
from payaudit.walk.guard import Guard
from payaudit.walk.miniprogram.miniprogram import Staging, put_up
from payaudit.walk.miniprogram.origin import PrivateOrigin
from payaudit.walk.miniprogram.package import read_package
from payaudit.walk.personas import context_options, persona
from payaudit.walk.walk import launch

_INSIDE = (Path(__file__).parent / "double.js").read_text("utf-8")
_END = "\n}})();\n}})();\n".replace("}}", "}")
SDK = "3.6.0"


class _Opened(PrivateOrigin):
    """The package's address, whose script lets the double at the runtime's parts."""

    @cached_property
    def _script(self) -> str:
        whole: str = PrivateOrigin.__dict__["_script"].func(self)
        assert whole.endswith(_END)
        return f"{whole.removesuffix(_END)}\n{_INSIDE}{_END}"


@dataclass
class Double:
    """One DevTools: how it is set up, and what it was asked and came to."""

    page: Page
    guard: Guard
    events: list[Event]
    sdk: str = SDK
    all_selector: bool = True  # whether "*" is a selector to it; WeChat's documentation does not say
    unmockable: frozenset[str] = frozenset()
    lost_after: int | None = None  # taps, after which the connection ends
    anew_after: int | None = None  # taps, after which the mini-program is compiled anew
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    address: str = ""
    _told: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def paid(self) -> list[dict[str, Any]]:
        """Calls of the payment interfaces that reached the host itself; there must be none."""
        return [event.data for event in self.events if event.kind == "payment_call"]

    async def speak(self, socket: ServerConnection) -> None:
        """Serve one client until it goes."""

        def told(name: str, args: list[Any]) -> None:
            text = json.dumps({"method": "App.bindingCalled", "params": {"name": name, "args": args}})
            task = asyncio.ensure_future(_sent(socket, text))
            self._told.add(task)
            task.add_done_callback(self._told.discard)

        self._tell = told
        with suppress(ConnectionClosed):
            async for text in socket:
                asked = json.loads(text)
                method, params = asked["method"], asked.get("params") or {}
                self.asked.append((method, params))
                taps = sum(name == "Element.tap" for name, _ in self.asked)
                if self.lost_after is not None and taps > self.lost_after:
                    socket.transport.abort()
                    return
                try:
                    answer = {"id": asked["id"], "result": await self.answer(method, params)}
                except (Error, LookupError, NotImplementedError) as problem:
                    answer = {"id": asked["id"], "error": {"message": str(problem).partition("\n")[0]}}
                await socket.send(json.dumps(answer, ensure_ascii=False))

    def bound(self, name: str, args: list[Any]) -> None:
        """A binding was called in the mini-program."""
        tell: Callable[[str, list[Any]], None] | None = getattr(self, "_tell", None)
        if tell is not None:
            tell(name, args)

    async def answer(self, method: str, params: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON
        """The result of one request; an error of the page is one of the protocol."""
        if method == "Tool.getInfo":
            return {"SDKVersion": self.sdk, "version": "double"}
        if method in {"Tool.close", "App.exit", "App.enableLog"}:
            return {}
        if method == "App.captureScreenshot":
            return {"data": base64.b64encode(await self.page.screenshot()).decode()}
        if params.get("selector") == "*" and not self.all_selector:
            raise LookupError("no such selector")
        if method == "App.mockWxMethod" and params["method"] in self.unmockable:
            raise LookupError(f"{params['method']} cannot be mocked")
        if method == "Element.tap":
            await self._tap(params)
            if self.anew_after == sum(name == "Element.tap" for name, _ in self.asked):
                await self.page.reload()
                await self.page.wait_for_function("document.documentElement.dataset.started !== undefined")
            return {}
        if method == "Element.callFunction" and params["functionName"] in {"input.input", "textarea.input"}:
            handle = await self.page.evaluate_handle("id => __double.inner(id)", params["elementId"])
            element = handle.as_element()
            assert element is not None
            await element.fill(params["args"][0])
            return {"result": None}
        return await self.page.evaluate("([m, p]) => __double.answer(m, p)", [method, params])

    async def _tap(self, params: dict[str, Any]) -> None:
        """A tap on the element itself, as DevTools makes one, though others lie before its middle."""
        x, y = await self.page.evaluate("id => __double.point(id)", params["elementId"])
        await self.page.touchscreen.tap(x, y)


async def _sent(socket: ServerConnection, text: str) -> None:
    with suppress(ConnectionClosed):
        await socket.send(text)


@asynccontextmanager
async def devtools(
    package: Path,
    backend: Path,
    *,
    port: int = 0,
    who: str = "wechat-iphone",
    **how: Any,  # noqa: ANN401 - fields of Double
) -> AsyncIterator[Double]:
    """A double that runs the package and listens on loopback."""
    events: list[Event] = []
    played = persona(who)
    guard = Guard(Calls.bundled(), played.host, "few", on_event=events.append)
    async with async_playwright() as driver:
        put = put_up(Staging(read_package(package), str(backend)), guard, driver)
        put.origin = guard.wire.origin = _Opened(put.origin.host, put.origin.runtime)
        browser, debug_port = await launch(driver, find_browser(), guard, headless=True)
        await guard.attach(debug_port)
        options = context_options(played, driver)
        context = await browser.new_context(**options)
        await guard.protect(context, played.host)
        await put.begin(played, options["user_agent"])
        page = await context.new_page()
        double = Double(page, guard, events, **how)
        await page.expose_function("__payauditDoubleBound", double.bound)
        await page.goto("http://mp.payaudit.invalid/")
        await page.wait_for_function("document.documentElement.dataset.started !== undefined")
        async with serve(double.speak, "127.0.0.1", port, max_size=None) as server:
            double.address = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            try:
                yield double
            finally:
                await context.close()
                await put.close()
                await guard.close()
                await browser.close()


async def _serve(package: str, backend: str, port: str = "9420") -> None:
    async with devtools(Path(package), Path(backend), port=int(port)) as double:
        print(double.address, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(*sys.argv[1:]))
