"""Amounts in texts: a table of real wordings, and what holds for any text."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from payaudit.model.money import Money
from payaudit.perceive.normal import normalise
from payaudit.perceive.numerals import CHINESE
from payaudit.perceive.prices import (
    Amount,
    amounts,
    episode_count,
    episode_range,
    period_in,
    trial_days,
)

TABLE: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("prices.yaml").read_text("utf-8"))
SAYS_A_NUMBER = re.compile(rf"\d|{CHINESE}")

SHAPES = {
    "CNY": ["¥{}", "￥{}", "¥ {}", "{}元", "{} 元", "RMB {}", "CNY {}", "人民币{}元", "仅需{}元看全集"],
    "USD": ["${}", "US${}", "$ {}", "USD {}", "{} USD", "Only ${} today"],
    "GBP": ["£{}", "GBP {}"],
    "HKD": ["HK${}", "{}港币"],
}


def say(amount: Amount) -> str:
    """Write an amount as the table does."""
    parts = (
        [str(amount.money.amount), amount.money.currency]
        if amount.money
        else [str(amount.coins), amount.coin_name or "-"]
    )
    flags = [*filter(None, [amount.per]), *["from"] * amount.is_from, *["bonus"] * amount.bonus]
    return " ".join([*parts, amount.role, *flags])


@pytest.mark.parametrize(("text", "expected"), TABLE["found"].items())
def test_found(text: str, expected: list[str]) -> None:
    assert [say(amount) for amount in amounts(text)] == expected


@pytest.mark.parametrize("case", TABLE["with_default"], ids=lambda case: f"{case['text']}")
def test_with_the_currency_of_the_place(case: dict[str, Any]) -> None:
    found = amounts(case["text"], default_currency=case["currency"])
    assert [say(amount) for amount in found] == case["is"]


@pytest.mark.parametrize("text", TABLE["none"])
def test_never_an_amount(text: str) -> None:
    assert amounts(text) == ()


def test_the_table_is_large_enough_to_mean_something() -> None:
    assert len(TABLE["found"]) + len(TABLE["with_default"]) + len(TABLE["none"]) >= 250
    assert len(TABLE["none"]) >= 80


@pytest.mark.parametrize(
    ("text", "known_by"),
    [("¥9.9", "symbol"), ("9.9 USD", "code"), ("9.9元", "word"), ("980円", "word"), ("99¢", "symbol")],
)
def test_how_the_currency_is_known(text: str, known_by: str) -> None:
    assert [amount.currency_known_by for amount in amounts(text)] == [known_by]


def test_a_bare_number_is_known_by_default() -> None:
    assert amounts("仅需9.9", default_currency="CNY")[0].currency_known_by == "default"


def test_spans_lie_in_the_original_text() -> None:
    text = "首月 ¥\u200b ９．９，次月起　2 5元／月"
    assert [text[a.start : a.end] for a in amounts(text)] == ["¥\u200b ９．９", "5元"]
    text = "原價 ￥１，２９９ 現價九塊九"
    assert [text[a.start : a.end] for a in amounts(text)] == ["￥１，２９９", "九塊九"]


@given(
    st.sampled_from([(code, shape) for code, shapes in SHAPES.items() for shape in shapes]),
    st.decimals(0, 99999, places=2),
    st.booleans(),
)
@settings(deadline=None)
def test_money_is_read_back_from_every_shape(
    shape: tuple[str, str],
    amount: Decimal,
    grouped: bool,  # noqa: FBT001 - drawn
) -> None:
    currency, form = shape
    written = f"{amount:,}" if grouped else f"{amount}"
    found = amounts(form.format(written))
    assert [one.money for one in found] == [Money(amount=amount, currency=currency)]


@given(st.integers(1, 99), st.integers(1, 9))
@settings(deadline=None)
def test_spoken_prices_are_read_back(yuan: int, jiao: int) -> None:
    for text in (f"{yuan}块{jiao}", f"{yuan}块{jiao}毛", f"{yuan}元{jiao}角"):
        assert [one.money and one.money.amount for one in amounts(text)] == [
            Decimal(yuan) + Decimal(jiao) / 10
        ]


@given(
    st.text()
    | st.text("0123456789.,¥$€元块毛角分集天月年/+-()（）， 币看点送起九十百万coinsfree\n", max_size=60)
)
@settings(deadline=None, max_examples=400)
def test_any_text_is_read_and_spans_say_a_number(text: str) -> None:
    for currency in (None, "CNY", "JPY"):
        ends = 0
        for amount in amounts(text, default_currency=currency):
            assert ends <= amount.start < amount.end <= len(text)
            assert SAYS_A_NUMBER.search(normalise(text[amount.start : amount.end]).text)
            assert (amount.money is None) != (amount.coins is None)
            ends = amount.end


@pytest.mark.parametrize(("text", "days"), TABLE["trials"].items())
def test_trial_days(text: str, days: int | None) -> None:
    assert trial_days(text) == days


@pytest.mark.parametrize(("text", "period"), TABLE["periods"].items())
def test_period_in(text: str, period: str | None) -> None:
    assert period_in(text) == period


@pytest.mark.parametrize(("text", "expected"), TABLE["episodes"].items())
def test_episodes(text: str, expected: int | list[int] | None) -> None:
    if isinstance(expected, list):
        assert episode_range(text) == tuple(expected)
        assert episode_count(text) is None
    else:
        assert episode_range(text) is None
        assert episode_count(text) == expected


@given(st.text() | st.text("0123456789天月年周日集第-至免费试用trialepisode free/每 ", max_size=40))
@settings(deadline=None)
def test_lengths_and_episodes_of_any_text(text: str) -> None:
    assert (trial_days(text) or 1) > 0
    period_in(text)
    first, last = episode_range(text) or (1, 2)
    assert 0 < first < last
    episode_count(text)


HOSTILE = [
    "9",
    "9,",
    "9.",
    "¥",
    "九",
    "1 ",
    "+1",
    "9块",
    "(",
    "每集",
    "起",
    "a",
    "¥9/月 ",
    "1看点+",
    "每天仅¥1/天 ",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    text = piece * 20_000
    started = perf_counter()
    amounts(text)
    period_in(text)
    trial_days(text)
    episode_range(text)
    episode_count(text)
    assert perf_counter() - started < 20  # a quadratic form takes minutes


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("加赠80", [80]),
        ("+送60", [60]),
        ("600看点 +送60", [60]),
        ("满100加赠20元", []),
        ("满100加赠20 全场", []),
    ],
)
def test_what_is_given_with_a_pack(text: str, given: list[int]) -> None:
    assert [a.coins for a in amounts(text) if a.bonus] == given
