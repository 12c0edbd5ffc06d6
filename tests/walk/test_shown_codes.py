"""Payment codes in pictures: what a wallet would be asked, and what is no payment."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from payaudit.data import rules_folder
from payaudit.perceive.calls import Calls
from payaudit.perceive.screen import Screen
from payaudit.walk.shown_codes import shown_codes
from tests.perceive.drawn import screens

pytestmark = pytest.mark.browser
CALLS = Calls.load(rules_folder() / "calls")
PIX = "00020101021226820014BR.GOV.BCB.PIX2560x520458155303986540534.885802BR5908N6009S62070503***630486F0"


def _picture(text: str) -> bytes:
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    image = Image.fromarray(zxingcpp.write_barcode_to_image(code, scale=6)).convert("RGB")
    canvas = Image.new("RGB", (image.width + 200, image.height + 300), "white")
    canvas.paste(image, (100, 150))
    held = io.BytesIO()
    canvas.save(held, "PNG")
    return held.getvalue()


def _told(screen: Screen, text: str) -> tuple[dict[str, Any], ...]:
    return asyncio.run(shown_codes(screen, _picture(text), CALLS))


def test_what_a_picture_asks_for() -> None:
    (blank,) = asyncio.run(screens(["<p>pay</p>"])).values()
    (pix,) = _told(blank, PIX)
    assert (pix["signature"], pix["arguments"]["amount"], pix["arguments"]["currency"]) == (
        "emv-codes",
        "34.88",
        "BRL",
    )
    (wechat,) = _told(blank, "weixin://wxpay/bizpayurl?pr=abc123")
    assert (wechat["channel"], wechat["kind"]) == ("wechat", "payment")
    assert _told(blank, "https://drama.example/app") == ()
    assert asyncio.run(shown_codes(blank, None, CALLS)) == ()
