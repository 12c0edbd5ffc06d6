"""Coin packs against the price of an episode: what is left over, and how the rate varies."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal

from payaudit.extract.walked import Walked
from payaudit.model.facts import CoinPlan, Episode, Offer
from payaudit.perceive.episodes import episode_count, episode_range

_RATIO = Decimal("0.01")
_MISREAD = Decimal(4)  # no shop's packs differ so; rather one of their numbers was read wrongly
# How many episodes a pack opens; that it opens all says no number.
_NUMBERED = re.compile(
    r"[\d一二三四五六七八九十百]\s*(?:集|話|话|회|화|ตอน|tập|bölüm)"
    r"|\d\s*(?:[\w-]+\s){0,3}(?:eps?\b|episod|épisode|folge|capítulo|capitol|chapter|puntat)"
    r"|(?:\beps?\b\.?|episod\w*|épisodes?|folgen?|capítulos?|chapters?)\s*\d",
    re.IGNORECASE,
)
_OWN_AMOUNT = re.compile(
    r"自定义|其他金额|任意金额|自选金额|其它金额|输入金额|自訂金額"
    r"|custom amount|other amount|any amount|enter (?:an )?amount|choose (?:an|your) amount"
    r"|任意の金額|金額を入力|직접 입력|금액 입력"
    r"|anderer betrag|wunschbetrag|otro importe|outro valor|autre montant|jumlah lain|nominal lain",
    re.IGNORECASE,
)


def coin_plan(
    walked: Walked, offers: tuple[Offer, ...], episodes: tuple[Episode, ...], *, whole: bool
) -> CoinPlan | None:
    """None where no coins are sold."""
    packs = [o for o in offers if o.coins is not None and o.price is not None and o.price.amount > 0]
    if not packs:
        return None
    unit = unit_cost(offers, episodes)
    sums = [(o.coins or Decimal(0)) + (o.bonus_coins or Decimal(0)) for o in packs]
    rates = [s / o.price.amount for s, o in zip(sums, packs, strict=True) if o.price is not None]
    one_currency = len({o.price.currency for o in packs if o.price is not None}) == 1
    spread = _spread(rates) if one_currency else None
    misread = len(rates) > 1 and spread is None
    leftover = min(((s % unit) / unit for s in sums), default=None) if unit and not misread else None
    return CoinPlan(
        unit_cost=unit,
        packs=len(packs),
        rate_spread=spread,
        least_leftover=leftover.quantize(_RATIO) if leftover is not None else None,
        money_purchase=_money_purchase(offers),
        episodes_told=_episodes_told(walked, packs),
        any_amount=_any_amount(walked) or (False if whole else None),
        at=packs[0].at,
    )


def _money_purchase(offers: tuple[Offer, ...]) -> bool | None:
    """Whether an episode or the series can be bought without coins; None where it is not known what is sold.

    Time bought in money is no episode: whoever wants one still has to buy a pack.
    """
    sold = [o for o in offers if o.price is not None and o.coins is None]
    if any(o.kind in {"episode", "series"} for o in sold):
        return True
    doubtful = any((o.kind == "unknown" or o.claims_all) and o.period is None for o in sold)
    return None if doubtful else False


def _spread(rates: list[Decimal]) -> Decimal | None:
    """Most over least; None where there is nothing to compare or it cannot be."""
    spread = (max(rates) / min(rates)).quantize(_RATIO) if len(rates) > 1 and min(rates) > 0 else None
    return spread if spread is not None and spread <= _MISREAD else None


def _any_amount(walked: Walked) -> bool:
    """Whether a selling screen lets one choose the sum."""
    return any(_OWN_AMOUNT.search(text.text) for seen in walked.selling() for text in seen.screen.front)


def unit_cost(offers: tuple[Offer, ...], episodes: tuple[Episode, ...]) -> Decimal | None:
    """Coins for an episode, the commonest price; None where none was seen."""
    priced = Counter(e.coins for e in episodes if e.coins is not None and e.state != "free")
    if priced:
        return max(priced, key=lambda c: (priced[c], -c))
    asked = [o.coin_price for o in offers if o.coin_price is not None and o.kind in {"episode", "unknown"}]
    return min(asked, default=None)


def _episodes_told(walked: Walked, packs: list[Offer]) -> bool | None:
    """Whether a pack says how many episodes it is good for (可看10集, "unlocks 8 episodes")."""
    names = {o.name for o in packs}
    texts = [
        card.words
        for seen in walked.selling()
        for card in seen.scene.cards
        if card.main is not None and any(name in card.words for name in names)
    ]
    if not texts:
        return None
    if any(
        _NUMBERED.search(text) or episode_count(text) is not None or episode_range(text) is not None
        for text in texts
    ):
        return True
    lexicon = walked.lexicon
    # Episodes in words or in a form that is not read are a doubt; that a pack opens all tells no number.
    doubtful = any(lexicon.has("episodes", t) and not lexicon.has("all_episodes", t) for t in texts)
    return None if doubtful else False
