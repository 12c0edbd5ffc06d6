"""Somebody at a window: a screen without a monitor, and hands that press where the eye sees a word.

The hands are a second debugging client whose input the browser takes for a mouse and a keyboard.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from payaudit.walk.guard.cdp import Cdp, CdpError

# Where a word stands, in px of the view: through shadow roots and frames of the same origin.
_FIND = """
(words) => {
  const seek = (root, x, y) => {
    for (const element of root.querySelectorAll('*')) {
      const box = element.getBoundingClientRect();
      const own = [...element.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data).join('').trim();
      const said = own || element.getAttribute('placeholder') || element.value || '';
      if (said === words && box.width && element.checkVisibility()) {
        return [x + box.x + box.width / 2, y + box.y + box.height / 2];
      }
      const frame = element.tagName === 'IFRAME' ? element.contentDocument : null;
      const deeper = frame ? seek(frame, x + box.x, y + box.y)
        : element.shadowRoot && seek(element.shadowRoot, x, y);
      if (deeper) return deeper;
    }
    return null;
  };
  return seek(document, 0, 0);
}
"""


@contextmanager
def screen() -> Iterator[dict[str, str]]:
    """An X server of our own; yields the environment that leads to it."""
    xvfb = shutil.which("Xvfb")
    if xvfb is None:
        pytest.skip("Xvfb is not installed")
    read, write = os.pipe()
    server = subprocess.Popen(
        [xvfb, "-displayfd", str(write), "-screen", "0", "1280x1024x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as told:
            number = told.readline().strip()
        assert number, "Xvfb did not start"
        yield {"DISPLAY": f":{number}"}
    finally:
        server.terminate()
        server.wait(10)


def debug_port(process: int, seconds: float = 30) -> int:
    """The debugging port of the browser that a process has started."""
    mark = "--remote-debugging-port="
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_text().split("\0")
                if not _descends(int(folder.name), process) or any(w.startswith("--type=") for w in words):
                    continue
            except (OSError, ValueError):
                continue
            for word in words:
                if word.startswith(mark) and word != f"{mark}0":
                    return int(word.removeprefix(mark))
        time.sleep(0.1)
    raise AssertionError("no browser was started")


def _descends(child: int, ancestor: int) -> bool:
    while child > 1:
        if child == ancestor:
            return True
        child = int((Path("/proc") / str(child) / "stat").read_text().rpartition(")")[2].split()[1])
    return False


class Person:
    """Works in the newest page of a browser; ``folder`` is where the walk leaves its steps."""

    def __init__(self, cdp: Cdp, folder: Path) -> None:
        self._cdp = cdp
        self._folder = folder
        self._sessions: dict[str, str] = {}
        self._order: list[str] = []

    @property
    def steps(self) -> int:
        """How many captures lie on the disk."""
        return len(list(self._folder.glob("evidence.wacz.partial/payaudit/runs/*/steps/????/step.json")))

    async def captured(self, number: int, seconds: float = 30) -> None:
        """Wait until there are so many."""
        deadline = time.monotonic() + seconds
        while self.steps < number:
            assert time.monotonic() < deadline, f"{self.steps} captures, not {number}"
            await asyncio.sleep(0.05)

    async def press(self, words: str) -> None:
        """Press what says something, and wait until what came of it is captured."""
        before = self.steps
        await self.touch(words)
        await self.captured(before + 1)

    async def touch(self, words: str) -> None:
        """Press what says something, and wait for nothing."""
        await self._click(*await self.find(words))

    async def press_inside(self, tag: str, dx: float, dy: float) -> None:
        """Press a point of a frame that the page itself cannot look into."""
        before = self.steps
        call = f"(({{ x, y }}) => [x, y])(document.querySelector({tag!r}).getBoundingClientRect())"
        answer = await self._send("Runtime.evaluate", {"expression": call, "returnByValue": True})
        x, y = answer["result"]["value"]
        await self._click(x + dx, y + dy)
        await self.captured(before + 1)

    async def draw(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Press at a point, move, let go elsewhere."""
        before = self.steps
        await self._mouse("mousePressed", *start)
        await self._mouse("mouseMoved", *end)
        await self._mouse("mouseReleased", *end)
        await self.captured(before + 1)

    async def type(self, text: str) -> None:
        """Type into what has the focus, and wait until it is captured."""
        before = self.steps
        await self.write(text)
        await self.captured(before + 1)

    async def write(self, text: str) -> None:
        """Type into what has the focus, and wait for nothing."""
        for letter in text:
            for kind in ("keyDown", "keyUp"):
                said = {"text": letter} if kind == "keyDown" else {}
                await self._send("Input.dispatchKeyEvent", {"type": kind, "key": letter, **said})

    async def enter(self) -> None:
        """The enter key."""
        before = self.steps
        key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}
        await self._send("Input.dispatchKeyEvent", {"type": "keyDown", "text": "\r", **key})
        await self._send("Input.dispatchKeyEvent", {"type": "keyUp", **key})
        await self.captured(before + 1)

    async def answer(self, *, accept: bool) -> None:
        """Answer a question of the page's, once it stands."""
        for _ in range(100):
            try:
                await self._send("Page.handleJavaScriptDialog", {"accept": accept})
            except Exception:  # noqa: BLE001 - not there yet
                await asyncio.sleep(0.05)
            else:
                return
        raise AssertionError("no question was asked")

    async def back(self) -> None:
        """The browser's own back button."""
        before = self.steps
        history = await self._send("Page.getNavigationHistory")
        entry = history["entries"][history["currentIndex"] - 1]["id"]
        await self._send("Page.navigateToHistoryEntry", {"entryId": entry})
        await self.captured(before + 1)

    async def close(self) -> None:
        """Close the window."""
        for target in await self.pages():
            await self._cdp.send("Target.closeTarget", {"targetId": target})

    async def close_tab(self) -> None:
        """Close the page in front."""
        before = self.steps
        await self._cdp.send("Target.closeTarget", {"targetId": (await self.pages())[0]})
        await self.captured(before + 1)

    async def sees_a_page(self, seconds: float = 15) -> None:
        """Wait for the window."""
        deadline = time.monotonic() + seconds
        while not await self.pages():
            assert time.monotonic() < deadline, "no window was opened"
            await asyncio.sleep(0.05)

    async def find(self, words: str, seconds: float = 15) -> tuple[float, float]:
        """Where a word stands, once it does."""
        call = f"({_FIND})({words!r})"
        deadline = time.monotonic() + seconds
        while True:
            try:
                answer = await self._send("Runtime.evaluate", {"expression": call, "returnByValue": True})
            except CdpError:  # the page gave way to another while it was asked
                answer = {"result": {}}
            place = answer["result"].get("value")
            if place:
                return float(place[0]), float(place[1])
            assert time.monotonic() < deadline, f"“{words}” is not there"
            await asyncio.sleep(0.1)

    async def _click(self, x: float, y: float) -> None:
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            await self._mouse(kind, x, y)

    async def _mouse(self, kind: str, x: float, y: float) -> None:
        button = {"button": "none"} if kind == "mouseMoved" else {"button": "left", "clickCount": 1}
        await self._send("Input.dispatchMouseEvent", {"type": kind, "x": x, "y": y, **button})

    async def pages(self) -> list[str]:
        """The pages there are, the newest first."""
        found = (await self._cdp.send("Target.getTargets"))["targetInfos"]
        there = [str(t["targetId"]) for t in found if t["type"] == "page"]
        self._order = [p for p in there if p not in self._order] + [p for p in self._order if p in there]
        return self._order

    async def _send(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        target = (await self.pages())[0]
        if target not in self._sessions:
            attached = await self._cdp.send("Target.attachToTarget", {"targetId": target, "flatten": True})
            self._sessions[target] = str(attached["sessionId"])
            await self._cdp.send("Page.enable", {}, self._sessions[target])
        return await self._cdp.send(method, params or {}, self._sessions[target])


@asynccontextmanager
async def somebody(process: int, folder: Path) -> AsyncIterator[Person]:
    """Sit down at the window that a process opens; the first page is captured when this begins."""
    port = await asyncio.to_thread(debug_port, process)
    cdp = await Cdp.open(port, lambda *_: None, ("Nothing.",))
    me = Person(cdp, folder)
    try:
        await me.sees_a_page()
        yield me
    finally:
        await cdp.close()
