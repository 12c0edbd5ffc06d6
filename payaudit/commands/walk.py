"""``payaudit audit``, ``record``, ``login`` and ``demo``: the commands that open a browser on a page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from payaudit import terminal
from payaudit.commands.audited import audited, closing
from payaudit.commands.options import (
    QUICK_S,
    AdsOf,
    Attach,
    BackendOf,
    BrowserName,
    DevToolsAt,
    Format,
    Lang,
    Persona,
    Places,
    Quiet,
    RulesDir,
    StorageState,
    check_attached,
    check_devtools,
    check_format,
    names,
    places,
)
from payaudit.commands.seal_options import CaseFile, KeyFile, PasswordFile, Tsa, sealing_of
from payaudit.entry import Entry, entry_of
from payaudit.errors import UsageError
from payaudit.terminal import reported, say


def audit(  # noqa: PLR0913 - the options of the command
    target: Annotated[
        str | None,
        typer.Argument(
            help=say(
                "address of a drama's page, a picture of its QR code, or a mini-program's folder or .wxapkg;"
                " none with --devtools",
                "短剧页面地址、其二维码图片，或小程序文件夹、.wxapkg；使用 --devtools 时不填",
            )
        ),
    ] = None,
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
        typer.Option(help=say("walk by this script instead of exploring", "按此脚本巡查，不自动探索")),
    ] = None,
    no_orders: Annotated[
        bool, typer.Option("--no-orders", help=say("stop the creation of orders too", "连创建订单也拦截"))
    ] = False,
    storage_state: StorageState = None,
    cdp: Attach = None,
    devtools: DevToolsAt = None,
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
    from payaudit.walk.options import Options
    from payaudit.walk.window import load_state

    with reported():
        check_format(output)
        check_attached(cdp, storage_state, browser)
        if devtools:
            given = {"--cdp": cdp, "--browser": browser, "--storage-state": storage_state}
            check_devtools(target, {**given, "--backend": backend, "--personas": personas})
            staging, entry = None, Entry(devtools)
        elif target is None:
            raise UsageError(
                "give what to audit: an address, a picture of its QR code, or a mini-program's folder",
                "请给出审计对象：网址、其二维码图片，或小程序文件夹",
            )
        else:
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
            devtools=devtools,
            again_seconds=QUICK_S if quick else 60.0,
            personas=names(personas),
            journey=journeys.load(journey) if journey else None,
            jurisdictions=places(jurisdiction, rules),
        )
        sealing = sealing_of(key, password_file, tsa, case)
        judged, code = audited(entry.address, out, options, rules, sealing, quiet=quiet)
        terminal.show_report(judged.report, output)
        closing(out, judged=judged)
    raise typer.Exit(code)


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
    from payaudit.walk.options import Options
    from payaudit.walk.window import load_state

    with reported():
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
        judged, code = audited(entry.address, out, options, rules, sealing, quiet=quiet)
        terminal.show_report(judged.report, output)
        closing(out, out / JOURNEY, judged=judged)
    raise typer.Exit(code)


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

    with reported():
        with terminal.progress(quiet=quiet) as tell:
            cookies = asyncio.run(log_in(entry_of(target).address, save, persona, browser, tell))
        terminal.remark(
            f"saved: {save} ({cookies} cookies); whoever has it is logged in: delete it when you are done",
            f"已保存：{save}（{cookies} 个 cookie）；持有它即等于已登录，用完请删除",
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
    from payaudit.walk.options import Options

    with reported():
        site = demo_site()
        with serving(site) as address:
            options = Options(persona="wechat-iphone", browser=browser)
            sealing = sealing_of(None, None, None, None)
            judged, _ = audited(address + "/", out, options, None, sealing, quiet=quiet)
        terminal.show_report(judged.report, "text")
        closing(out, page=False)
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
