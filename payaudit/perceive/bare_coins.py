"""Packs that show a coin's picture and its number alone, where the screen names the coin elsewhere."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from payaudit.perceive.card import Card
from payaudit.perceive.periods import period_in
from payaudit.perceive.placed import Placed
from payaudit.perceive.prices import Amount, amounts
from payaudit.perceive.screen import Screen
from payaudit.perceive.texts import Text

_ALONE = re.compile(r"\s*(\d{1,3}(?:[,.]\d{3})+|\d{2,6})(?:\s*\+\s*(\d{1,3}(?:[,.]\d{3})+|\d{1,6}))?\s*")
_PARTS = re.compile(r"[,.]")
_ROW = 2  # packs of a kind; a number beside one price may be anything


def with_bare_coins(found: list[Card], screen: Screen) -> list[Card]:
    """The cards, with numbers of coins where two or more are a bare number over a price in money."""
    if not any(a.coins is not None for text in screen.in_scope for a in amounts(text.text)):
        return found
    bare = {card.node: text for card in found if (text := _number(card)) is not None}
    if len(bare) < _ROW or not _grow([card for card in found if card.node in bare], bare):
        return found
    return [
        replace(card, placed=(*_coins(bare[card.node]), *card.placed)) if card.node in bare else card
        for card in found
    ]


def _grow(packs: list[Card], bare: dict[int, Text]) -> bool:
    """Whether whoever pays more gets more: crossed-out prices and days need not go so."""
    told = sorted(
        (card.main.amount.money.amount, _coins(bare[card.node])[0].amount.coins or 0)
        for card in packs
        if card.main is not None and card.main.amount.money is not None
    )
    return all(less[1] < more[1] for less, more in pairwise(told) if less[0] < more[0])


def _number(card: Card) -> Text | None:
    """The one text of a pack that is nothing but a number, or a number and what is given with it."""
    if card.main is None or card.main.amount.money is None:
        return None
    sums = {p.amount.money for p in card.placed if p.amount.money is not None}
    named = any(p.amount.coins is not None and not p.amount.bonus for p in card.placed)
    if named or len(sums) > 1 or period_in(card.words):
        return None
    alone = [t for t in card.texts if _ALONE.fullmatch(t.text) and not any(r.struck for r in t.runs)]
    return alone[0] if len(alone) == 1 else None


def _coins(text: Text) -> list[Placed]:
    match = _ALONE.fullmatch(text.text)
    assert match is not None  # noqa: S101 - the caller chose it so
    made = []
    for group in (1, 2):
        if match[group] is not None:
            start, end = match.span(group)
            coins = Decimal(_PARTS.sub("", match[group]))
            made.append(
                Placed(
                    Amount(start=start, end=end, coins=coins, bonus=group == 2),  # noqa: PLR2004 - what is added
                    text,
                    text.runs_at(start, end),
                )
            )
    return made
