"""Reads letters from pixels, where a page shows words that are no text.

RapidOCR (PP-OCRv4) runs on the processor, with its models in the wheel and no
network. One picture of the screen is read at most once; what the engine says is
kept in the evidence, so that judging needs no engine and gives the same bytes.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import logging
import time
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any

from PIL import Image

from payaudit.model.evidence import Box
from payaudit.model.readings import Reading, Readings
from payaudit.perceive.pictured import Picture, owner_of, set_right
from payaudit.perceive.tree import Rect

_PACKAGE = "rapidocr-onnxruntime"
_SECONDS = 45.0  # of one walk; then pictures stay unread, and the step says so
_SCALE = 2.0  # device px per CSS px that are read; more costs time and finds no more (measured at 1 to 3)
_SURE = 0.6  # least score that the engine gives a line worth keeping
_PAD = 4.0  # CSS px kept around a picture


class Eyes:
    """One engine and what it has read. ``available`` is False where it is not installed or not wanted."""

    def __init__(self, *, wanted: bool = True) -> None:
        self.available = wanted and find_spec("rapidocr_onnxruntime") is not None
        self.spent = 0.0
        self._engine: Any = None
        self._known: dict[str, list[tuple[Rect, str, float]]] = {}

    @property
    def tired(self) -> bool:
        """Whether the time for reading is used up."""
        return self.spent >= _SECONDS

    async def read(self, screen: bytes, scale: float, pictures: tuple[Picture, ...]) -> Readings | None:
        """Lines in these pictures of a screenshot (PNG); None where nothing can be read any more."""
        if not self.available or self.tired or not pictures:
            return None
        began = time.monotonic()
        found = await asyncio.to_thread(self._read, screen, scale, pictures)
        spent = time.monotonic() - began
        self.spent += spent
        return Readings(engine=_engine_name(), seconds=round(spent, 1), lines=tuple(found))

    def _read(self, screen: bytes, scale: float, pictures: tuple[Picture, ...]) -> list[Reading]:
        shot = _only(screen, scale, pictures)
        key = hashlib.sha256(shot.tobytes()).hexdigest()
        if key not in self._known:
            self._known[key] = self._lines(shot)
        ratio = min(1.0, _SCALE / scale) * scale
        readings = []
        for (x, y, width, height), raw, score in self._known[key]:
            box = (x / ratio, y / ratio, width / ratio, height / ratio)
            owner = owner_of(pictures, box)
            if owner is not None and score >= _SURE and raw.strip():
                left, top, wide, high = (round(v, 1) for v in box)
                readings.append(
                    Reading(
                        text=set_right(raw),
                        raw=raw,
                        box=Box(x=left, y=top, width=wide, height=high),
                        score=round(score, 2),
                        owner=owner.owner,
                        tree=owner.tree,
                    )
                )
        return readings

    def _lines(self, shot: Image.Image) -> list[tuple[Rect, str, float]]:
        if self._engine is None:
            # Both are heavy to import and only a picture needs them.
            import numpy  # noqa: ICN001, PLC0415
            from rapidocr_onnxruntime import RapidOCR  # noqa: PLC0415

            logging.getLogger("RapidOCR").setLevel(logging.ERROR)
            # More threads of one read cost half as much again in processor time.
            engine = RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1)
            self._engine = lambda image: engine(numpy.asarray(image))[0] or []
        found = []
        for corners, text, score in self._engine(shot):
            xs, ys = [p[0] for p in corners], [p[1] for p in corners]
            box = (float(min(xs)), float(min(ys)), float(max(xs) - min(xs)), float(max(ys) - min(ys)))
            found.append((box, str(text), float(score)))
        return found


def _only(screen: bytes, scale: float, pictures: tuple[Picture, ...]) -> Image.Image:
    """The screenshot with everything but the pictures blanked, at the scale that is read."""
    with Image.open(io.BytesIO(screen)) as opened:
        full = opened.convert("RGB")
    kept = Image.new("RGB", full.size, (255, 255, 255))
    for picture in pictures:
        x, y, width, height = picture.box
        left, top = round(max(0.0, x - _PAD) * scale), round(max(0.0, y - _PAD) * scale)
        right, bottom = round((x + width + _PAD) * scale), round((y + height + _PAD) * scale)
        kept.paste(full.crop((left, top, right, bottom)), (left, top))
    ratio = min(1.0, _SCALE / scale)
    return kept if ratio == 1.0 else kept.resize((round(kept.width * ratio), round(kept.height * ratio)))


def png_width(png: bytes) -> int:
    """Width in px, from the header."""
    return int.from_bytes(png[16:20], "big")


def _engine_name() -> str:
    try:
        return f"{_PACKAGE} {version(_PACKAGE)} (PP-OCRv4)"
    except PackageNotFoundError:  # put beside the interpreter by hand
        return f"{_PACKAGE} (PP-OCRv4)"
