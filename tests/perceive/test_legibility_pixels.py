"""Size and contrast of two hundred texts, read from a snapshot, against the pixels that a browser painted."""

from __future__ import annotations

import asyncio

import pytest

from bench.legibility import TEXTS, Read, measured


@pytest.fixture(scope="module")
def read() -> list[Read]:
    return asyncio.run(measured())


@pytest.mark.browser
def test_painted_sizes_are_read_to_half_a_pixel(read: list[Read]) -> None:
    assert len(read) == TEXTS
    assert [one for one in read if not one.font_right] == []


@pytest.mark.browser
def test_contrasts_are_read_to_a_tenth_or_told_as_unknown(read: list[Read]) -> None:
    assert [one for one in read if not one.contrast_right] == []
    assert {one.kind for one in read if one.read_contrast is None} == {"gradient"}
