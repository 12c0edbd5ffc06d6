# ruff: noqa: E501 - the data stands in lines
"""What orders of any vendor ask: names, units, later debits, mandates."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from payaudit.evidence.exchange import Exchange
from payaudit.extract.orders import order_amount, order_renewal, order_signs, stated_amount
from payaudit.model.money import Money

# answer · price shown (or None) · currency of the channel (or None) · amount
AMOUNTS: tuple[tuple[Any, str | None, str | None, str | None], ...] = (
    ({"order_id": "K1", "amount": 60, "currency": "JPY"}, None, None, "JPY 60"),
    ({"amount": "000000007900", "currency": "THB"}, None, None, "THB 79.00"),
    ({"total_amount": 1200, "currency": "KRW"}, "KRW 1200", None, "KRW 1200"),
    ({"gross_amount": 13000}, None, "IDR", "IDR 13000.00"),
    ({"params": {"TotalAmount": "99", "PeriodAmount": "199"}}, None, "TWD", "TWD 99.00"),
    ({"amount": 590, "currency": "vnd"}, "VND 590", None, "VND 590"),
    ({"amount": 1299, "currency": "USD"}, "USD 12.99", None, "USD 12.99"),
    ({"amount": 1299, "currency": "USD"}, None, None, None),
    ({"amount": 1299, "currency": "USD"}, "USD 99.00", None, None),
    ({"total_fee": 990}, None, "CNY", "CNY 9.90"),
    ({"unit_amount": 500, "currency": "jpy"}, None, None, "JPY 500"),
    ({"price_cents": 499, "currency": "EUR"}, None, None, "EUR 4.99"),
    ({"total": "2.28", "moneda": "EUR", "lineas": [{"importe": "0.79"}]}, None, None, "EUR 2.28"),
    ({"total": "2.28", "moneda": "EUR", "lineas": [{"importe": "0.79"}]}, "EUR 2.28", None, "EUR 2.28"),
    ({"betrag": "5.99", "waehrung": "EUR"}, None, None, "EUR 5.99"),
    (
        {"amount": {"value": "5.99", "currency": "EUR"}, "subscription": {"amount": {"value": "9.99"}}},
        None, None, "EUR 5.99",
    ),
    (
        {
            "items": [{"unit_price": 9.9, "currency_id": "BRL"}], "first_invoice_amount": 9.9,
            "auto_recurring": {"transaction_amount": 29.9, "currency_id": "BRL"},
        },
        None, None, "BRL 9.90",
    ),
    ({"plan_id": "P", "billing": {"next_payment": {"amount": {"value": "12.99", "currency_code": "USD"}}}}, "USD 12.99", None, "USD 12.99"),
    ({"subscription": {"amount": {"value": "9.99", "currency": "EUR"}}}, "EUR 0.99", None, None),
    ({"total": 3, "currency": "JPY"}, None, None, None),
    ({"value": "0.85", "currency": "EUR"}, "EUR 149.00", None, None),
    ({"data": '{"pay_amount":"9.90"}'}, None, "CNY", "CNY 9.90"),
    ({"amount": True, "currency": "USD"}, None, None, None),
    ({"url": "https://pay.test/v2/index.html#/home?token=T1&amount=0.99&currency=USD"}, None, None, "USD 0.99"),
    ({"url": "weixin://pay?order=7&total_fee=990"}, None, "CNY", "CNY 9.90"),
    ({"usable_id": 1, "total_fee": "9.90"}, "CNY 9.90", None, "CNY 9.90"),
    ({"total_fee": 29}, "CNY 29.00", "CNY", "CNY 29.00"),
    ({"total_fee": 100}, "CNY 0.50", "CNY", "CNY 1.00"),
)  # fmt: skip

RENEWALS: tuple[tuple[Any, str, str | None, str | None], ...] = (
    ({"amount": 980, "currency": "JPY", "fields": {"RecurringAmount": "980"}}, "JPY 980", "JPY 980", None),
    ({"TotalAmount": "99", "PeriodAmount": "199", "PeriodType": "M"}, "TWD 99.00", "TWD 199.00", "month"),
    ({"subscription": {"interval": "1 month", "amount": {"value": "9.99", "currency": "EUR"}}}, "EUR 5.99", "EUR 9.99", "month"),
    (
        {"auto_recurring": {"frequency": 7, "frequency_type": "days", "transaction_amount": 29.9}},
        "BRL 9.90", "BRL 29.90", "week",
    ),
    ({"total_fee": 100, "renew_fee": 2500, "cycle": "MONTH"}, "CNY 1.00", "CNY 25.00", "month"),
    ({"amount": "5.99"}, "EUR 5.99", None, None),
)  # fmt: skip

SIGNS: tuple[tuple[Any, bool], ...] = (
    ({"amount": "000000004900", "currency": "764", "recurring": "N"}, False),
    ({"amount": "000000009800", "currency": "764", "recurring": "Y", "recurring_interval": "7"}, True),
    ({"auto_recurring": {"frequency": 7}}, True),
    ({"PeriodAmount": "199"}, True),
    ({"RecurringID": "RC1"}, True),
    ({"mode": "subscription"}, True),
    ({"amount": 2490, "options": {"payment": {"capture": True, "payType": "PREAPPROVED"}}}, True),
    ({"amount": 399, "options": {"payment": {"capture": True, "payType": "NORMAL"}}}, False),
    ({"auto_renew": 0}, False),
    ({"auto_renew": False, "plan_id": ""}, False),
    ({"sid": "session", "period_type": "month", "amount": 5}, False),
    ({"type": "first"}, False),
    ({"planId": "series", "email": "viewer@example.com"}, False),
)


def _answer(body: Any) -> list[Exchange]:  # noqa: ANN401 - any JSON
    return [
        Exchange(
            method="POST", url="https://a.test/order", request_headers=(), request_body=b"", status=200,
            reason="OK", response_headers=(), response_body=json.dumps(body).encode(), truncated=None,
            resource_type="Fetch", at=datetime.now(UTC), run=1, step=1, redirect=False,
        )
    ]  # fmt: skip


def _money(text: str | None) -> Money | None:
    if text is None:
        return None
    currency, amount = text.split()
    return Money(amount=Decimal(amount), currency=currency)


@pytest.mark.parametrize(("body", "shown", "settles", "amount"), AMOUNTS)
def test_what_an_order_asks(body: Any, shown: str | None, settles: str | None, amount: str | None) -> None:  # noqa: ANN401
    assert order_amount(_answer(body), _money(shown), settles) == _money(amount)


@pytest.mark.parametrize(("body", "today", "later", "period"), RENEWALS)
def test_what_comes_later(body: Any, today: str, later: str | None, period: str | None) -> None:  # noqa: ANN401
    found = order_renewal(_answer(body), _money(today))
    assert (found.amount, found.period) == (_money(later), period)


@pytest.mark.parametrize(("body", "signs"), SIGNS)
def test_mandates(body: Any, signs: bool) -> None:  # noqa: ANN401, FBT001 - a value
    assert order_signs(_answer(body)) is signs


def test_a_part_of_the_sum_is_not_what_is_to_be_paid() -> None:
    order = {
        "currency": "BRL",
        "items": [{"name": "Assinatura", "unit_amount": 490}, {"name": "Taxa", "unit_amount": 498}],
        "total_amount": 988,
    }
    shown = Money(amount=Decimal("9.88"), currency="BRL")
    assert stated_amount([order], shown) == shown
    only = {"currency": "BRL", "items": [{"unit_amount": 490}]}
    assert stated_amount([only], None) == Money(amount=Decimal("4.90"), currency="BRL")
