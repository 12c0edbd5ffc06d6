"""``payaudit query``, ``export``, ``sweep-report`` and ``serve``: what is done with a catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from payaudit import terminal
from payaudit.commands.options import Lang
from payaudit.errors import UsageError
from payaudit.terminal import reported, say

if TYPE_CHECKING:
    from payaudit.sweep.catalogue import Answer, Catalogue
    from payaudit.sweep.questions import Question

From = Annotated[
    str,
    typer.Option(
        "--from",
        "-i",
        metavar="DIR",
        help=say(
            "folder of a sweep, a catalogue.db, or postgresql://USER@HOST/NAME",
            "巡查结果文件夹、catalogue.db，或 postgresql://用户@主机/库名",
        ),
    ),
]
_FORMATS = ("text", "csv", "json", "parquet")


@contextmanager
def catalogue_of(place: str) -> Iterator[Catalogue]:
    """The catalogue at a place; raises ``UsageError`` where there is none."""
    from payaudit.sweep.catalogue import Catalogue, in_folder

    if "://" not in place:
        path = Path(place)
        file = path / "catalogue.db" if path.is_dir() else path
        if not file.is_file():
            raise UsageError(
                f"{file}: no catalogue there; name the folder of a sweep with --from",
                f"{file}：没有目录库；请用 --from 指定巡查结果文件夹",
            )
        place = in_folder(path) if path.is_dir() else f"sqlite:///{file}"
    book = Catalogue(place)
    try:
        yield book
    finally:
        book.close()


def query(  # noqa: PLR0913 - the options of the command
    name: Annotated[
        str | None,
        typer.Argument(help=say("of the question; without it, all are listed", "查询名称；不填则列出全部")),
    ] = None,
    values: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME=VALUE]…", help=say("what the question is about", "查询参数")),
    ] = None,
    *,
    place: From = "payaudit-sweep",
    sql: Annotated[
        str | None,
        typer.Option(help=say("a SELECT of your own, in place of a name", "自写的 SELECT，代替名称")),
    ] = None,
    output: Annotated[
        str, typer.Option("--format", help=say("text, csv, json or parquet", "text、csv、json 或 parquet"))
    ] = "text",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help=say("file, in place of stdout", "写入文件而非标准输出"))
    ] = None,
    _lang: Lang = None,
) -> None:
    """An answer cannot change the catalogue."""
    from payaudit.sweep.questions import question, questions

    with reported():
        _check(output, out)
        if sql is not None and name is not None:
            raise UsageError("give a question's name or --sql, not both", "查询名称与 --sql 只能给一个")
        if sql is None and name is None:
            _list(questions())
            return
        with catalogue_of(place) as book:
            if name is not None:
                asked = question(name)
                answer = book.ask(asked.sql, asked.values(values or ()))
                if len(answer.rows) == asked.at_most:
                    terminal.remark(
                        f"only the first {asked.at_most} rows; narrow the question, or use --sql",
                        f"仅前 {asked.at_most} 行；请缩小查询范围，或使用 --sql",
                    )
                if asked.note is not None:
                    terminal.remark(asked.note.en, asked.note.zh)
            else:
                answer = book.ask(sql or "")
        _give(answer, output, out)


def export(
    out: Annotated[Path, typer.Argument(help=say("the file to write, new", "要写入的新文件"))],
    *,
    place: From = "payaudit-sweep",
    _lang: Lang = None,
) -> None:
    """One file that other tools, and ``payaudit serve``, can open."""
    from payaudit.sweep.copy import copy

    with reported():
        with catalogue_of(place) as book:
            count = copy(book, out)
        terminal.remark(f"written: {out} ({count} audits)", f"已写入：{out}（{count} 次审计）")


def sweep_report(
    name: Annotated[
        str | None,
        typer.Argument(help=say("of the sweep; the latest when left out", "巡查名称；不填为最近一次")),
    ] = None,
    *,
    place: From = "payaudit-sweep",
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help=say("file; NAME.html in the folder when left out", "文件；不填则为文件夹中的 名称.html"),
        ),
    ] = None,
    _lang: Lang = None,
) -> None:
    """One file that needs nothing beside it but the reports that it links to."""
    from payaudit.sweep.figures import figures
    from payaudit.sweep.page import write

    with reported():
        with catalogue_of(place) as book:
            known = [name] if name is not None else book.sweeps()[:1]
            if not known:
                raise UsageError("the catalogue holds no sweep yet", "目录库中还没有巡查")
            found = figures(book, known[0])
        folder = (
            Path(place) if Path(place).is_dir() else Path(place).parent if Path(place).is_file() else Path()
        )
        terminal.written([write(found, out or folder / f"{known[0]}.html", terminal.LANGUAGE)])


def serve(
    *,
    place: From = "payaudit-sweep",
    host: Annotated[str, typer.Option(help=say("address to listen at", "监听地址"))] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8001,
    _lang: Lang = None,
) -> None:
    """Ctrl-C ends it. Nothing can be changed there."""
    import tempfile

    from payaudit.sweep.viewer import command, needs_datasette, write_metadata

    with reported():
        needs_datasette()
        with catalogue_of(place) as book:
            if book.engine.dialect.name != "sqlite":
                raise UsageError(
                    "Datasette reads SQLite: first `payaudit export results.db`, "
                    "then `payaudit serve --from results.db`",
                    "Datasette 只读 SQLite：请先 payaudit export results.db，"
                    "再 payaudit serve --from results.db",
                )
            file = Path(book.engine.url.database or "")
        with tempfile.TemporaryDirectory(prefix="payaudit-serve-") as work:
            told = write_metadata(Path(work) / "metadata.json", file.resolve(), terminal.LANGUAGE)
            terminal.remark(f"http://{host}:{port}/{file.stem}", f"http://{host}:{port}/{file.stem}")
            code = _run(command(file, file.resolve().parent, told, host, port))
    raise typer.Exit(code)


def _run(command: list[str]) -> int:
    """Run a program until it ends or is told to; signals reach it too. Its exit code."""
    import signal
    import subprocess

    process = subprocess.Popen(command)  # noqa: S603 - Datasette, with arguments of ours
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: process.terminate())
    code = process.wait()
    return 0 if code in {0, -signal.SIGTERM, -signal.SIGINT} else 1


def _check(output: str, out: Path | None) -> None:
    if output not in _FORMATS:
        raise UsageError(
            f"no format {output!r}; choose one of {', '.join(_FORMATS)}",
            f"没有格式 {output!r}；可选 {'、'.join(_FORMATS)}",
        )
    if output == "parquet" and out is None:
        raise UsageError("Parquet is written to a file: name one with -o", "Parquet 须写入文件：请用 -o 指定")


def _list(known: dict[str, Question]) -> None:
    for name, each in known.items():
        needs = " ".join(f"{key}=…" for key in each.parameters)
        terminal.tell(f"{name} {needs}\n    {each.title.en}", f"{name} {needs}\n    {each.title.zh}")


def _give(answer: Answer, output: str, out: Path | None) -> None:
    from payaudit.sweep import tabular

    if output == "parquet" and out is not None:
        tabular.write_parquet(answer, out)
    elif output in {"csv", "json"} or out is not None:
        text = tabular.to_json(answer) if output == "json" else tabular.to_csv(answer)
        if out is None:
            terminal.put(text)
            return
        try:  # the mark at the beginning tells spreadsheets that it is UTF-8
            out.write_text(text, "utf-8" if output == "json" else "utf-8-sig", newline="")
        except OSError as error:
            raise tabular.unwritable(out, error) from error
    else:
        _show(answer)
    count = len(answer.rows)
    terminal.remark(
        f"{count} rows" + (f": {out}" if out else ""), f"{count} 行" + (f"：{out}" if out else "")
    )


def _show(answer: Answer) -> None:
    """A table of what a person reads in the language that they read."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    other = "_zh" if terminal.LANGUAGE == "en" else "_en"
    shown = [i for i, name in enumerate(answer.columns) if not name.endswith(other)]
    table = Table(box=None, pad_edge=False)
    for i in shown:
        table.add_column(answer.columns[i].removesuffix(f"_{terminal.LANGUAGE}"), overflow="fold")
    for row in answer.rows:
        table.add_row(*("" if row[i] is None else escape(str(row[i])) for i in shown))
    Console().print(table)
