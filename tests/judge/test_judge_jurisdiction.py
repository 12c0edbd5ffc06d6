from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from payaudit.errors import UsageError
from payaudit.judge.jurisdiction import guess, named
from payaudit.judge.law import load_law
from payaudit.model.money import Money
from tests.judge.worlds import call, facts, offer

NOTHING: dict[str, Any] = {"offers": (), "payment_calls": (), "languages": ()}


def priced(currency: str) -> dict[str, Any]:
    price = Money(amount=Decimal(5), currency=currency)
    return {"offers": (offer(price=price, first_price=None, renewal_price=None),), "payment_calls": ()}


@pytest.mark.parametrize(
    ("fields", "ids", "why"),
    [
        ({}, ("CN",), "prices in CNY → CN"),
        ({**priced("USD")}, ("US",), "prices in USD → US"),
        ({**priced("USD"), "host": "wechat"}, ("CN", "US"), "runs in WeChat → CN; prices in USD → US"),
        ({**priced("XAF"), "languages": ("ja",)}, ("JP",), "language ja → JP"),
        ({**NOTHING, "payment_calls": (call(),)}, ("CN",), "prices in CNY → CN"),
        ({**NOTHING, "target": "https://drama.co.kr/x"}, ("KR",), "address ends in .kr → KR"),
        ({**NOTHING, "target": "http://127.0.0.1:80/", "languages": ("zh-CN",)}, ("CN",), "language zh-CN"),
        ({**NOTHING, "languages": ("en", "zh")}, (), "name the jurisdiction"),
    ],
)
def test_the_guess_tells_its_reason(fields: dict[str, Any], ids: tuple[str, ...], why: str) -> None:
    found = guess(facts(**fields))
    assert found.ids == ids
    assert why in found.reason.en
    assert found.reason.zh


def test_what_the_investigator_says_counts() -> None:
    found = guess(facts(), ("UK", "EU", "UK"))
    assert found.ids == ("EU", "UK")
    assert found.reason.en == "named by the investigator: EU, UK"


def test_places_are_known_by_the_register_or_refused_with_a_suggestion() -> None:
    law = load_law()
    assert named(("CN", "US-CA", "EU", "CN"), law) == ("CN", "US-CA", "EU")
    assert named(("GB", "US-NY", "DE"), law) == ("UK", "US-NY", "DE")
    with pytest.raises(UsageError, match="no jurisdiction 'EUR'; did you mean 'EU'") as caught:
        named(("CN", "EUR"), law)
    assert "是否指 'EU'" in caught.value.zh
