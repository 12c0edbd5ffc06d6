"""Every amount of money or virtual currency in a text, and what it is.

One pass of one pattern finds the amounts (``price_tokens``); the words around
each then say what it is per (``periods``) and which part it plays (``roles``).
Years, episode numbers, durations, scores, counts, percentages and the like have
no form there, and so are never amounts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from payaudit.model.base import Frozen
from payaudit.model.money import Money, Period
from payaudit.perceive.amount_words import any_word, listed
from payaudit.perceive.at_home import home
from payaudit.perceive.currencies import KnownBy
from payaudit.perceive.episodes import episode_count, episode_range
from payaudit.perceive.normal import Normal, normalise
from payaudit.perceive.periods import attached, period_in
from payaudit.perceive.price_tokens import Token, find
from payaudit.perceive.roles import Role, roles
from payaudit.perceive.trials import trial_days
from payaudit.perceive.unit_prices import Priced, are_unit_prices

__all__ = ["Amount", "amounts", "episode_count", "episode_range", "period_in", "trial_days"]

_FROM_BEFORE = re.compile(
    "(?:低至|最低|(?<![a-z])(?:from|as low as|starts? (?:at|from)|starting (?:at|from))"
    f"|{any_word(listed('from_before'))})(?: only| just|每天|每日|每集|仅|[: ]){{0,3}}$"
)
_FROM_BEHIND = re.compile(
    f" ?(?:起(?![来步点码诉])|{any_word(set(listed('from_behind')) - {'-', '~'})}(?! ?\\d)|[-~]$)"
)
_LOOK_BACK = 32
_TO = re.compile(" ?(?:[-~]|至|到|to|bis|a|à|sampai|đến|ถึง|से|から) ?")
_ONCE = any_word(listed("once"))
_ONCE_BEFORE = re.compile(rf"{_ONCE}[^,，。;!?\n]{{0,14}}$")
_ONCE_BEHIND = re.compile(rf"[ (,，/·-]{{0,3}}{_ONCE}")


class Amount(Frozen):
    """One amount: money, or coins of a virtual currency.

    ``start:end`` is its span in the text as given, without the words around it.
    ``per`` is the unit attached to it (¥25/月, 元/集); None where none is.
    """

    start: int
    end: int
    money: Money | None = None  # None: coins
    coins: int | Decimal | None = None  # None: money
    coin_name: str | None = None  # as written; None also where only the number stands
    bonus: bool = False  # coins given on top: 送, 赠, + 50 bonus; their role is "price"
    currency_known_by: KnownBy | None = None
    per: Period | Literal["episode"] | None = None
    is_from: bool = False  # 起, from, 低至: the least of several
    in_range: bool = False  # one end of a range: ¥9.9-19.9
    once: bool = False  # said to be paid once: 一次性, one-time
    role: Role = "price"


def amounts(text: str, *, default_currency: str | None = None) -> tuple[Amount, ...]:
    """Find every amount, in order.

    ``default_currency`` (ISO 4217) is that of the place: it settles $, ¥ and 元
    where several currencies are written so, and lets a bare number that is
    plainly a price (仅需9.9, 25/月) count. Without it a bare number is none, and
    what the signs mean is as ``at_home`` has it.
    """
    return _amounts(text, default_currency, home())


@lru_cache(maxsize=8192)
def _amounts(text: str, default: str | None, place: str | None) -> tuple[Amount, ...]:
    normal = normalise(text)
    plain = normal.text
    tokens = list(
        find(plain, default, place, lambda start, end: text[slice(*normal.span(start, end))].isupper())
    )
    untils = [*(token.start + 1 for token in tokens[1:]), len(plain)][: len(tokens)]
    befores: list[str] = []
    pers: list[tuple[Period | Literal["episode"] | None, int]] = []
    free = 0  # where the words begin that no amount has taken
    for token, until in zip(tokens, untils, strict=True):
        befores.append(plain[free : token.start])
        pers.append(attached(befores[-1], plain[token.end : until]))
        free = min(token.end + pers[-1][1], until)
    spans = [(t.start, t.end + used) for t, (_, used) in zip(tokens, pers, strict=True)]
    parts = [
        "price" if token.bonus else role for token, role in zip(tokens, roles(plain, spans), strict=True)
    ]
    small = are_unit_prices(
        [
            Priced(token.value, token.currency, per, role, before, plain[end:until])
            for token, (per, _), role, before, (_, end), until in zip(
                tokens, pers, parts, befores, spans, untils, strict=True
            )
        ]
    )
    return tuple(
        _amount(text, normal, token).model_copy(
            update={
                "per": pers[at][0],
                "in_range": token.in_range or _ranges(tokens, plain, at),
                "once": bool(
                    _ONCE_BEFORE.search(befores[at][-_LOOK_BACK:]) or _ONCE_BEHIND.match(plain, token.end)
                ),
                "role": "per_unit" if small[at] else parts[at],
                "is_from": bool(
                    _FROM_BEFORE.search(befores[at][-_LOOK_BACK:])
                    or _FROM_BEHIND.match(plain, token.end)
                    or _FROM_BEHIND.match(plain, spans[at][1])
                ),
            }
        )
        for at, token in enumerate(tokens)
    )


def _ranges(tokens: Sequence[Token], plain: str, at: int) -> bool:
    """Whether the amount and a neighbour of the same currency are the two ends of a range."""
    return any(
        low.currency is not None
        and low.currency == high.currency
        and low.value < high.value
        and _TO.fullmatch(plain, low.end, high.start)
        for low, high in pairwise(tokens[max(0, at - 1) : at + 2])
    )


def _amount(text: str, normal: Normal, token: Token) -> Amount:
    start, end = normal.span(token.start, token.end)
    if token.currency is not None:
        money = Money(amount=token.value, currency=token.currency)
        return Amount(start=start, end=end, money=money, currency_known_by=token.known_by)
    named = slice(*normal.span(*token.name)) if token.name else None
    return Amount(
        start=start,
        end=end,
        coins=int(token.value) if token.value == int(token.value) else token.value,
        coin_name=text[named] if named else None,
        bonus=token.bonus,
    )
