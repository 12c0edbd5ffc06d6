"""What a card says of its offer in numbers: period, coins and their worth, reference price."""

from __future__ import annotations

from decimal import Decimal

from payaudit.extract.walked import Seen
from payaudit.model.money import Money, Period
from payaudit.perceive.card import Card
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.periods import period_in
from payaudit.perceive.placed import Placed
from payaudit.perceive.prices import amounts

_ABOUT = "≈约"
_EQUALS = "=＝≈≒约"


def card_period(card: Card, main: Placed, lexicon: Lexicon) -> Period | None:
    """The period that the price is for, else the first one named.

    A struck-through text names none, and none what says how long coins last.
    """
    if main.amount.per is not None and main.amount.per != "episode":
        return main.amount.per
    for text in card.texts:
        if all(r.struck for r in text.runs):
            continue
        if coins(card) is not None and lexicon.has("coin_expiry", text.text):
            continue
        found = period_in(text.text)
        if found is not None:
            return found
    return None


def coins(card: Card) -> Placed | None:
    """The coins it sells or costs."""
    return next((p for p in card.placed if p.amount.coins is not None and not p.amount.bonus), None)


def bonus(card: Card) -> Decimal | None:
    """The coins it gives on top."""
    extra = [p.amount.coins for p in card.placed if p.amount.bonus and p.amount.coins is not None]
    return Decimal(extra[0]) if extra else None


def price_in_coins(main: Placed) -> Placed | None:
    """The coins of a price in coins whose worth in money stands beside it (88 币（约¥0.88）)."""
    text = main.text.text
    if main.amount.money is None or not _says(text, _ABOUT):
        return None
    priced = next((a for a in amounts(text) if a.coins is not None and not a.bonus), None)
    return Placed(priced, main.text, main.text.runs_at(priced.start, priced.end)) if priced else None


def reference(card: Card, price: Money | None) -> Money | None:
    """Another price that it is compared with."""
    for placed in card.placed:
        if placed.role == "reference" and placed.amount.money is not None and placed.amount.money != price:
            return placed.amount.money
    return None


def money_beside(seen: Seen, card: Card) -> bool:
    """Whether money stands beside a price in coins: in the card, or as a rate in the same view."""
    if any(p.amount.money is not None for p in card.placed):
        return True
    for text in seen.screen.front:
        found = amounts(text.text)
        if (
            any(a.money for a in found)
            and any(a.coins is not None for a in found)
            and _says(text.text, _EQUALS)
        ):
            return True
    return False


def _says(text: str, signs: str) -> bool:
    return any(sign in text for sign in signs) or "about" in text.lower()
