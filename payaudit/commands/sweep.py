"""``payaudit sweep`` and what is done with its catalogue: query, sweep-report, export, serve."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from payaudit import terminal
from payaudit.commands.options import (
    CERTS,
    QUICK_S,
    BrowserName,
    Certs,
    Lang,
    Persona,
    Places,
    Quiet,
    RulesDir,
    names,
    places,
)
from payaudit.errors import UsageError
from payaudit.terminal import reported, say

if TYPE_CHECKING:
    from rich.table import Table

    from payaudit.sweep.events import Tally
    from payaudit.sweep.job import Engine
    from payaudit.sweep.sweep import Plan, Rows, Sweep
    from payaudit.sweep.targets import Frame, Target
    from payaudit.walk.journey import Journey

_Out = Annotated[
    Path,
    typer.Option(
        "--out",
        "-o",
        help=say("folder of the catalogue, evidence and reports", "存放目录库、证据与报告的文件夹"),
    ),
]
_CatalogueAt = Annotated[
    str | None,
    typer.Option(
        "--catalogue",
        metavar="ADDRESS",
        help=say(
            "postgresql://USER@HOST/NAME in place of catalogue.db in the folder",
            "用 postgresql://用户@主机/库名 代替文件夹中的 catalogue.db",
        ),
    ),
]


def sweep(  # noqa: PLR0913 - the options of the command
    targets: Annotated[
        Path,
        typer.Argument(
            help=say(
                ".csv, .jsonl or .txt; columns target, persona, jurisdiction, tags, journey, platform",
                ".csv、.jsonl 或 .txt；列：target、persona、jurisdiction、tags、journey、platform",
            )
        ),
    ],
    *,
    out: _Out = Path("payaudit-sweep"),
    name: Annotated[
        str | None,
        typer.Option(
            help=say(
                "of this sweep; the list's own name when left out. A new name audits all again",
                "本次巡查的名称；不填则用列表文件名。换名即全部重新审计",
            )
        ),
    ] = None,
    parallel: Annotated[
        int | None,
        typer.Option(
            min=1, help=say("audits at once; as many as processors", "同时审计数；默认等于处理器数")
        ),
    ] = None,
    per_host: Annotated[
        int, typer.Option(min=1, help=say("audits at once on one host", "同一主机同时审计数"))
    ] = 2,
    delay: Annotated[
        float,
        typer.Option(min=0, help=say("seconds between two starts on a host", "同一主机两次开始的间隔秒数")),
    ] = 1.0,
    attempts: Annotated[
        int,
        typer.Option(min=1, help=say("at a target, before it counts as failed", "每个目标的最多尝试次数")),
    ] = 3,
    timeout: Annotated[
        float | None,
        typer.Option(min=1, help=say("seconds after which an audit is given up", "单次审计超过此秒数即放弃")),
    ] = None,
    sample: Annotated[
        int | None,
        typer.Option(
            min=1, help=say("audit only so many, drawn by --seed", "仅抽取这么多个目标，由 --seed 决定")
        ),
    ] = None,
    seed: Annotated[str, typer.Option(help=say("of the sample", "抽样种子"))] = "0",
    exclude: Annotated[
        Path | None,
        typer.Option(
            help=say(
                "file of addresses, hosts or platforms to leave out, the reason after a comma",
                "要排除的网址、主机或平台列表，逗号后写原因",
            )
        ),
    ] = None,
    persona: Persona = "iphone",
    browser: BrowserName = None,
    max_steps: Annotated[int, typer.Option(min=1, help=say("acts per audit", "每次审计的最多动作数"))] = 240,
    max_seconds: Annotated[
        float, typer.Option(min=1, help=say("seconds of walking per audit", "每次审计的最长巡查秒数"))
    ] = 600.0,
    quick: Annotated[
        bool,
        typer.Option(
            "--quick",
            help=say(
                "visits 2 s apart instead of 60: too short to judge a countdown by",
                "重复访问只隔 2 秒而非 60 秒：不足以判断倒计时",
            ),
        ),
    ] = False,
    personas: Annotated[
        str | None, typer.Option(help=say("further personas for each target", "每个目标另用的角色"))
    ] = None,
    orders: Annotated[
        bool,
        typer.Option(
            "--orders",
            help=say("let a few unpaid orders be created at the merchant", "允许在商户处创建少量未付款订单"),
        ),
    ] = False,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help=say("tls://HOST:8786 of a cluster's scheduler", "集群调度器地址 tls://主机:8786"),
        ),
    ] = None,
    certs: Certs = CERTS,
    catalogue: _CatalogueAt = None,
    evidence: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help=say(
                "s3://BUCKET/PREFIX in place of evidence/ in the folder",
                "用 s3://存储桶/前缀 代替文件夹中的 evidence/",
            ),
        ),
    ] = None,
    jurisdiction: Places = None,
    rules: RulesDir = None,
    quiet: Quiet = False,
    _lang: Lang = None,
) -> None:
    """Leave catalogue, evidence, reports and the event log in the folder."""
    from payaudit.sweep.catalogue import Catalogue, in_folder
    from payaudit.sweep.events import EventLog, Tally
    from payaudit.sweep.feeder import Politeness
    from payaudit.sweep.sample import read_exclusions
    from payaudit.sweep.store import store_of
    from payaudit.sweep.sweep import Plan, Sweep, begin, only_one
    from payaudit.sweep.targets import read_targets
    from payaudit.sweep.versions import versions
    from payaudit.walk.options import Options

    with reported():
        frame = read_targets(targets, persona, ",".join(places(jurisdiction, rules)))
        rows = _rows(frame, targets.parent, rules)
        plan = Plan(
            name=_name(name or targets.stem),
            folder=out,
            options=Options(
                browser=browser,
                max_steps=max_steps,
                max_seconds=max_seconds,
                again_seconds=QUICK_S if quick else 60.0,
                personas=names(personas),
                orders="few" if orders else "none",
            ),
            polite=Politeness(parallel or 0, per_host, delay),
            attempts=attempts,
            seconds=timeout or max_seconds + 300,
            versions=versions(rules),
            rules=rules,
            sample=sample,
            seed=seed,
        )
        engine = _engine(cluster, certs, plan)
        tally = Tally()
        with only_one(_folder(out)):
            book = Catalogue(catalogue or in_folder(out), create=True)
            try:
                chosen = begin(plan, frame, read_exclusions(exclude), book)
                _tell_frame(frame, chosen)
                # What walks and judges is large, as a list may be: it is loaded once the list is put down.
                from payaudit.sweep.task import audit_target

                with EventLog(out, plan.name) as log:
                    whole = Sweep(plan, rows, book, store_of(evidence, out), engine, log, tally, audit_target)
                    interrupted = _run(whole, chosen, quiet=quiet)
                from payaudit.sweep.figures import figures
                from payaudit.sweep.page import write

                page = write(figures(book, plan.name), out / f"{plan.name}.html", terminal.LANGUAGE)
            finally:
                book.close()
        _tell_end(out, page, interrupted=interrupted)
    raise typer.Exit(_code(tally, interrupted=interrupted))


def _engine(cluster: str | None, certs: Path, plan: Plan) -> Engine:
    from payaudit.sweep.job import Local

    if cluster is None:
        return Local()
    from payaudit.sweep.cluster import Cluster, needs_dask

    needs_dask()
    return Cluster(cluster, certs, plan.versions)


def _run(whole: Sweep, chosen: list[Target], *, quiet: bool) -> bool:
    """Sweep until through or interrupted; whether it was."""
    import asyncio
    import signal

    from payaudit.sweep.board import board, line

    async def go() -> bool:
        task = asyncio.ensure_future(whole.run(chosen))
        loop = asyncio.get_running_loop()
        for each in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(each, task.cancel)
        try:
            await task
        except asyncio.CancelledError:
            return True
        return False

    def draw() -> Table:
        return board(whole.tally, terminal.LANGUAGE)

    with terminal.watching(draw, lambda: line(whole.tally), quiet=quiet):
        return asyncio.run(go())


def _rows(frame: Frame, folder: Path, rules: Path | None) -> Rows:
    """What the rows name: personas, journeys, jurisdictions. Raises ``UsageError`` with the row."""
    from payaudit.sweep.sweep import Rows
    from payaudit.walk.personas import persona

    journeys: dict[str, Journey] = {}
    known: dict[str, tuple[str, ...]] = {}
    seen: set[str] = set()
    for target in frame.targets:
        try:
            if target.persona not in seen:
                persona(target.persona)
                seen.add(target.persona)
            if target.journey and target.journey not in journeys:
                from payaudit.walk.journey import load

                journeys[target.journey] = load(folder / target.journey)
            if target.jurisdiction not in known:
                known[target.jurisdiction] = places(target.jurisdiction, rules)
        except UsageError as error:
            where = f"{frame.name}:{target.row}"
            raise UsageError(f"{where}: {error.en}", f"{where}：{error.zh}") from error
    return Rows(journeys, known)


def _name(name: str) -> str:
    """A sweep's name, which is part of paths; raises ``UsageError`` for one that cannot be."""
    if not name or name.startswith(".") or not all(c.isalnum() or c in "-_." for c in name):
        raise UsageError(
            f"{name!r} is no name for a sweep; use letters, digits, - and _ (--name)",
            f"{name!r} 不能作为巡查名称；请用文字、数字、- 和 _（--name）",
        )
    return name


