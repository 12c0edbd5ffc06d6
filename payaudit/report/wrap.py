"""Lines cut by the cells they fill: a Chinese character fills two."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len, chop_cells

from payaudit.report.visible import visible

# A word with the blank before it, or one character of a script written without blanks,
# always with the closing marks after it, which may not begin a line.
_CLOSING = "，。；：、！？）》」』”’…"
_WIDE = r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef“‘（《]"
_PIECE = re.compile(rf"\s*(?:{_WIDE}|(?:(?!{_WIDE})\S)+)[{_CLOSING}]*")


def wrap(text: str, width: int, rest: int | None = None) -> Iterator[str]:
    """The text in lines of at most ``width`` cells, after the first line of ``rest``."""
    later = width if rest is None else rest
    line, room = "", width
    for piece in _pieces(text, min(width, later)):
        if line and cell_len(line + piece) > room:
            yield line
            line, room = piece.lstrip(), later
        else:
            line += piece if line else piece.lstrip()
    if line:
        yield line


def _pieces(text: str, width: int) -> Iterator[str]:
    for piece in _PIECE.findall(_one_line(text)):
        if cell_len(piece) <= width:
            yield piece
        else:
            # Longer than a line, such as an address: cut wherever it must be.
            yield from chop_cells(piece.lstrip(), width)


def crop(text: str, width: int) -> str:
    """One line of at most ``width`` cells, with an ellipsis where cut."""
    text = _one_line(text)
    if cell_len(text) <= width:
        return text
    return chop_cells(text, max(width - 1, 1))[0] + "…"


def _one_line(text: str) -> str:
    """One line, whatever a page has put into its words: nothing in it steers the terminal."""
    return visible(" ".join(text.split()))
