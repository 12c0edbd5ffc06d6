"""``payaudit setup``, ``doctor`` and ``schema``: this machine, and this version."""

from __future__ import annotations

from typing import Annotated

import typer

from payaudit import terminal
from payaudit.commands.options import BrowserName, Lang, Quiet
from payaudit.terminal import reported, say


def setup(*, quiet: Quiet = False, _lang: Lang = None) -> None:
    """Fetch by npm what a mini-program runs on; ends with 1 where that fails, and does nothing twice."""
    from payaudit.walk.miniprogram.runtime import fetch_runtime, versions

    with reported():
        with terminal.progress(quiet=quiet) as tell:
            tell("fetching what a mini-program runs on", "正在获取运行小程序所需的组件")
            runtime = fetch_runtime()
        told = ", ".join(f"{name} {version}" for name, version in versions().items())
        terminal.remark(
            f"mini-programs: ready ({told}) in {runtime.folder}",
            f"小程序：就绪（{told}），位于 {runtime.folder}",
        )


def doctor(browser: BrowserName = None, _lang: Lang = None) -> None:
    """End with 1 where no walk is possible."""
    from payaudit.doctor import can_walk, examine

    with reported():
        items = examine(None, browser)
        terminal.show_machine(items)
    raise typer.Exit(0 if can_walk(items) else 1)


def schema(
    *,
    comparison: Annotated[
        bool,
        typer.Option(
            "--comparison", help=say("of `payaudit compare --format json`", "比较结果的 JSON Schema")
        ),
    ] = False,
    _lang: Lang = None,
) -> None:
    """The published form of ``ReportV1``, or of ``ComparisonV1``."""
    from payaudit.report.schema import schema_of

    terminal.put(schema_of("payaudit-comparison/1" if comparison else "payaudit/1").decode())
