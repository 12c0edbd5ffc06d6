"""The screens of one side, small enough for a page; each taken from the evidence once."""

from __future__ import annotations

import base64
import io
from typing import NamedTuple

from PIL import Image

from payaudit.evidence.read import Evidence

_QUALITY = 82
_TALLEST = 4000  # CSS px; a taller picture is cut there, and the caption says that it is reduced


class Picture(NamedTuple):
    """A screen in CSS px, as an address that needs no network; ``id`` names it in the page."""

    id: str
    width: int
    height: int
    address: str


class Album:
    """The screens of one evidence file; none where there is no evidence."""

    def __init__(self, evidence: Evidence | None) -> None:
        self._evidence = evidence
        self._taken: dict[tuple[int, int], Picture | None] = {}

    def of(self, side: str, run: int, step: int) -> Picture | None:
        """The screen of a step; None where there is no picture of it."""
        if (run, step) not in self._taken:
            self._taken[run, step] = self._take(side, run, step)
        return self._taken[run, step]

    def taken(self) -> list[Picture]:
        """Those that were asked for."""
        return [picture for picture in self._taken.values() if picture is not None]

    def _take(self, side: str, run: int, step: int) -> Picture | None:
        if self._evidence is None:
            return None
        found = [s for s in self._evidence.steps if (s.run, s.number) == (run, step)]
        data = self._evidence.screenshot(found[0]) if found else None
        if data is None:
            return None
        wide = next((info.viewport[0] for info in self._evidence.runs if info.number == run), None)
        return _picture(f"{side}-{run}-{step}", data, wide)


def _picture(name: str, data: bytes, wide: int | None) -> Picture | None:
    try:
        with Image.open(io.BytesIO(data)) as image:
            scale = image.width / wide if wide else 1.0
            size = max(1, round(image.width / scale)), max(1, round(image.height / scale))
            small = image.convert("RGB").resize(size)
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
    if small.height > _TALLEST:
        small = small.crop((0, 0, small.width, _TALLEST))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=_QUALITY, optimize=True)
    address = "data:image/jpeg;base64," + base64.b64encode(out.getvalue()).decode()
    return Picture(name, small.width, small.height, address)
