"""Tick boxes that are only pictures."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from payaudit.extract.ticks import ticked

GREEN, GREY, WHITE, BLACK = (10, 180, 90), (190, 190, 190), (255, 255, 255), (0, 0, 0)
BOX = (10.0, 10.0, 16.0, 16.0)


def shot(
    fill: tuple[int, int, int] | None, line: tuple[int, int, int] | None, mark: tuple[int, int, int] | None
) -> bytes:
    """A round box of 16 px at three times its size, on a white page."""
    image = Image.new("RGB", (1170, 300), WHITE)
    draw = ImageDraw.Draw(image)
    draw.ellipse((30, 30, 77, 77), fill=fill, outline=line, width=4)
    if mark:
        draw.line((42, 54, 51, 63, 66, 45), fill=mark, width=5)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("fill", "line", "mark", "state"),
    [
        (GREEN, None, WHITE, True),
        (None, GREY, None, False),
        (GREEN, None, None, None),  # a coloured dot may be a bullet
        (None, GREY, GREY, False),  # a grey tick in a grey ring is there for later
        (BLACK, None, WHITE, None),  # grey on grey: either
        (None, None, None, None),  # nothing is drawn
    ],
)
def test_filled_and_marked_or_hollow(
    fill: tuple[int, int, int] | None,
    line: tuple[int, int, int] | None,
    mark: tuple[int, int, int] | None,
    state: bool | None,  # noqa: FBT001 - what is expected
) -> None:
    assert ticked(shot(fill, line, mark), BOX, 390.0) is state


def test_outside_the_picture_or_too_large_it_cannot_be_told() -> None:
    drawn = shot(GREEN, None, WHITE)
    assert ticked(drawn, (380.0, 10.0, 16.0, 16.0), 390.0) is None
    assert ticked(drawn, (0.0, 0.0, 90.0, 90.0), 390.0) is None
