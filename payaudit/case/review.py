"""``review.jsonl``: decisions appended beside the report, each chained to the one before and signed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from payaudit.case.files import read_file
from payaudit.case.keys import Signer, holds
from payaudit.case.opened import REVIEW, Case
from payaudit.errors import EvidenceError, UsageError
from payaudit.evidence.disk import lock
from payaudit.model.review import BEGINNING, Decision, Verb
from payaudit.model.text import Text


class Read(NamedTuple):
    """The decisions of a case in order, and what is wrong with their file; empty: all of it holds."""

    decisions: tuple[Decision, ...]
    problems: tuple[Text, ...]


class Words(NamedTuple):
    """What a reviewer says; ``reply`` is the trader's, where there is one."""

    decision: Verb
    reason: str
    reply: str | None
    reviewer: str


def read_review(case: Case) -> Read:
    """Every line, with each signature, the chain, and whose evidence it is about, checked."""
    path = case.folder / REVIEW
    return check(read_file(path), case.evidence_sha256) if path.exists() else Read((), ())


def check(data: bytes, evidence: str) -> Read:
    """The same for the bytes of a file."""
    decisions: list[Decision] = []
    problems: list[Text] = []
    previous = BEGINNING
    lines = data.split(b"\n")
    if lines[-1]:
        problems.append(
            Text(
                en=f"line {len(lines)} is not ended: it was cut off",
                zh=f"第 {len(lines)} 行没有结尾：写入被中断",
            )
        )
    for number, line in enumerate(lines[:-1], 1):
        try:
            decision = Decision.model_validate_json(line)
        except ValidationError:
            problems.append(Text(en=f"line {number} is no decision", zh=f"第 {number} 行不是复核决定"))
            previous = ""
            continue
        problems += _problems(decision, line, number, previous, evidence)
        decisions.append(decision)
        previous = decision.digest()
    return Read(tuple(decisions), tuple(problems))


def _problems(decision: Decision, line: bytes, number: int, previous: str, evidence: str) -> list[Text]:
    found = []
    if decision.line() != line or not holds(decision.key, decision.signature, decision.message()):
        found.append(
            Text(
                en=f"line {number}: the signature does not hold: altered, or not by the key that it names",
                zh=f"第 {number} 行：签名不成立：内容被改动，或并非所称密钥所签",
            )
        )
    if decision.previous != previous or decision.number != number:
        found.append(
            Text(
                en=f"line {number} does not follow the line before: one was altered, removed or moved",
                zh=f"第 {number} 行与前一行不相接：有行被改动、删除或移动",
            )
        )
    if decision.evidence != evidence:
        found.append(
            Text(en=f"line {number} is about other evidence", zh=f"第 {number} 行针对的是另一份证据")
        )
    return found


def find(case: Case, told: str) -> str:
    """The id that the beginning of one, or a rule with one finding, stands for; raises ``UsageError``."""
    known = case.findings
    found = [ref for ref, f in known.items() if told in {ref, f.rule}]
    found = found or [ref for ref in known if told and ref.startswith(told)]
    if len(found) == 1:
        return found[0]
    en, zh = ("none has", "没有线索使用") if not found else ("several have", "多条线索对应")
    raise UsageError(
        f"{en} the id {told!r}; `payaudit review {case.folder} --list` names them",
        f"{zh}编号 {told!r}；用 payaudit review {case.folder} --list 查看",
    )


def decide(case: Case, ref: str, words: Words, signer: Signer, at: datetime) -> Decision:
    """Append a decision; evidence and report stay as they are. ``at`` is aware.

    Raises ``EvidenceError`` where what is there does not hold: nothing is appended to it.
    """
    path = case.folder / REVIEW
    try:
        with path.open("ab") as file:
            if not lock(file):
                raise UsageError(
                    f"{path} is being written to by another review; try again when it is done",
                    f"{path} 正由另一次复核写入；请稍后再试",
                )
            known = read_review(case)
            if known.problems:
                raise broken(path, known.problems)
            last = known.decisions[-1] if known.decisions else None
            decision = _signed(_plain(case, ref, words, last, at), signer)
            file.write(decision.line() + b"\n")
    except OSError as error:
        raise UsageError(
            f"cannot write {path}: {error.strerror}", f"无法写入 {path}：{error.strerror}"
        ) from error
    return decision


def _plain(case: Case, ref: str, words: Words, last: Decision | None, at: datetime) -> Decision:
    """What is to be signed: the reviewer's words, and what they are about."""
    return Decision(
        number=1 if last is None else last.number + 1,
        previous=BEGINNING if last is None else last.digest(),
        evidence=case.evidence_sha256,
        report=case.report_sha256,
        finding=ref,
        rule=case.findings[ref].rule,
        decision=words.decision,
        reason=words.reason,
        reply=words.reply,
        reviewer=words.reviewer,
        at=at.replace(microsecond=0),
        key="-",
    )


def _signed(plain: Decision, signer: Signer) -> Decision:
    named = plain.model_copy(update={"key": signer.public})
    return named.model_copy(update={"signature": signer.sign(named.message())})


def broken(path: Path, problems: tuple[Text, ...]) -> EvidenceError:
    """What is said of a review file that does not hold."""
    first, more = problems[0], len(problems) - 1
    return EvidenceError(
        f"{path} does not hold: {first.en}"
        + (f" (and {more} more)" if more else "")
        + "; use an unaltered copy",
        f"{path} 不成立：{first.zh}" + (f"（另有 {more} 处）" if more else "") + "；请使用未被改动的副本",
    )
