"""The first page of help: what to begin with, the commands by what they are for, what the codes mean."""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING

import typer
from typer.core import TyperGroup
from typer.main import get_group

from payaudit.commands.table import PURPOSES, Named
from payaudit.terminal import say

if TYPE_CHECKING:
    from typer._click import Command, Context, HelpFormatter

EXAMPLES: tuple[tuple[str, str, str], ...] = (
    (
        "payaudit demo",
        "see it at work on a bundled drama, on this machine alone",
        "在随附的短剧上试用，仅在本机",
    ),
    (
        "payaudit audit https://example.com/drama -o case",
        "walk a drama to its paywall; leaves case/report.json and case/evidence.wacz",
        "走到付费墙；留下 case/report.json 与 case/evidence.wacz",
    ),
    (
        "payaudit compare case-may case-june --html changes.html",
        "what changed between two audits, screens side by side",
        "两次审计之间的变化，截图左右并列",
    ),
)
CODES: tuple[tuple[str, str, str], ...] = (
    ("0", "nothing found", "未发现"),
    ("1", "the tool failed", "工具故障"),
    ("2", "usage, or a file that cannot be used", "用法错误或文件不可用"),
    ("3", "no paywall reached", "未到达付费墙"),
    ("4", "only unclear", "仅有存疑"),
    ("10", "findings", "有发现"),
    ("11", "verification fails", "验证不成立"),
    ("12", "a replay differs", "重放不一致"),
    ("130", "interrupted; what was recorded is packed and judged", "被中断；已录内容均已打包并判断"),
)

_NAMED = {named.name: named for purpose in PURPOSES for named in purpose.commands}


class Teaching(TyperGroup):
    """The commands by what they are for, examples before, exit codes after; each loaded when asked for."""

    def list_commands(self, ctx: Context) -> list[str]:  # noqa: ARG002 - as the base has it
        """All names, in the order of the help."""
        return list(_NAMED)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:  # noqa: ARG002 - as the base has it
        """The command of a name, from its module."""
        named = _NAMED.get(cmd_name)
        return None if named is None else _loaded(named)

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, Command | None, list[str]]:
        """As the base does; a name that no command has is told with those that are like it."""
        if args[0] not in _NAMED and not args[0].startswith("-"):
            like = ", ".join(get_close_matches(args[0], _NAMED))
            ctx.fail(
                say(f"No such command: {args[0]}.", f"没有此命令：{args[0]}。")
                + (say(f" Did you mean: {like}?", f"是否为：{like}？") if like else "")
            )
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:  # noqa: ARG002 - as the base has it
        """Examples, then the commands by purpose."""
        with formatter.section(say("Examples", "示例")):
            for command, en, zh in EXAMPLES:
                formatter.write(f"{'':{formatter.current_indent}}{command}\n")
                formatter.write(f"{'':{formatter.current_indent + 4}}{say(en, zh)}\n")
        for purpose in PURPOSES:
            with formatter.section(say(purpose.en, purpose.zh)):
                formatter.write_dl([(named.name, say(named.en, named.zh)) for named in purpose.commands])

    def format_epilog(self, ctx: Context, formatter: HelpFormatter) -> None:  # noqa: ARG002 - as the base has it
        """What a command ends with, and where to read on."""
        with formatter.section(say("Exit codes", "退出码")):
            formatter.write_dl([(code, say(en, zh)) for code, en, zh in CODES])
        formatter.write_paragraph()
        formatter.write(
            say(
                "A command's own page: payaudit audit --help · in Chinese: payaudit --lang zh --help\n"
                "Guides: docs/first-audit.md, docs/reading-a-report.md, docs/evidence-in-court.md\n",
                "各命令说明：payaudit audit --help · 英文：payaudit --lang en --help\n"
                "指南：docs/first-audit.md、docs/reading-a-report.md、docs/evidence-in-court.md\n",
            )
        )


def _loaded(named: Named) -> Command:
    """A command that the table names: a function, or a Typer app of several."""
    module, _, attribute = named.code.partition(":")
    code = getattr(import_module(f"payaudit.commands.{module}"), attribute)
    told = say(named.en, named.zh)
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    if isinstance(code, typer.Typer):
        app.add_typer(code, name=named.name, help=told)
    else:
        app.command(named.name, help=told)(code)
    return get_group(app).commands[named.name]
