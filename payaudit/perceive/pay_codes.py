"""Codes that a wallet pays by, shown on the screen instead of a jump to it.

An EMV code (EMVCo, QR Code Specification for Payment Systems, merchant-presented mode) is a line of
tag, length and value: Pix, QRIS, VietQR, PromptPay and others. It stands as text to be copied, or in
a picture, where wallets' own addresses stand too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlencode

from payaudit.data import read_data, rules_folder
from payaudit.model.base import Frozen
from payaudit.perceive.screen import Screen

SCHEME = "emvco"
_CODE = re.compile(r"000201[\x20-\x7e]{30,600}?6304[0-9A-Fa-f]{4}")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]{1,30}://\S{4,2000}", re.IGNORECASE)
_ACCOUNTS = range(26, 52)  # tags of the schemes that take the payment; the first field within names them
_CURRENCY, _AMOUNT = "53", "54"
# Where a length before them does not hold, these two still stand side by side.
_SIDE_BY_SIDE = re.compile(r"5303(?P<number>\d{3})54(?P<length>\d{2})(?P<rest>[\d.]+)")


class _Codes(Frozen):
    """The file: currencies by their ISO 4217 number."""

    currencies: dict[str, str]


def shown_as_text(screen: Screen) -> tuple[str, ...]:
    """EMV codes that stand on the screen as text or in a field, each once."""
    told = (text.text for text in screen.texts if text.sight != "hidden")
    held = (node.value for node in screen.tree.nodes if node.value)
    found = (m.group() for words in (*told, *held) for m in _CODE.finditer(words.replace("\n", "")))
    return tuple(dict.fromkeys(found))


def as_address(code: str) -> str | None:
    """A code as an address whose query holds its amount, ``None`` where it is neither EMV nor an address."""
    code = code.strip()
    if _ADDRESS.fullmatch(code):
        return code
    if not _CODE.fullmatch(code):
        return None
    fields = dict(_fields(code))
    if _CURRENCY not in fields and (beside := _SIDE_BY_SIDE.search(code)) is not None:
        fields |= {_CURRENCY: beside["number"], _AMOUNT: beside["rest"][: int(beside["length"])]}
    scheme = next((name for tag in _ACCOUNTS if (name := _scheme(fields.get(f"{tag}", "")))), "unknown")
    said = {"amount": fields.get(_AMOUNT), "currency": _currency(fields.get(_CURRENCY, "")), "code": code}
    return f"{SCHEME}://{scheme}?{urlencode({k: v for k, v in said.items() if v})}"


def _scheme(account: str) -> str:
    """The name that a payment scheme gives itself; an application's number is one too."""
    return next((value for tag, value in _fields(account) if tag == "00"), "").lower()


def _currency(number: str) -> str | None:
    codes = read_data(rules_folder() / "currencies" / "numbers.yaml", _Codes)
    return codes.currencies.get(number)


def _fields(code: str) -> Iterator[tuple[str, str]]:
    """Tags with their values, as far as the lengths hold."""
    at = 0
    while at + 4 <= len(code) and code[at : at + 4].isdigit():
        tag, length = code[at : at + 2], int(code[at + 2 : at + 4])
        yield tag, code[at + 4 : at + 4 + length]
        at += 4 + length
