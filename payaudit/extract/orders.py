"""What the merchant's own order says is to be paid, and whether it carries a mandate.

A back end of any vendor: the names are data (``rules/orders``). Of an amount
the unit is decided by its name, by a decimal point, by a currency that has no
minor unit, and by the price that was shown; where these leave a doubt there is
no amount.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from payaudit.evidence.exchange import Exchange
from payaudit.model.money import Money, Period
from payaudit.perceive.call_values import fields, in_whole_units, opened
from payaudit.perceive.cashiers import folded
from payaudit.perceive.currency_units import currency_code, is_whole, minor_digits
from payaudit.perceive.order_words import order_words

_NOTHING: tuple[Any, ...] = (None, False, "", 0, "0", "false", [], {})
_PADDED = re.compile(r"0\d{11}")  # twelve digits, the last two behind the point, as 2C2P writes amounts
_NO = frozenset(
    {"n", "no", "f", "off", "none", "null", "never", "nein", "non", "não", "false", "disabled", "否"}
)
_METHODS = frozenset({"POST", "PUT", "GET"})
_NO_ANSWERS = frozenset({"Image", "Stylesheet", "Script", "Font", "Media"})
_BYTES = 200_000  # an order's answer is shorter
_DEPTH = 6  # deeper than any order
_ADDRESS = re.compile(r"https?://|[a-z][a-z0-9+.-]{2,20}://", re.IGNORECASE)
_CENT = Decimal("0.01")
_FAR = 5  # a reading further than this many times from the shown price is not the same amount
# A number with a decimal point may be a share, a weight, a rate: further than this it is no amount.
_ABSURD = 100


@dataclass(frozen=True, slots=True)
class Later:
    """What an order says of the debits to come."""

    amount: Money | None
    period: Period | None


@dataclass(frozen=True, slots=True)
class _Field:
    """One name with its value.

    ``later`` where it stands under a name of debits to come, ``item`` under one of the things summed up.
    """

    name: str
    value: Any
    currency: str | None  # stated beside it
    later: bool
    item: bool


def order_amount(orders: list[Exchange], shown: Money | None, settles: str | None = None) -> Money | None:
    """What is to be paid, in major units; ``shown`` is the price that stood on the screen.

    ``settles``: the currency that the channel takes where the order names none.
    """
    return stated_amount(_bodies(orders), shown, settles)


def stated_amount(bodies: Iterable[Any], shown: Money | None, settles: str | None = None) -> Money | None:
    """The same of values already read: a call's own arguments, a form's fields."""
    words = order_words()
    for body in bodies:
        found = list(_fields(body))
        anywhere = next((f.currency for f in found if f.currency), None)
        due = [f for f in found if not f.later and f.name not in words.later]
        named = {*words.minor, *words.today, *words.amounts}
        if any(f.name in named and not f.item and _number(f.value) for f in due):
            due = [f for f in due if not f.item]
        for name in (*words.minor, *words.today, *words.amounts):
            field = next((f for f in due if f.name == name and _number(f.value) is not None), None)
            if field is None:
                continue
            currency = field.currency or anywhere or (shown.currency if shown else settles)
            amount = currency and _major(field, currency, shown)
            if currency and amount is not None:
                return Money(amount=amount, currency=currency)
        # Where an order names later debits alone, the price on the screen says whether they begin today.
        for field in (f for f in found if f.later and f.name in (*words.amounts, *words.later)):
            currency = field.currency or anywhere
            amount = currency and _major(field, currency, shown)
            if shown is not None and (amount, currency) == (shown.amount, shown.currency):
                return shown
    return None


def order_renewal(orders: list[Exchange], amount: Money | None) -> Later:
    """The later debits as the merchant's own order tells them, in the unit that its ``amount`` stands in."""
    words = order_words()
    for body in _bodies(orders):
        found = list(_fields(body))
        field = next((f for f in found if f.name in words.later and _number(f.value) is not None), None)
        under = (f for f in found if f.later and f.name in (*words.minor, *words.today, *words.amounts))
        field = field or next((f for f in under if _number(f.value) is not None), None)
        if field is None or amount is None:
            continue
        number = _number(field.value) or Decimal(0)
        if field.currency not in (None, amount.currency):
            continue
        digits = minor_digits(amount.currency)
        today = {_number(f.value) for f in found if f.name in words.minor}
        stated = {_number(f.value) for f in found if not f.later}
        minor = field.name in words.minor or amount.amount.scaleb(digits) in today - {amount.amount}
        minor = minor or _PADDED.fullmatch(str(field.value)) is not None
        whole = is_whole(amount.currency) or "." in str(field.value) or amount.amount in stated
        if minor or whole:
            value = number.scaleb(-digits) if minor else number
            money = Money(amount=_rounded(value, amount.currency), currency=amount.currency)
            return Later(money, _period(found))
    return Later(None, None)


def order_signs(orders: list[Exchange]) -> bool:
    """Whether an order of the step carries a mandate beside the payment."""
    return any(stated_signs(body) for body in _bodies(orders))


