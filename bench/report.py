"""How heavy report.html is: a walk of sixty steps, every one with a screen of its own.

    bench/report.py                    a walk made for it: screens of the demo site, findings by hand
    bench/report.py --evidence FILE    a recorded one

Prints size, the time it takes to write, and the long tasks of a browser that opens and scrolls it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

from playwright.async_api import Browser, Playwright, async_playwright
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent))

from payaudit import __version__
from payaudit.audit import Judged, judge_evidence
from payaudit.demo import demo_site
from payaudit.evidence.read import Evidence
from payaudit.evidence.write import EvidenceWriter
from payaudit.judge.judge import judge
from payaudit.judge.jurisdiction import guess
from payaudit.judge.law import load_law
from payaudit.judge.rules import load_rules
from payaudit.model.evidence import Action, Audit, Box, GoalResult, Outcome, RunInfo, Step, Target
from payaudit.model.facts import Consent, Coverage, Facts, Leaving, Legibility, Offer, Source
from payaudit.model.money import Money
from payaudit.model.report import EvidenceV1, Meta
from payaudit.report.build import build
from payaudit.report.html.page import to_html
from payaudit.serve import serving
from payaudit.walk.browser import can_sandbox, find_browser, launch_args
from payaudit.walk.personas import context_options, persona

STEPS, RUNS = 60, 3
SIZE_GOAL_MB, WRITE_GOAL_S, TASK_GOAL_MS = 15.0, 3.0, 200.0
REPEATS = 5
PATIENCE_MS = 180_000
WHO = "wechat-iphone"
BEGAN = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)

_LONG_TASKS = """
globalThis.tasks = []
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) tasks.push(entry.duration)
}).observe({type: "longtask", buffered: true})
"""
_SCROLL = """async () => {
  const frame = () => new Promise(requestAnimationFrame)
  for (let y = 0; y < document.documentElement.scrollHeight; y += 600) {
    scrollTo({top: y, behavior: "instant"})
    await frame()
    await frame()
  }
}"""


@dataclass(frozen=True)
class Weight:
    """What one report weighs; times in seconds, tasks in milliseconds."""

    megabytes: float
    write_s: float
    write_cpu_s: float
    tasks_ms: tuple[float, ...]
    task_cpu_ms: float  # of the heaviest one, whatever else the machine did meanwhile
    load_s: float
    steps: int


async def _started(playwright: Playwright, wanted: str | None) -> Browser:
    found = find_browser(wanted)
    browser: Browser = await playwright.chromium.launch(
        executable_path=found.path, args=launch_args(found), chromium_sandbox=can_sandbox(found)
    )
    return browser


async def record(folder: Path, wanted: str | None) -> Path:
    """Sixty screens of the demo site, no two alike, as a walk of three runs."""
    writer = EvidenceWriter.create(
        folder / "evidence.wacz.partial",
        Audit(
            target="https://drama.example/", persona=WHO, started=BEGAN, tool="payaudit", browser="Chromium"
        ),
    )
    who = persona(WHO)
    async with async_playwright() as playwright:
        browser = await _started(playwright, wanted)
        device = playwright.devices[who.playwright_device]
        context = await browser.new_context(**context_options(who, playwright))
        page = await context.new_page()
        box = Box(x=200, y=340, width=120, height=40)
        with serving(demo_site()) as address:
            for i in range(STEPS):
                run, number = divmod(i, STEPS // RUNS)
                if number == 0:
                    writer.begin_run(_run(run + 1, device))
                way = ("", f"play.html?ep={i + 1}", f"play.html?ep={i + 8}", "agreement.html")[i % 4]
                await page.goto(f"{address}/{way}")
                await page.evaluate(f"document.title = '第{i}屏'; scrollTo(0, {i * 3})")
                step = Step(
                    run=run + 1,
                    number=number + 1,
                    goal="offers",
                    started=BEGAN + timedelta(seconds=i),
                    captured=BEGAN + timedelta(seconds=i + 1),
                    action=Action(
                        verb="tap",
                        goal="offers",
                        why="to choose the offer “连续包月会员”",
                        target=Target(node=7, label="连续包月会员 首月¥9.9", role="button", box=box),
                    ),
                    outcome=Outcome(changed=True, url="https://drama.example/"),
                    title=f"第{i}屏",
                    url=f"https://drama.example/{i}",
                    scene="paywall",
                )
                writer.add_step(step, json.dumps({}).encode(), await page.screenshot())
        await browser.close()
    return writer.finish(folder / "evidence.wacz")


def _run(number: int, device: dict[str, Any]) -> RunInfo:
    size = device["viewport"]
    return RunInfo(
        number=number,
        persona=WHO,
        purpose="offers",
        started=BEGAN,
        browser="Chromium",
        user_agent=device["user_agent"],
        viewport=(size["width"], size["height"]),
        device_scale=device["device_scale_factor"],
        locale="zh-CN",
        timezone="Asia/Shanghai",
    )


def findings(evidence: Path) -> Judged:
    """A dozen offers with a faint renewal, a ticked consent, a paywall that clings: each on its screen."""

    def at(i: int) -> Source:
        run, number = divmod(i, STEPS // RUNS)
        box = Box(x=268.4, y=343.6, width=89.6, height=46)
        return Source(run=run + 1, step=number + 1, node=207, text="首月¥9.9", box=box)

    def cny(amount: str) -> Money:
        return Money(amount=Decimal(amount), currency="CNY")

    faint = Legibility(font_px=Decimal(9), contrast=Decimal("1.5"), size_ratio=Decimal("0.28"))
    offers = tuple(
        Offer(
            name=f"连续包月会员{i}",
            kind="membership",
            price=cny("9.9"),
            first_price=cny("9.9"),
            renewal_price=cny("39.9"),
            renewal_period="month",
            auto_renews=True,
            auto_renews_known_by="call",
            renewal=faint,
            renewal_stated=True,
            renewal_price_legibility=faint,
            preselected=True,
            one_off_alternative=True,
            at=at(i * 4),
        )
        for i in range(12)
    )
    seen = Facts(
        target="https://drama.example/",
        persona=WHO,
        captured="2026-11-01",
        languages=("zh",),
        title="拾光剧场",
        offers=offers,
        consents=(
            Consent(
                kind="renewal",
                label="同意",
                checked=True,
                known_by="dom",
                seen_runs=3,
                checked_runs=3,
                at=at(50),
            ),
        ),
        leaving=(
            Leaving(overlay=True, left=True, layers=2, close_found=True, close_side=Decimal(12), at=at(55)),
        ),
        coverage=Coverage(
            goals=(GoalResult(goal="paywall", state="reached", steps=((1, 2),)),),
            paywall_seen=True,
            paywall_seen_whole=True,
        ),
    )
    law = load_law()
    rules = load_rules(None, law)
    where = guess(seen)
    found = judge(seen, rules, law, where.ids, date(2026, 11, 1))
    with Evidence.open(evidence) as opened:
        digest = opened.sha256
    meta = Meta(
        tool=f"payaudit/{__version__}",
        jurisdictions=where,
        evidence=EvidenceV1(name="evidence.wacz", sha256=digest),
    )
    return Judged(build(seen, found, rules, law, meta), seen)


async def weigh(evidence: Path, judged: Judged, folder: Path, wanted: str | None) -> Weight:
    """Write it, then open and scroll it."""
    taken, cpu, data = [], [], b""
    for _ in range(REPEATS):
        began, busy = time.monotonic(), time.process_time()
        with Evidence.open(evidence) as opened:
            data = to_html(judged.report, judged.facts, opened)
            steps = len(opened.steps)
        taken.append(time.monotonic() - began)
        cpu.append(time.process_time() - busy)
    path = folder / "report.html"
    path.write_bytes(data)
    async with async_playwright() as playwright:
        browser = await _started(playwright, wanted)
        page = await (await browser.new_context(viewport={"width": 1280, "height": 900})).new_page()
        page.set_default_timeout(PATIENCE_MS)
        await page.add_init_script(_LONG_TASKS)
        began = time.monotonic()
        await page.goto(path.as_uri(), wait_until="load")
        loaded = time.monotonic() - began
        await page.evaluate(_SCROLL)
        await page.get_by_text("English", exact=True).click()
        await page.wait_for_timeout(300)
        await page.get_by_text("中文", exact=True).click()
        await page.wait_for_timeout(300)
        tasks = await page.evaluate("tasks")
        await browser.start_tracing(page=page, categories=["toplevel"])
        await page.reload(wait_until="load")
        await page.get_by_text("English", exact=True).click()
        await page.wait_for_timeout(300)
        heaviest = _heaviest(json.loads(await browser.stop_tracing()))
        await browser.close()
    return Weight(len(data) / 1e6, median(taken), median(cpu), tuple(tasks), heaviest, loaded, steps)


def _heaviest(trace: dict[str, Any]) -> float:
    """CPU of the heaviest task of the page's main thread, in ms."""
    events = trace["traceEvents"]
    main = {
        (e["pid"], e["tid"])
        for e in events
        if e["name"] == "thread_name" and e["args"].get("name") == "CrRendererMain"
    }
    tasks = [e for e in events if "RunTask" in e["name"] and (e["pid"], e["tid"]) in main]
    return max((e.get("tdur", 0) / 1000 for e in tasks), default=0.0)


