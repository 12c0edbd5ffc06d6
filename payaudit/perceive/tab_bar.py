"""The bar along the lower edge of an app's page whose entries lead to its main parts."""

from __future__ import annotations

from payaudit.perceive.controls import Control
from payaudit.perceive.screen import Screen

_LEAST, _MOST = 3, 6  # entries
_LOW_PX = 100.0  # above the lower edge within which their middles lie
_HIGH_PX = (24.0, 90.0)
_ALIKE = 0.25  # share by which their widths may differ from the widest
_WORDS = 12  # characters of an entry's caption


def tab_bar(screen: Screen) -> tuple[Control, ...]:
    """Its entries from left to right; empty where there is none."""
    low = [
        c
        for c in screen.reachable
        if c.strong
        and c.role in {"tab", "link", "button"}
        and screen.height - _LOW_PX <= c.box[1] + c.box[3] / 2 <= screen.height
        and _HIGH_PX[0] <= c.box[3] <= _HIGH_PX[1]
        and 0 < len(c.label.strip()) <= _WORDS
    ]
    widest = max((c.box[2] for c in low), default=0.0)
    row = sorted((c for c in low if c.box[2] >= (1 - _ALIKE) * widest), key=lambda c: c.box[0])
    level = row and max(c.box[1] for c in row) - min(c.box[1] for c in row) < _HIGH_PX[0]
    if not level or not _LEAST <= len(row) <= _MOST or row[-1].box[0] - row[0].box[0] < screen.width / 2:
        return ()
    return tuple(row)
