"""``payaudit report``: the report in the forms that others read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from payaudit import terminal
from payaudit.commands.options import BrowserName, EvidencePath, Lang, Places, RulesDir, places
from payaudit.errors import UsageError
from payaudit.terminal import reported, say

if TYPE_CHECKING:
    from payaudit.audit import Judged


def report(  # noqa: PLR0913 - the options of the command
    evidence: EvidencePath,
    *,
    pdf: Annotated[
        bool,
        typer.Option(
            "--pdf", help=say("report.pdf too, printed by the browser", "另由浏览器打印 report.pdf")
        ),
    ] = False,
    csv: Annotated[
        bool,
        typer.Option(
            "--csv", help=say("findings.csv and offers.csv too", "另生成 findings.csv 与 offers.csv")
        ),
    ] = False,
    sarif: Annotated[
        bool,
        typer.Option(
            "--sarif", help=say("report.sarif too (SARIF 2.1.0)", "另生成 report.sarif（SARIF 2.1.0）")
        ),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", help=say("folder; left out, where the evidence lies", "文件夹；不填则与证据同处")
        ),
    ] = None,
    rules: RulesDir = None,
    jurisdiction: Places = None,
    browser: BrowserName = None,
    _lang: Lang = None,
) -> None:
    """Of the report.json beside the evidence; judged anew where there is none, or other rules are named."""
    import asyncio

    from payaudit.audit import write_page, write_paper, write_report
    from payaudit.evidence.find import find_evidence

    with reported():
        path = find_evidence(evidence)
        folder = out or path.parent
        judged = _judged(evidence, path, rules, places(jurisdiction, rules))
        written = [write_report(folder, judged.report)]
        page = write_page(folder, judged, path)
        if csv or sarif:
            written += _others(folder, judged, csv=csv, sarif=sarif)
        if pdf:
            written.append(asyncio.run(write_paper(folder, judged, path, terminal.ASKED, browser)))
        terminal.written(written)
        terminal.readable(page)


def _judged(given: Path, evidence: Path, rules: Path | None, jurisdictions: tuple[str, ...]) -> Judged:
    """The report that lies beside the evidence of a folder, if it is about that evidence; else a new one."""
    from payaudit.audit import REPORT, Judged, facts_of, judge_evidence
    from payaudit.evidence.read import Evidence
    from payaudit.report.json import from_json

    beside = evidence.parent / REPORT
    if rules or jurisdictions or not given.is_dir() or not beside.is_file():
        return judge_evidence(evidence, rules, jurisdictions)
    made = from_json(beside.read_bytes())
    with Evidence.open(evidence) as opened:
        digest = opened.sha256
    if made.evidence.sha256 != digest:
        raise UsageError(
            f"{beside} is about another evidence file; name {evidence} itself to judge it anew",
            f"{beside} 所述并非该证据文件；请直接指定 {evidence} 以重新判断",
        )
    return Judged(made, facts_of(evidence))


def _others(folder: Path, judged: Judged, *, csv: bool, sarif: bool) -> list[Path]:
    from payaudit.report.csv import findings_csv, offers_csv
    from payaudit.report.sarif import to_sarif

    made: dict[str, bytes] = {}
    if csv:
        made["findings.csv"] = findings_csv(judged.report)
        made["offers.csv"] = offers_csv(judged.facts, judged.report)
    if sarif:
        made["report.sarif"] = to_sarif(judged.report)
    for name, data in made.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in made]
