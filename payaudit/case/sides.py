"""What a path on the command line brings to a comparison: evidence judged anew, or a report alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from payaudit.audit import REPORT, judge_evidence
from payaudit.case.files import read_file
from payaudit.errors import EvidenceError
from payaudit.report.compare.build import Side
from payaudit.report.json import from_json


class Brought(NamedTuple):
    """One side, and the evidence that its pictures come from; None: a report alone."""

    side: Side
    evidence: Path | None


def brought(path: Path, rules: Path | None, jurisdictions: Sequence[str]) -> Brought:
    """Judge the evidence that a path stands for, so that both sides are judged by the same rules.

    A ``.json``, or a folder that holds a report and no evidence, is taken as it is. Raises
    ``EvidenceError``, ``RuleError`` and ``UsageError``.
    """
    if path.is_file() and path.suffix.lower() == ".json":
        return Brought(Side(from_json(read_file(path)), None), None)
    try:
        judged = judge_evidence(path, rules, jurisdictions)
    except EvidenceError:
        if not (path / REPORT).is_file() or _has_evidence(path):
            raise
        return Brought(Side(from_json(read_file(path / REPORT)), None), None)
    return Brought(Side(judged.report, judged.facts), path)


def _has_evidence(folder: Path) -> bool:
    return any(folder.glob("*.wacz")) or any(folder.glob("*.wacz.partial"))
