"""Text broken into lines for a drawing, which breaks none by itself."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len, chop_cells

from payaudit.model.text import Text
from payaudit.report.html.shown import shown
from payaudit.report.wrap import wrap

_LONGEST = 200


@dataclass(frozen=True)
class Lines:
    """The same text in lines, in each language."""

    en: tuple[str, ...]
    zh: tuple[str, ...]


def lines(text: Text, cells: int, most: int) -> Lines:
    """At most ``most`` lines of ``cells`` terminal cells; a Chinese character fills two."""
    return Lines(en=_lines(text.en, cells, most), zh=_lines(text.zh, cells, most))


def _lines(text: str, cells: int, most: int) -> tuple[str, ...]:
    broken = list(wrap(shown(text, _LONGEST), cells))
    if len(broken) <= most:
        return tuple(broken)
    last = broken[most - 1]
    if cell_len(last) >= cells:
        last = chop_cells(last, max(cells - 1, 1))[0]
    return (*broken[: most - 1], last + "…")
