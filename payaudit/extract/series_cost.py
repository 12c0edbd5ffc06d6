"""What the rest of a drama costs at the prices seen, and whether the viewer was told."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal

from payaudit.extract.coin_plan import unit_cost
from payaudit.extract.walked import Walked
from payaudit.model.facts import Episode, Ladder, Offer, SeriesCost
from payaudit.model.money import Money
from payaudit.perceive.prices import amounts

_RATIO = Decimal("0.01")
_REST = re.compile(
    r"(?:剩余|共|其余|后)\s*(\d{1,3})\s*[集话話]|(\d{1,3})\s*[集话話]\s*(?:付费|未解锁|待解锁)"
    r"|第?\s*\d{1,3}\s*[-–~至到]\s*\d{1,3}\s*[集话話]|(?:episodes?|eps?\.?|folgen?|épisodes?)\s*\d{1,3}\s*[-–~]\s*\d{1,3}"
    r"|\d{1,3}\s*[화회]\s*(?:부터|[-–~])"
    r"|(\d{1,3})\s*(?:\w+\s)?(?:locked|remaining|more|paid|further) episodes",
    re.IGNORECASE,
)
_LEFT = re.compile(
    r"(?:剩余|其余)\s*(\d{1,3})\s*[集话話]|(?<![第\d])(\d{1,3})\s*[集话話]\s*(?:付费|未解锁|待解锁)"
    r"|(?<!\d)(\d{1,3})\s*(?:locked|remaining|further) episodes",
    re.IGNORECASE,
)
# What one episode costs, in words: 每集88币, "60 coins per episode", 화당 3코인.
_EACH = re.compile(
    r"(?:每|单|一|/)\s*[集话話]\D{0,8}\d|\d\D{0,8}(?:/|每|一)\s*[集话話]|[화회]당\D{0,6}\d|1話\D{0,6}\d"
    r"|\d[^.\d]{0,16}(?:per|each|an|pro|par|por|cada|je|setiap)\s+(?:episode|folge|épisode|epis[oó]di?o)"
    r"|(?:each|every|per|pro|par|por|cada|je|setiap)\s+(?:episode|folge|épisode|epis[oó]di?o)\D{0,24}\d",
    re.IGNORECASE,
)
_SUM = re.compile(
    r"全[剧劇集部話话]|整[部剧]|[共合总]计|总价|合計|total|in all|altogether"
    r"|insgesamt|gesamt|전체|합계|seluruh|semua|toute|toda",
    re.IGNORECASE,
)


def series_cost(
    walked: Walked,
    offers: tuple[Offer, ...],
    episodes: tuple[Episode, ...],
    ladder: Ladder | None = None,
    *,
    whole: bool,
) -> SeriesCost | None:
    """None where no paywall was seen; doubts stay None, as an estimate must not accuse."""
    paywall = next(iter(walked.untouched()), None)
    if paywall is None:
        return None
    locked = sum(e.state == "locked" for e in episodes)
    # One alone is the episode in front; a list shows several.
    paid = locked if locked > 1 else None
    told = _says(walked, _REST)
    prices = [o.price for o in offers if o.price is not None]
    headline = max(prices, key=lambda p: p.amount, default=None)
    unit = _unit(offers, episodes)
    series = next((o for o in offers if o.kind == "series" and o.price is not None), None)
    estimate = series.price if series is not None else None
    if estimate is None and paid and unit is not None:
        estimate = Money(amount=unit.amount * paid, currency=unit.currency)
    ratio = None
    if estimate and headline and headline.amount and estimate.currency == headline.currency:
        ratio = (estimate.amount / headline.amount).quantize(_RATIO)
    unit_told = unit is not None or unit_cost(offers, episodes) is not None or _says(walked, _EACH)
    return SeriesCost(
        paid_episodes=paid,
        count_told=(told or paid is not None) or (False if whole else None),
        unit_told=unit_told or (False if whole else None),
        total_told=_whole_priced(offers) or _sum_told(walked) or (False if whole else None),
        series_told=_series_priced(offers) or _sum_told(walked) or (False if whole else None),
        varied=_varied(ladder),
        by_piece=_by_piece(offers, episodes) or (False if whole else None),
        estimate=estimate,
        headline=headline,
        estimate_ratio=ratio,
        at=paywall.source(),
    )


def left_told(walked: Walked) -> int | None:
    """How many episodes are said to be left to pay for, the least of the numbers seen (剩余77集)."""
    told = (
        int(next(number for number in match.groups() if number is not None))
        for seen in walked.seen
        for match in _LEFT.finditer(" ".join(t.text for t in seen.screen.front))
    )
    return min(told, default=None)


def _whole_priced(offers: tuple[Offer, ...]) -> bool:
    """Whether a price is told for all that one came for: the series, or a membership that opens it."""
    return any(o.price is not None and (o.kind in {"series", "membership"} or o.claims_all) for o in offers)


def _series_priced(offers: tuple[Offer, ...]) -> bool:
    """Whether a price, in coins too, is told for this series or for what may hold it for good."""
    sold = [o for o in offers if o.coins is None and (o.price is not None or o.coin_price is not None)]
    return any(o.kind == "series" or ((o.kind == "unknown" or o.claims_all) and not o.period) for o in sold)


def _varied(ladder: Ladder | None) -> bool | None:
    if ladder is None or ladder.ratio is None or ladder.listed is None:
        return None
    return ladder.ratio > 1 and not ladder.listed


def _by_piece(offers: tuple[Offer, ...], episodes: tuple[Episode, ...]) -> bool:
    return any(o.kind == "episode" or o.coins or o.coin_price for o in offers) or any(
        e.state != "free" and (e.price is not None or e.coins is not None) for e in episodes
    )


def _says(walked: Walked, pattern: re.Pattern[str]) -> bool:
    """Whether it stands somewhere on the way to the paywall or on it."""
    # Joined, because number and unit often stand in elements of their own.
    return any(pattern.search(" ".join(t.text for t in seen.screen.front)) for seen in walked.seen)


def _sum_told(walked: Walked) -> bool:
    """Whether a text on the way to the paywall or on it names an amount for all of it."""
    return any(
        _SUM.search(text.text) and any(a.money is not None for a in amounts(text.text))
        for seen in walked.seen
        for text in seen.screen.front
    )


def _unit(offers: tuple[Offer, ...], episodes: tuple[Episode, ...]) -> Money | None:
    """Money for one episode: as priced, else coins at the dearest pack's rate seen."""
    priced = Counter(e.price for e in episodes if e.price is not None and e.state != "free")
    if priced:
        return max(priced, key=lambda m: (priced[m], m.amount))
    single = next((o.price for o in offers if o.kind == "episode" and o.price is not None), None)
    if single is not None:
        return single
    coins = unit_cost(offers, episodes)
    packs = [o for o in offers if o.coins and o.price is not None and o.price.amount > 0]
    if coins is None or not packs:
        return None
    # The smallest pack: what a viewer pays who buys no more than is needed.
    pack = min(packs, key=lambda o: o.price.amount if o.price is not None else Decimal(0))
    assert pack.price is not None  # noqa: S101 - filtered above; narrows the type
    assert pack.coins is not None  # noqa: S101 - filtered above; narrows the type
    each = pack.price.amount / (pack.coins + (pack.bonus_coins or 0)) * coins
    return Money(amount=each.quantize(Decimal("0.01")), currency=pack.price.currency)
