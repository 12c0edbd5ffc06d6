"""What differs between two walks: pure functions over their facts, their acts and their reports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from payaudit.model.base import Frozen
from payaudit.model.evidence import Step
from payaudit.model.facts import Facts
from payaudit.model.report import ReportV1

_PLACES = frozenset({"at", "price_at", "box", "node", "screenshot"})  # where something was seen, not what
_GAPS = frozenset({"gaps_en", "gaps_zh"})  # of the goals, which are compared; and of the recording itself
_NAMES = ("name", "label", "kind", "goal", "number", "rule", "text", "channel", "persona")
_CLOCK = re.compile(r"\d+(?:\s*[:：]\s*\d+)+")
_RUNNING = re.compile(r"countdowns|scarcities|crowds|gone_after|after_s|apart_s")
_CLOCK_S = Decimal(2)  # a clock read a moment later
_MEASURE = Decimal("0.02")  # of a size, contrast or distance: a digit more moves its neighbours
_MEASURED = re.compile(
    r"font_px|contrast|opacity|_ratio|distance|area|width|height|size"  # not amounts: these are exact
)


class Difference(Frozen):
    """One thing that is not the same; ``before`` or ``after`` is None where it was not there."""

    what: str
    before: str | None
    after: str | None


def fact_differences(before: Facts, after: Facts, *, exact: bool = False) -> tuple[Difference, ...]:
    """What the facts of two walks do not agree on, by the field's path.

    Where something was seen on the screen is left out. Measures within 2 % and running clocks
    within 2 s of each other are the same, unless ``exact``.
    """
    ours, theirs = _flat(before), _flat(after)
    found = []
    for path in dict.fromkeys((*ours, *theirs)):
        a, b = ours.get(path), theirs.get(path)
        if a != b and (exact or not _near(path, a, b)):
            found.append(Difference(what=path, before=a, after=b))
    return tuple(found)


def act_differences(before: Sequence[Step], after: Sequence[Step]) -> tuple[Difference, ...]:
    """Where two walks did not do the same in the same order: the first such act of each run."""
    found = []
    runs = sorted({s.run for s in (*before, *after)})
    for run in runs:
        ours = [_act(s) for s in before if s.run == run]
        theirs = [_act(s) for s in after if s.run == run]
        for number in range(max(len(ours), len(theirs))):
            a = ours[number] if number < len(ours) else None
            b = theirs[number] if number < len(theirs) else None
            if a != b:
                found.append(Difference(what=f"run {run}, act {number + 1}", before=a, after=b))
                break
    return tuple(found)


def finding_differences(before: ReportV1, after: ReportV1) -> tuple[Difference, ...]:
    """Verdicts that changed, appeared or went, by rule and subject."""
    ours, theirs = _verdicts(before), _verdicts(after)
    return tuple(
        Difference(what=key, before=ours.get(key), after=theirs.get(key))
        for key in dict.fromkeys((*ours, *theirs))
        if ours.get(key) != theirs.get(key)
    )


def _verdicts(report: ReportV1) -> dict[str, str]:
    found: dict[str, str] = {}
    for finding in report.findings:
        key = f"{finding.rule} · {_CLOCK.sub('0:00', finding.subject)}"
        found[_free(found, key)] = finding.verdict
    return found


def _act(step: Step) -> str:
    """An act as a line: what was done to what; how long was waited is not of it."""
    action = step.action
    target = _CLOCK.sub("0:00", action.target.label) if action.target is not None else ""
    value = "" if action.verb == "wait" else action.value or ""
    parts = (action.verb, action.goal, action.intent or "", target, value, action.offer or "")
    return " · ".join(part for part in parts if part)


def _flat(facts: Facts) -> dict[str, str]:
    found: dict[str, str] = {}
    for path, value in _leaves("", facts.model_dump(mode="json")):
        found[_free(found, path)] = value
    return found


def _leaves(path: str, value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in _PLACES | _GAPS:
                yield from _leaves(f"{path}.{name}" if path else name, inner)
    elif isinstance(value, list):
        names = [_name(each) for each in value]
        for number, (each, name) in enumerate(zip(value, names, strict=True)):
            same = names[:number].count(name)
            yield from _leaves(f"{path}[{name}{f' #{same + 1}' if same else ''}]", each)
    elif value is not None:
        yield path, _CLOCK.sub("0:00", value) if isinstance(value, str) else str(value)


def _name(each: Any) -> str:  # noqa: ANN401 - as above
    if not isinstance(each, dict):
        return str(each)
    named = next((str(each[key]) for key in _NAMES if each.get(key) not in (None, "")), "")
    return _CLOCK.sub("0:00", named)[:60]


def _free(taken: Iterable[str], path: str) -> str:
    number, name, known = 1, path, set(taken)
    while name in known:
        number += 1
        name = f"{path} #{number}"
    return name


def _near(path: str, a: str | None, b: str | None) -> bool:
    if a is None or b is None:
        return False
    try:
        x, y = Decimal(a), Decimal(b)
    except InvalidOperation:
        return False
    if _RUNNING.search(path):
        return abs(x - y) <= _CLOCK_S
    return bool(_MEASURED.search(path)) and abs(x - y) <= _MEASURE * max(abs(x), abs(y), Decimal(1))