def measure(evidence: Path | None, wanted: str | None) -> Weight:
    """Of a recorded walk, or of one made for it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if evidence is None:
            path = asyncio.run(record(folder, wanted))
            judged = findings(path)
        else:
            path, judged = evidence, judge_evidence(evidence)
        return asyncio.run(weigh(path, judged, folder, wanted))


def lines(weight: Weight) -> list[tuple[str, str, str, bool | None]]:
    """What, measured, goal, met."""
    longest = max(weight.tasks_ms, default=0.0)
    return [
        (
            f"report.html of {weight.steps} steps: size",
            f"{weight.megabytes:.1f} MB",
            f"≤ {SIZE_GOAL_MB:g} MB",
            weight.megabytes <= SIZE_GOAL_MB,
        ),
        ("  written in", f"{weight.write_s:.2f} s", f"≤ {WRITE_GOAL_S:g} s", weight.write_s <= WRITE_GOAL_S),
        ("  CPU of that, all threads", f"{weight.write_cpu_s:.2f} s", "", None),
        (
            "  opened, scrolled through, language changed twice: longest task",
            f"{longest:.0f} ms" if longest else "under 50 ms",
            f"< {TASK_GOAL_MS:g} ms",
            longest < TASK_GOAL_MS,
        ),
        ("  CPU of the heaviest task", f"{weight.task_cpu_ms:.0f} ms", "", None),
        ("  tasks over 50 ms", f"{len(weight.tasks_ms)}; loaded in {weight.load_s:.2f} s", "", None),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--evidence", type=Path, help="a recorded walk in place of the made one")
    parser.add_argument("--browser", help="path, command or kind of browser")
    options = parser.parse_args()
    table = Table("what", "measured (medians)", "goal", "met")
    for what, measured, goal, met in lines(measure(options.evidence, options.browser)):
        table.add_row(what, measured, goal, "" if met is None else "yes" if met else "no")
    load, cpus = os.getloadavg()[0], os.cpu_count() or 1
    busy = "; others are at work: times by the clock are upper bounds" if load > 2 * cpus else ""
    table.add_row("  load of the machine", f"{load:.1f}, {cpus} CPUs{busy}", "", "")
    Console().print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
