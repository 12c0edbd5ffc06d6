"""A question of the host as nodes of a snapshot: DevTools draws it outside of the page, so we do."""

from __future__ import annotations

from payaudit.walk.devtools.columns import Columns, Made, Rect, View, plain, width_of, with_style
from payaudit.walk.devtools.modal import Modal

_PX, _LINE_PX, _EDGE_PX, _BUTTON_PX = 16.0, 22.0, 16.0, 50.0
_ON_TOP = 1 << 20  # paint order of what the host lays over a page


def lay(columns: Columns, made: Made, body: int, modal: Modal, view: View) -> None:
    """A question of the host over the page: drawn by us, as DevTools draws it outside of the page."""
    up, wide = view.scroll_y, view.width * 0.8
    shade = with_style(
        with_style(plain("block"), "background-color", "rgba(0, 0, 0, 0.6)"), "position", "fixed"
    )
    white = with_style(plain("block"), "background-color", "rgb(255, 255, 255)")
    clear = plain("block")
    # The host tells its two answers apart by colour; here the one that goes on is filled.
    go_on = with_style(clear, "background-color", "rgb(7, 193, 96)")
    ranks = iter(range(_ON_TOP, _ON_TOP * 2))
    veil = columns.node(body, "WX-MODAL", {"role": "dialog", "aria-modal": "true"})
    columns.row(veil, (0.0, up, view.width, view.height), next(ranks), shade)
    lines = [words for words in (modal.title, modal.text) if words]
    highs = [
        _LINE_PX * max(1, -(-round(width_of(words, _PX)) // round(wide - 2 * _EDGE_PX))) for words in lines
    ]
    beside = len(modal.answers) <= 2  # noqa: PLR2004 - as the host draws yes and no
    buttons = _BUTTON_PX * (1 if beside else len(modal.answers))
    high = sum(highs) + _EDGE_PX * (len(lines) + 1) + buttons
    x, y = (view.width - wide) / 2, up + max(0.0, (view.height - high) / 2)
    box = columns.node(veil, "WX-VIEW", {})
    columns.row(box, (x, y, wide, high), next(ranks), white)

    def said(parent: int, words: str, at: Rect) -> None:
        text = columns.node(parent, "#text", {}, words)
        width = min(at[2], width_of(words, _PX))
        columns.row(text, (at[0] + (at[2] - width) / 2, at[1], width, at[3]), next(ranks), clear, text=words)

    y += _EDGE_PX
    for words, tall in zip(lines, highs, strict=True):
        line = columns.node(box, "WX-VIEW", {})
        at = (x + _EDGE_PX, y, wide - 2 * _EDGE_PX, tall)
        columns.row(line, at, next(ranks), clear)
        said(line, words, at)
        y += tall + _EDGE_PX
    share = wide / len(modal.answers) if beside else wide
    for number, (words, answer) in enumerate(modal.answers):
        left, top = (x + number * share, y) if beside else (x, y + number * _BUTTON_PX)
        button = columns.node(box, "WX-VIEW", {"role": "button"})
        columns.row(button, (left, top, share, _BUTTON_PX), next(ranks), go_on if answer >= 0 else clear)
        said(button, words, (left, top + (_BUTTON_PX - _LINE_PX) / 2, share, _LINE_PX))
        made.handles[button] = answer
        columns.clickable.append(button)
