"""How likely two offers of two audits are the same thing for sale.

An offer is what it is: how long it lasts, how many coins it holds, whether it renews, what it
costs. Its label and its place among the cards say least, because both are changed first.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from decimal import Decimal
from difflib import SequenceMatcher

from payaudit.model.facts import Offer
from payaudit.model.money import Money

SAME = 4.0
"""At least this much likeness makes two offers one; a screening heuristic, chosen on labelled pairs."""

_TELLS = re.compile(r"[^\W\d_]+")


def words(text: str) -> str:
    """The letters of a name, without digits, marks and blanks: amounts are compared elsewhere."""
    return "".join(_TELLS.findall(text)).casefold()


def similar(one: str, other: str) -> float:
    """How alike two names are, from 0 to 1; nothing said is alike to nothing."""
    if not one or not other:
        return 0.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def likenesses(before: Sequence[Offer], after: Sequence[Offer]) -> dict[tuple[int, int], float]:
    """The likeness of each pair by position; pairs that cannot be the same are left out."""
    sole = _sole(map(_signature, before)) & _sole(map(_signature, after))
    price = _sole(map(cost, before)) & _sole(map(cost, after))
    found = {}
    for i, one in enumerate(before):
        for j, other in enumerate(after):
            score = _likeness(one, other)
            if _signature(one) == _signature(other) and one.kind != "unknown" and _signature(one) in sole:
                score += 2.5  # the only one of its kind, before and after
            if cost(one) is not None and cost(one) == cost(other) and cost(one) in price:
                score += 2  # the only one at its price, before and after
            if score >= SAME and _shares(one, other):
                found[i, j] = score
    return found


def _signature(offer: Offer) -> Hashable:
    return offer.kind, offer.period, bool(offer.auto_renews), offer.coins is not None


def _sole(values: Iterable[Hashable]) -> set[Hashable]:
    return {value for value, times in Counter(values).items() if times == 1}


def _likeness(one: Offer, other: Offer) -> float:
    kinds = (one.kind, other.kind)
    score = 0.0 if "unknown" in kinds else 1.0 if one.kind == other.kind else -3.0
    score += _agree(one.period, other.period, 3, -4)
    score += _agree(one.coins, other.coins, 3, -2)
    score += _agree(one.auto_renews, other.auto_renews, 0.5, -2)
    score += _agree(one.trial, other.trial, 0.5, -1)
    score += _agree(one.coin_price, other.coin_price, 2, 0)
    score += _close(cost(one), cost(other))
    score += 3 * similar(words(one.name), words(other.name))
    return score + (1.5 if one.name == other.name else 0)


def _shares(one: Offer, other: Offer) -> bool:
    """Something that tells it from its neighbours: for coins the number, the price or the very label."""
    if one.coins is None or other.coins is None or one.coins == other.coins:
        return True
    return one.name == other.name or (cost(one) is not None and cost(one) == cost(other))


def cost(offer: Offer) -> Money | None:
    """What it costs at once."""
    return offer.first_price if offer.price is None else offer.price


def _agree(one: object, other: object, same: float, apart: float) -> float:
    if one is None or other is None:
        return 0
    return same if one == other else apart


def _close(one: Money | None, other: Money | None) -> float:
    if one is None or other is None:
        return 0
    if one.currency != other.currency:
        return -1
    low, high = sorted((one.amount, other.amount))
    return 2.0 if low == high else float(low / high) if high > Decimal(0) else 0


def pairs(scores: dict[tuple[int, int], float]) -> dict[int, int]:
    """The pairs to be taken, likeliest first, each side once; ties break by order on the page."""
    taken: dict[int, int] = {}
    for i, j in sorted(scores, key=lambda pair: (-scores[pair], abs(pair[0] - pair[1]), pair[0])):
        if i not in taken and j not in taken.values():
            taken[i] = j
    return taken
