"""Whether an offer is a trial, and for how long."""

from __future__ import annotations

import re
from decimal import Decimal

from payaudit.model.money import Money
from payaudit.perceive.card import Card
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.normal import normalise
from payaudit.perceive.prices import amounts
from payaudit.perceive.trials import days_beside, trial_days

# Law and practices §4.1 R03: a token price, or a tenth of what follows it.
_TOKEN = {"CNY": Decimal(1), "USD": Decimal(1), "EUR": Decimal(1), "GBP": Decimal(1)}
_TENTH = Decimal("0.1")
_DAYS = re.compile(r"(?<!\d)(\d{1,2})\s*(?:天|日|days?|-day)", re.IGNORECASE)


def says_trial(card: Card, lexicon: Lexicon) -> bool:
    """Whether the card calls itself a trial."""
    return any(lexicon.has("trial", t.text) for t in card.texts)


def days_of_trial(card: Card, lexicon: Lexicon) -> int | None:
    """How long the trial lasts; a bare number of days counts on a card that calls itself one."""
    for text in card.texts:
        days = trial_days(text.text)
        if days is not None:
            return days
    for text in card.texts:
        days = _days_for_nothing(text.text)
        if days is not None:
            return days
    if says_trial(card, lexicon):
        for text in card.texts:
            bare = _DAYS.search(text.text)
            if bare is not None:
                return int(bare.group(1))
    return None


def _days_for_nothing(text: str) -> int | None:
    """The length beside a token price: 7 Tage 0,00 €."""
    plain = normalise(text).text
    for amount in amounts(plain):
        money = amount.money
        if money is not None and money.amount <= _TOKEN.get(money.currency, Decimal(0)):
            days = days_beside(plain, amount.start, amount.end)
            if days is not None:
                return days
    return None


def is_trial(
    price: Money | None, renewal: Money | None, *, called: bool, days: int | None, renews: bool | None
) -> bool | None:
    """By its length, or by a name or renewal beside a price that is next to nothing.

    ``called``: it calls itself a trial. None where it does and nothing else says so.
    """
    if price is None:
        return None
    token = price.amount <= _TOKEN.get(price.currency, Decimal(0))
    tenth = (
        renewal is not None and renewal.currency == price.currency and price.amount <= renewal.amount * _TENTH
    )
    if days is not None or (called and (token or renewal is not None)) or (renews and (token or tenth)):
        return True
    return None if called else False
