"""Why the walk did what it did: one plain sentence for each step, fit for a statement."""

from __future__ import annotations

import re
from collections.abc import Iterator

from payaudit.errors import UsageError
from payaudit.evidence.read import Evidence
from payaudit.model.called import channel
from payaudit.model.evidence import MINI_PROGRAM, Candidate, Event, Step
from payaudit.model.text import Language
from payaudit.report.reasons import bundled, said

_EPISODE = re.compile(r"episode (\d+): (.*)")
_SECONDS = re.compile(r"(\d+(?:\.\d+)?) s")
_CAPTION = 60  # characters of a caption in a sentence
_OTHERS = 4  # candidates named beside the one that was pressed


def explain(
    evidence: Evidence, language: Language, step: int | None = None, run: int | None = None
) -> Iterator[str]:
    """Sentences in the order of the walk, of all steps or of one number.

    Raises ``UsageError`` where there is no such step.
    """
    chosen = [
        s for s in evidence.steps if (step is None or s.number == step) and (run is None or s.run == run)
    ]
    if not chosen:
        told = f"{run}/{step}" if run is not None else f"{step}"
        last = evidence.steps[-1] if evidence.steps else None
        span = f"1/1 … {last.run}/{last.number}" if last is not None else "0"
        raise UsageError(
            f"there is no step {told}; the evidence has steps {span}",
            f"没有步骤 {told}；该证据的步骤为 {span}",
        )
    before: dict[int, Step] = {}
    for each in evidence.steps:
        if each in chosen:
            yield sentence(each, language, before.get(each.run))
        before[each.run] = each


def sentence(step: Step, language: Language, before: Step | None = None) -> str:
    """One step: what was done, why, what else was weighed, what the page then showed."""
    zh = language == "zh"
    at = step.started.strftime("%H:%M:%S")
    why = said(step.action.why, language) or f"“{step.action.why}”"
    act = acted(step, language)
    weighed = _weighed(step.action.candidates, language)
    then = _then(step, before, language)
    if zh:
        return (
            f"UTC {at}（第 {step.run} 次进入，第 {step.number} 步），"
            f"程序{act}，原因：{why}{weighed}；随后页面显示{then}。"
        )
    episode = _EPISODE.fullmatch(why)
    if episode is not None:
        why = f"{episode[2]} (episode {episode[1]})"
    link = "because" if _clause(why) else "for this reason:" if not why.startswith("to ") else ""
    reason = f"{link} {why}".strip()
    return (
        f"At {at} UTC (visit {step.run}, step {step.number}) the walker {act} {reason}"
        f"{weighed}; the page then showed {then}."
    )


def _clause(why: str) -> bool:
    """Whether the reason can follow "because"."""
    starts = ("it ", "its ", "nothing ", "no ", "a ", "the ", "of ", "on ", "“")
    return why.startswith(starts) and why != "the address that was given"


def acted(step: Step, language: Language) -> str:
    """What was done, as it follows "the walker": ``tapped “立即播放”``."""
    action = step.action
    told = bundled().acts[action.verb].in_(language)
    thing = action.value or ""
    if action.verb == "scroll" and thing in bundled().ways:
        thing = bundled().ways[thing].in_(language)
    if action.verb == "wait" and (waited := _SECONDS.fullmatch(thing)):
        thing = f"{float(waited[1]):.1f}".removesuffix(".0") + (" 秒" if language == "zh" else " s")
    if action.verb == "open" and thing.startswith(MINI_PROGRAM):
        thing = "小程序" if language == "zh" else "the mini-program"
    if action.target is not None:
        label = action.target.label.strip()[:_CAPTION]
        nameless = "一个没有文字的控件" if language == "zh" else "a control without words"
        thing = f"“{label}”" if label else nameless
    return told.replace("{x}", thing).strip()


def _weighed(candidates: tuple[Candidate, ...], language: Language) -> str:
    if not candidates:
        return ""
    zh = language == "zh"
    parts = []
    for each in candidates[: _OTHERS + 1]:
        label = f"“{each.label[:_CAPTION]}”" if each.label else ("（无文字）" if zh else "no words")
        reason = each.passed_over or each.why
        why = said(reason, language) or f"“{reason}”"
        parts.append(f"{label}（{each.score:.2f}，{why}）" if zh else f"{label} ({each.score:.2f}, {why})")
    return "；考虑过的对象：" + "、".join(parts) if zh else "; candidates considered: " + ", ".join(parts)


def _then(step: Step, before: Step | None, language: Language) -> str:
    zh = language == "zh"
    scene = bundled().scenes.get(step.scene or "", bundled().scenes["other"]).in_(language)
    parts = [scene]
    if step.title and (before is None or before.title != step.title):
        parts.append(f"标题“{step.title[:_CAPTION]}”" if zh else f"titled “{step.title[:_CAPTION]}”")
    if before is None or before.url != step.url:
        parts.append(f"网址 {step.url}" if zh else f"at {step.url}")
    if not step.outcome.changed:
        parts.append("与之前相比没有变化" if zh else "unchanged")
    parts += [told for e in step.events if (told := _event(e, language)) is not None]
    return ("，" if zh else ", ").join(dict.fromkeys(parts))


def _event(event: Event, language: Language) -> str | None:  # noqa: PLR0911 - one return per kind of event
    data, zh = event.data, language == "zh"
    match event.kind:
        case "payment_call":
            whom = channel(str(data.get("channel", "unknown"))).in_(language)
            return f"向{whom}的支付调用被拦截" if zh else f"and a payment call to {whom} was refused"
        case "dialog":
            message = str(data.get("message", ""))[:_CAPTION]
            accepted = data.get("answer") == "accept"
            if zh:
                return f"对话框“{message}”已{'确认' if accepted else '取消'}"
            return f"with a dialog “{message}”, which was {'confirmed' if accepted else 'dismissed'}"
        case "navigation" if data.get("to"):
            return f"经 {data['url']} 跳转" if zh else f"through {data['url']}"
        case "navigation" if data.get("note"):
            return "返回会离开网站，故未返回" if zh else "and going back would have left the site"
        case "popup":
            return "并打开了新窗口" if zh else "in a new window"
        case "download":
            return "网站试图下载文件" if zh else "and the site tried to download a file"
        case "blocked":
            return "有请求被拦截" if zh else "and a request was stopped"
    return None
