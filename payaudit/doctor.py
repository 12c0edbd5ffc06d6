"""Look at this machine: what a walk needs, what is there, what to do about the rest.

Nothing is changed and nothing printed: the answer is a list of lines for ``terminal``.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from payaudit.data import rules_folder
from payaudit.errors import BrowserMissing
from payaudit.model.text import Text
from payaudit.walk.browser import Browser, can_sandbox, find_browser, why_it_fails
from payaudit.walk.miniprogram.runtime import RuntimeMissing, find_runtime

State = Literal["ok", "warning", "missing"]

_OLDEST = (3, 11)
_FONT_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".local/share/fonts",
    Path.home() / ".fonts",
    Path("/System/Library/Fonts"),
    Path(os.environ.get("SYSTEMROOT", "/nowhere")) / "Fonts",
)
_FONT_NAMES = (
    "*CJK*",
    "*NotoSansSC*",
    "*SourceHan*",
    "wqy-*",
    "DroidSansFallback*",
    "PingFang*",
    "msyh*",
    "simsun*",
)
_KITS = Path(__file__).parent.parent / "fixtures" / "kits"


@dataclass(frozen=True)
class Item:
    """One line of the doctor's. ``mend`` says what to do; None where there is nothing to do."""

    name: Text
    state: State
    found: Text
    mend: Text | None = None
    needed: bool = False  # without it no walk can run


def examine(output: Path | None = None, wanted: str | None = None) -> list[Item]:
    """Collect what was found; ``output`` is where reports would go, ``wanted`` the browser asked for."""
    items = [
        _python(),
        _payaudit(),
        *_browser(wanted),
        _fonts(),
        _ocr(),
        _mini_programs(),
        _output(output or Path.cwd()),
    ]
    if _KITS.is_dir():  # a checkout: whoever works on payaudit itself
        items.append(_kits())
    return items


def can_walk(items: list[Item]) -> bool:
    """Whether a walk could run with what was found."""
    return not any(item.needed and item.state == "missing" for item in items)


def chinese_font() -> str | None:
    """Name a font that draws Chinese, or None."""
    if listing := shutil.which("fc-list"):
        done = subprocess.run(
            [listing, ":lang=zh", "family"], capture_output=True, text=True, timeout=30, check=False
        )
        if families := sorted(done.stdout.splitlines()):
            return families[0].split(",")[0]
    found = (
        font.stem
        for folder in _FONT_FOLDERS
        if folder.is_dir()
        for name in _FONT_NAMES
        for font in sorted(folder.rglob(name))
    )
    return next(found, None)


def _say(en: str, zh: str) -> Text:
    return Text(en=en, zh=zh)


def _same(text: str) -> Text:
    return Text(en=text, zh=text)


def _python() -> Item:
    old = sys.version_info < _OLDEST
    return Item(
        _same("Python"),
        "missing" if old else "ok",
        _same(platform.python_version()),
        _say("Install Python 3.11 or newer.", "请安装 Python 3.11 或更新版本。") if old else None,
        needed=True,
    )


def _payaudit() -> Item:
    try:
        number = version("payaudit")
    except PackageNotFoundError:
        number = "?"
    rules = len(list(rules_folder().glob("*.yaml")))
    return Item(
        _same("payaudit"),
        "ok" if rules else "missing",
        _say(f"{number}, {rules} rules", f"{number}，{rules} 条规则"),
        None
        if rules
        else _say(
            "The rules did not come with it: install payaudit again.",
            "缺少规则文件：请重新安装 payaudit。",
        ),
        needed=True,
    )


