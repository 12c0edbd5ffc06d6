"""Codes that a wallet pays by: read as what they ask for."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from payaudit.data import rules_folder
from payaudit.perceive.calls import Calls
from payaudit.perceive.pay_codes import as_address

PIX = (
    "00020101021226820014BR.GOV.BCB.PIX2560api-pix.pagseguro.com/qr/v2/84f4ff7925f134dfc30b16c0c7ff7f0e"
    "520458155303986540534.885802BR5908NOVELUME6009SAO PAULO62070503***630486F0"
)
STATIC = (
    "00020101021126360014BR.GOV.BCB.PIX0114+5511999999999"
    "5204000053039865802BR5903ANA6003RIO62070503***6304AD38"
)
QRIS = (
    "00020101021226310017ID.CO.EXAMPLE.WWW0106ABC1235204549953033605405490005802ID5904DRAM6005JAKAR63041D3C"
)


@pytest.mark.parametrize(
    ("code", "scheme", "amount", "currency"),
    [
        (PIX, "br.gov.bcb.pix", "34.88", "BRL"),
        (STATIC, "br.gov.bcb.pix", None, "BRL"),
        (QRIS, "id.co.example.www", "49000", "IDR"),
    ],
)
def test_what_a_code_asks_for(code: str, scheme: str, amount: str | None, currency: str) -> None:
    address = as_address(code)
    assert address is not None
    said = parse_qs(urlsplit(address).query)
    assert urlsplit(address).netloc == scheme
    assert said.get("amount") == ([amount] if amount else None)
    assert said["currency"] == [currency]
    match = Calls.load(rules_folder() / "calls").match_url("GET", address)
    assert match is not None
    assert (match.id, match.kind) == ("emv-codes", "payment")


@pytest.mark.parametrize("code", ["0002010102", "Episode 12", "000201 of 6304", ""])
def test_what_is_no_code(code: str) -> None:
    assert as_address(code) is None


def test_an_address_is_left_as_it_is() -> None:
    assert as_address(" weixin://wxpay/bizpayurl?pr=x ") == "weixin://wxpay/bizpayurl?pr=x"
