"""A case on the disk: the folder of an audit, with a report that is about its evidence."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

from payaudit.audit import REPORT
from payaudit.case.files import read_file, sha256_of
from payaudit.errors import UsageError
from payaudit.model.report import FindingV1, ReportV1
from payaudit.recordings import EVIDENCE
from payaudit.report.json import from_json
from payaudit.report.refs import refs

REVIEW = "review.jsonl"


class Case(NamedTuple):
    """The folder, its report and the hashes of both files."""

    folder: Path
    report: ReportV1
    report_sha256: str
    evidence_sha256: str

    @property
    def findings(self) -> dict[str, FindingV1]:
        """What is suspected, by id, in the report's order; doubts and what is in order need no review."""
        named = zip(refs(self.report.findings), self.report.findings, strict=True)
        return {ref: finding for ref, finding in named if finding.verdict == "violation"}


def open_case(folder: Path) -> Case:
    """Read the report and see that it is about this very evidence; raises ``UsageError`` where it is not."""
    if not folder.is_dir():
        raise UsageError(
            f"{folder} is no folder; name the folder of an audit, with {REPORT} and {EVIDENCE}",
            f"{folder} 不是文件夹；请指定含有 {REPORT} 与 {EVIDENCE} 的审计文件夹",
        )
    for name in (REPORT, EVIDENCE):
        if not (folder / name).is_file():
            raise UsageError(
                f"{folder} holds no {name}; `payaudit judge {folder} -o {folder}` writes what evidence gives",
                f"{folder} 中没有 {name}；payaudit judge {folder} -o {folder} 可由证据生成报告",
            )
    data = read_file(folder / REPORT)
    report = from_json(data)
    evidence = sha256_of(folder / EVIDENCE)
    if report.evidence.sha256 != evidence:
        told = report.evidence.sha256
        raise UsageError(
            f"{REPORT} is about other evidence: it names {_short(told)}, {EVIDENCE} is {_short(evidence)}; "
            f"judge it again with `payaudit judge {folder} -o {folder}`",
            f"{REPORT} 所指并非此证据：报告写明 {_short(told)}，{EVIDENCE} 为 {_short(evidence)}；"
            f"请用 payaudit judge {folder} -o {folder} 重新判断",
        )
    return Case(folder, report, hashlib.sha256(data).hexdigest(), evidence)


def _short(digest: str | None) -> str:
    return "–" if digest is None else f"{digest[:12]}…"
