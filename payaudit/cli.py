"""The command line, as the console script starts it."""

from __future__ import annotations

import typer

from payaudit.commands.options import Lang
from payaudit.commands.teaching import Teaching
from payaudit.terminal import say

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


@app.callback()
def _all(_lang: Lang = None) -> None:
    """What can be told before any command."""


def main() -> None:
    """Entry point of the console script."""
    app()
