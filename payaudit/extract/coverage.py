"""How much of the walk's agenda the evidence shows, and what it leaves open."""

from __future__ import annotations

from typing import get_args

from payaudit.extract.walked import Walked
from payaudit.model.evidence import Goal, GoalResult
from payaudit.model.facts import Coverage
from payaudit.perceive.agreements import title, titles, was_read

# Kinds of ``runtime_gap``.
_GAPS = {
    "api": ("does not have the API", "缺少接口"),
    "component": ("does not draw the component", "未绘制组件"),
    "module": ("did not find the module", "未找到模块"),
    "script": ("did not find the script", "未找到脚本"),
    "page": ("did not find the page", "未找到页面"),
    "plugin": ("does not have the plugin", "缺少插件"),
    "syntax": ("could not read", "无法解析"),
    "error": ("an error in", "运行出错："),
    "empty_text": ("a text came out empty:", "绑定的文字为空："),
}

# Gaps of a walk in WeChat DevTools (``runtime_gap`` of the kind "devtools"): what its protocol does not tell.
_UNTOLD = {
    "paint_order": ("in which order things are painted, so what covers what", "绘制顺序，即遮挡关系"),
    "tap_handlers": ("which elements answer to a tap", "哪些元素响应点击"),
    "text_places": ("where in its element a text stands", "文字在元素内的位置"),
    "traffic": ("network traffic but the requests of wx.request", "wx.request 以外的网络流量"),
    "host_bars": ("the bars that the host draws", "宿主绘制的导航栏和标签栏"),
    "notes": ("passing notes (wx.showToast)", "轻提示（wx.showToast）"),
    "elements": ("all elements of a page that has very many", "元素极多的页面的全部元素"),
    "places": ("the place of some elements of a page", "页面部分元素的位置"),
}


def coverage(walked: Walked) -> Coverage:
    """From the recorded agenda where the walk ended, from the steps where it was cut off."""
    audit = walked.evidence.audit
    seen = bool(walked.untouched()) or any(e.kind == "dialog" for s in walked.seen for e in s.step.events)
    goals = audit.agenda if audit.ended is not None else _from_steps(walked)
    if audit.imported:
        goals = _imported(walked)
    runs = set(walked.runs)
    goals = tuple(g for g in goals if not g.steps or any(run in runs for run, _ in g.steps))
    state = {g.goal: g.state for g in goals}
    gaps = [
        (g.reason_en, g.reason_zh)
        for g in goals
        if g.state in {"failed", "impossible", "out_of_budget"} and g.reason_en and g.reason_zh
    ]
    gaps = list(dict.fromkeys(gaps))
    lacks = runtime_gaps(walked)
    gaps += [*lacks, *((remark.en, remark.zh) for remark in audit.remarks)]
    unopened = _unopened(walked)
    gaps += [
        (f"the agreement “{link}” is linked, but was not opened", f"页面链接了“{link}”，但未打开")
        for link in unopened
    ]
    gaps += _not_kept(walked)
    if audit.ended is None:
        gaps.insert(
            0, ("the walk was cut off; what came after is not known", "巡查中途被切断；此后的情况不明")
        )
    elif audit.failure_en and audit.failure_zh and (audit.failure_en, audit.failure_zh) not in gaps:
        gaps.insert(0, (audit.failure_en, audit.failure_zh))
    return Coverage(
        goals=goals,
        paywall_seen=seen,
        # What a simulated host lacks, or an unopened agreement says, may be what is missed.
        paywall_seen_whole=state.get("read") == "reached" and not lacks and not unopened,
        walk_ended=audit.ended is not None and audit.end_reason in {"done", "no_paywall"},
        gaps_en=tuple(en for en, _ in gaps),
        gaps_zh=tuple(zh for _, zh in gaps),
    )


def _unopened(walked: Walked) -> list[str]:
    """Agreements that a selling screen links and nobody pressed."""
    pressed = {
        title(s.step.action.target.label) for s in walked.agreements() if s.step.action.target is not None
    }
    linked = (link for s in walked.selling() for link in titles(s.screen, s.scene, walked.lexicon))
    # The whole line of a consent box is no link.
    return [
        k for k in dict.fromkeys(linked) if not was_read(k, pressed) and not walked.lexicon.has("consent", k)
    ]


def _not_kept(walked: Walked) -> list[tuple[str, str]]:
    """What of the traffic was seen and could not be kept: answers, or parts of them.

    Addresses are counted: how often a player or a stream asks for the same once more is chance.
    """
    runs = set(walked.runs)
    lost = {gap.url: None for gap in walked.evidence.ledger if gap.lost and gap.run in runs}
    if not lost:
        return []
    example = next(iter(lost))[:80]
    of = "address" if len(lost) == 1 else "addresses"
    return [
        (
            f"answers of {len(lost)} {of} were not kept whole, such as {example}; the ledger lists them",
            f"有 {len(lost)} 个地址的响应未能完整保存，如 {example}；明细见缺失清单",
        )
    ]


def _imported(walked: Walked) -> tuple[GoalResult, ...]:
    """Nobody walked: what the pages show was reached, and nothing else could be."""
    shown = {goal.goal: goal for goal in _from_steps(walked)}
    return tuple(
        shown.get(goal)
        or GoalResult(
            goal=goal,
            state="impossible",
            reason_en="recorded by others: nobody walked, so nothing was tried",
            reason_zh="由他人录制：并无巡查过程，未作任何尝试",
        )
        for goal in get_args(Goal)
    )


def runtime_gaps(walked: Walked) -> list[tuple[str, str]]:
    """What the simulated host of a mini-program lacked or failed at, each once, in both languages."""
    told: dict[tuple[str, str], tuple[str, str]] = {}
    for seen in walked.seen:
        for event in seen.events("runtime_gap"):
            kind, name = str(event.data.get("kind", "")), str(event.data.get("name", ""))
            detail = str(event.data.get("detail", ""))
            if kind == "devtools":
                en, zh = _UNTOLD.get(name, (name, name))
                told.setdefault(
                    (kind, name),
                    (
                        f"WeChat DevTools does not tell {en}; what depends on it is unclear",
                        f"微信开发者工具未提供：{zh}；与之相关的内容存疑",
                    ),
                )
                continue
            en, zh = _GAPS.get(kind, (kind, kind))
            more = f" ({detail})" if detail else ""
            told.setdefault(
                (kind, name),
                (
                    f"the simulated host: {en} “{name}”{more}; what depends on it is unclear",
                    f"模拟宿主：{zh}“{name}”{more}；与之相关的内容存疑",
                ),
            )
    return list(told.values())


def _from_steps(walked: Walked) -> tuple[GoalResult, ...]:
    """A walk that was cut off reached what its steps show and nothing is known of the rest."""
    reached: list[GoalResult] = []
    first = next(iter(walked.seen), None)
    if first is not None:
        reached.append(
            GoalResult(goal="enter", state="reached", steps=((first.step.run, first.step.number),))
        )
    paywall = next(iter(walked.untouched()), None)
    if paywall is not None:
        reached.append(
            GoalResult(goal="paywall", state="reached", steps=((paywall.step.run, paywall.step.number),))
        )
    return tuple(reached)
