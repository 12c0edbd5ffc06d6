"""``payaudit replay``: a recording walked again without a network, or held against another one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from payaudit import terminal
from payaudit.commands.options import BrowserName, EvidencePath, Format, Lang, Quiet, RulesDir, check_format
from payaudit.terminal import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from payaudit.replayed import Changes, Outcome
    from payaudit.report.differences import Difference

_SHOWN = 40  # lines of a kind; all of them are in the JSON


def replay(  # noqa: PLR0913 - the options of the command
    evidence: EvidencePath,
    *,
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            "-o",
            help=say(
                "folder for replay.json, report.json and the replay's own evidence.wacz",
                "存放 replay.json、report.json 与重放证据 evidence.wacz 的文件夹",
            ),
        ),
    ] = Path("payaudit-replay"),
    against: Annotated[
        Path | None,
        typer.Option(
            "--against",
            metavar="FILE2",
            help=say(
                "no walk: say what changed from EVIDENCE to this later recording",
                "不巡查：说明从 EVIDENCE 到这份较晚录制之间的变化",
            ),
        ),
    ] = None,
    browser: BrowserName = None,
    rules: RulesDir = None,
    output: Format = "text",
    quiet: Quiet = False,
    _lang: Lang = None,
) -> None:
    """End with 0 where the same was done and found, with 12 where not or where traffic was missing."""
    import asyncio
    import json

    from payaudit.replayed import DIFFERS, SAME, changes, replayed

    with terminal.reported():
        check_format(output)
        if against is not None:
            changed = changes(evidence, against, rules)
            if output == "json":
                terminal.put(json.dumps(changed.told(), ensure_ascii=False, indent=1) + "\n")
            else:
                _show_changes(changed)
            raise typer.Exit(SAME if not any(changed.told().values()) else DIFFERS)
        with terminal.progress(quiet=quiet) as tell:
            outcome = asyncio.run(replayed(evidence, out, browser, tell, rules))
        if output == "json":
            terminal.put(json.dumps(outcome.told(), ensure_ascii=False, indent=1) + "\n")
        else:
            _show(outcome)
        terminal.written([out / name for name in ("replay.json", "report.json", "evidence.wacz")])
    raise typer.Exit(SAME if outcome.same else DIFFERS)


def _show(outcome: Outcome) -> None:
    if outcome.same:
        terminal.tell(
            f"same: {outcome.steps} steps, the same acts in the same order, the same facts",
            f"一致：共 {outcome.steps} 步，动作及顺序相同，事实相同",
        )
    else:
        terminal.tell("differs from the recording", "与录制不一致")
    _list("acts", "动作", outcome.acts)
    _list("facts", "事实", outcome.facts)
    for en, zh, asked in (
        ("not in the recording, and not answered", "录制中没有，未作应答", outcome.misses),
        ("not answered, and counted as no difference", "未作应答，不计为差异", outcome.gaps),
    ):
        for each in asked[:_SHOWN]:
            terminal.tell(
                f"  {en}: run {each.run} step {each.step}: {each.method} {each.url} ({each.why})",
                f"  {zh}：运行 {each.run} 步骤 {each.step}：{each.method} {each.url}（{each.why}）",
            )


def _show_changes(changed: Changes) -> None:
    if not any(changed.told().values()):
        terminal.tell("nothing changed", "无变化")
    _list("findings", "线索", changed.findings)
    _list("facts", "事实", changed.facts)
    _list("acts", "动作", changed.acts)


def _list(en: str, zh: str, found: Sequence[Difference]) -> None:
    for each in found[:_SHOWN]:
        before, after = each.before or say("not there", "无"), each.after or say("not there", "无")
        terminal.tell(f"  {en}: {each.what}: {before} → {after}", f"  {zh}：{each.what}：{before} → {after}")
    if len(found) > _SHOWN:
        more = len(found) - _SHOWN
        terminal.tell(f"  {en}: and {more} more", f"  {zh}：另有 {more} 处")
