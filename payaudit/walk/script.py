"""A recorded walk written down as a journey: the same way, to be walked again.

Reads evidence alone. What was pressed is named by the fewest words that find it
again on its screen, without figures that change; where it says nothing, by its place.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urldefrag

import yaml

from payaudit.evidence.read import Evidence
from payaudit.model.evidence import Step
from payaudit.perceive.controls import Control
from payaudit.perceive.screen import Screen, build
from payaudit.walk.journey import find

_FIGURES = re.compile(r"\d+\s*[:：]\s*\d+|\d{3,}")  # a clock, or a count: other words the next time
_LONG = 24  # characters; a longer label is looked through for a part that does
_PIXELS = re.compile(r"(-?\d+),(-?\d+)")

Said = dict[str, Any]


def journey_of(evidence: Evidence) -> str:
    """The journey of a walk's first run, as YAML."""
    said: list[Said] = []
    before: Screen | None = None
    run = evidence.steps[0].run if evidence.steps else 0
    for step in (s for s in evidence.steps if s.run == run):
        one = _said(step, before, evidence.audit.target)
        if one is not None:
            _append(said, one)
        before = build(evidence.snapshot(step))
    return yaml.safe_dump({"steps": said}, allow_unicode=True, sort_keys=False, width=110)


def _said(step: Step, before: Screen | None, target: str) -> Said | None:
    action = step.action
    if before is None:
        return None if action.verb != "open" or _same(action.value, target) else {"open": action.value}
    said: Said | None = None
    if action.verb == "open":
        said = {"open": action.value}
    elif action.verb == "back":
        said = {"back": {}}
    elif action.verb == "tap":
        asked = [e.data for e in step.events if e.kind == "dialog" and e.data.get("type") != "alert"]
        answer = {"answer": asked[0]["answer"]} if asked and asked[0].get("answer") else {}
        said = {"tap": {**_aim(step, before), **answer}}
    elif action.verb == "type":
        said = {"type": _typed(step, before)}
    elif moved := _moved(step, before):
        said = {"swipe": moved}
    return said


def _moved(step: Step, before: Screen) -> Said:
    value = step.action.value or ""
    points = [(float(x), float(y)) for x, y in _PIXELS.findall(value)]
    if step.action.verb == "swipe" and len(points) > 1:
        return {"from": _share(points[0], before), "to": _share(points[1], before)}
    if step.action.verb == "scroll" and points:
        return {"at": _share(points[0], before), "by": int(value.rpartition(" ")[2])}
    return {}


def _append(said: list[Said], one: Said) -> None:
    """Add a step; what typing and scrolling came to in several pauses is one."""
    last = said[-1] if said else {}
    typed, was = one.get("type"), last.get("type")
    if typed is not None:
        if "tap" in last and last["tap"].get("text") == typed.get("into", ""):
            said.pop()  # typing presses its field itself
        elif was is not None and typed.get("then") and "into" not in typed:
            was["then"] = typed["then"]
            return
        elif was is not None and _aimed(was) == _aimed(typed) and "then" not in was:
            said.pop()
    swipe, moved = one.get("swipe"), last.get("swipe")
    if swipe and moved and "by" in swipe and swipe.get("at") == moved.get("at"):
        moved["by"] += swipe["by"]
        return
    said.append(one)


def _aimed(said: Said) -> tuple[Any, Any]:
    return said.get("into"), said.get("nth")


def _typed(step: Step, before: Screen) -> Said:
    if step.action.intent == "enter":
        return {"then": "enter"}
    aim = _aim(step, before)
    into = {"into": aim["text"], **({"nth": aim["nth"]} if "nth" in aim else {})} if "text" in aim else {}
    return {**into, "text": step.action.value or ""}


def _aim(step: Step, before: Screen) -> Said:
    """How the target of a step is found again."""
    target, place = step.action.target, _PIXELS.match(step.action.value or "")
    control = None
    if target is not None:
        control = next((c for c in before.controls if c.node == target.node), None) or find(
            before, target.label
        )
    if control is not None:
        named = _named(before, control, into=step.action.verb == "type")
        if named is not None:
            return named
    if place is not None and step.action.verb == "tap":
        return {"at": _share((float(place[1]), float(place[2])), before)}
    return {"at": "0.5,0.5"}


def _named(screen: Screen, control: Control, *, into: bool) -> Said | None:
    label = control.label.strip()
    words = sorted(label.split(), key=lambda w: (any(c.isdigit() for c in w), -len(w)))
    # Of a card with its price the name lasts longest; a bare number may be an episode's.
    parts = [*words, label] if any(c.isdigit() for c in label) and len(words) > 1 else [label, *words]
    good = [p for p in parts if p and len(p) <= _LONG and not _FIGURES.search(p)]
    for part in good:
        found = find(screen, part, into=into)
        if found is not None and found.node == control.node:
            return {"text": part}
    for part in good or parts[:1]:
        for nth in range(2, len(screen.controls) + 1):
            found = find(screen, part, nth, into=into)
            if found is None:
                break
            if found.node == control.node:
                return {"text": part, "nth": nth}
    return None


def _share(point: tuple[float, float], screen: Screen) -> str:
    return f"{point[0] / screen.width:.3f},{point[1] / screen.height:.3f}"


def _same(address: str | None, target: str) -> bool:
    return urldefrag(address or "").url.rstrip("/") == urldefrag(target).url.rstrip("/") and (
        urldefrag(address or "").fragment == urldefrag(target).fragment
    )
