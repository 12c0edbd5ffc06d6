"""How legible a text was beside a price and a pay control."""

from __future__ import annotations

from decimal import Decimal

from payaudit.model.facts import Legibility
from payaudit.perceive.controls import Control
from payaudit.perceive.screen import Screen
from payaudit.perceive.texts import Run, Sight, Text, union
from payaudit.perceive.tree import Rect

_AWAY: frozenset[Sight] = frozenset({"off_screen", "clipped"})


def decimal(value: float | None, places: int = 1) -> Decimal | None:
    """A measurement rounded for a report; None stays None."""
    return None if value is None else Decimal(str(round(value, places)))


def legibility(  # noqa: PLR0913 - a text and what it is measured against
    screen: Screen,
    text: Text,
    span: tuple[int, int],
    price: tuple[Run, ...],
    pay: Control | None,
    *,
    folded: bool = False,
) -> Legibility:
    """Measure a span of a text; sizes and contrasts are of its weakest run."""
    runs = [r for r in text.runs_at(*span) if r.text.strip()] or list(text.runs[:1])
    font = min(r.font_px for r in runs)
    known = [r.contrast for r in runs if r.contrast is not None]
    contrast = min(known) if len(known) == len(runs) else None
    price_font = max((r.font_px for r in price), default=None)
    price_contrast = min((r.contrast for r in price if r.contrast is not None), default=None)
    sight = {r.sight for r in runs}
    distance = None if pay is None else _gap(union([r.box for r in runs]), pay.box)
    return Legibility(
        font_px=decimal(font),
        contrast=decimal(contrast, 2),
        opacity=decimal(min(r.opacity for r in runs), 2),
        in_viewport=_in_viewport(sight, price),
        covered="covered" in sight,
        folded=folded,
        size_ratio=decimal(font / price_font, 2) if price_font else None,
        contrast_ratio=decimal(contrast / price_contrast, 2) if contrast and price_contrast else None,
        distance=decimal(distance),
        distance_ratio=decimal(distance / screen.height, 2) if distance is not None else None,
    )


def _in_viewport(sight: set[Sight], price: tuple[Run, ...]) -> bool | None:
    """None where the price was out of sight as well: nobody was asked to pay on that screen."""
    if not sight & _AWAY:
        return True
    return None if price and all(r.sight in _AWAY for r in price) else False


def weakness(measured: Legibility) -> tuple[int, Decimal]:
    """Orders legibilities from best to worst: hidden ones last, then by size and contrast."""
    hidden = sum((measured.in_viewport is False, measured.covered is True, measured.folded is True))
    contrast = measured.contrast if measured.contrast is not None else Decimal("4.5")
    size = measured.font_px or Decimal(0)
    return (hidden, -(min(size, Decimal(20)) * min(contrast, Decimal(7))))


def _gap(a: Rect, b: Rect) -> float:
    """Distance between two boxes, edge to edge."""
    dx = max(0.0, a[0] - (b[0] + b[2]), b[0] - (a[0] + a[2]))
    dy = max(0.0, a[1] - (b[1] + b[3]), b[1] - (a[1] + a[3]))
    return float((dx * dx + dy * dy) ** 0.5)
