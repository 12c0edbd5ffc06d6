"""Whether a tick box that is only a picture is on, by its pixels: filled and marked, or hollow."""

from __future__ import annotations

import io

from PIL import Image

from payaudit.perceive.style import vivid
from payaudit.perceive.tree import Rect

Pixel = tuple[int, int, int]

_MOST_PX = 64.0  # CSS px; a larger picture is no tick box
_FILLED = 0.35  # share of coloured pixels in a box that is on; a round one fills at most 0.79 of its square
_BARE = 0.02  # share of them in one that is off
_MARK = 0.03  # share of pale or dark pixels within the colour: the tick
_HOLLOW = 0.5  # share of its middle in which the ground shows through one that is off
_AROUND = 4  # px of the picture beside the box where the ground is looked at


def ticked(shot: bytes, box: Rect, width: float) -> bool | None:
    """``width`` is the viewport's in CSS px. ``None`` where the picture is neither, or grey on grey."""
    x, y, w, h = box
    if max(w, h) > _MOST_PX:
        return None
    with Image.open(io.BytesIO(shot)) as image:
        scale = image.width / width
        left, top, right, bottom = (round(side * scale) for side in (x, y, x + w, y + h))
        if left < _AROUND or top < 0 or right > image.width or bottom > image.height:
            return None
        drawn = image.convert("RGB")
        pixels = _pixels(drawn.crop((left, top, right, bottom)))
        ground = drawn.getpixel((left - _AROUND, (top + bottom) // 2))
    middle = _middle(pixels, right - left)
    if not middle:
        return None
    coloured = sum(map(_coloured, pixels)) / len(pixels)
    within = sum(not _coloured(p) for p in middle) / len(middle)
    hollow = sum(p == ground for p in middle) / len(middle)
    if coloured >= _FILLED and within >= _MARK:
        return True
    if coloured <= _BARE and hollow >= _HOLLOW and len(set(pixels)) > 1:
        return False
    return None


def _pixels(image: Image.Image) -> list[Pixel]:
    raw = image.tobytes()
    return [(raw[i], raw[i + 1], raw[i + 2]) for i in range(0, len(raw), 3)]


def _coloured(pixel: Pixel) -> bool:
    red, green, blue = pixel
    return vivid((float(red), float(green), float(blue), 1.0))


def _middle(pixels: list[Pixel], width: int) -> list[Pixel]:
    """The pixels of the inner half, where a tick is drawn."""
    rows = [pixels[i : i + width] for i in range(0, len(pixels), width)]
    inner = rows[len(rows) // 4 : -(len(rows) // 4) or None]
    return [p for row in inner for p in row[width // 4 : -(width // 4) or None]]
