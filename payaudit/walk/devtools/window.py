"""The window of a mini-program in DevTools: what is on it, read until it rests, and its picture."""

from __future__ import annotations

import asyncio
import base64
import binascii
import io
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from PIL import Image

from payaudit.walk.devtools.columns import Made, View
from payaudit.walk.devtools.placed import Handle, elements, matched, placed
from payaudit.walk.devtools.protocol import Automation, Refused
from payaudit.walk.devtools.raw import snapshot_of
from payaudit.walk.devtools.walls import Walls
from payaudit.walk.devtools.wxml import read_wxml
from payaudit.walk.rest import Rested, fingerprint

_POLL_S = 0.15
_CAP_S = 8.0
_SLACK_PX = 8.0
_SCROLLED = (
    "document.body.scrollTop",
    "document.documentElement.scrollTop",
    "document.documentElement.scrollHeight",
)


@dataclass(frozen=True)
class Device:
    """What DevTools plays. Sizes in CSS px; ``top`` is where the page begins below the host's bar."""

    app_id: str
    version: str
    system: str
    model: str
    language: str
    width: float
    height: float
    top: float
    screen_height: float
    density: float

    @classmethod
    def of(cls, account: dict[str, Any], told: dict[str, Any]) -> Device:
        """From ``getAccountInfoSync`` and ``getSystemInfoSync``. Raises ``KeyError`` and ``ValueError``."""
        program = account.get("miniProgram") or {}
        high = float(told["windowHeight"])
        screen = float(told.get("screenHeight") or high)
        return cls(
            app_id=str(program.get("appId") or ""),
            version=str(program.get("version") or program.get("envVersion") or ""),
            system=str(told.get("system") or ""),
            model=str(told.get("model") or ""),
            language=str(told.get("language") or "zh_CN").replace("_", "-"),
            width=float(told["windowWidth"]),
            height=high,
            top=float(told.get("screenTop") or max(0.0, screen - high)),
            screen_height=screen,
            density=float(told.get("pixelRatio") or 1),
        )


@dataclass
class Window:
    """One mini-program's window. ``url`` is that of the page in front, of ``stack`` pages."""

    automation: Automation
    walls: Walls
    device: Device
    url: str = "about:blank"
    page: str = ""
    stack: int = 0
    cut: bool = False  # a page had more elements than are looked at
    guessed: bool = False  # of a page it had to be guessed what can be pressed
    unplaced: bool = False  # a page had elements whose place could not be told
    handles: dict[int, Handle | int] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)
    _wxml: str = ""

    def address(self, path: str, query: dict[str, Any]) -> str:
        """The address that a page has in the evidence."""
        search = urlencode({k: str(v) for k, v in query.items()})
        return (
            f"https://{self.device.app_id or 'unknown'}.weapp.invalid/{path}{'?' if search else ''}{search}"
        )

    async def rest(self, patience_s: float) -> Rested:
        """Read the page once it stays the same; first wait so long for it to differ from before.

        Raises ``Lost``.
        """
        began = time.monotonic()
        seen = await self._look()
        rested = False
        while (spent := time.monotonic() - began) < _CAP_S:
            await asyncio.sleep(_POLL_S)
            before, seen = seen, await self._look()
            waits = seen == self._wxml and spent < patience_s
            if before == seen and not self.walls.busy and not waits:
                rested = True
                break
        self._wxml = seen
        at = datetime.now(UTC)
        made = await self._read()
        self.handles = made.handles
        self.guessed = self.guessed or made.guessed
        mark, edges = fingerprint(made.snapshot)
        return Rested(made.snapshot, mark, edges, rested=rested, seconds=time.monotonic() - began, at=at)

    async def _look(self) -> str:
        """All that can be told cheaply of what is shown: page, markup, question."""
        stack = (await self.automation.send("App.getPageStack")).get("pageStack") or []
        self.stack = len(stack)
        here = await self.automation.send("App.getCurrentPage")
        self.page = here.get("pageId")  # type: ignore[assignment] # a number or a text, given back as it came
        self.url = self.address(str(here.get("path") or ""), here.get("query") or {})
        modal = self.walls.modals[-1].id if self.walls.modals else ""
        return f"{self.url} {modal} {(await self._root())[1]}"

    async def _root(self) -> tuple[Handle, str]:
        try:
            root = await self.automation.send("Page.getElement", selector="page", pageId=self.page)
            handle = {"elementId": root["elementId"], "pageId": self.page}
            told = await self.automation.send("Element.getWXML", type="outer", **handle)
        except (Refused, KeyError):
            return {}, ""  # a page on its way to another one
        return handle, str(told.get("wxml") or "")

    async def _read(self) -> Made:
        _, wxml = await self._root()
        parts = read_wxml(wxml)
        tags = {part.tag for part in parts if part.tag and part.tag != "page"}
        try:
            found, whole = await elements(self.automation, self.page, tags)
            told = await self.automation.send(
                "Page.getWindowProperties", names=list(_SCROLLED), pageId=self.page
            )
        except Refused:
            found, whole, told = [], True, {}
        inside = [one for one in found if one.get("tagName") != "page"]
        places = await placed(self.automation, inside)
        outer = [part for part in parts if part.tag and part.tag != "page"]
        classes = [str(one.get("className", "")) for one in inside]
        self.cut = self.cut or not whole
        pairs = matched(parts, places, classes)
        self.unplaced = self.unplaced or len(pairs) < sum(not part.hidden for part in outer)
        body, top, height = ([float(v or 0) for v in told.get("properties") or ()] + [0.0] * 3)[:3]
        device = self.device
        return snapshot_of(
            parts,
            pairs,
            View(device.width, device.height, body or top, height),
            url=self.url,
            title="",
            modal=self.walls.modals[-1] if self.walls.modals else None,
            numbers=self._numbers,
        )

    async def picture(self) -> bytes | None:
        """PNG of the page, without the host's bars; None where DevTools takes none."""
        try:
            told = await self.automation.send("App.captureScreenshot")
            with Image.open(io.BytesIO(base64.b64decode(told["data"]))) as picture:
                return _of_the_page(picture, self.device)
        except (Refused, KeyError, OSError, binascii.Error):
            return None

    async def scrolled_to(self, top: float) -> None:
        """Move the page. Raises ``Lost``."""
        await self.automation.wx("pageScrollTo", {"scrollTop": max(0.0, top), "duration": 0})


def _of_the_page(picture: Image.Image, device: Device) -> bytes:
    """The part of a whole screen that is the page; a picture of the page alone stays as it is."""
    scale = picture.width / device.width
    high = picture.height / scale
    kept = picture
    if high > device.height + _SLACK_PX:
        top = min(device.top, high - device.height)
        kept = picture.crop((0, round(top * scale), picture.width, round((top + device.height) * scale)))
    out = io.BytesIO()
    kept.convert("RGB").save(out, "PNG")
    return out.getvalue()
