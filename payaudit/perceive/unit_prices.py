"""Amounts that only put another one smaller: 每天仅0.3元 beside ¥9.9/month."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from payaudit.model.money import DAYS, Period
from payaudit.perceive.roles import Role

_ALWAYS = re.compile(
    "约合|折合|合每|相当于|平均|日均|均价|equivalent|(?<![a-z])average|entspricht|equivale a|pari a"
)
_IF_SHORT = re.compile(
    "仅|只|不到|不足|低至|约|≈|=|(?<![a-z])(?:only|just|about|less than|as low as|nur|seulement"
    "|sol[oi]|appena|sadece|yalnizca)(?![a-z])"
)
# Nobody charges less than something: such an amount is a smaller form even where the whole is not said.
_BOUND = re.compile(
    "(?:不到|不足|(?<![a-z])(?:less than|under|weniger als|menos de|moins de|kurang dari|chưa đến|meno di))"
    "[约: ]{0,2}$"
)
_BOUND_BEHIND = re.compile(" ?(?:未満|미만|से कम|से भी कम|'?[dt][ae]n (?:bile )?(?:az|ucuz)(?![a-z]))")
_NOT_PRICES = frozenset({"saving", "fee", "other"})
_TOLERANCE = Decimal("0.04")  # rounding to x.99, and months of 28 to 31 days
_NEAR = 32  # amounts on each side that are looked at


class Priced(NamedTuple):
    """An amount and the text around it, up to its neighbours; ``currency`` None for coins."""

    value: Decimal
    currency: str | None
    per: Period | Literal["episode"] | None
    role: Role
    before: str
    behind: str = ""  # what follows it and its unit


def are_unit_prices(amounts: Sequence[Priced]) -> list[bool]:
    """Tell of each amount whether another one of the same text is what is really charged.

    Words say so (约合, only $0.71/day), or the sum: where a text speaks of two
    periods and the longer one costs as much, the shorter is not on sale.
    """
    two_periods = len({one.per for one in amounts if one.per in DAYS}) == 2  # noqa: PLR2004 - a list of plans has more
    return [
        one.role == "price"
        and one.currency is not None
        and one.per is not None
        and (
            bool(_BOUND.search(one.before) or _BOUND_BEHIND.match(one.behind))
            or any(
                _is_whole(whole, one) and (_is_called_so(one) or (two_periods and _adds_up(one, whole)))
                for whole in amounts[max(0, at - _NEAR) : at + _NEAR]
            )
        )
        for at, one in enumerate(amounts)
    ]


def _is_whole(whole: Priced, one: Priced) -> bool:
    return (
        whole.currency == one.currency
        and whole.per != one.per
        and whole.value > one.value
        and whole.role not in _NOT_PRICES
    )


def _is_called_so(one: Priced) -> bool:
    short = one.per in ("day", "episode")
    return bool(_ALWAYS.search(one.before) or (short and _IF_SHORT.search(one.before)))


def _adds_up(one: Priced, whole: Priced) -> bool:
    if one.per is None or one.per == "episode" or whole.per is None or whole.per == "episode":
        return False
    days = DAYS[whole.per] / DAYS[one.per]
    return days > 1 and abs(one.value * days - whole.value) <= whole.value * _TOLERANCE
