"""A paywall page of any size, walked by hand into real evidence: what extract and judge are timed on."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, CDPSession, Page, async_playwright

from payaudit import __version__
from payaudit.evidence.write import EvidenceWriter
from payaudit.model.evidence import Action, Audit, Box, Event, Goal, Outcome, RunInfo, Step, Target
from payaudit.perceive.screen import build
from payaudit.walk.browser import can_sandbox, find_browser, launch_args
from payaudit.walk.personas import context_options, persona
from payaudit.walk.snapshot import capture

ADDRESS = "https://drama.example/play"
WHO = "wechat-iphone"

# What a page is filled up with: a piece of HTML for the i-th time.
FILLS: dict[str, Callable[[int], str]] = {
    "cells": lambda i: f"<li class=ep onclick=0><i class=lock></i><span>{i + 25}</span></li>",
    "texts": lambda i: (
        f"<p>第{i}条评论：<b>阿月</b>说这一段<em>真的</em>很好看，<span>昨天 {i % 24} 点</span></p>"
    ),
    "films": lambda i: (
        f"<a class=card href=/d/{i}><div class=pic></div>"
        f"<div><b>雪夜归人{i}</b><span>{i + 3}万热度</span></div></a>"
    ),
    "nested": lambda i: "<div>" * 12 + f"<span>热播第{i}名</span>" + "</div>" * 12,
    "prices": lambda i: (
        f"<div class=card onclick=0><b>短剧{i}</b><s>¥{i % 90 + 9}.9</s>"
        f"<em>¥{i % 40 + 1}.9</em><span>立即购买</span></div>"
    ),
}
FILLS["mixed"] = lambda i: FILLS[("cells", "texts", "cells", "films")[i % 4]](i)

_SKUS = (
    ("连续包月会员", "首月¥9.9", "<s>¥39.9</s> 限时特惠"),
    ("单集解锁", "¥1.9", "仅看本集"),
    ("全集解锁", "¥29.9", "<s>¥59.9</s> 含第9-40集"),
    ("会员年卡", "¥128", "到期不续费"),
)


@dataclass(frozen=True)
class Move:
    """One step: what is run in the page, and what was pressed to that end."""

    script: str
    goal: Goal
    intent: str | None = None
    label: str | None = None
    offer: str | None = None
    pays: float | None = None


def _moves() -> list[list[Move]]:
    selling: list[Move] = []
    for k, ((name, _, _), price) in enumerate(zip(_SKUS, (9.9, 1.9, 29.9, 128), strict=True)):
        selling.append(Move(f"pick({k})", "offers", "choose", name, name))
        selling.append(Move("0", "offers", "pay", "立即支付", name, price))
    way = [Move("0", "enter"), Move("sheet()", "paywall", "episode", "12")]
    leaving = [Move("plea()", "leave", "close", "×"), Move("off()", "leave", "decline", "狠心离开")]
    return [[*way, *selling], [*way, *leaving]]


def page(pieces: int, shape: str) -> str:
    """The page with so many pieces of the shape's fill."""
    cells = "".join(
        f"<li class=ep onclick=0>{'<i class=lock></i>' if i > 8 else ''}<span>{i}</span></li>"
        for i in range(1, 25)
    )
    skus = "".join(
        f"<div class=sku onclick='pick({k})'><b>{p}</b><h4>{n}</h4><small>{s}</small></div>"
        for k, (n, p, s) in enumerate(_SKUS)
    )
    fill = "".join(FILLS[shape](i) for i in range(pieces))
    html = Path(__file__).with_suffix(".html").read_text("utf-8")
    return html.replace("EPISODES", cells).replace("SKUS", skus).replace("FILL", fill)


def nodes(snapshot: bytes) -> int:
    """How many nodes a capture holds."""
    documents = json.loads(snapshot)["trees"][0]["snapshot"]["documents"]
    return sum(len(d["nodes"]["nodeName"]) for d in documents)


