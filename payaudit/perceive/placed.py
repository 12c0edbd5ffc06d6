"""Amounts where they stand on a screen, with the runs that draw them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from payaudit.perceive.currencies import is_japanese
from payaudit.perceive.prices import Amount, amounts
from payaudit.perceive.screen import Screen
from payaudit.perceive.texts import Run, Text

ASKED = frozenset({"price", "first", "trial"})
"""Roles of an amount that is asked now; the others are compared, saved or due later."""

_PLUS = re.compile(r"\s*(\+\s?\d[\d.,]{0,6})\s*$")
_BARE = re.compile(r"\s*\d[\d,. ]{0,9}\s*$")


@dataclass(frozen=True, slots=True)
class Placed:
    """An amount where it stands."""

    amount: Amount
    text: Text
    runs: tuple[Run, ...]

    @property
    def role(self) -> str:
        """By its words, except that a struck-through amount is always a reference."""
        return "reference" if all(r.struck for r in self.runs) else self.amount.role

    @property
    def font_px(self) -> float:
        """Of its largest run."""
        return max(r.font_px for r in self.runs)

    @property
    def key(self) -> tuple[object, ...]:
        """Same for amounts of the same value."""
        return value_of(self.amount)

    @property
    def asked(self) -> bool:
        """Whether it is a price and no gift: what one would pay."""
        return self.role in ASKED and not self.amount.bonus


def value_of(amount: Amount) -> tuple[object, ...]:
    """What makes two amounts the same, wherever they stand."""
    return (amount.money, amount.coins, amount.coin_name)


def placed(screen: Screen, currency: str | None = None) -> tuple[Placed, ...]:
    """Every amount in scope, in reading order. ``currency``: the place's, as ``prices.amounts`` has it."""
    around = None if currency else currency_around(screen)
    return tuple(
        Placed(amount, text, text.runs_at(amount.start, amount.end))
        for text in screen.in_scope
        for amount in (
            amounts(text.text, default_currency=currency) if currency else beside(text.text, around)
        )
    )


def currency_around(screen: Screen) -> str | None:
    """The one currency that the prices in scope are in; None where they are in several, or there is none."""
    found = {a.money.currency for text in screen.in_scope for a in amounts(text.text) if a.money is not None}
    return found.pop() if len(found) == 1 else None


def beside(text: str, currency: str | None) -> tuple[Amount, ...]:
    """Amounts of a text that stands among prices in a currency: 39.90/月 is one of them, 3/天 need not be."""
    return tuple(
        a
        for a in amounts(text, default_currency=currency)
        if a.currency_known_by != "default" or "." in text[a.start : a.end]
    )


def placed_in(texts: tuple[Text, ...], currency: str | None = None) -> list[Placed]:
    """Every amount in these texts; a bare number over a coin's name is read with it.

    ``currency``: that of the prices around them.
    """
    found: list[Placed] = []
    place = "JPY" if is_japanese(" ".join(text.text for text in texts)) else None  # 120p over 150円
    for text, after in zip(texts, (*texts[1:], None), strict=False):
        if after is not None and _BARE.match(text.text) and not amounts(text.text):
            both = amounts(f"{text.text.strip()} {after.text.strip()}")
            if both and both[0].coins is not None and both[0].start == 0:
                found.append(Placed(both[0].model_copy(update={"end": len(text.text)}), text, text.runs))
                continue
        given = _given(text, found)
        if given is not None:
            found.append(given)
            continue
        own = amounts(text.text, default_currency=place) if place else beside(text.text, currency)
        found += [Placed(a, text, text.runs_at(a.start, a.end)) for a in own]
    return found


def _given(text: Text, before: list[Placed]) -> Placed | None:
    """A bare +60 in a badge behind coins: more of them; None where it is none."""
    match = _PLUS.match(text.text)
    last = before[-1].amount if before else None
    if match is None or last is None or last.coins is None or last.bonus:
        return None
    both = amounts(f"{before[-1].text.text[last.start : last.end]} {match[1]}")
    if len(both) != 2 or not both[1].bonus:  # noqa: PLR2004 - the coins and what is given with them
        return None
    start, end = match.span(1)
    return Placed(both[1].model_copy(update={"start": start, "end": end}), text, text.runs)


def is_rate(text: str) -> bool:
    """Whether a text says what a coin is worth (1元=100币) and sells nothing."""
    found = amounts(text)
    both = any(a.money is not None for a in found) and any(a.coins is not None for a in found)
    return both and any(sign in text for sign in "=＝")
