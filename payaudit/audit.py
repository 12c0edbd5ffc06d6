"""The pipeline on one target: walk, extract, judge, report."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from payaudit.errors import UsageError
from payaudit.evidence.disk import free_name
from payaudit.evidence.read import Evidence
from payaudit.evidence.seal.trust import Trust
from payaudit.extract.extract import extract, of_runs, of_walk
from payaudit.extract.history import with_history
from payaudit.extract.recorded import recorded
from payaudit.extract.walked import Walked
from payaudit.extract.watched import watched
from payaudit.judge.confidence import at_most
from payaudit.judge.held import is_grave, with_runs
from payaudit.judge.judge import judge
from payaudit.judge.jurisdiction import guess
from payaudit.judge.law import load_law
from payaudit.judge.rules import load_rules
from payaudit.model.facts import Facts
from payaudit.model.recording import Recording
from payaudit.model.report import EvidenceV1, Meta, ReportV1
from payaudit.model.text import Language
from payaudit.perceive.lexicon import bundled
from payaudit.recordings import EVIDENCE, before, named, opened
from payaudit.report.attached import attachments
from payaudit.report.build import build
from payaudit.report.custody import custody
from payaudit.report.json import to_json
from payaudit.sealing import Sealed, Sealing

if TYPE_CHECKING:
    from payaudit.walk.options import Options
    from payaudit.walk.walk import Walked as Walk

REPORT = "report.json"
PAGE = "report.html"
PAPER = "report.pdf"
JOURNEY = "journey.yaml"

# What a command ends with; see the README's table.
CLEAN, FAILED, USAGE, NO_PAYWALL, UNCLEAR, VIOLATIONS, INTERRUPTED = 0, 1, 2, 3, 4, 10, 130


@dataclass(frozen=True)
class Judged:
    """A report and the facts that it rests on."""

    report: ReportV1
    facts: Facts
    recording: Recording | None = None  # for audits of later days; None where the report was read, not made
    sealed: Sealed | None = None  # where a walk was made


def facts_of(path: Path, trust: Trust | None = None) -> Facts:
    """The facts of one evidence file, or of what others recorded. Raises ``EvidenceError``."""
    with opened(path, trust) as (evidence, _):
        return extract(evidence)


def judge_evidence(  # noqa: PLR0913 - all that a judgment may rest on
    path: Path,
    rules: Path | None = None,
    jurisdictions: Sequence[str] = (),
    earlier: Sequence[Path | Recording] = (),
    trust: Trust | None = None,
    *,
    stands_for: EvidenceV1 | None = None,
) -> Judged:
    """Judge a recorded walk, without a browser: the same file and rules give the same report.

    ``earlier`` are recordings of the same target, which add what takes several of them to tell; what
    they show besides is not judged again. ``stands_for`` is the evidence that the report is to name,
    where ``path`` is a replay of it. Raises ``EvidenceError``, ``RuleError``, and ``UsageError`` for an
    earlier recording that cannot be one.
    """
    law = load_law(None, rules and rules / "law")
    book = load_rules(None, law, added=rules)
    with opened(path, trust) as (evidence, called):
        walked = Walked(evidence, bundled())
        audit = evidence.audit
        seen = of_walk(walked)
        recording = recorded(walked, seen, called.sha256)
        along = before(recording, earlier, trust)
        facts = with_history(seen, recording, along)
        where = guess(facts, jurisdictions or audit.jurisdictions)
        on = date.fromisoformat(facts.captured)
        findings = judge(facts, book, law, where.ids, on)
        if any(is_grave(finding) for finding in findings):
            runs = [judge(alone, book, law, where.ids, on) for alone in of_runs(walked)]
            findings = with_runs(findings, runs)
        if audit.imported:
            findings = at_most(findings, "probable")
        meta = Meta(
            tool=audit.tool,
            jurisdictions=where,
            evidence=stands_for or called,
            earlier=named(along),
            custody=custody(audit, evidence.runs, watched(evidence)),
            attachments=attachments(evidence.attachments),
        )
    return Judged(build(facts, findings, book, law, meta), facts, recording)


def prepare(folder: Path) -> Path:
    """Make the folder for a report; raises ``UsageError`` when nothing can be written there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".payaudit"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise UsageError(
            f"cannot write to {folder}: {error.strerror}; choose another folder with -o",
            f"无法写入 {folder}：{error.strerror}；请用 -o 另选文件夹",
        ) from error
    return folder


