"""``payaudit verify``: everything that can be said of a file, and whether any of it fails."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from payaudit.errors import EvidenceError
from payaudit.evidence import layout
from payaudit.evidence.find import find_evidence
from payaudit.evidence.read import Evidence
from payaudit.evidence.seal.lines import Line
from payaudit.evidence.seal.trust import Trust
from payaudit.model.base import Frozen


class Verification(Frozen):
    """What came of every check; ``sha256`` is null where the file could not be read."""

    file: str
    sha256: str | None
    holds: bool
    lines: tuple[Line, ...]


def verify(path: Path, trust: Trust) -> Verification:
    """Check a file, or the folder of an unfinished walk, as far as it can be read.

    Raises EvidenceError only where there is no evidence to check.
    """
    found = find_evidence(path)
    try:
        with Evidence.open(found, strict=False, trust=trust) as evidence:
            # What lies inside is looked at only where it is what was packed.
            traffic = () if evidence.problems else _traffic(evidence)
            lines = (*evidence.lines, *traffic, *_walk(evidence))
            return Verification(file=str(found), sha256=evidence.sha256, holds=_hold(lines), lines=lines)
    except EvidenceError as failure:
        line = Line(what="file", state="fails", en=failure.en, zh=failure.zh)
        return Verification(file=str(found), sha256=_sha256(found), holds=False, lines=(line,))


def to_json(verification: Verification) -> str:
    """As JSON, one line end at the end."""
    data = {"format": "payaudit-verification/1", **verification.model_dump(mode="json")}
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _hold(lines: Iterable[Line]) -> bool:
    return not any(line.state == "fails" for line in lines)


def _traffic(evidence: Evidence) -> Iterable[Line]:
    """Whether the records can be read to the end, and the index leads to answers that are there."""
    try:
        answers = evidence.answers()
        wrong = [url for url, where in evidence.indexed() if answers.get(where) != url]
    except EvidenceError as failure:
        yield Line(what="traffic", state="fails", en=failure.en, zh=failure.zh)
        return
    if wrong:
        yield Line(
            what="traffic",
            state="fails",
            en=f"{layout.INDEX}: {len(wrong)} entries do not lead to the answer they name ({wrong[0]}).",
            zh=f"{layout.INDEX}：{len(wrong)} 个条目与所指响应不符（{wrong[0]}）。",
        )
        return
    yield Line(
        what="traffic",
        state="holds",
        en=f"{len(answers)} recorded answers can be read, and the index leads to them.",
        zh=f"{len(answers)} 条响应记录均可读取，索引指向正确。",
    )


def _walk(evidence: Evidence) -> Iterable[Line]:
    """How the walk ended, and who made it by what."""
    audit, recovery = evidence.audit, evidence.recovery
    for name in recovery.dropped if recovery is not None else ():
        # A step appears whole: one that lies there in part was damaged or altered afterwards.
        if not Path(name).name.startswith("."):
            yield Line(
                what="recovery",
                state="fails",
                en=f"{name} was damaged or altered after it was written; it is left out.",
                zh=f"{name} 在写入后被损坏或改动，未采用。",
            )
    if audit.ended is None:
        yield Line(
            what="end",
            state="absent",
            en="End not attested: the walk was cut off; what follows the last step is vouched for by nobody.",
            zh="结尾未经证明：巡查被中断；最后一个步骤之后的内容无人担保。",
        )
    else:
        yield Line(
            what="end",
            state="holds",
            en=f"The walk ended by itself ({audit.end_reason}), by the host's clock.",
            zh=f"巡查自行结束（{audit.end_reason}），以主机时钟为准。",
            clock=audit.ended,
        )
    made = audit.custody
    if made is None:
        yield Line(
            what="custody",
            state="absent",
            en=f"Made by {audit.tool}; no chain of custody in audit.json.",
            zh=f"由 {audit.tool} 生成；audit.json 中没有证据保管信息。",
        )
        return
    case = made.case.number if made.case is not None and made.case.number else None
    yield Line(
        what="custody",
        state="holds",
        en=f"Made by {audit.tool} (source {made.tool_sha256[:12]}…), begun "
        f"{audit.started:%Y-%m-%d %H:%M:%S} UTC by the host's clock" + (f", case {case}." if case else "."),
        zh=f"由 {audit.tool} 生成（源码 {made.tool_sha256[:12]}…），主机时钟 "
        f"{audit.started:%Y-%m-%d %H:%M:%S} UTC 开始" + (f"，案件 {case}。" if case else "。"),
        key=made.key,
        clock=audit.started,
    )


def _sha256(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