def _folder(out: Path) -> Path:
    from payaudit.audit import prepare

    return prepare(out)


def _tell_frame(frame: Frame, chosen: list[Target]) -> None:
    unreadable = [target for target in frame.targets if target.unreadable is not None]
    terminal.remark(
        f"{frame.name}: {len(frame.targets)} targets, {len(chosen)} to be audited, "
        f"{frame.repeated} rows repeated, {len(unreadable)} unreadable",
        f"{frame.name}：共 {len(frame.targets)} 个目标，将审计 {len(chosen)} 个，"
        f"重复 {frame.repeated} 行，无法读取 {len(unreadable)} 行",
    )
    for target in unreadable[:5]:
        terminal.remark(
            f"  row {target.row}: {target.unreadable}", f"  第 {target.row} 行：{target.address!r} 不是网址"
        )


def _tell_end(out: Path, page: Path, *, interrupted: bool) -> None:
    if interrupted:
        terminal.remark(
            "interrupted; what was audited is kept: the same command goes on where it stopped",
            "已中断；已审计的均已保存：重新运行同一命令即可续跑",
        )
    from payaudit.sweep.catalogue import FILE
    from payaudit.sweep.events import FILE as EVENTS

    terminal.written([file for file in (out / FILE, out / EVENTS, page) if file.exists()])


def _code(tally: Tally, *, interrupted: bool) -> int:
    """What the command ends with; of a sweep that was through before it began, 0."""
    from payaudit.audit import CLEAN, FAILED, INTERRUPTED, NO_PAYWALL, UNCLEAR, VIOLATIONS

    if interrupted:
        return INTERRUPTED
    if tally.findings:
        return VIOLATIONS
    if tally.failed and not tally.ok:
        return FAILED
    if tally.ok and tally.unreached == tally.ok:
        return NO_PAYWALL
    return UNCLEAR if tally.unclear else CLEAN
