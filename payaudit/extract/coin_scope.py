"""Coin packs that call themselves the whole series: what their coins come to at the price of an episode."""

from __future__ import annotations

from decimal import Decimal

from payaudit.extract.coin_plan import unit_cost
from payaudit.extract.series_cost import left_told
from payaudit.extract.walked import Walked
from payaudit.model.facts import Episode, Offer

_MOST = Decimal("0.8")  # of the paid episodes; coins for fewer are not for all of them


def coin_scope(walked: Walked, offers: tuple[Offer, ...], episodes: tuple[Episode, ...]) -> tuple[Offer, ...]:
    """The offers, those packs marked whose coins open fewer episodes than are left to pay for.

    Reckoned at the lowest price of an episode that was seen, so that a doubt speaks for the pack.
    """
    priced = [e.coins for e in episodes if e.coins is not None and e.state != "free"]
    unit = min(priced, default=None) or unit_cost(offers, episodes)
    locked = sum(e.state == "locked" for e in episodes)
    left = left_told(walked) or (locked if locked > 1 else None)
    if not unit or not left:
        return offers
    return tuple(_marked(offer, unit, left) for offer in offers)


def _marked(offer: Offer, unit: Decimal, left: int) -> Offer:
    if offer.kind != "pack" or not offer.claims_all or not offer.coins or offer.scope_narrower:
        return offer
    held = offer.coins + (offer.bonus_coins or Decimal(0))
    opened = int(held / unit)
    if opened >= left * _MOST:
        return offer
    told = f"{held.normalize():f} ÷ {unit.normalize():f} = {opened} < {left}"
    return offer.model_copy(update={"scope_narrower": True, "scope_text": told})
