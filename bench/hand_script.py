"""What an author with Playwright alone would write for one walk: the same acts at the same points.

    bench/hand_script.py EVIDENCE OUT [--browser B] [--hasty]

Reads from the evidence what was done and what then stood on the screen, as the author
would from having seen the site; the site must be served at the recorded address. Every
act is followed by the same captures that a walk makes: one DOMSnapshot with the same
options and one picture of the same density, kept as files. In between the script waits for what it knows
will come: the address, a text, the end of transitions, and, unless ``--hasty``,
Playwright's ``networkidle``. It has no guard, keeps no traffic, no chain and no
container, understands nothing, and would not notice anything it does not wait for.
Prints JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gzip
import json
import re
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, CDPSession, Error, Page, async_playwright

sys.path.insert(0, str(Path(__file__).parent.parent))

from payaudit.evidence.read import Evidence
from payaudit.model.evidence import Step
from payaudit.perceive.screen import Screen, build
from payaudit.walk import snapshot
from payaudit.walk.browser import can_sandbox, find_browser, launch_args
from payaudit.walk.personas import context_options, persona
from payaudit.walk.photo import Glass, photograph

PATIENCE_MS = 5000
# The site pays through WeChat: the author answers in its place, with payaudit's own word.
WALLET = """
window.asked = 0;
window.WeixinJSBridge = { invoke(name, data, done) {
  window.asked += 1;
  setTimeout(() => done({ err_msg: name + ':cancel' }), 0);
} };
"""
ASKED = "() => window.asked || 0"
AT_REST = """() => Promise.race([
  new Promise((done) => setTimeout(done, 1500)),
  Promise.all(document.getAnimations()
    .filter((a) => a.effect && a.effect.getComputedTiming().endTime !== Infinity)
    .map((a) => a.finished.catch(() => 0)))
    .then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))),
])"""
ALIKE = 0.95  # share of rows: a caption or a passing note may have come or gone meanwhile
_CLOCK = re.compile(r"\d:\d")
_DIGITS = re.compile(r"[\d:\s]+")


@dataclass(frozen=True)
class Act:
    """One act and what the author knows will follow."""

    run: int
    verb: str
    value: str | None
    point: tuple[float, float] | None
    drag: tuple[float, float, float] | None  # x, from y, to y
    scroll_y: float
    expects_url: str
    expects_text: str | None
    expects_call: bool
    rows: Counter[str]


def acts(evidence: Evidence) -> list[Act]:
    """The acts of a recorded walk; what they were aimed at is on the capture before."""
    found: list[Act] = []
    before: Screen | None = None
    for number, step in enumerate(evidence.steps):
        raw = evidence.snapshot(step)
        screen = build(raw)
        if number and evidence.steps[number - 1].run != step.run:
            before = None
        found.append(
            Act(
                run=step.run,
                verb=step.action.verb,
                value=step.action.value,
                point=_point(step, before),
                drag=_drag(step, before),
                scroll_y=screen.tree.scroll_y,
                expects_url=step.url,
                expects_text=_news(before, screen),
                expects_call=any(e.kind == "payment_call" for e in step.events),
                rows=rows(raw),
            )
        )
        before = screen
    return found


def rows(raw: dict[str, Any]) -> Counter[str]:
    """What is laid out on a capture, row by row, without digits."""
    found: Counter[str] = Counter([str(raw["url"])])
    for document in raw["trees"][0]["snapshot"]["documents"]:
        strings, layout = raw["trees"][0]["snapshot"]["strings"], document["layout"]
        for node, text in zip(layout["nodeIndex"], layout["text"], strict=True):
            word = strings[text] if text >= 0 else ""
            found[f"{strings[document['nodes']['nodeName'][node]]}|{_DIGITS.sub('', word)}"] += 1
    return found


def _alike(one: Counter[str], other: Counter[str]) -> bool:
    return (one & other).total() >= ALIKE * (one | other).total()


def _point(step: Step, before: Screen | None) -> tuple[float, float] | None:
    action = step.action
    if action.verb == "outside_tap" and action.value:
        x, _, y = action.value.partition(",")
        return float(x), float(y)
    if action.target is None or before is None:
        return None
    tapped = next((c.tap for c in before.controls if c.node == action.target.node), None)
    box = action.target.box
    return tapped or (box.x + box.width / 2, box.y + box.height / 2)


def _drag(step: Step, before: Screen | None) -> tuple[float, float, float] | None:
    if step.action.verb not in {"scroll", "swipe"} or step.action.value == "to it" or before is None:
        return None
    region = (0.0, 0.0, before.width, before.height)
    share = 0.6
    if step.action.verb == "swipe":
        region, share = (0.0, before.height * 0.1, before.width, before.height * 0.8), 0.85
    elif before.scrollers:
        nodes = [n for n in before.scrollers if n.box is not None]
        node = max(nodes, key=lambda n: (n.box or (0, 0, 0, 0))[2] * (n.box or (0, 0, 0, 0))[3])
        region = before.paint.shown(node.index)
    middle, half = region[1] + region[3] / 2, region[3] * share / 2
    # "up" is the finger's way for a swipe, the page's for a scroll.
    down = step.action.verb == "scroll" and step.action.value == "up"
    start, end = (middle - half, middle + half) if down else (middle + half, middle - half)
    return region[0] + region[2] / 2, start, end


def _news(before: Screen | None, after: Screen) -> str | None:
    """A text that stands on the screen only after the act: what the author waits for."""
    old = {t.text.strip() for t in before.front} if before is not None else set()
    new = [t.text.strip() for t in after.front if t.text.strip() not in old]
    return next((t for t in new if 1 < len(t) <= 60 and not _CLOCK.search(t)), None)


class Script:
    """The author's script: one fresh context for each run."""

    def __init__(self, out: Path, *, hasty: bool, touch: bool, glass: Glass) -> None:
        self._out = out
        self._glass = glass
        self._hasty = hasty
        self._touch = touch
        self._sessions: dict[Page, CDPSession] = {}
        self.waiting = 0.0
        self.capturing = 0.0
        self.late: list[int] = []
        """Numbers of acts after which what was waited for did not come."""

    async def perform(self, context: BrowserContext, number: int, act: Act) -> None:
        """Act, wait, capture."""
        asked = int(await context.pages[-1].evaluate(ASKED)) if act.expects_call else 0
        await self._do(context, act)
        began = time.monotonic()
        page = context.pages[-1]
        if not await self._came(page, act, asked):
            self.late.append(number)
        came = time.monotonic()
        await self._capture(page, number)
        self.waiting += came - began
        self.capturing += time.monotonic() - came

    async def _do(self, context: BrowserContext, act: Act) -> None:
        page = context.pages[-1]
        if act.verb == "open" and act.value:
            await page.goto(act.value, wait_until="commit")
        elif act.point is not None:
            await (page.touchscreen.tap if self._touch else page.mouse.click)(*act.point)
        elif act.drag is not None:
            await self._drag(page, *act.drag)
        elif act.verb == "scroll":
            await page.evaluate("(y) => window.scrollTo(0, y)", act.scroll_y)
        elif act.verb == "back":
            await (page.close() if len(context.pages) > 1 else page.go_back(wait_until="commit"))
        elif act.verb == "wait" and act.value:
            await asyncio.sleep(float(act.value.split()[0]))
        elif act.verb == "type" and act.value:
            await page.keyboard.type(act.value, delay=30)
        else:
            raise ValueError(f"the script does not know how to {act.verb}")

    async def _drag(self, page: Page, x: float, start: float, end: float) -> None:
        if not self._touch:
            await page.mouse.move(x, (start + end) / 2)
            await page.mouse.wheel(0, start - end)
            return
        session = await self._session(page)
        for i in range(13):
            kind = "touchMove" if i else "touchStart"
            point = {"x": x, "y": start + (end - start) * i / 12}
            await session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
            await asyncio.sleep(0.016)
        await session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    async def _came(self, page: Page, act: Act, asked: int) -> bool:
        """Wait for what is expected; False when it did not come in time."""
        came = True
        with contextlib.suppress(Error):
            try:
                await page.wait_for_url(act.expects_url, wait_until="commit", timeout=PATIENCE_MS)
                await page.wait_for_load_state("load" if self._hasty else "networkidle", timeout=PATIENCE_MS)
                if act.expects_call:
                    await page.wait_for_function(f"window.asked > {asked}", timeout=PATIENCE_MS)
                if act.expects_text:
                    text = page.get_by_text(act.expects_text, exact=False).locator("visible=true").first
                    await text.wait_for(timeout=PATIENCE_MS)
            except Error:
                came = False
            await page.evaluate(AT_REST)
        return came

    async def _capture(self, page: Page, number: int) -> None:
        session = await self._session(page)
        tree = await session.send("DOMSnapshot.captureSnapshot", snapshot._WANTED)
        metrics = await session.send("Page.getLayoutMetrics")
        shot = await photograph(page, session, self._glass) or b""
        folder = self._out / f"{number:04}"
        folder.mkdir(parents=True)
        kept = {"url": page.url, "metrics": metrics, "trees": [{"snapshot": tree}]}
        data = json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()
        (folder / "snapshot.json.gz").write_bytes(gzip.compress(data, compresslevel=6, mtime=0))
        (folder / "screen.png").write_bytes(shot)

    async def _session(self, page: Page) -> CDPSession:
        if page not in self._sessions:
            self._sessions[page] = await page.context.new_cdp_session(page)
        return self._sessions[page]


