"""ISO 4217 as gateways write it: codes, their numbers, and how many digits the minor unit has."""

from __future__ import annotations

import re
from functools import cache

from payaudit.data import read_data, rules_folder
from payaudit.model.base import Frozen

_CODE = re.compile(r"(?:CURRENCY_)?([A-Z]{3})")


class Units(Frozen):
    """``rules/orders/currencies.yaml``."""

    digits: dict[int, tuple[str, ...]]
    whole: frozenset[str]
    numeric: dict[str, str]


@cache
def units() -> Units:
    """The bundled table."""
    return read_data(rules_folder() / "orders" / "currencies.yaml", Units)


def currency_code(said: str) -> str | None:
    """The code that ``usd``, ``USD``, ``840`` or ``CURRENCY_USD`` means; ``None`` for anything else."""
    said = said.strip().upper()
    if found := _CODE.fullmatch(said):
        return {"RMB": "CNY", "NTD": "TWD"}.get(found[1], found[1])
    return units().numeric.get(said)


def minor_digits(currency: str) -> int:
    """How many decimal places the currency's minor unit stands for; two where nothing else is known."""
    return next((digits for digits, codes in units().digits.items() if currency in codes), 2)


def is_whole(currency: str) -> bool:
    """Whether a whole number means whole units: there is no minor unit, or nobody uses it."""
    return minor_digits(currency) == 0 or currency in units().whole
