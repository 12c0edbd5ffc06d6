"""Screenshots made small enough to travel inside one file: whole, and cut out around a place.

Sizes and boxes are CSS px of the page; a picture's own pixels are those times the
device scale of its run. The originals stay in the evidence, by name and SHA-256.
"""

from __future__ import annotations

import base64
import hashlib
import io
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from PIL import Image

from payaudit.evidence.read import Evidence
from payaudit.model.evidence import Box, Step

Place = tuple[int, int]
"""Run and step."""

_FORMATS = ("PNG", "JPEG", "WEBP")
_MOST_PIXELS = 60_000_000  # a 4K page scrolled to forty screens; more is a decompression bomb
_SHARP = 1.5  # picture px for each CSS px, of screens that findings rest on
# Of the others, by how many distinct pictures there are: it bounds the file.
_OTHERS = ((80, 1.5), (160, 1.0), (10_000, 0.5))
_WIDEST = 1400  # px of a whole picture, however wide the screen
_NARROW = 520.0  # CSS px: a phone's screen is cut out in its full width
_AROUND_X, _AROUND_Y = 140.0, 90.0  # CSS px shown beside and above what is marked
_TALLEST = 460.0


@dataclass(frozen=True)
class Cut:
    """A part of a screen in its full sharpness: where it lies in CSS px, and a ``data:`` address."""

    box: Box
    uri: str


@dataclass(frozen=True)
class Picture:
    """One screen. ``uri`` is a ``data:`` address; ``same`` the place whose picture is the same bytes."""

    place: Place
    name: str  # inside the evidence file
    sha256: str  # of the original
    width: float
    height: float
    uri: str
    same: Place | None = None
    cuts: Mapping[Box, Cut] = field(default_factory=dict)


@dataclass(frozen=True)
class _Made:
    width: float
    height: float
    uri: str
    cuts: Mapping[Box, Cut]


def pictures(evidence: Evidence, marks: Mapping[Place, Iterable[Box]]) -> dict[Place, Picture]:
    """Every screen of the walk that has a readable picture; ``marks`` are the places to cut out.

    Same evidence and marks, same bytes. A screen seen twice is encoded once.
    """
    widths = {run.number: run.viewport[0] for run in evidence.runs}
    first: dict[str, Step] = {}
    digests: dict[Place, str] = {}
    raw: dict[str, bytes] = {}
    boxes: dict[str, set[Box]] = defaultdict(set)
    large: set[str] = set()
    for step in evidence.steps:
        data = evidence.screenshot(step)
        if data is None:
            continue
        place = (step.run, step.number)
        digest = digests[place] = hashlib.sha256(data).hexdigest()
        if digest not in first:
            first[digest], raw[digest] = step, data
        if place in marks:
            large.add(digest)
            boxes[digest].update(marks[place])
    others = next((density for most, density in _OTHERS if len(first) <= most), _OTHERS[-1][1])

    def make(digest: str) -> _Made | None:
        density = _SHARP if digest in large else others
        ordered = sorted(boxes[digest], key=lambda b: (b.x, b.y, b.width, b.height))
        return _make(raw[digest], widths.get(first[digest].run), density, ordered)

    # Pillow lets go of the interpreter while it decodes and encodes.
    with ThreadPoolExecutor(min(os.cpu_count() or 1, 8)) as pool:
        made = dict(zip(first, pool.map(make, first), strict=True))
    found: dict[Place, Picture] = {}
    for step in evidence.steps:
        place = (step.run, step.number)
        digest = digests.get(place, "")
        drawn = made.get(digest)
        if drawn is None:
            continue
        origin = (first[digest].run, first[digest].number)
        found[place] = Picture(
            place=place,
            name=evidence.screenshot_path(step) or "",
            sha256=digest,
            width=drawn.width,
            height=drawn.height,
            uri=drawn.uri,
            same=None if origin == place else origin,
            cuts=drawn.cuts,
        )
    return found


def _make(data: bytes, wide: int | None, density: float, boxes: Iterable[Box]) -> _Made | None:
    """One screen of a view ``wide`` CSS px, whole and cut out; None where the picture cannot be read."""
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
            if opened.width * opened.height > _MOST_PIXELS or not opened.width or not opened.height:
                return None
            opened.load()
            image = opened if opened.mode == "RGB" else opened.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    scale = image.width / wide if wide else 1.0
    width, height = image.width / scale, image.height / scale
    cuts = {box: cut for box in boxes if (cut := _cut(image, scale, box)) is not None}
    wanted = min(density * width, _WIDEST, image.width)
    factor = max(int(image.width / wanted), 1)
    small = image.reduce(factor) if factor > 1 else image
    if small.width > wanted * 1.2:
        size = (round(wanted), max(round(small.height * wanted / small.width), 1))
        small = small.resize(size, Image.Resampling.BILINEAR)
    return _Made(round(width, 1), round(height, 1), _uri(small, 74), cuts)


def _cut(image: Image.Image, scale: float, box: Box) -> Cut | None:
    """The surroundings of a box; None where it lies outside the picture or fills it."""
    width, height = image.width / scale, image.height / scale
    if not within(box, width, height):
        return None
    left, right = 0.0, width
    if width > _NARROW:
        left = max(box.x - _AROUND_X, 0.0)
        right = min(max(box.x + box.width + _AROUND_X, left + _NARROW), width)
        left = max(min(left, right - _NARROW), 0.0)
    top = max(box.y - _AROUND_Y, 0.0)
    bottom = min(box.y + box.height + _AROUND_Y, height, top + _TALLEST)
    if bottom - top > height * 0.8 and right - left > width * 0.8:
        return None
    pixels = tuple(round(edge * scale) for edge in (left, top, right, bottom))
    part = image.crop((pixels[0], pixels[1], pixels[2], pixels[3]))
    if part.width < 1 or part.height < 1:
        return None
    if part.width > _WIDEST:
        part = part.resize((_WIDEST, max(part.height * _WIDEST // part.width, 1)), Image.Resampling.LANCZOS)
    place = Box(
        x=round(left, 1), y=round(top, 1), width=round(right - left, 1), height=round(bottom - top, 1)
    )
    return Cut(place, _uri(part, 86))


def within(box: Box, width: float, height: float) -> bool:
    """Whether some of a box can be seen on a picture of this size, CSS px."""
    return box.x < width and box.y < height and box.x + box.width > 0 and box.y + box.height > 0


def _uri(image: Image.Image, quality: int) -> str:
    out = io.BytesIO()
    # 4:4:4, as small coloured letters blur otherwise.
    image.save(out, "JPEG", quality=quality, subsampling=0)
    return "data:image/jpeg;base64," + base64.b64encode(out.getvalue()).decode("ascii")
