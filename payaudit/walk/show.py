"""The course of a walk that an investigator shows: what they do, until they close the window."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from payaudit.model.evidence import Goal
from payaudit.walk.by_hand import ByHand
from payaudit.walk.ends import Unreachable, WalkCut, unreachable
from payaudit.walk.goals.tried import called

if TYPE_CHECKING:
    from payaudit.walk.stage import View
    from payaudit.walk.walk import Walk

_NO_PAYWALL = (
    "no screen that sells was shown before the window was closed; record again and go on to the paywall",
    "窗口关闭前没有出现付费界面；请重新录制并走到付费墙",
)
_NOT_SHOWN: tuple[Goal, ...] = ("read", "offers", "leave")


async def show(world: Walk) -> None:
    """Open the target in a window and follow; closing the window and Ctrl-C both end it well."""
    errand = world.errand
    try:
        async with world.run("paywall") as run:
            if isinstance(run, ByHand):
                with contextlib.suppress(asyncio.CancelledError):
                    await _follow(world, run)
                _uncancelled()
    except Unreachable as error:
        en, zh = unreachable(errand.target, str(error))
        errand.agenda.missed("enter", "failed", en, zh)
        errand.ending.say("unreachable", en, zh)
    for goal in _NOT_SHOWN:
        errand.agenda.missed(
            goal, "not_tried", "walked by hand: it was not shown as a whole", "人工巡查：未完整演示"
        )
    if errand.ending.reason == "done" and errand.agenda.state("paywall") != "reached":
        errand.agenda.missed("paywall", "failed", *_NO_PAYWALL)
        errand.ending.say("no_paywall", *_NO_PAYWALL)


async def _follow(world: Walk, run: ByHand) -> None:
    errand = world.errand
    errand.tell(f"opening {errand.target}", f"正在打开 {errand.target}")
    try:
        view: View | None = await run.open(errand.target, "the address that was given")
        errand.agenda.reached("enter", (run.info.number, run.number))
        errand.tell(
            "the window is yours: press, type, swipe; close it when you are done (Ctrl-C does too)",
            "窗口已就绪：请点击、输入、滑动；完成后关闭窗口（或按 Ctrl-C）",
        )
        while run.depth:
            _tick_off(world, view)
            deed = await run.held.deeds.get()
            view = await run.take(deed)
            if view is not None or deed is not None:
                _tell(world, view)
    except WalkCut as cut:
        if run.depth:  # else the window was closed while its last act was being captured
            errand.ending.say(
                "cut",
                f"the recording ended early: {cut}; what was seen is kept; record again",
                f"录制提前结束：{cut}；已看到的内容已保存；请重新录制",
            )


def _tick_off(world: Walk, view: View | None) -> None:
    if view is None:
        return
    at = (view.step.run, view.step.number)
    if view.scene.kind == "paywall":
        world.errand.agenda.reached("paywall", at)
    if called(view) and view.step.action.intent == "pay":
        world.errand.agenda.reached("offers", at)
    if view.step.goal == "leave" and view.scene.kind not in {"paywall", "plea"}:
        world.errand.agenda.reached("leave", at)


def _tell(world: Walk, view: View | None) -> None:
    if view is None:
        world.errand.tell(
            "a press was not made: the page had changed under it, or the one before was still being captured",
            "未执行该点击：页面已变化，或上一次点击仍在采集中",
        )
        return
    action = view.step.action
    label = action.target.label[:30] if action.target is not None else ""
    calls = sum(e.kind == "payment_call" and not e.data.get("echo") for e in view.step.events)
    refused = f"; refused payment calls: {calls}" if calls else ""
    refused_zh = f"；已拦截支付调用 {calls} 次" if calls else ""
    name = f" “{label}”" if label else ""
    world.errand.tell(
        f"step {view.step.number}: {action.verb}{name}{refused}",
        f"第 {view.step.number} 步：{action.verb}{name}{refused_zh}",
    )


def _uncancelled() -> None:
    """Ctrl-C has ended the showing, not the packing that follows."""
    task = asyncio.current_task()
    while task is not None and task.cancelling():
        task.uncancel()
