"""Offers and episodes of two audits: which are the same, and what changed of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from payaudit.model.comparison import EpisodeChangeV1, OfferChange, OfferChangeV1
from payaudit.model.facts import Episode, Facts, Offer
from payaudit.model.money import Money
from payaudit.report.compare.likeness import likenesses, pairs
from payaudit.report.compare.values import FIELDS, changes, one_sided, percent, shown, side

_ORDER: tuple[OfferChange, ...] = (
    "repriced", "changed", "added", "removed", "newly_seen", "not_reobserved", "same",
)  # fmt: skip


class Matched(NamedTuple):
    """The offers of both sides; ``pairs`` by position, and the rest of each side."""

    before: tuple[Offer, ...]
    after: tuple[Offer, ...]
    pairs: dict[int, int]


def match(before: Facts, after: Facts) -> Matched:
    """Which offer of one side is which of the other."""
    return Matched(before.offers, after.offers, pairs(likenesses(before.offers, after.offers)))


def offer_changes(matched: Matched, before: Facts, after: Facts) -> tuple[OfferChangeV1, ...]:
    """Every offer of both sides, what changed first. What was not seen whole is never called gone."""
    found = [_both(matched.before[i], matched.after[j]) for i, j in sorted(matched.pairs.items())]
    gone: OfferChange = "removed" if after.coverage.paywall_seen_whole else "not_reobserved"
    come: OfferChange = "added" if before.coverage.paywall_seen_whole else "newly_seen"
    for i, offer in enumerate(matched.before):
        if i not in matched.pairs:
            found.append(
                OfferChangeV1(change=gone, before=side(offer), after=None, changes=(), not_compared=())
            )
    for j, offer in enumerate(matched.after):
        if j not in matched.pairs.values():
            found.append(
                OfferChangeV1(change=come, before=None, after=side(offer), changes=(), not_compared=())
            )
    return tuple(sorted(found, key=lambda change: _ORDER.index(change.change)))


def _both(before: Offer, after: Offer) -> OfferChangeV1:
    told = tuple(changes(before, after))
    priced = any(FIELDS[change.field].prices for change in told)
    return OfferChangeV1(
        change="repriced" if priced else "changed" if told else "same",
        before=side(before),
        after=side(after),
        changes=told,
        not_compared=tuple(one_sided(before, after)),
    )


def episode_changes(before: Facts, after: Facts) -> tuple[EpisodeChangeV1, ...]:
    """The episodes whose price both sides showed, in one unit, and showed differently."""
    earlier, later = dict(_costs(before)), dict(_costs(after))
    return tuple(
        EpisodeChangeV1(
            number=number,
            before=_told(*earlier[number, unit]),
            after=_told(*later[number, unit]),
            percent=percent(earlier[number, unit][0].amount, later[number, unit][0].amount),
        )
        for number, unit in sorted(earlier.keys() & later.keys())
        if earlier[number, unit][0] != later[number, unit][0]
    )


_COINS = "coins"


def _costs(facts: Facts) -> Iterator[tuple[tuple[int, str], tuple[Money, str]]]:
    """What each episode costs, by number and unit; a ladder tells what its episodes do not."""
    if facts.ladder is not None and facts.ladder.how == "shown":
        for rung in facts.ladder.rungs:
            unit = facts.ladder.unit
            yield (rung.number, unit), (Money(amount=rung.value, currency=unit), unit)
    for episode in facts.episodes:
        yield from _cost(episode)


def _cost(episode: Episode) -> Iterator[tuple[tuple[int, str], tuple[Money, str]]]:
    if episode.price is not None:
        yield (episode.number, episode.price.currency), (episode.price, episode.price.currency)
    if episode.coins is not None:
        yield (episode.number, _COINS), (Money(amount=episode.coins, currency=_COINS), _COINS)


def _told(money: Money, unit: str) -> str:
    text = shown(money)
    return f"{text.removeprefix(_COINS).strip()} {_COINS}" if unit == _COINS else text
