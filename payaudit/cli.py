"""The command line: what can be asked for, and the code that it ends with."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from payaudit import case_commands, compare_commands, query_commands, seal_commands, sweep_commands, terminal
from payaudit.cluster_commands import cluster_app
from payaudit.entry import Entry, entry_of
from payaudit.handover_commands import register as register_handover
from payaudit.law_commands import law_app
from payaudit.options import (
    QUICK_S,
    AdsOf,
    Attach,
    BackendOf,
    BrowserName,
    EvidencePath,
    Format,
    Lang,
    Persona,
    Places,
    Quiet,
    RulesDir,
    StorageState,
    check_attached,
    check_format,
    names,
    places,
)
from payaudit.replay_commands import replay
from payaudit.report_commands import REPORT_HELP, report
from payaudit.rule_commands import rules_app
from payaudit.seal_options import (
    CaseFile,
    KeyFile,
    PasswordFile,
    TrustedKeys,
    Tsa,
    sealing_of,
    trust_of,
)
from payaudit.setup_commands import setup
from payaudit.teaching import Teaching
from payaudit.terminal import reported as _reported
from payaudit.terminal import say

if TYPE_CHECKING:
    from payaudit.audit import Judged
    from payaudit.sealing import Sealing
    from payaudit.walk.walk import Options, Walked

app = typer.Typer(
    name="payaudit",
    cls=Teaching,
    help=say(
        "Audits misleading payment schemes in micro-dramas: walks a paywall in a real browser, never pays,"
        " and reports what was seen, where, and which provision it bears upon.",
        "审计短剧付费套路：用真实浏览器走到付费墙，从不付款，报告看到了什么、在哪里、可能涉及哪条规定。",
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help starts in half the time, and reads as well through a pipe
    context_settings={"max_content_width": 100},
)
app.add_typer(rules_app, name="rules")
app.add_typer(law_app, name="law")
seal_commands.register(app)
app.command(
    help=say(
        "Walk a recording again, answered from its own traffic alone, and say whether it comes out the same.",
        "仅以录制的流量应答，重新行走一份录制，并说明结果是否一致。",
    )
)(replay)
register_handover(app)
app.command(name="report", help=REPORT_HELP)(report)
compare_commands.register(app)
case_commands.register(app)
app.add_typer(cluster_app, name="cluster")
sweep_commands.register(app)
query_commands.register(app)


@app.callback()
def _all(_lang: Lang = None) -> None:
    """What can be told before any command."""


@app.command(help=say("Walk TARGET and judge what was seen.", "走访 TARGET 并判断所见。"))
def audit(  # noqa: PLR0913 - the options of the command
    target: Annotated[
        str,
        typer.Argument(
            help=say(
                "address of a drama's page, a picture of its QR code, or a mini-program's folder or .wxapkg",
                "短剧页面地址、其二维码图片，或小程序文件夹、.wxapkg",
            )
        ),
    ],
    *,
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            "-o",
            help=say("folder for reports and evidence.wacz", "存放报告与 evidence.wacz 的文件夹"),
        ),
    ] = Path("payaudit-out"),
    persona: Persona = "iphone",
    browser: BrowserName = None,
    max_steps: Annotated[int, typer.Option(min=1, help=say("acts in all", "最多动作数"))] = 240,
    max_seconds: Annotated[float, typer.Option(min=1, help=say("seconds in all", "最长秒数"))] = 600.0,
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
        str | None,
        typer.Option(
            help=say(
                "further personas under which the paywall is read, e.g. android,desktop",
                "另以这些角色阅读付费墙，如 android,desktop",
            )
        ),
    ] = None,
    journey: Annotated[
        Path | None,
        typer.Option(help=say("walk by this script instead of exploring", "按此脚本行走，不自动探索")),
    ] = None,
    no_orders: Annotated[
        bool, typer.Option("--no-orders", help=say("stop the creation of orders too", "连创建订单也拦截"))
    ] = False,
    storage_state: StorageState = None,
    cdp: Attach = None,
    backend: BackendOf = None,
    ads: AdsOf = "watched",
    jurisdiction: Places = None,
    rules: RulesDir = None,
    key: KeyFile = None,
    password_file: PasswordFile = None,
    tsa: Tsa = None,
    case: CaseFile = None,
    output: Format = "text",
    quiet: Quiet = False,
    _lang: Lang = None,
) -> None:
    """Leave report and evidence in the folder, and the report on stdout."""
    from payaudit.miniprogram_target import persona_for, staging_of
    from payaudit.walk import journey as journeys
    from payaudit.walk.walk import Options
    from payaudit.walk.window import load_state

    with _reported():
        check_format(output)
        check_attached(cdp, storage_state, browser)
        staging = staging_of(target, backend, ads, cdp=cdp)
        entry = Entry(staging.address) if staging else entry_of(target)
        options = Options(
            entry=entry.told(),
            persona=persona_for(staging, persona),
            miniprogram=staging,
            browser=browser,
            max_steps=max_steps,
            max_seconds=max_seconds,
            orders="none" if no_orders or storage_state or cdp else "few",
            session=load_state(storage_state) if storage_state else None,
            cdp=cdp,
            again_seconds=QUICK_S if quick else 60.0,
            personas=names(personas),
            journey=journeys.load(journey) if journey else None,
            jurisdictions=places(jurisdiction, rules),
        )
        sealing = sealing_of(key, password_file, tsa, case)
        judged, code = _walk(entry.address, out, options, rules, sealing, quiet=quiet)
        terminal.show_report(judged.report, output)
        _closing(out, judged=judged)
    raise typer.Exit(code)


@app.command(
    help=say(
        "Open TARGET in a window, record what you do there, judge it, and write it down as a journey.",
        "在窗口中打开 TARGET，录制你的操作并判断，同时写成行走脚本。",
    )
)
def record(  # noqa: PLR0913 - the options of the command
    target: Annotated[str, typer.Argument(help=say("address of a drama's page", "短剧页面地址"))],
    *,
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            "-o",
            help=say(
                "folder for report.json, evidence.wacz and journey.yaml",
                "存放 report.json、evidence.wacz 与 journey.yaml 的文件夹",
            ),
        ),
    ] = Path("payaudit-out"),
    persona: Persona = "iphone",
    browser: BrowserName = None,
    storage_state: StorageState = None,
    jurisdiction: Places = None,
    rules: RulesDir = None,
    key: KeyFile = None,
    password_file: PasswordFile = None,
    tsa: Tsa = None,
    case: CaseFile = None,
    output: Format = "text",
    quiet: Quiet = False,
    _lang: Lang = None,
) -> None:
    """Close the window or press Ctrl-C when done; walk the same way again with ``audit --journey``."""
    from payaudit.audit import JOURNEY
    from payaudit.walk.walk import Options
    from payaudit.walk.window import load_state

    with _reported():
        check_format(output)
        entry = entry_of(target)
        options = Options(
            entry=entry.told(),
            persona=persona,
            browser=browser,
            orders="none",
            session=load_state(storage_state) if storage_state else None,
            jurisdictions=places(jurisdiction),
            by_hand=True,
        )
        sealing = sealing_of(key, password_file, tsa, case)
        judged, code = _walk(entry.address, out, options, rules, sealing, quiet=quiet)
        terminal.show_report(judged.report, output)
        _closing(out, out / JOURNEY, judged=judged)
    raise typer.Exit(code)


@app.command(
    help=say(
        "Open TARGET in a window, log in by hand, and save the session; nothing is recorded.",
        "在窗口中打开 TARGET，手动登录并保存登录状态；不录制任何内容。",
    )
)
def login(
    target: Annotated[str, typer.Argument(help=say("address to log in at", "登录页面地址"))],
    *,
    save: Annotated[
        Path,
        typer.Option(
            "--save",
            metavar="FILE",
            help=say("file for the session; as secret as a password", "保存登录状态的文件；与密码同样机密"),
        ),
    ],
    persona: Persona = "iphone",
    browser: BrowserName = None,
    quiet: Quiet = False,
    _lang: Lang = None,
) -> None:
    """Walk with the session by ``audit --storage-state FILE``, under the same persona."""
    import asyncio

    from payaudit.walk.login import login as log_in

    with _reported():
        with terminal.progress(quiet=quiet) as tell:
            cookies = asyncio.run(log_in(entry_of(target).address, save, persona, browser, tell))
        terminal.remark(
            f"saved: {save} ({cookies} cookies); whoever has it is logged in: delete it when you are done",
            f"已保存：{save}（{cookies} 个 cookie）；持有它即等于已登录，用完请删除",
        )


@app.command(
    help=say("Judge a recorded walk again, without a browser.", "不用浏览器，重新判断已录制的行走。")
)
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
        typer.Option("--earlier", help=say("earlier evidence of the same target", "同一目标更早的证据")),
    ] = None,
    trust: TrustedKeys = None,
    output: Format = "text",
    _lang: Lang = None,
) -> None:
    """Print the report, and leave it in a folder where one is named."""
    from payaudit.audit import exit_code, judge_evidence, write_page, write_report

    with _reported():
        check_format(output)
        judged = judge_evidence(evidence, rules, places(jurisdiction, rules), against or (), trust_of(trust))
        if out is not None:
            write_report(out, judged.report)
            write_page(out, judged, evidence)
        terminal.show_report(judged.report, output)
        if out is not None:
            _closing(out, evidence=False)
    raise typer.Exit(exit_code(judged))


@app.command(help=say("Print the facts that the evidence shows, as JSON.", "以 JSON 输出证据所示的事实。"))
def facts(evidence: EvidencePath, trust: TrustedKeys = None, _lang: Lang = None) -> None:
    """What the rules are given to judge."""
    from payaudit.audit import facts_of

    with _reported():
        terminal.put(facts_of(evidence, trust_of(trust)).model_dump_json(indent=2) + "\n")


@app.command(
    help=say(
        "Say why the walk pressed what it pressed, a sentence for each step.",
        "逐步说明行走时为何点按所点之物。",
    )
)
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
    from payaudit.options import step_of
    from payaudit.report.explain import explain as sentences

    with _reported():
        run, number = step_of(step)
        with Evidence.open(evidence, trust=trust_of(trust)) as opened:
            for line in sentences(opened, terminal.LANGUAGE, number, run):
                terminal.tell(line, line)


@app.command(
    help=say("Say what this machine has and what is missing for a walk.", "检查本机是否具备行走所需的条件。")
)
def doctor(browser: BrowserName = None, _lang: Lang = None) -> None:
    """End with 1 where no walk is possible."""
    from payaudit.doctor import can_walk, examine

    with _reported():
        items = examine(None, browser)
        terminal.show_machine(items)
    raise typer.Exit(0 if can_walk(items) else 1)


app.command(
    help=say(
        "Fetch what a mini-program runs on, once; everything else works without.",
        "获取运行小程序所需的组件（仅需一次）；其他功能不需要。",
    )
)(setup)


@app.command(help=say("Print the JSON Schema of report.json.", "输出 report.json 的 JSON Schema。"))
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


@app.command(
    help=say("Audit the bundled micro-drama, served on this machine.", "审计随附的示例短剧（仅在本机提供）。")
)
def demo(
    *,
    out: Annotated[Path, typer.Option("--out", "-o", help=say("folder for the result", "结果文件夹"))] = Path(
        "payaudit-demo"
    ),
    browser: BrowserName = None,
    quiet: Quiet = False,
    _lang: Lang = None,
) -> None:
    """End with 0 where the report says what the site's truth says, and nothing more."""
    from payaudit.audit import PAGE
    from payaudit.demo import demo_site, differences
    from payaudit.serve import serving
    from payaudit.walk.walk import Options

    with _reported():
        site = demo_site()
        with serving(site) as address:
            options = Options(persona="wechat-iphone", browser=browser)
            sealing = sealing_of(None, None, None, None)
            judged, _ = _walk(address + "/", out, options, None, sealing, quiet=quiet)
        terminal.show_report(judged.report, "text")
        _closing(out, page=False)
        wrong = differences(site, judged.report)
        for difference in wrong:
            terminal.error(difference.en, difference.zh)
        if not wrong:
            terminal.remark(
                "demo: every practice that the site's truth states was found, and nothing more",
                "示例：站点真值所列做法全部发现，且无多报",
            )
        terminal.readable(out / PAGE)
    raise typer.Exit(1 if wrong else 0)


