"""What $, ¥ and 元 mean: by what the pages say, else their back end, else the language they declare."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from payaudit.model.money import Money
from payaudit.perceive.at_home import at_home, home
from payaudit.perceive.home_currency import home_of
from payaudit.perceive.prices import amounts
from payaudit.perceive.screen import Screen
from tests.perceive.drawn import screens


def page(lang: str, words: str) -> str:
    return f"<!doctype html><html lang='{lang}'><meta charset=utf-8><p>{words}</p>"


PAGES = {
    (page("es-MX", "300 monedas $29.00"), ""): "MXN",
    (page("es", "300 monedas $29.00"), '{"id": 7, "currency": "MXN", "amount": 2900}'): "MXN",
    (page("es-MX", "300 monedas $4.99"), '{"currency":"usd"}'): "USD",
    (page("en", "Weekly $4.99 AUD</p><p>Yearly $99"), ""): "AUD",
    (page("es-CL", "Semana $4.99"), ""): None,
    (page("es-CL", "Semana $4.990"), ""): "CLP",
    (page("zh-TW", "本集 15 元"), ""): "TWD",
    (page("zh-CN", "本集 15 元"), ""): None,
    (page("en", "Weekly $4.99"), ""): None,
    (page("en-US", "Weekly US$4.99 or A$7.99"), '{"a":{"currency":"AUD"},"b":{"currency":"USD"}}'): None,
}


@pytest.fixture(scope="module")
def drawn() -> dict[str, Screen]:
    return asyncio.run(screens([drawn for drawn, _ in PAGES]))


@pytest.mark.browser
@pytest.mark.parametrize(("given", "currency"), PAGES.items())
def test_home(given: tuple[str, str], currency: str | None, drawn: dict[str, Screen]) -> None:
    words, answer = given
    assert home_of([drawn[words]], lambda: [answer]) == currency


def test_the_signs_mean_it_within_and_no_longer_behind() -> None:
    with at_home("MXN"):
        assert home() == "MXN"
        assert [a.money for a in amounts("$29.00")] == [Money(amount=Decimal("29.00"), currency="MXN")]
        assert [a.money for a in amounts("US$29")] == [Money(amount=Decimal(29), currency="USD")]
    assert home() is None
    assert [a.money for a in amounts("$29.00")] == [Money(amount=Decimal("29.00"), currency="USD")]
