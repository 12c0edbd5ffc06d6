"""Packs that call themselves the whole series, reckoned at the price of an episode."""

from __future__ import annotations

from decimal import Decimal

import pytest

from payaudit.extract.coin_scope import _marked  # what one offer comes to, apart from any walk
from payaudit.model.facts import Offer


def offer(kind: str, coins: int, *, claims: bool = True) -> Offer:
    return Offer.model_construct(
        kind=kind, claims_all=claims, coins=Decimal(coins), bonus_coins=None, scope_narrower=False
    )


def test_a_pack_that_opens_half_is_marked_with_the_sum() -> None:
    found = _marked(offer("pack", 3590), Decimal(88), 77)
    assert (found.scope_narrower, found.scope_text) == (True, "3590 ÷ 88 = 40 < 77")


@pytest.mark.parametrize(
    "other", [offer("membership", 300), offer("pack", 6776), offer("pack", 100, claims=False)]
)
def test_memberships_and_packs_that_suffice_or_claim_nothing_are_not(other: Offer) -> None:
    assert _marked(other, Decimal(88), 77).scope_narrower is False
