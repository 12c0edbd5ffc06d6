"""A browser that runs already: a real Chrome, or the WebView of an app on a phone.

It was not started by us, so there is no proxy between it and the world, and its
jumps to other apps are not ours to answer. The wire and the bridges stand.
"""

from __future__ import annotations

import asyncio
import json
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from playwright.async_api import Error

from payaudit.errors import BrowserMissing, UsageError
from payaudit.model.evidence import Goal, RunInfo
from payaudit.model.text import Text
from payaudit.walk.run import Run

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page, Playwright

    from payaudit.walk.walk import Walk

_ASK_S = 5

LACKS = Text(
    en="attached to a running browser: the guard had no proxy and no stand-in for other apps; requests were"
    " refused by the wire and wallet calls by the bridges alone",
    zh="接入了已在运行的浏览器：防护缺少代理这道墙，也无法替代其他应用；支付请求仅由线路拦截，钱包调用仅由页面桥拦截",
)
NOT_FRESH = Text(
    en="attached to a running browser: all runs shared its session and its device; none of them was fresh",
    zh="接入了已在运行的浏览器：各次巡查共用同一会话和该设备，不是全新会话",
)


async def debugger_url(endpoint: str) -> str:
    """The ``ws://`` URL of a browser given as ``host:port``, ``http://…`` or ``ws://…``.

    Raises ``UsageError`` where none answers.
    """
    address = endpoint if "://" in endpoint else f"http://{endpoint}"
    try:
        parts = urlsplit(address)
        good = parts.scheme in {"http", "https", "ws", "wss"} and bool(parts.hostname)
        _ = parts.port
    except ValueError:
        good = False
    if not good:
        raise UsageError(
            f"{endpoint!r} is no debugging address; give one such as http://127.0.0.1:9222 to --cdp",
            f"{endpoint!r} 不是调试地址；--cdp 应形如 http://127.0.0.1:9222",
        )
    if parts.scheme in {"ws", "wss"}:
        return address
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def ask() -> str:
        with opener.open(f"{address.rstrip('/')}/json/version", timeout=_ASK_S) as answer:
            return str(json.load(answer)["webSocketDebuggerUrl"])

    try:
        return await asyncio.to_thread(ask)
    except (OSError, ValueError, KeyError) as problem:
        raise UsageError(
            f"no browser answers at {endpoint}; start it with --remote-debugging-port=9222, or forward"
            " a phone's with `adb forward tcp:9222 localabstract:chrome_devtools_remote`",
            f"{endpoint} 没有浏览器应答；请用 --remote-debugging-port=9222 启动浏览器，或用"
            " adb forward tcp:9222 localabstract:chrome_devtools_remote 转发手机浏览器",
        ) from problem


async def connect(playwright: Playwright, url: str) -> Browser:
    """Take hold of the browser; raises ``BrowserMissing``."""
    try:
        return await playwright.chromium.connect_over_cdp(url, timeout=15_000)
    except Error as error:
        why = error.message.partition("\n")[0].rstrip(".")
        raise BrowserMissing(
            f"the browser at {url} cannot be walked: {why}; restart it and try again",
            f"无法使用 {url} 的浏览器：{why}；请重启后再试",
        ) from error


@asynccontextmanager
async def attached_run(world: Walk, purpose: Goal) -> AsyncIterator[Run]:
    """A run in the browser's own session, recorded as one; its pages are closed afterwards, others stay."""
    guard = world.crew.guard
    own = world.browser.contexts[:1]
    context = own[0] if own else await world.browser.new_context()
    if world.runs == 0 or not own:
        await guard.protect(context)
    world.runs += 1
    there: Page | None = None
    try:
        blank = await context.new_page()
    except Error:
        # A WebView opens no page for us: the one that its app shows is taken.
        there = blank = context.pages[-1]
    info = await _info(world, purpose, blank)
    world.crew.writer.begin_run(info)
    guard.set_step(info.number, 0)
    touch = bool(await blank.evaluate("navigator.maxTouchPoints > 0"))
    run = Run(info, context, world.crew, touch=touch)
    await run.start(blank)
    losing = asyncio.ensure_future(_close_when_lost(world, run))
    try:
        yield run
    finally:
        losing.cancel()
        run.stop()
        await guard.settle(2.0)
        for page in run.pages:
            if page is not there:
                with suppress(Error, TimeoutError):
                    async with asyncio.timeout(5):
                        await page.close()


async def _info(world: Walk, purpose: Goal, page: Page) -> RunInfo:
    """What the device says of itself."""
    agent, width, height, scale, language, zone = await page.evaluate(
        "[navigator.userAgent, innerWidth, innerHeight, devicePixelRatio, navigator.language,"
        " Intl.DateTimeFormat().resolvedOptions().timeZone]"
    )
    return RunInfo(
        number=world.runs,
        persona=world.errand.options.persona,
        purpose=purpose,
        started=datetime.now(UTC),
        browser=world.build,
        user_agent=str(agent),
        viewport=(int(width), int(height)),
        device_scale=float(scale),
        locale=str(language),
        timezone=str(zone),
        interventions=world.errand.interventions,
    )


async def _close_when_lost(world: Walk, run: Run) -> None:
    """Without the wire nothing stands before the pages of the walk: they are closed."""
    await world.crew.guard.lost.wait()
    for page in run.pages:
        with suppress(Error):
            await page.close()
