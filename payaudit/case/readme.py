"""The README of a bundle: what each file is, how it is checked, how each finding stands. Both languages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from payaudit.case.contents import Kind
from payaudit.case.keys import fingerprint
from payaudit.case.standing import GRAVE, STATES, Reviewed, Standing
from payaudit.model.text import Language, Text
from payaudit.report.visible import visible


class Packed(NamedTuple):
    """What a bundle holds; ``problems`` is what is wrong with its evidence."""

    reviewed: Reviewed
    files: tuple[tuple[Path, Kind], ...]
    problems: tuple[Text, ...]
    four_eyes: bool


README = "README.txt"
SUMS = "SHA256SUMS"


def readme(packed: Packed) -> str:
    """Plain text; the same case gives the same words."""
    return ("\n" + "=" * 72 + "\n\n").join(_part(packed, language) for language in _BOTH)


_BOTH: tuple[Language, ...] = ("en", "zh")
_GRADES = {"critical": "严重", "high": "高", "medium": "中", "low": "低", "info": "提示"}


def _part(packed: Packed, language: Language) -> str:
    zh = language == "zh"
    case, stands = packed.reviewed.case, packed.reviewed.stands
    report = case.report
    lines = [
        "短剧付费审计案卷" if zh else "Audit of a micro-drama's paywall: the files of a case",
        "",
        f"{'对象' if zh else 'target'}: {_line(report.target)}",
        f"{'采集日期' if zh else 'captured'}: {report.captured} · {report.persona} · {report.versions.tool}",
        f"evidence.wacz SHA-256: {case.evidence_sha256}",
        "",
        report.notice.in_(language),
        "",
        "文件" if zh else "Files",
        "",
    ]
    for path, kind in packed.files:
        lines.append(f"  {path.name}\n      {kind.what.in_(language)}")
        if kind.check is not None:
            lines.append(f"      {'核对' if zh else 'check'}: {kind.check.in_(language)}")
    lines += [
        f"  {SUMS}",
        "      其余各文件的 SHA-256" if zh else "      SHA-256 of every other file",
        f"      {'核对' if zh else 'check'}: sha256sum -c {SUMS}",
        "",
    ]
    if packed.problems:
        lines += ["证据存在的问题" if zh else "What is wrong with the evidence", ""]
        lines += [f"  {each.in_(language)}" for each in packed.problems] + [""]
    lines += ["线索与复核" if zh else "Findings and how each was reviewed", ""]
    lines += [line for stand in stands for line in _stand(stand, language)]
    if not stands:
        lines.append("  无" if zh else "  none")
    lines += ["", _eyes(stands, language, four_eyes=packed.four_eyes)]
    return "\n".join(lines) + "\n"


def _stand(stand: Standing, language: Language) -> list[str]:
    zh = language == "zh"
    grade = _GRADES[stand.severity] if zh else stand.severity
    state = STATES[stand.state].in_(language)
    title = stand.title.in_(language)
    lines = [f"  {stand.id}  {grade}[{stand.rule}] {title} · {_line(stand.subject)}: {state}"]
    words = {"confirm": "确认", "reject": "否定", "needs_more": "待补充"}
    for each in stand.decisions:
        word = words[each.decision] if zh else each.decision.replace("_", " ")
        when = each.at.isoformat().replace("+00:00", "Z")
        who = f"{_line(each.reviewer)} ({fingerprint(each.key)[:16]}…)"
        lines.append(f"      {when} {who}: {word}: {_line(each.reason)}")
        if each.reply is not None:
            lines.append(f"      {'经营者答复' if zh else 'the trader answered'}: {_line(each.reply)}")
    return lines


def _eyes(stands: Sequence[Standing], language: Language, *, four_eyes: bool) -> str:
    zh = language == "zh"
    grave = [stand for stand in stands if stand.severity in GRAVE]
    lacking = [stand for stand in grave if stand.lacks_eyes]
    if four_eyes:
        return (
            "已要求四眼复核：每条严重与高等级线索均由两名复核人以不同密钥作出决定。"
            if zh
            else "Four eyes: two reviewers with different keys decided on every critical and high finding."
        )
    return (
        f"严重与高等级线索 {len(grave)} 条，其中 {len(lacking)} 条尚未由两名复核人决定。"
        if zh
        else f"{len(grave)} critical and high findings, {len(lacking)} not decided by two reviewers yet."
    )


def _line(text: str) -> str:
    return visible(" ".join(text.split()))
