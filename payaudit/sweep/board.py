"""The table that a sweep's progress is read from."""

from __future__ import annotations

from datetime import timedelta

from rich.table import Table

from payaudit.model.text import Language
from payaudit.sweep.events import Tally

_WORDS = (
    ("running", "进行中"),
    ("done", "已完成"),
    ("failed", "失败"),
    ("no paywall", "未到付费墙"),
    ("findings", "线索"),
    ("per minute", "每分钟"),
    ("time left", "剩余时间"),
)


def board(tally: Tally, language: Language) -> Table:
    """One row of figures."""
    table = Table(box=None, pad_edge=False)
    for en, zh in _WORDS:
        table.add_column(zh if language == "zh" else en, justify="right", no_wrap=True)
    table.add_row(*_figures(tally))
    return table


def line(tally: Tally) -> tuple[str, str]:
    """The same in one line, in both languages, for where no table can be drawn."""
    figures = _figures(tally)
    en = " · ".join(f"{word} {figure}" for (word, _), figure in zip(_WORDS, figures, strict=True))
    zh = " · ".join(f"{word} {figure}" for (_, word), figure in zip(_WORDS, figures, strict=True))
    return en, zh


def _figures(tally: Tally) -> tuple[str, ...]:
    left = tally.seconds_left
    return (
        str(tally.running),
        f"{tally.before + tally.ok} / {tally.total}",
        str(tally.failed),
        str(tally.unreached),
        str(tally.findings),
        f"{tally.per_minute:.1f}",
        "…" if left is None else str(timedelta(seconds=round(left))),
    )
