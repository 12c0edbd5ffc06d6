"""What several commands can be told, and how it is read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from payaudit.errors import UsageError
from payaudit.terminal import say

if TYPE_CHECKING:
    from payaudit.model.law import Law

QUICK_S = 2.0  # between visits where a walk is to be quick; a countdown is not judged by them

# Read by ``terminal`` before any command is; a command only accepts it.
Lang = Annotated[str | None, typer.Option("--lang", help=say("en or zh", "en 或 zh"))]
RulesDir = Annotated[
    Path | None,
    typer.Option(
        "--rules",
        help=say(
            "a folder of rules that add to the bundled ones, or override those of the same id",
            "此文件夹中的规则将加入内置规则，同名者取代之",
        ),
    ),
]
Places = Annotated[
    str | None,
    typer.Option(
        "--jurisdiction", help=say("e.g. CN,US-CA,EU; guessed when left out", "如 CN,US-CA,EU；不填则推断")
    ),
]
Format = Annotated[
    str, typer.Option("--format", help=say("text or json, on stdout", "标准输出的格式：text 或 json"))
]
BrowserName = Annotated[
    str | None,
    typer.Option("--browser", help=say("path, command or kind of browser", "浏览器路径、命令或类型")),
]
Persona = Annotated[
    str,
    typer.Option(
        help=say(
            "iphone, android, wechat-iphone, wechat-android, douyin-android, desktop",
            "角色：iphone、android、wechat-iphone、wechat-android、douyin-android、desktop",
        )
    ),
]
StorageState = Annotated[
    Path | None,
    typer.Option(
        "--storage-state",
        metavar="FILE",
        help=say(
            "start logged in, with a session saved by `payaudit login`; creates no orders, spends no balance",
            "以 payaudit login 保存的登录状态开始；不创建订单，不消耗余额",
        ),
    ),
]
Attach = Annotated[
    str | None,
    typer.Option(
        "--cdp",
        metavar="ADDRESS",
        help=say(
            "walk in a browser that runs already, e.g. http://127.0.0.1:9222; no proxy, creates no orders",
            "在已运行的浏览器中巡查，如 http://127.0.0.1:9222；没有代理防护，不创建订单",
        ),
    ),
]
DevToolsAt = Annotated[
    str | None,
    typer.Option(
        "--devtools",
        metavar="ADDRESS",
        help=say(
            "walk the mini-program that runs in WeChat DevTools, e.g. ws://127.0.0.1:9420",
            "在微信开发者工具中运行的小程序里巡查，如 ws://127.0.0.1:9420",
        ),
    ),
]
BackendOf = Annotated[
    str | None,
    typer.Option(
        "--backend",
        metavar="URL|FILE",
        help=say(
            "of a mini-program: send its requests to this address, or answer them from this file",
            "小程序：将其请求发往此地址，或用此文件应答",
        ),
    ),
]
AdsOf = Annotated[
    str,
    typer.Option(
        "--ads",
        help=say(
            "of a mini-program: report its rewarded advertisements as watched or closed",
            "小程序：激励广告视为看完（watched）或提前关闭（closed）",
        ),
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help=say("no progress", "不显示进度"))]
EvidencePath = Annotated[
    Path,
    typer.Argument(
        metavar="EVIDENCE",
        help=say("evidence.wacz, or the folder of an audit", "evidence.wacz，或审计结果文件夹"),
    ),
]
CERTS = Path("payaudit-certs")
Certs = Annotated[
    Path,
    typer.Option(
        metavar="DIR",
        help=say("folder that `payaudit cluster certs` made", "payaudit cluster certs 生成的证书文件夹"),
    ),
]


def law_of(rules: Path | None) -> Law:
    """The register of provisions, with those of the investigator's own folder."""
    from payaudit.judge.law import load_law

    return load_law(None, rules and rules / "law")


def places(text: str | None, rules: Path | None = None) -> tuple[str, ...]:
    """The jurisdictions of a list with commas; raises ``UsageError`` for one the register does not know."""
    told = [p.strip().upper() for p in (text or "").split(",") if p.strip()]
    if not told:
        return ()
    from payaudit.judge.jurisdiction import named

    return named(told, law_of(rules))


def names(text: str | None) -> tuple[str, ...]:
    """The names of a list with commas, each once."""
    return tuple(dict.fromkeys(n.strip() for n in (text or "").split(",") if n.strip()))


def check_format(output: str) -> None:
    """Raise ``UsageError`` for a form that there is not."""
    if output not in {"text", "json"}:
        raise UsageError(
            f"no format {output!r}; choose text or json", f"没有格式 {output!r}；可选 text 或 json"
        )


def check_attached(cdp: str | None, session: Path | None, browser: str | None) -> None:
    """Raise ``UsageError`` where a running browser is to be another one, or somebody else's."""
    if cdp and session:
        raise UsageError(
            "--cdp walks in the session of the browser that runs; leave --storage-state out, or log in there",
            "--cdp 使用已运行浏览器自身的会话；请去掉 --storage-state，或在该浏览器中登录",
        )
    if cdp and browser:
        raise UsageError(
            "--cdp names a browser that runs, --browser one to start; give one of them",
            "--cdp 指定已运行的浏览器，--browser 指定要启动的浏览器；只能给一个",
        )


def check_devtools(target: str | None, given: Mapping[str, object]) -> None:
    """Raise ``UsageError`` for what has no place beside ``--devtools``; ``given`` by the option's name."""
    if target is not None:
        raise UsageError(
            f"--devtools walks the mini-program that runs there; leave {target!r} out",
            f"--devtools 审计开发者工具中正在运行的小程序；请去掉 {target!r}",
        )
    for name, value in given.items():
        if value:
            raise UsageError(
                f"{name} has no meaning with --devtools, which has its own host and session; leave it out",
                f"--devtools 使用开发者工具自身的环境与登录状态，{name} 不适用；请去掉",
            )


def step_of(text: str | None) -> tuple[int | None, int | None]:
    """Run and step of ``4`` or ``1/4``; raises ``UsageError`` for anything else."""
    run, _, number = (text or "").rpartition("/")
    if not text:
        return None, None
    if not number.isdigit() or (run and not run.isdigit()):
        raise UsageError(
            f"{text!r} is no step; give a number such as 4, or run and step such as 1/4",
            f"{text!r} 不是步骤；请给出如 4 的步骤号，或如 1/4 的 运行/步骤",
        )
    return (int(run) if run else None), int(number)
