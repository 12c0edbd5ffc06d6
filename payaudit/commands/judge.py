"""``payaudit judge``, ``facts`` and ``explain``: what recorded evidence says, without a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from payaudit import terminal
from payaudit.commands.audited import closing
from payaudit.commands.options import (
    EvidencePath,
    Format,
    Lang,
    Places,
    RulesDir,
    check_format,
    places,
    step_of,
)
from payaudit.commands.seal_options import TrustedKeys, trust_of
from payaudit.terminal import reported, say


def judge(  # noqa: PLR0913 - the options of the command
    evidence: EvidencePath,
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help=say("folder for report.json and report.html", "存放 report.json 与 report.html 的文件夹"),
        ),
    ] = None,
    rules: RulesDir = None,
    jurisdiction: Places = None,
    against: Annotated[
        list[Path] | None,
        typer.Option(
            "--earlier",
            help=say(
                "earlier evidence of the same target, for what takes several days to tell",
                "同一目标更早的证据，用于须多日方知的内容",
            ),
        ),
    ] = None,
    trust: TrustedKeys = None,
    output: Format = "text",
    _lang: Lang = None,
) -> None:
    """Print the report, and leave it in a folder where one is named."""
    from payaudit.audit import exit_code, judge_evidence, write_page, write_report

    with reported():
        check_format(output)
        judged = judge_evidence(evidence, rules, places(jurisdiction, rules), against or (), trust_of(trust))
        if out is not None:
            write_report(out, judged.report)
            write_page(out, judged, evidence)
        terminal.show_report(judged.report, output)
        if out is not None:
            closing(out, evidence=False)
    raise typer.Exit(exit_code(judged))


def facts(evidence: EvidencePath, trust: TrustedKeys = None, _lang: Lang = None) -> None:
    """What the rules are given to judge."""
    from payaudit.audit import facts_of

    with reported():
        terminal.put(facts_of(evidence, trust_of(trust)).model_dump_json(indent=2) + "\n")


def explain(
    evidence: EvidencePath,
    step: Annotated[
        str | None,
        typer.Argument(
            help=say("a step, or run/step; all when left out", "步骤号，或 运行/步骤；不填为全部")
        ),
    ] = None,
    trust: TrustedKeys = None,
    _lang: Lang = None,
) -> None:
    """Plain sentences, fit for a statement."""
    from payaudit.evidence.read import Evidence
    from payaudit.report.explain import explain as sentences

    with reported():
        run, number = step_of(step)
        with Evidence.open(evidence, trust=trust_of(trust)) as opened:
            for line in sentences(opened, terminal.LANGUAGE, number, run):
                terminal.tell(line, line)