def _browser(wanted: str | None) -> list[Item]:
    name = _say("browser", "浏览器")
    try:
        browser = find_browser(wanted)
    except BrowserMissing as error:
        return [
            Item(name, "missing", _say("none", "无"), _say(error.en, error.zh), needed=True),
        ]
    about = f"{browser.version or '?'} ({browser.kind}), {browser.path}"
    if failure := why_it_fails(browser):
        return [
            Item(
                name,
                "missing",
                _say(f"{about}: does not start: {failure}", f"{about}：无法启动：{failure}"),
                _say(
                    "Run `playwright install-deps chromium` as root, or point PAYAUDIT_BROWSER to"
                    " another browser.",
                    "请以 root 运行 playwright install-deps chromium，"
                    "或把 PAYAUDIT_BROWSER 指向另一个浏览器。",
                ),
                needed=True,
            )
        ]
    return [
        Item(name, "ok", _say(f"{about}, starts", f"{about}，可以启动"), needed=True),
        _sandbox(browser),
    ]


def _sandbox(browser: Browser) -> Item:
    name = _say("browser's sandbox", "浏览器沙箱")
    if can_sandbox(browser):
        return Item(name, "ok", _say("on", "启用"))
    return Item(
        name,
        "warning",
        _say(
            "off: Chromium's sandbox does not work as root, nor without user namespaces",
            "关闭：以 root 身份或没有用户命名空间时，Chromium 沙箱无法工作",
        ),
        _say(
            "Run payaudit as an ordinary user, or keep it in a container that holds nothing else.",
            "请以普通用户运行 payaudit，或在不含其他内容的容器中运行。",
        ),
    )


def _fonts() -> Item:
    name = _say("Chinese fonts", "中文字体")
    if font := chinese_font():
        return Item(name, "ok", _same(font))
    return Item(
        name,
        "warning",
        _say(
            "none: Chinese is drawn as empty boxes, and sizes are measured on those",
            "无：中文会显示为方框，字号也按方框测量",
        ),
        _say(
            "Run `apt-get install fonts-noto-cjk` as root.",
            "请以 root 运行 apt-get install fonts-noto-cjk。",
        ),
    )


def _ocr() -> Item:
    name = _say("text in pictures (OCR)", "图片文字识别（OCR）")
    engine = next((each for each in ("rapidocr_onnxruntime",) if find_spec(each)), None)
    if engine:
        return Item(name, "ok", _same(engine))
    return Item(
        name,
        "warning",
        _say(
            "not installed; texts in pictures will not be read",
            "未安装；不会读取图片中的文字",
        ),
        _say(
            "Install it with: pip install 'payaudit[ocr]'",
            "安装：pip install 'payaudit[ocr]'",
        ),
    )


def _mini_programs() -> Item:
    name = _say("mini-programs", "小程序")
    try:
        find_runtime()
    except RuntimeMissing as error:
        return Item(name, "warning", _say("not set up", "尚未就绪"), _say(error.en, error.zh))
    return Item(name, "ok", _say("set up", "就绪"))


def _output(folder: Path) -> Item:
    name = _say("output folder", "输出文件夹")
    parent = folder.absolute()
    while not parent.exists():
        parent = parent.parent
    try:
        with tempfile.TemporaryFile(dir=parent):
            pass
    except OSError as error:
        return Item(
            name,
            "missing",
            _same(f"{folder}: {error.strerror}"),
            _say("Choose a folder that can be written with -o.", "请用 -o 指定一个可写的文件夹。"),
            needed=True,
        )
    return Item(name, "ok", _say(f"{folder}, can be written", f"{folder}，可写"), needed=True)


def _kits() -> Item:
    name = _say("fixture kits (developers)", "测试用前端组件（开发者）")
    if (_KITS / "node_modules").is_dir():
        return Item(name, "ok", _say("installed", "已安装"))
    npm = shutil.which("npm")
    return Item(
        name,
        "warning",
        _say(
            f"not installed; npm: {npm or 'none, fetched from PyPI when needed'}",
            f"未安装；npm：{npm or '无，需要时从 PyPI 获取'}",
        ),
        _say(
            "`make test` installs them; audits do not need them.",
            "make test 会安装；审计本身不需要。",
        ),
    )
