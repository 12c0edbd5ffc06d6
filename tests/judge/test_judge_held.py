"""A grave finding says in how many fresh runs it held, and what did not show enough is not counted."""

from __future__ import annotations

import pytest

from payaudit.judge.held import with_runs
from payaudit.model.facts import Source
from payaudit.model.finding import Finding, Held, Severity, Verdict
from payaudit.model.text import Text


def finding(verdict: Verdict, severity: Severity = "high", subject: str = "连续包月") -> Finding:
    return Finding(
        rule="hidden-renewal", catalogue="R01", verdict=verdict, severity=severity, confidence="confirmed",
        status="experimental", subject=subject, sentence=Text(en="x", zh="x"), because=(),
        at=Source(run=1, step=1),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("runs", "held"),
    [
        ([["violation"], ["violation"]], Held(runs=2, of=2)),
        ([["violation"], ["compliant"]], Held(runs=1, of=2)),
        ([["violation"], ["unclear"], []], Held(runs=1, of=1)),
        ([["not_applicable"]], Held(runs=0, of=0)),
        ([["violation", "compliant"]], Held(runs=1, of=1)),
    ],
)
def test_runs_are_counted(runs: list[list[Verdict]], held: Held) -> None:
    each = [[finding(verdict) for verdict in verdicts] for verdicts in runs]
    (found,) = with_runs([finding("violation")], each)
    assert found.held == held


def test_another_subject_in_a_run_counts_for_nothing() -> None:
    (found,) = with_runs([finding("violation")], [[finding("violation", subject="包年")]])
    assert found.held == Held(runs=0, of=0)


@pytest.mark.parametrize(("verdict", "severity"), [("violation", "medium"), ("compliant", "high")])
def test_only_grave_findings_are_counted(verdict: Verdict, severity: Severity) -> None:
    (found,) = with_runs([finding(verdict, severity)], [[finding(verdict, severity)]])
    assert found.held is None
