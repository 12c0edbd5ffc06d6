"""The first page of help: what to begin with, the commands by what they are for, what the codes mean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from typer.core import TyperGroup

from payaudit.terminal import say

if TYPE_CHECKING:
    from typer._click import Context, HelpFormatter

# A command that no group names is listed at the end.
GROUPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Walk and judge", "行走与判断", ("audit", "record", "login", "replay", "import", "sweep", "judge")),
    (
        "Look into a case",
        "查看案件",
        ("facts", "explain", "validate", "compare", "query", "export", "sweep-report", "serve"),
    ),
    (
        "Review and hand over",
        "复核与移交",
        ("review", "report", "bundle", "redact", "attach", "keygen", "seal", "verify", "case"),
    ),
    ("Rules and provisions", "规则与条款", ("rules", "law")),
    ("This machine", "本机", ("setup", "doctor", "demo", "schema", "cluster")),
)
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


class Teaching(TyperGroup):
    """The commands by what they are for, with examples before and exit codes after them."""

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Examples, then each group that has a command here."""
        with formatter.section(say("Examples", "示例")):
            for command, en, zh in EXAMPLES:
                formatter.write(f"{'':{formatter.current_indent}}{command}\n")
                formatter.write(f"{'':{formatter.current_indent + 4}}{say(en, zh)}\n")
        for en, zh, names in self._groups(ctx):
            with formatter.section(say(en, zh)):
                formatter.write_dl([(name, self._told(ctx, name)) for name in names])

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

    def _groups(self, ctx: Context) -> Iterator[tuple[str, str, list[str]]]:
        there = self.list_commands(ctx)
        named = {name for _, _, names in GROUPS for name in names}
        rest = tuple(name for name in there if name not in named)
        for en, zh, names in (*GROUPS, ("More", "其他", rest)):
            if found := [name for name in names if name in there]:
                yield en, zh, found

    def _told(self, ctx: Context, name: str) -> str:
        command = self.get_command(ctx, name)
        return "" if command is None else command.get_short_help_str(1000)
