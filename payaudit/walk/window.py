"""A window that somebody works in: to show a way, or to log in.

It ends when its last page is closed, or with Ctrl-C; both are a good end.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.async_api import Error

from payaudit.errors import BrowserMissing, UsageError
from payaudit.model.text import Text
from payaudit.walk.browser import Browser, candidates, find_browser, version_of

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page

STORED = Text(
    en="walked with a stored session: what was seen is what this account is shown; nothing that would spend"
    " its balance was pressed, and no order was created",
    zh="使用已保存的登录状态巡查：所见为该账号所见；未点击任何会消耗其余额的按钮，也未创建订单",
)
_GRACE_S = 0.8  # a page that closes to open another leaves none for a moment


def browser_with_window(wanted: str | None, env: Mapping[str, str] = os.environ) -> Browser:
    """A browser that can show a window here; raises ``BrowserMissing`` and ``UsageError``."""
    if sys.platform.startswith("linux") and not (env.get("DISPLAY") or env.get("WAYLAND_DISPLAY")):
        raise UsageError(
            "there is no screen to open a window on; run it in a desktop session, or under `xvfb-run`",
            "没有可打开窗口的屏幕；请在桌面环境中运行，或用 xvfb-run 运行",
        )
    named = wanted or env.get("PAYAUDIT_BROWSER")
    if named:
        found = find_browser(named, env=env)
        if found.headless_shell:
            raise UsageError(
                f"{found.path} has no window; name a full Chromium, Chrome or Edge with --browser",
                f"{found.path} 无法显示窗口；请用 --browser 指定完整的 Chromium、Chrome 或 Edge",
            )
        return found
    for kind, path in candidates(env):
        if not (found := Browser(path, kind)).headless_shell:
            return replace(found, version=version_of(path))
    raise BrowserMissing(
        "No browser with a window was found. Install one: `apt-get install chromium` as root,"
        " or `playwright install chromium`.",
        "没有找到可打开窗口的浏览器。请安装：以 root 运行 apt-get install chromium，"
        "或运行 playwright install chromium。",
    )


async def until_closed(context: BrowserContext) -> None:
    """Wait until no page of the context is open any more."""
    changed = asyncio.Event()

    def watch(page: Page) -> None:
        page.on("close", lambda _: changed.set())

    for page in context.pages:
        watch(page)
    context.on("page", watch)
    context.on("close", lambda _: changed.set())
    while True:
        if not context.pages:
            await asyncio.sleep(_GRACE_S)
            if not context.pages:
                return
        changed.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(1.0):
                await changed.wait()


def load_state(path: Path) -> dict[str, Any]:
    """A stored session; raises ``UsageError`` where the file is none."""
    try:
        state: Any = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UsageError(
            f"{path}: {error.strerror}; make it with `payaudit login URL --save {path.name}`",
            f"{path}：{error.strerror}；请先运行 payaudit login URL --save {path.name}",
        ) from error
    except ValueError as error:
        raise _no_state(path) from error
    if not isinstance(state, dict) or not all(isinstance(state.get(k), list) for k in ("cookies", "origins")):
        raise _no_state(path)
    return state


def _no_state(path: Path) -> UsageError:
    return UsageError(
        f"{path} holds no session; make one with `payaudit login URL --save {path.name}`",
        f"{path} 不是已保存的登录状态；请用 payaudit login URL --save {path.name} 生成",
    )


def can_save(path: Path) -> None:
    """Raise ``UsageError`` before anybody logs in, where the session could not be saved afterwards."""
    if not path.parent.is_dir() or path.is_dir() or not os.access(path.parent, os.W_OK):
        raise UsageError(
            f"cannot write {path}; choose a file in a folder that is there with --save",
            f"无法写入 {path}；请用 --save 指定已存在的文件夹中的文件",
        )


async def save_state(context: BrowserContext, path: Path) -> dict[str, Any]:
    """Write the session to a file that nobody else can read. Raises ``UsageError``."""
    try:
        state: Any = await context.storage_state(indexed_db=True)
    except Error as error:
        raise UsageError(
            "the browser was gone before the session could be read; close its window, not the program",
            "浏览器已退出，未能读取登录状态；请只关闭窗口，不要结束浏览器进程",
        ) from error
    half = path.with_name(f".{path.name}.half")
    try:
        half.unlink(missing_ok=True)
        with os.fdopen(
            os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as file:
            json.dump(state, file, ensure_ascii=False)
        half.replace(path)
    except OSError as error:
        raise UsageError(
            f"cannot write {path}: {error.strerror}", f"无法写入 {path}：{error.strerror}"
        ) from error
    return dict(state)