async def record(
    folder: Path, shapes: dict[str, list[int]], browser: str | None
) -> dict[tuple[str, int], Path]:
    """Evidence for each shape and size wanted, from one browser."""
    found = find_browser(browser)
    made: dict[tuple[str, int], Path] = {}
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=str(found.path),
            args=[a for a in launch_args(found) if a != "--headless=new"],
            chromium_sandbox=can_sandbox(found),
        )
        try:
            for shape, sizes in shapes.items():
                for size in sizes:
                    context = await chromium.new_context(**context_options(persona(WHO), playwright))
                    made[shape, size] = await _walk(context, folder / f"{shape}-{size}.wacz", shape, size)
                    await context.close()
        finally:
            await chromium.close()
    return made


async def _walk(context: BrowserContext, out: Path, shape: str, size: int) -> Path:
    tab = await context.new_page()
    session = await context.new_cdp_session(tab)
    html = await _of_size(tab, session, shape, size)
    now = datetime.now(UTC)
    audit = Audit(
        target=ADDRESS, persona=WHO, started=now, ended=now, end_reason="done",
        tool=f"payaudit/{__version__}", browser="bench",
    )  # fmt: skip
    with tempfile.TemporaryDirectory(dir=out.parent) as folder:
        writer = EvidenceWriter.create(Path(folder) / "walk", audit)
        for run, moves in enumerate(_moves(), 1):
            writer.begin_run(_info(run))
            await tab.set_content(html)
            raw: dict[str, Any] | None = None
            for number, move in enumerate(moves, 1):
                raw = await _step(tab, session, writer, move, (run, number), raw)
        return writer.finish(out)


async def _of_size(tab: Page, session: CDPSession, shape: str, size: int) -> str:
    """The page whose first capture comes nearest to so many nodes."""
    counts = []
    for fill in (0, 40):
        await tab.set_content(page(fill, shape))
        counts.append(nodes(await capture(tab, session)))
    return page(max(0, round((size - counts[0]) / ((counts[1] - counts[0]) / 40))), shape)


async def _step(  # noqa: PLR0913, PLR0917 - a step's parts
    tab: Page,
    session: CDPSession,
    writer: EvidenceWriter,
    move: Move,
    place: tuple[int, int],
    before: dict[str, Any] | None,
) -> dict[str, Any]:
    started = datetime.now(UTC)
    await tab.evaluate(move.script)
    snapshot = await capture(tab, session)
    raw: dict[str, Any] = {**json.loads(snapshot), "url": ADDRESS}
    action = Action(
        verb="tap" if move.label else "open",
        goal=move.goal,
        why="bench",
        intent=move.intent,
        offer=move.offer,
        target=_target(before, move.label) if before and move.label else None,
        value=None if move.label else ADDRESS,
    )
    data = json.dumps(raw, ensure_ascii=False, separators=(",", ":")).encode()
    step = Step(
        run=place[0], number=place[1], goal=move.goal, started=started, captured=datetime.now(UTC),
        action=action, events=(_call(move.pays, started),) if move.pays else (),
        outcome=Outcome(changed=move.script != "0", url=ADDRESS), title=raw["title"], url=ADDRESS,
    )  # fmt: skip
    writer.add_step(step, data, await tab.screenshot(scale="css"))
    return raw


def _target(before: dict[str, Any], label: str) -> Target | None:
    pressed = next((c for c in build(before).reachable if label in c.label), None)
    if pressed is None:
        raise LookupError(f"nothing on the page is called {label}")
    x, y, width, height = pressed.box
    box = Box(x=x, y=y, width=width, height=height)
    return Target(node=pressed.node, label=pressed.label, role=pressed.role, box=box)


def _call(amount: float, at: datetime) -> Event:
    api = "WeixinJSBridge.invoke:getBrandWCPayRequest"
    data = {
        "channel": "wechat", "api": api, "by": api, "arguments": {"total_fee": round(amount * 100)},
        "url": ADDRESS, "page": ADDRESS, "signature": "wechat", "kind": "payment", "wall": "page",
        "wallet_confirms": True,
    }  # fmt: skip
    return Event(kind="payment_call", at=at, data=data)


def _info(number: int) -> RunInfo:
    return RunInfo(
        number=number, persona=WHO, purpose="paywall" if number == 1 else "leave", started=datetime.now(UTC),
        browser="bench", user_agent="bench", viewport=(390, 664), device_scale=3, locale="zh-CN",
        timezone="Asia/Shanghai",
    )  # fmt: skip