def stated_signs(body: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether values already read carry a mandate."""
    words = order_words()
    for field in _fields(body):
        denied = field.value in _NOTHING or str(field.value).strip().casefold() in _NO
        if field.name in words.mandate and not denied:
            return True
        if field.name in words.mode and folded(str(field.value)) in words.recurring_values:
            return True
    return False


def _major(field: _Field, currency: str, shown: Money | None) -> Decimal | None:
    """Decide the unit: by the name, by a decimal point, by a currency without cents, by the shown price."""
    number, digits = _number(field.value), minor_digits(currency)
    if number is None:
        return None
    padded = _PADDED.fullmatch(str(field.value)) is not None
    if padded or (not number and field.name not in order_words().vague):
        # Nothing is nothing in any unit: a trial.
        return _rounded(number.scaleb(-2) if padded else number, currency)
    beside = shown.amount if shown is not None and shown.currency == currency and shown.amount else None
    minor = number.scaleb(-digits)
    whole_said = is_whole(currency) and field.name not in order_words().vague
    if field.name in order_words().minor and not in_whole_units(field.value):
        # total_fee is whole where only so it is near what was shown, as of a currency without cents.
        whole = (
            beside is not None and _near(number, beside) and (is_whole(currency) or not _near(minor, beside))
        )
        return _rounded(number if whole else minor, currency)
    if "." in str(field.value):
        absurd = beside is not None and not beside / _ABSURD <= number <= beside * _ABSURD
        return None if absurd else _rounded(number, currency)
    if beside is None:
        return _rounded(number, currency) if whole_said else None
    near = {reading for reading in (minor, number) if _near(reading, beside)}
    if not near and whole_said and beside <= number <= beside * _ABSURD:
        near = {number}
    return _rounded(near.pop(), currency) if len(near) == 1 else None


def _near(reading: Decimal, shown: Decimal) -> bool:
    return shown / _FAR <= reading <= shown * _FAR


def _rounded(amount: Decimal, currency: str) -> Decimal:
    return amount.quantize(_CENT) if minor_digits(currency) == 2 else amount  # noqa: PLR2004 - hundredths


def _period(found: list[_Field]) -> Period | None:
    """The period that ``month``, ``1 month``, or ``7`` beside ``days`` says."""
    words = order_words()
    said = [str(f.value).strip().lower() for f in found if f.name in words.cycle]
    count = next((each for each in said if each.isdigit()), "1")
    for each in said:
        number = re.match(r"\d*", each)
        assert number is not None  # noqa: S101 - an empty number matches
        many, word = number[0] or count, folded(each[number.end() :])
        wanted = word if many == "1" else folded(f"{many} {word}")
        for period, names in words.periods.items():
            if word and {wanted, wanted.rstrip("s")} & {folded(name) for name in names}:
                return period
    return None


def _bodies(exchanges: list[Exchange]) -> Iterator[Any]:
    """What was answered and sent as JSON or as a form, the last first."""
    for exchange in reversed(exchanges):
        if exchange.method.upper() not in _METHODS or exchange.resource_type in _NO_ANSWERS:
            continue
        for raw in (exchange.response_body, exchange.request_body):
            if raw[:1] in {b"{", b"["} and len(raw) < _BYTES:
                try:
                    yield json.loads(raw)
                except (ValueError, RecursionError):
                    continue
        if exchange.request_body and (sent := fields(exchange.request_body[:_BYTES])):
            yield sent


def _fields(
    value: Any,  # noqa: ANN401 - any JSON
    depth: int = 0,
    *,
    later: bool = False,
    item: bool = False,
    near: str | None = None,
) -> Iterator[_Field]:
    """Every name with its value, however deep, also inside texts that are JSON."""
    words = order_words()
    if depth > _DEPTH:
        return
    if isinstance(value, str):
        value = _of_address(value) or opened(value)
    if isinstance(value, dict):
        stated = (currency_code(str(v)) for k, v in value.items() if folded(str(k)) in words.currency)
        near = next(filter(None, stated), near)
        for key, inner in value.items():
            name = folded(str(key))
            yield _Field(name, inner, near, later, item)
            under = {"later": later or name in words.later_under, "item": item or name in words.items_under}
            yield from _fields(inner, depth + 1, near=near, **under)
    elif isinstance(value, list):
        for inner in value[:20]:
            yield from _fields(inner, depth + 1, later=later, item=item, near=near)


def _of_address(text: str) -> dict[str, str]:
    """The parameters of a cashier's address, those behind its # too; empty where it is none."""
    if not _ADDRESS.match(text) or "=" not in text:
        return {}
    try:
        parts = urlsplit(text)
        _, _, behind = parts.fragment.partition("?")
        return dict(parse_qsl(f"{parts.query}&{behind}", max_num_fields=200))
    except ValueError:
        return {}


def _number(value: Any) -> Decimal | None:  # noqa: ANN401 - any JSON
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(str(value).strip().replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() and number >= 0 else None
