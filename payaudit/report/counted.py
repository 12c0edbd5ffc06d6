"""Whether a report agrees with itself: what a schema cannot say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from payaudit.model.text import Text


def miscounted(report: dict[str, Any]) -> Iterator[tuple[str, Text]]:
    """Where a valid report's counts are not those of its findings, each with its path."""
    findings = report["findings"]
    verdicts = Counter(each["verdict"] for each in findings)
    grades = Counter(each["severity"] for each in findings if each["verdict"] == "violation")
    for name, told in report["counts"]["by_verdict"].items():
        yield from _unequal(f"$.counts.by_verdict.{name}", told, verdicts[name])
    for name, told in report["counts"]["by_severity"].items():
        yield from _unequal(f"$.counts.by_severity.{name}", told, grades[name])
    known = {each["rule"] for each in report["rules_judged"]}
    for i, each in enumerate(findings):
        if each["rule"] not in known:
            yield (
                f"$.findings[{i}].rule",
                Text(
                    en=f"is {each['rule']!r}, which is not among rules_judged",
                    zh=f"为 {each['rule']!r}，不在 rules_judged 之列",
                ),
            )
        held = each["held"]
        if held is not None and held["runs"] > held["of"]:
            yield (
                f"$.findings[{i}].held",
                Text(en="held in more runs than there were", zh="成立次数多于总次数"),
            )
    for i, rule in enumerate(report["rules_judged"]):
        found = Counter(each["verdict"] for each in findings if each["rule"] == rule["rule"])
        for name in sorted({*found, *rule["counts"]}):
            told = rule["counts"].get(name, 0)
            yield from _unequal(f"$.rules_judged[{i}].counts.{name}", told, found[name])


def _unequal(path: str, told: int, found: int) -> Iterator[tuple[str, Text]]:
    if told != found:
        yield (
            path,
            Text(
                en=f"is {told}, but the findings come to {found}",
                zh=f"为 {told}，但按线索清单统计应为 {found}",
            ),
        )