async def script(evidence: Path, out: Path, browser: str | None, *, hasty: bool) -> dict[str, Any]:
    """Perform all acts; returns what it took and how many captures are of the same screens."""
    with Evidence.open(evidence) as opened:
        todo, who = acts(opened), persona(opened.audit.persona)
    cpu, began = time.process_time(), time.monotonic()
    found = find_browser(browser)
    async with _launched(found) as (playwright, chromium):
        options = context_options(who, playwright)
        touch = bool(options.get("has_touch"))
        hands = Script(out, hasty=hasty, touch=touch, glass=Glass.of(options))
        for run in dict.fromkeys(a.run for a in todo):
            context = await chromium.new_context(**options)
            await context.add_init_script(WALLET)
            await context.new_page()
            for number, act in enumerate(todo):
                if act.run == run:
                    await hands.perform(context, number, act)
            await context.close()
    seconds, cpu = time.monotonic() - began, time.process_time() - cpu
    kept = (gzip.decompress((out / f"{n:04}" / "snapshot.json.gz").read_bytes()) for n in range(len(todo)))
    alike = [_alike(rows(json.loads(data)), act.rows) for data, act in zip(kept, todo, strict=True)]
    return {
        "seconds": seconds,
        "cpu": cpu,
        "waiting": hands.waiting,
        "capturing": hands.capturing,
        "steps": len(todo),
        "alike": sum(alike),
        "other": [n for n, same in enumerate(alike, 1) if not same],
        "late": [n + 1 for n in hands.late],
    }


@contextlib.asynccontextmanager
async def _launched(found: Any) -> AsyncIterator[tuple[Any, Any]]:  # noqa: ANN401 - Playwright's own
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=str(found.path),
            args=[a for a in launch_args(found) if a != "--headless=new"],  # Playwright adds its own
            chromium_sandbox=can_sandbox(found),
        )
        try:
            yield playwright, chromium
        finally:
            await chromium.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("evidence", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--browser")
    parser.add_argument("--hasty", action="store_true", help="do not wait for networkidle")
    told = parser.parse_args()
    print(json.dumps(asyncio.run(script(told.evidence, told.out, told.browser, hasty=told.hasty))))
