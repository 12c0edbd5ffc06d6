"""In how many fresh runs a grave finding held: each run judged as if it were the whole walk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from payaudit.model.finding import Finding, Held, Severity

GRAVE: tuple[Severity, ...] = ("critical", "high")  # a regulator acts on these: once seen is not enough


def is_grave(finding: Finding) -> bool:
    """Whether the finding has to say in how many runs it held."""
    return finding.verdict == "violation" and finding.severity in GRAVE


def with_runs(findings: Iterable[Finding], runs: Sequence[Sequence[Finding]]) -> tuple[Finding, ...]:
    """The findings, the grave ones with their count. ``runs``: what each run alone led to.

    A run counts where it alone comes to a violation or to none on the same
    subject; one that did not show enough is left out, never counted against.
    """
    return tuple(f.model_copy(update={"held": _held(f, runs)}) if is_grave(f) else f for f in findings)


def _held(finding: Finding, runs: Sequence[Sequence[Finding]]) -> Held:
    told = [
        {f.verdict for f in run if (f.rule, f.subject) == (finding.rule, finding.subject)} for run in runs
    ]
    held = sum("violation" in verdicts for verdicts in told)
    cleared = sum("compliant" in verdicts and "violation" not in verdicts for verdicts in told)
    return Held(runs=held, of=held + cleared)