def _walk(  # noqa: PLR0913 - the whole of an audit
    target: str, out: Path, options: Options, rules: Path | None, sealing: Sealing, *, quiet: bool
) -> tuple[Judged, int]:
    """Audit until done or interrupted; also the code for it."""
    import asyncio

    from payaudit.audit import FAILED, INTERRUPTED, audit, exit_code

    async def go(tell: Callable[[str, str], None]) -> tuple[Judged, Walked]:
        task = asyncio.ensure_future(audit(target, out, options, tell, rules, sealing))
        loop = asyncio.get_running_loop()

        def stop(*_: object) -> None:
            if not loop.is_closed():  # a press when all is already put away changes nothing
                loop.call_soon_threadsafe(task.cancel)

        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, stop)
        return await task

    with terminal.progress(quiet=quiet) as tell:
        judged, walked = asyncio.run(go(tell))
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)  # all is written; a late press must not spoil the exit code
    if walked.audit.failure_en:
        terminal.error(walked.audit.failure_en, walked.audit.failure_zh or "")
    if walked.audit.end_reason == "interrupted":
        return judged, INTERRUPTED
    for failure in judged.sealed.failures if judged.sealed else ():
        terminal.error(failure.en, failure.zh)
        return judged, FAILED
    return judged, exit_code(judged)


def _closing(
    out: Path, *more: Path, evidence: bool = True, page: bool = True, judged: Judged | None = None
) -> None:
    from payaudit.audit import EVIDENCE, PAGE, REPORT

    beside = judged.sealed.files if judged is not None and judged.sealed is not None else []
    terminal.written([out / REPORT, *([out / EVIDENCE] if evidence else []), *more, *beside])
    if page:
        terminal.readable(out / PAGE)


def main() -> None:
    """Entry point of the console script."""
    app()