def write_report(folder: Path, report: ReportV1) -> Path:
    """Leave ``report.json`` in the folder."""
    path = prepare(folder) / REPORT
    path.write_bytes(to_json(report))
    return path


def write_page(folder: Path, judged: Judged, evidence: Path, language: Language | None = None) -> Path:
    """Leave ``report.html`` in the folder: the same evidence and report, the same bytes.

    ``language`` is the one shown where scripts do not run; left out, that of the market.
    """
    from payaudit.report.html.page import to_html  # noqa: PLC0415 - templates and pictures are of no use to the other commands

    path = prepare(folder) / PAGE
    with opened(evidence) as (recorded, _):
        path.write_bytes(to_html(judged.report, judged.facts, recorded, language))
    return path


async def write_paper(
    folder: Path, judged: Judged, evidence: Path, language: Language | None = None, browser: str | None = None
) -> Path:
    """Leave ``report.pdf`` in the folder, printed by the browser that walks. Raises ``BrowserMissing``.

    ``language`` as in ``write_page``.
    """
    from payaudit.report.html.page import to_html  # noqa: PLC0415 - as above
    from payaudit.walk.paper import to_pdf  # noqa: PLC0415 - only this needs a browser's driver

    path = prepare(folder) / PAPER
    with opened(evidence) as (recorded, _):
        page = to_html(judged.report, judged.facts, recorded, language)
    path.write_bytes(await to_pdf(page, browser))
    return path


def write_journey(evidence: Path, path: Path) -> None:
    """Write down the way that a walk went; a journey that was there is moved aside."""
    from payaudit.walk.script import journey_of  # noqa: PLC0415 - judging must not need a browser's driver

    with Evidence.open(evidence) as opened:
        text = journey_of(opened)
    if path.exists():
        path.rename(free_name(path))
    path.write_text(text, "utf-8")


def judge_into(folder: Path, evidence: Path, rules: Path | None, earlier: Sequence[Recording] = ()) -> Judged:
    """Judge evidence, and leave the reports in a folder."""
    judged = judge_evidence(evidence, rules, earlier=earlier)
    write_report(folder, judged.report)
    write_page(folder, judged, evidence)
    return judged


async def audit(  # noqa: PLR0913, PLR0917 - the whole of an audit
    target: str,
    folder: Path,
    options: Options,
    tell: Callable[[str, str], None],
    rules: Path | None = None,
    sealing: Sealing | None = None,
    *,
    elsewhere: Callable[[Path, Path, Path | None], Awaitable[Judged]] | None = None,
) -> tuple[Judged, Walk]:
    """Walk a target and judge it; leaves evidence and reports in the folder: ``.wacz``, ``.json``, ``.html``.

    A walk by hand leaves ``journey.yaml`` too, the same way to be walked again. ``sealing``
    says who signs; what of that fails after the walk is told in ``Judged.sealed`` and loses nothing.
    ``elsewhere`` does what ``judge_into`` does in another process, where other walks go on in this one.
    """
    from payaudit.walk.walk import walk  # noqa: PLC0415 - judging must not need a browser's driver

    # A rule that cannot be read is said before the walk, not after it.
    law = load_law(None, rules and rules / "law")
    book = load_rules(None, law, added=rules)
    sealing = sealing or Sealing()
    options = replace(options, keys=sealing.keys, custody=sealing.custody(book.sha256, law.sha256))
    walked = await walk(target, prepare(folder) / EVIDENCE, options, tell)
    sealed = sealing.seal(walked.evidence)
    if options.by_hand:
        write_journey(walked.evidence, folder / JOURNEY)
    tell("judging", "正在判断")
    told = (folder, walked.evidence, rules)
    judged = await elsewhere(*told) if elsewhere else judge_into(*told)
    return replace(judged, sealed=sealed), walked


def exit_code(judged: Judged) -> int:
    """What the command ends with, from the report alone."""
    verdicts = judged.report.counts.by_verdict
    if verdicts.get("violation"):
        return VIOLATIONS
    if not judged.facts.coverage.paywall_seen:
        return NO_PAYWALL
    return UNCLEAR if verdicts.get("unclear") else CLEAN
