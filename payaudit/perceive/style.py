"""Computed style as the walk captures it, and colours as WCAG measures them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

STYLES = (
    "display",
    "visibility",
    "opacity",
    "color",
    "background-color",
    "background-image",
    "font-size",
    "font-weight",
    "text-decoration-line",
    "position",
    "overflow-x",
    "overflow-y",
    "cursor",
    "pointer-events",
    "border-top-color",
    "border-top-width",
    "border-top-left-radius",
    "box-shadow",
    "outline-width",
    "float",
)
"""The properties of a snapshot, in the order of its style rows."""
OLDEST = 19  # properties in the rows of the first recordings

Colour = tuple[float, float, float, float]
"""Red, green, blue 0-255 and alpha 0-1."""

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?%?")
_INLINE = frozenset({"inline", "contents", "ruby", "ruby-text"})


@dataclass(frozen=True, slots=True)
class Style:
    """What of a computed style matters to seeing and pressing."""

    display: str
    visible: bool
    opacity: float
    color: Colour | None
    background: Colour | None
    picture: bool
    font_px: float
    bold: bool
    struck: bool
    position: str
    clips_x: bool
    clips_y: bool
    scrollable: bool
    cursor: str
    pressable: bool
    border: Colour | None
    border_px: float
    radius: float
    shadow: str
    floats: bool
    look: tuple[str, ...]

    @property
    def inline(self) -> bool:
        """Whether its text runs on with its neighbours'."""
        return self.display in _INLINE


@lru_cache(maxsize=8192)
def style_of(row: tuple[str, ...]) -> Style:
    """Read one style row; unknown values fall back to the initial ones."""
    value = dict.fromkeys(STYLES, "") | dict(zip(STYLES, row, strict=False))
    clip = {"hidden", "clip", "scroll", "auto"}
    return Style(
        display=value["display"],
        visible=value["visibility"] in {"visible", ""},
        opacity=_number(value["opacity"], 1.0),
        color=colour(value["color"]),
        background=colour(value["background-color"]),
        picture=value["background-image"] not in {"none", ""},
        font_px=_number(value["font-size"], 16.0),
        bold=_number(value["font-weight"], 400.0) >= 600,  # noqa: PLR2004 - CSS: 600 and up is drawn bold
        struck="line-through" in value["text-decoration-line"],
        position=value["position"],
        clips_x=value["overflow-x"] in clip,
        clips_y=value["overflow-y"] in clip,
        scrollable=value["overflow-y"] in {"auto", "scroll", "overlay"},
        cursor=value["cursor"],
        pressable=value["pointer-events"] != "none",
        border=colour(value["border-top-color"]),
        border_px=_number(value["border-top-width"], 0.0),
        radius=_number(value["border-top-left-radius"], 0.0),
        shadow=value["box-shadow"],
        floats=value["float"] in {"left", "right"},
        look=(
            value["background-color"],
            value["background-image"],
            value["border-top-color"] if _number(value["border-top-width"], 0.0) else "",
            value["border-top-width"],
            value["box-shadow"],
            value["color"],
            value["outline-width"],
        ),
    )


def _number(text: str, fallback: float) -> float:
    found = _NUMBER.match(text)
    return float(found.group().rstrip("%")) if found else fallback


@lru_cache(maxsize=4096)
def colour(text: str) -> Colour | None:
    """``rgb()``, ``rgba()`` and ``color(srgb …)``; None for what is none of these."""
    numbers = [float(n.rstrip("%")) for n in _NUMBER.findall(text.partition("(")[2])]
    if text.startswith("rgb") and len(numbers) >= 3:  # noqa: PLR2004 - r, g, b
        return (numbers[0], numbers[1], numbers[2], numbers[3] if len(numbers) > 3 else 1.0)  # noqa: PLR2004 - alpha
    if text.startswith("color(srgb") and len(numbers) >= 3:  # noqa: PLR2004 - r, g, b
        r, g, b = (n * 255 for n in numbers[:3])
        return (r, g, b, numbers[3] if len(numbers) > 3 else 1.0)  # noqa: PLR2004 - alpha
    return None


def blend(over: Colour, under: Colour, opacity: float = 1.0) -> Colour:
    """``over`` painted on an opaque ``under``, in whole steps of each channel, as a screen keeps them."""
    a = over[3] * opacity
    r, g, b = (float(round(over[i] * a + under[i] * (1 - a))) for i in range(3))
    return (r, g, b, 1.0)


def contrast(first: Colour, second: Colour) -> float:
    """WCAG 2.x contrast ratio of two opaque colours, 1 to 21 (SC 1.4.3)."""
    a, b = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (a + 0.05) / (b + 0.05)


def _luminance(c: Colour) -> float:
    def part(value: float) -> float:
        s = min(max(value / 255, 0.0), 1.0)
        return s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB transfer curve

    return 0.2126 * part(c[0]) + 0.7152 * part(c[1]) + 0.0722 * part(c[2])


def vivid(c: Colour | None) -> bool:
    """Whether a colour is more than a shade of grey."""
    return c is not None and c[3] > 0.5 and max(c[:3]) - min(c[:3]) > 40  # noqa: PLR2004 - greys differ by less
