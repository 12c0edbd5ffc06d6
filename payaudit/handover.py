"""Whether a copy for handing on says the same as its original, finding by finding."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from payaudit.audit import judge_evidence
from payaudit.model.report import FindingV1, ReportV1
from payaudit.model.text import Text

_Key = tuple[str, str, str, str, int, int]


def compared(original: Path, copy: Path) -> tuple[int, tuple[Text, ...]]:
    """How many findings both lead to, and each that only one of them does, in words."""
    one, other = judge_evidence(original).report, judge_evidence(copy).report
    mine, its = _keys(one), _keys(other)
    lost = [
        _told(key, Text(en="only in the original", zh="仅见于原件"))
        for key in sorted((mine - its).elements())
    ]
    new = [
        _told(key, Text(en="only in the copy", zh="仅见于副本")) for key in sorted((its - mine).elements())
    ]
    return (mine & its).total(), (*lost, *new)


def _keys(report: ReportV1) -> Counter[_Key]:
    return Counter(map(_key, report.findings))


def _key(finding: FindingV1) -> _Key:
    at = finding.at
    return (finding.rule, finding.verdict, finding.severity, finding.confidence, at.run, at.step)


def _told(key: _Key, where: Text) -> Text:
    rule, verdict, severity, confidence, run, step = key
    said = f"{rule} ({verdict}, {severity}, {confidence}) {run}/{step}"
    return Text(en=f"{said}: {where.en}", zh=f"{said}：{where.zh}")
