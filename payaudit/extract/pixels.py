"""Contrast measured on the screenshot, for marks that are drawn and not written."""

from __future__ import annotations

import io
from collections import Counter

from PIL import Image

from payaudit.perceive.style import Colour, contrast
from payaudit.perceive.tree import Rect

_SHARE = 0.015  # of the area; fewer pixels are the soft edge of a line
_STEP = 16  # colours closer than this are the same
_BORDER = 2  # px left out at each side: what lies there may belong to the neighbours


def mark_contrast(shot: bytes, box: Rect, width: float) -> float | None:
    """Of the strongest colour in the box against the commonest one.

    ``width`` is the viewport's in CSS px, from which the scale of the picture is
    told. None where the box holds one colour only, or lies outside the picture.
    """
    with Image.open(io.BytesIO(shot)) as image:
        scale = image.width / width
        left, top = box[0] * scale + _BORDER, box[1] * scale + _BORDER
        right, bottom = (box[0] + box[2]) * scale - _BORDER, (box[1] + box[3]) * scale - _BORDER
        area = (
            max(0, int(left)),
            max(0, int(top)),
            min(image.width, int(right)),
            min(image.height, int(bottom)),
        )
        if area[2] - area[0] < 4 or area[3] - area[1] < 4:  # noqa: PLR2004 - too few pixels to tell anything
            return None
        pixels = image.convert("RGB").crop(area)
        raw = pixels.tobytes()
    counts: Counter[tuple[int, int, int]] = Counter()
    for i in range(0, len(raw), 3):
        counts[(raw[i] // _STEP, raw[i + 1] // _STEP, raw[i + 2] // _STEP)] += 1
    total = sum(counts.values())
    ground = counts.most_common(1)[0][0]
    others = [c for c, n in counts.items() if n >= _SHARE * total and c != ground]
    if not others:
        return None
    return max(contrast(_colour(ground), _colour(other)) for other in others)


def _colour(bucket: tuple[int, int, int]) -> Colour:
    r, g, b = (min(255.0, part * _STEP + _STEP / 2) for part in bucket)
    return (r, g, b, 1.0)
