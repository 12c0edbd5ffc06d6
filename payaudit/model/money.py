"""Money, and the stretches of time that it buys."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from payaudit.model.base import Frozen

Period = Literal["day", "week", "month", "quarter", "half_year", "year"]

# Calendar lengths for comparison only; a month as the mean Gregorian month.
DAYS: dict[Period, Decimal] = {
    "day": Decimal(1),
    "week": Decimal(7),
    "month": Decimal("30.44"),
    "quarter": Decimal("91.31"),
    "half_year": Decimal("182.62"),
    "year": Decimal("365.24"),
}


class Money(Frozen):
    """An amount in major units (yuan, dollars) and its ISO 4217 code."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        return f"{self.currency} {self.amount}"
