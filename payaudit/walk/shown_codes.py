"""Payment codes on a screen that a press to pay led to: a payment asked for without a jump."""

from __future__ import annotations

import asyncio
import io
from typing import Any

from PIL import Image

from payaudit.perceive.calls import Calls
from payaudit.perceive.pay_codes import as_address, shown_as_text
from payaudit.perceive.screen import Screen
from payaudit.walk.guard.policy import called


async def shown_codes(screen: Screen, shot: bytes | None, calls: Calls) -> tuple[dict[str, Any], ...]:
    """The data of a payment call for each code that a payment's signature fits, texts first."""
    codes = [*shown_as_text(screen), *(await asyncio.to_thread(_in_picture, shot) if shot else ())]
    found: dict[str, dict[str, Any]] = {}
    for code in codes:
        address = as_address(code)
        match = calls.match_url("GET", address) if address is not None else None
        if address is not None and match is not None and match.kind == "payment":
            found.setdefault(address, called(match, "code", address, "screen"))
    return tuple(found.values())


def _in_picture(png: bytes) -> list[str]:
    import zxingcpp  # noqa: PLC0415 - only a press to pay needs it

    with Image.open(io.BytesIO(png)) as picture:
        grey = picture.convert("L")
    read = zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return [code.text for code in read]
