"""``payaudit compare``: what changed between two audits."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from payaudit import terminal
from payaudit.commands.options import Format, Lang, Places, RulesDir, check_format, places
from payaudit.terminal import reported, say

if TYPE_CHECKING:
    from payaudit.case.sides import Brought
    from payaudit.model.comparison import ComparisonV1

NEW_FINDINGS = 10  # as an audit that found something

_WHICH = say("folder of an audit, evidence.wacz or report.json", "审计文件夹、evidence.wacz 或 report.json")


def compare(  # noqa: PLR0913 - the options of the command
    a: Annotated[Path, typer.Argument(metavar="A", help=_WHICH)],
    b: Annotated[Path, typer.Argument(metavar="B", help=_WHICH)],
    *,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html",
            metavar="FILE",
            help=say(
                "also write one page with both screens side by side", "另存为一个网页，左右并列两侧截图"
            ),
        ),
    ] = None,
    rules: RulesDir = None,
    jurisdiction: Places = None,
    output: Format = "text",
    _lang: Lang = None,
) -> None:
    """End with 10 where a finding is new, else with 0."""
    from payaudit.case.sides import brought
    from payaudit.report.compare.build import compare as compared

    with reported():
        check_format(output)
        named = places(jurisdiction, rules)
        before, after = brought(a, rules, named), brought(b, rules, named)
        comparison = compared(before.side, after.side)
        if html is not None:
            _write_page(html, comparison, before, after)
        _show(comparison, output)
        if html is not None:
            terminal.written([html])
    raise typer.Exit(NEW_FINDINGS if comparison.finding_counts["new"] else 0)


def _show(comparison: ComparisonV1, output: str) -> None:
    from payaudit.report.compare.json import to_json
    from payaudit.report.compare.text import render

    if output == "json":
        terminal.put(to_json(comparison).decode())
    else:
        terminal.paint(lambda width: render(comparison, terminal.LANGUAGE, width))


def _write_page(path: Path, comparison: ComparisonV1, before: Brought, after: Brought) -> None:
    from payaudit.errors import UsageError
    from payaudit.evidence.read import Evidence
    from payaudit.report.compare.html import page
    from payaudit.report.compare.pictures import Album

    with ExitStack() as opened:
        albums = [
            Album(None if each.evidence is None else opened.enter_context(Evidence.open(each.evidence)))
            for each in (before, after)
        ]
        text = page(comparison, albums[0], albums[1], terminal.LANGUAGE)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    except OSError as error:
        raise UsageError(
            f"cannot write {path}: {error.strerror}; choose another file with --html",
            f"无法写入 {path}：{error.strerror}；请用 --html 另选文件",
        ) from error
