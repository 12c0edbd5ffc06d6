"""A recording walked again and held against itself: whether acts and facts come out the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from payaudit.audit import Judged, judge_evidence, prepare, write_report
from payaudit.evidence.read import Evidence
from payaudit.model.report import EvidenceV1
from payaudit.recordings import EVIDENCE
from payaudit.report.differences import Difference, act_differences, fact_differences, finding_differences

if TYPE_CHECKING:
    from payaudit.walk.replay.recording import Asked

REPLAY = "replay.json"
SAME, DIFFERS = 0, 12


@dataclass(frozen=True)
class Outcome:
    """What a replay came to. ``gaps``, ``alike`` and ``again`` are told and no differences."""

    acts: tuple[Difference, ...]
    facts: tuple[Difference, ...]
    misses: tuple[Asked, ...]
    gaps: tuple[Asked, ...]
    alike: tuple[Asked, ...]
    again: tuple[Asked, ...]
    steps: int
    judged: Judged

    @property
    def same(self) -> bool:
        """Whether the same was done and found, and nothing was missing from the recording."""
        return not (self.acts or self.facts or self.misses)

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "same": self.same,
            "steps": self.steps,
            "acts": [d.model_dump() for d in self.acts],
            "facts": [d.model_dump() for d in self.facts],
            **{
                name: [
                    {"run": a.run, "step": a.step, "method": a.method, "url": a.url, "why": a.why}
                    for a in asked
                ]
                for name, asked in (
                    ("misses", self.misses),
                    ("gaps", self.gaps),
                    ("alike", self.alike),
                    ("again", self.again),
                )
            },
        }


@dataclass(frozen=True)
class Changes:
    """What changed between two recordings."""

    acts: tuple[Difference, ...]
    facts: tuple[Difference, ...]
    findings: tuple[Difference, ...]

    def told(self) -> dict[str, Any]:
        """As JSON."""
        parts: tuple[tuple[str, Sequence[Difference]], ...] = (
            ("acts", self.acts),
            ("facts", self.facts),
            ("findings", self.findings),
        )
        return {name: [d.model_dump() for d in found] for name, found in parts}


async def replayed(
    file: Path, folder: Path, browser: str | None, tell: Callable[[str, str], None], rules: Path | None = None
) -> Outcome:
    """Walk a recording again; leaves ``evidence.wacz``, ``report.json`` and ``replay.json`` in the folder.

    The report names the recording as its evidence: of that it is the report, found again.
    Raises ``EvidenceError``, ``BrowserMissing``, ``UsageError``.
    """
    from payaudit.walk.replay.replay import replay  # noqa: PLC0415 - comparing must not need a browser's driver

    walked = await replay(file, prepare(folder) / EVIDENCE, browser, tell)
    tell("comparing", "正在比对")
    name = EvidenceV1(name=EVIDENCE, sha256=walked.recording.sha256)
    again = judge_evidence(walked.evidence, rules, stands_for=name)
    first = judge_evidence(file, rules)
    with Evidence.open(file) as before, Evidence.open(walked.evidence) as after:
        acts, steps = act_differences(before.steps, after.steps), len(after.steps)
    recording = walked.recording
    outcome = Outcome(
        acts=acts,
        facts=fact_differences(first.facts, again.facts),
        misses=tuple(recording.misses),
        gaps=tuple(recording.gaps),
        alike=tuple(recording.alike),
        again=tuple(recording.again),
        steps=steps,
        judged=again,
    )
    write_report(folder, again.report)
    text = json.dumps(outcome.told(), ensure_ascii=False, indent=1)
    (folder / REPLAY).write_text(text + "\n", "utf-8")
    return outcome


def changes(before: Path, after: Path, rules: Path | None = None) -> Changes:
    """What changed from one recording to another. Raises ``EvidenceError`` and ``RuleError``."""
    first, second = judge_evidence(before, rules), judge_evidence(after, rules)
    with Evidence.open(before) as one, Evidence.open(after) as two:
        acts = act_differences(one.steps, two.steps)
    return Changes(
        acts, fact_differences(first.facts, second.facts), finding_differences(first.report, second.report)
    )
