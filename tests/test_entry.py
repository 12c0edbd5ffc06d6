"""A poster's QR code is an address like any other, and what holds none is said in one line."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from payaudit.entry import entry_of
from payaudit.errors import UsageError

ADDRESS = "https://m.example.org/d/1?channel=dy0713"


def poster(path: Path, *texts: str, turn: float = 0) -> Path:
    """A picture with QR codes below each other, as on a photographed poster."""
    sheet = Image.new("L", (600, 320 * max(1, len(texts))), 235)
    for row, text in enumerate(texts):
        code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
        picture = Image.fromarray(zxingcpp.write_barcode_to_image(code, scale=6))
        sheet.paste(picture, (90, 320 * row + 20))
    sheet.rotate(turn, expand=True, fillcolor=235).save(path)
    return path


@pytest.mark.parametrize("turn", [0, 7, 90])
def test_the_address_in_a_picture(tmp_path: Path, turn: float) -> None:
    path = poster(tmp_path / "poster.png", ADDRESS, turn=turn)
    entry = entry_of(str(path))
    assert entry.address == ADDRESS
    assert entry.told() == {
        "picture": "poster.png", "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "qr_code": ADDRESS,
    }  # fmt: skip


def test_a_typed_address_has_no_picture() -> None:
    assert entry_of("m.example.org/d/1").address == "https://m.example.org/d/1"
    assert entry_of(ADDRESS).told() is None


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ((), "no QR code"),
        (("weixin://dl/x",), "weixin://dl/x"),
        ((ADDRESS, "https://other.example/"), "several"),
    ],
)
def test_a_picture_that_does_not_tell(tmp_path: Path, texts: tuple[str, ...], said: str) -> None:
    path = poster(tmp_path / "card.jpg", *texts)
    with pytest.raises(UsageError, match=said) as failure:
        entry_of(str(path))
    assert str(path) in failure.value.zh


def test_no_picture_at_all(tmp_path: Path) -> None:
    path = tmp_path / "broken.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\nnothing more")
    with pytest.raises(UsageError, match="cannot be read"):
        entry_of(str(path))
