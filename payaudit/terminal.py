"""What a person reads of a command, in their language: the only place that prints.

Results go to stdout, progress and failures to stderr.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from payaudit.errors import PayauditError, UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text as Painted

    from payaudit.doctor import Item
    from payaudit.model.report import ReportV1
    from payaudit.model.text import Language
    from payaudit.verification import Verification


def _asked() -> Language | None:
    """The language asked for by ``--lang`` or ``PAYAUDIT_LANG``; needed before options are read."""
    words, told = sys.argv[1:], os.environ.get("PAYAUDIT_LANG")
    for i, word in enumerate(words):
        if word == "--lang" and i + 1 < len(words):
            told = words[i + 1]
        elif word.startswith("--lang="):
            told = word.partition("=")[2]
    return None if not told else "zh" if told.startswith("zh") else "en"


def _usual() -> Language:
    """That of the environment."""
    told = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "zh" if told.startswith("zh") else "en"


ASKED = _asked()
LANGUAGE = ASKED or _usual()


def say(en: str, zh: str) -> str:
    """The one of two wordings that the user reads."""
    return zh if LANGUAGE == "zh" else en


def put(text: str) -> None:
    """Data, as it is."""
    sys.stdout.write(text)


def tell(en: str, zh: str) -> None:
    """A line of a result."""
    typer.echo(_visible(say(en, zh)))


def remark(en: str, zh: str) -> None:
    """A line beside the result."""
    typer.echo(_visible(say(en, zh)), err=True)


def error(en: str, zh: str) -> None:
    """The one line that says what went wrong."""
    typer.echo(say("error: ", "错误：") + _visible(" ".join(say(en, zh).split())), err=True)


def _visible(text: str) -> str:
    """What a page has put into a line steers no terminal."""
    from payaudit.report.visible import visible

    return visible(text)


@contextmanager
def reported() -> Iterator[None]:
    """Turn what an investigator can mend into one line and its exit code."""
    try:
        yield
    except PayauditError as failure:
        error(failure.en, failure.zh)
        raise typer.Exit(failure.exit_code) from None
    except (KeyboardInterrupt, EOFError):
        error("interrupted before anything was recorded", "在录制开始之前被中断")
        raise typer.Exit(130) from None
    except BrokenPipeError:
        raise typer.Exit(0) from None


def password(variable: str) -> bytes:
    """The password of a key: from the environment, else asked for where somebody can answer."""
    told = os.environ.get(variable)
    if told is None and not sys.stdin.isatty():
        raise UsageError(
            f"the key is locked; set {variable}, or run this where the password can be typed",
            f"密钥有密码；请设置 {variable}，或在可输入密码的终端运行",
        )
    if told is None:
        told = typer.prompt(say("password of the key", "密钥的密码"), hide_input=True, err=True)
    return str(told).encode()


def written(files: Iterable[Path]) -> None:
    """Where the results lie."""
    names = ", ".join(map(str, files))
    remark(f"written: {names}", f"已写入：{names}")


def readable(page: Path) -> None:
    """The report that a person opens, as an address that a terminal lets one click."""
    address = page.resolve().as_uri()
    remark(f"read it: {address}", f"阅读报告：{address}")


def show_report(report: ReportV1, output: str) -> None:
    """A report as ``text`` or ``json``."""
    from payaudit.report.json import to_json

    if output == "json":
        put(to_json(report).decode())
        return
    from payaudit.report.text import render

    paint(lambda width: render(report, LANGUAGE, width))


def paint(made: Callable[[int], Painted]) -> None:
    """A text that is made for so many cells: those of the terminal, and no more than read well."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    console.print(made(min(console.width, 110)))


def show_machine(items: Iterable[Item]) -> None:
    """What ``doctor`` found, and how to mend it."""
    from rich.cells import set_cell_size
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    styles = {"ok": "green", "warning": "yellow", "missing": "red"}
    states = {
        "ok": say("ok", "正常"),
        "warning": say("warning", "注意"),
        "missing": say("missing", "缺失"),
    }
    for item in items:
        console.print(
            f"[{styles[item.state]}]{set_cell_size(states[item.state], 8)}[/] {item.name.in_(LANGUAGE)}: ",
            item.found.in_(LANGUAGE),
            sep="",
        )
        if item.mend is not None:
            console.print(f"         → {item.mend.in_(LANGUAGE)}", markup=False)


def show_verification(found: Verification) -> None:
    """What of a file holds, a line for each check, and the sum of it."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    words = {
        "holds": ("green", say("holds", "成立")),
        "fails": ("red", say("FAILS", "不成立")),
        "unknown": ("yellow", say("unknown", "未知")),
        "absent": ("yellow", say("absent", "没有")),
    }
    console.print(found.file, markup=False)
    if found.sha256 is not None:
        console.print(f"SHA-256 {found.sha256}")
    for line in found.lines:
        style, word = words[line.state]
        console.print(f"[{style}]{word:<8}[/] ", end="")
        console.print(say(line.en, line.zh), markup=False)
    if found.holds:
        tell("nothing fails", "没有不成立的项目")
    else:
        count = sum(line.state == "fails" for line in found.lines)
        tell(f"{count} of {len(found.lines)} checks fail", f"{len(found.lines)} 项检查中有 {count} 项不成立")


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[str, str], None]]:
    """What the walk is doing, on stderr: one changing line on a terminal, plain lines elsewhere."""
    if quiet:
        yield lambda *_: None
        return
    if not sys.stderr.isatty():
        yield remark
        return
    from rich.console import Console
    from rich.markup import escape

    with Console(stderr=True).status(say("starting", "启动")) as status:
        yield lambda en, zh: status.update(escape(_visible(say(en, zh))))


_SAID_EVERY_S = 30.0


@contextmanager
def watching(
    draw: Callable[[], RenderableType], line: Callable[[], tuple[str, str]], *, quiet: bool
) -> Iterator[None]:
    """What many audits are doing, on stderr: a changing table on a terminal, else lines now and then."""
    if quiet:
        yield
        return
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.live import Live

        with Live(console=Console(stderr=True), get_renderable=draw, refresh_per_second=2):
            yield
        return
    over = threading.Event()

    def say_now_and_then() -> None:
        while not over.wait(_SAID_EVERY_S):
            remark(*line())

    teller = threading.Thread(target=say_now_and_then, daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()
        remark(*line())
