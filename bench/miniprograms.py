"""Mini-programs: how long a package takes to its first screen, and how much of a component library renders.

    bench/miniprograms.py                  the fixtures and a package of 300 pages
    bench/miniprograms.py --pages DIR      every page of somebody else's package: letters shown, gaps told
    bench/miniprograms.py --vant           the same of a page for each component of @vant/weapp

The 300 pages are made here.
Ends with 1 where the start of a fixture or of the large package takes longer than it may.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.vant_weapp import composed
from fixtures.miniprograms import truths
from tests.walk.miniprogram.phone import phone, written

FIRST_S = 1.5  # to the first screen of an ordinary package, warm cache
LARGE_S = 5.0  # of one with 300 pages
LARGE = 300
PAGE = (
    "<view class='c' wx:for='{{list}}' wx:key='id' bindtap='go'><text>{{item.name}}</text>"
    "<view wx:if='{{item.price}}'>¥{{item.price / 100}}</view></view>"
)
SCRIPT = "Page({ data: { list: [{ id: 1, name: '第1集', price: 190 }] }, go() {} });"
STYLE = ".c { padding: 20rpx; color: #333 }"


async def started(package: Path, backend: str | None, who: str) -> float:
    """Seconds from the address to the first screen, in a browser that runs, the second time."""
    async with phone(package, backend=backend, who=who) as it:
        began = time.monotonic()
        await it.page.reload()
        await it.page.wait_for_selector("wx-page", state="attached")
        await it.page.wait_for_function("document.documentElement.dataset.started !== undefined")
        return time.monotonic() - began


async def pages(package: Path) -> list[tuple[str, int, list[str]]]:
    """Each page's path, the letters it shows, and the gaps told while it was open."""
    found: list[tuple[str, int, list[str]]] = []
    async with phone(package) as it:
        names = json.loads((package / "app.json").read_text("utf-8"))
        listed = [
            *names["pages"],
            *(f"{s['root']}/{p}" for s in names.get("subPackages", []) for p in s["pages"]),
        ]
        for path in listed:
            before = len(it.events)
            if it.guard.wire.origin is not None:
                it.guard.wire.origin.host.fresh()  # gaps are told once in a run; here in each page
            await it.page.goto(f"http://mp.payaudit.invalid/{path}")
            await it.page.wait_for_function("document.documentElement.dataset.started !== undefined")
            await asyncio.sleep(0.4)
            text = (await it.page.inner_text("#mp-pages")).strip()
            gaps = [
                f"{e.data['kind']} {e.data['name']}"
                for e in it.events[before:]
                if e.kind == "runtime_gap" and e.data["kind"] != "syntax"
            ]
            found.append((path, len(text), gaps))
    return found


def library(console: Console, package: Path) -> int:
    """Print the table of somebody else's package."""
    rows = asyncio.run(pages(package))
    table = Table("page", "letters", "gaps", box=None, pad_edge=False)
    for path, letters, gaps in rows:
        table.add_row(path, str(letters), "; ".join(gaps) or "-")
    console.print(table)
    text = sum(letters > 0 for _, letters, _ in rows)
    clean = sum(letters > 0 and not gaps for _, letters, gaps in rows)
    sound = sum(letters > 0 and not any(g.startswith("error ") for g in gaps) for _, letters, gaps in rows)
    console.print(
        f"of {len(rows)} pages {text} with text, {sound} with text and no error, {clean} with text and no gap"
    )
    return 0


def starts(console: Console) -> int:
    """Print how long each takes; 1 where one is too slow."""
    table = Table("package", "to first screen, s", "may take", box=None, pad_edge=False)
    slow = 0
    with tempfile.TemporaryDirectory() as folder:
        files = {f"pages/p{n}/p{n}.{e}": t for n in range(LARGE) for e, t in
                 (("wxml", PAGE), ("js", SCRIPT), ("wxss", STYLE), ("json", "{}"))}  # fmt: skip
        cases = [(n, truths.HERE / n / truths.load(n)["package"], str(truths.HERE / n / "api.json"),
                  truths.load(n)["persona"], FIRST_S) for n in truths.names()]  # fmt: skip
        cases.append((f"{LARGE} pages", written(Path(folder), files), None, "wechat-iphone", LARGE_S))  # type: ignore[arg-type]
        for name, package, backend, who, most in cases:
            seconds = asyncio.run(started(package, backend, who))
            slow += seconds > most
            table.add_row(name, f"{seconds:.2f}", f"{most:g}")
    console.print(table)
    return 1 if slow else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=Path)
    parser.add_argument("--vant", action="store_true")
    told = parser.parse_args()
    out = Console(width=120)
    if told.vant:
        with tempfile.TemporaryDirectory() as made:
            sys.exit(library(out, composed(Path(made))))
    sys.exit(library(out, told.pages) if told.pages else starts(out))
