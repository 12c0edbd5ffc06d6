"""Prices as two personas were shown them, minutes apart: within one walk, or in two of the same hour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from payaudit.model.facts import Leaning, Offer, PersonaOffer, PersonaPair, Source
from payaudit.model.money import Money
from payaudit.model.recording import Recording

_RATIO = Decimal("0.001")
_PAIRS = 3  # law and practices §4.3 R31: fewer may be chance
_APART_S = 600  # the same: within ten minutes
_TELLS = ("pairs", "gap", "gap_units", "gap_amount", "one_way", "told")

Priced = Offer | PersonaOffer


@dataclass(frozen=True)
class _Pair:
    """One offer at both prices. ``ours`` and ``theirs`` number the recordings; 0 is the one judged."""

    persona: str
    name: str
    own: Money
    other: Money
    own_at: Source
    other_at: Source
    ours: int
    theirs: int
    told: bool | None


def persona_pairs(now: Recording, earlier: Sequence[Recording]) -> Iterator[PersonaPair]:
    """One for each offer that ``now`` was shown together with another persona."""
    told: dict[tuple[str, str], list[_Pair]] = {}
    for pair in _pairs([now, *earlier]):
        told.setdefault((pair.persona, pair.name), []).append(pair)
    for pairs in told.values():
        # What this recording has no part in was the matter of an earlier report.
        if pairs[0].ours == 0:
            yield _persona_pair(pairs, [now, *earlier])


def _pairs(recordings: list[Recording]) -> Iterator[_Pair]:
    ours = [(n, r) for n, r in enumerate(recordings) if r.persona == recordings[0].persona]
    free = [(n, r) for n, r in enumerate(recordings) if r.persona != recordings[0].persona]
    for number, own in ours:
        within = {offer.persona for offer in own.persona_offers}
        for persona in sorted(within):
            other = [o for o in own.persona_offers if o.persona == persona]
            told = any(o.device_told for o in other)
            yield from _priced(persona, (number, own.offers), (number, other), told=told)
        for persona in sorted({r.persona for _, r in free} - within):
            near = [(_apart(own, r), n, r) for n, r in free if r.persona == persona and _comparable(own, r)]
            gap, there, them = min(near, default=(None, 0, own), key=lambda each: each[:2])
            if gap is None or gap > _APART_S:
                continue
            free.remove((there, them))
            reasons = (own.device_told, them.device_told)
            told_ = True if True in reasons else None if None in reasons else False
            yield from _priced(persona, (number, own.offers), (there, them.offers), told=told_)


def _comparable(one: Recording, other: Recording) -> bool:
    """Fresh visits both: of accounts it is not known that they are in the same state."""
    return not (one.customer or other.customer) and None not in (one.paywall_at, other.paywall_at)


def _apart(one: Recording, other: Recording) -> float:
    if one.paywall_at is None or other.paywall_at is None:
        return float("inf")
    return abs((one.paywall_at - other.paywall_at).total_seconds())


def _priced(
    persona: str,
    own: tuple[int, Sequence[Offer]],
    other: tuple[int, Sequence[Priced]],
    *,
    told: bool | None,
) -> Iterator[_Pair]:
    """The offers that both sides show once under one name, at a price in the same currency."""
    mine, theirs = _by_name(own[1]), _by_name(other[1])
    for name, offer in mine.items():
        there = theirs.get(name)
        if there is None or offer.price is None or there.price is None:
            continue
        if offer.price.currency != there.price.currency or _period(offer) != _period(there, offer):
            continue
        yield _Pair(
            persona, name, offer.price, there.price, offer.at, there.at, own[0], other[0], told
        )  # fmt: skip


def _by_name(offers: Sequence[Priced]) -> dict[str, Priced]:
    times = Counter(offer.name for offer in offers)
    return {offer.name: offer for offer in offers if times[offer.name] == 1}


def _period(offer: Priced, unless: Priced | None = None) -> object:
    """How long it lasts and what it holds, where both sides tell."""
    if isinstance(offer, Offer):
        return offer.kind, offer.period, offer.coins
    return None if unless is None else _period(unless)


def _persona_pair(pairs: list[_Pair], recordings: list[Recording]) -> PersonaPair:
    now = pairs[0]
    gaps = [pair.other.amount - pair.own.amount for pair in pairs]
    shares = [gap / pair.own.amount for gap, pair in zip(gaps, pairs, strict=True) if pair.own.amount]
    middle = median(shares) if shares else None
    # Pairs before a change of currency tell nothing of the amount now.
    same = {pair.own.currency for pair in pairs} == {now.own.currency}
    enough = same and (len(pairs) >= _PAIRS or not any(gaps))
    amount = abs(median(gaps))
    told = [pair.told for pair in pairs]
    return PersonaPair(
        persona=now.persona,
        name=now.name,
        pairs=len(pairs),
        gap=middle.quantize(_RATIO) if middle is not None and enough else None,
        gap_amount=Money(amount=amount, currency=now.own.currency) if enough else None,
        gap_units=amount if enough else None,
        one_way=_one_way(gaps) if enough else None,
        told=True if True in told else None if None in told else False,
        leans_on=tuple(_leanings(pairs, recordings)),
        at=now.other_at if now.theirs == 0 else now.own_at,
    )


def _leanings(pairs: list[_Pair], recordings: list[Recording]) -> Iterator[Leaning]:
    """Both prices of each pair, where they stand in another recording than the one judged."""
    for pair in pairs:
        for number, at in ((pair.ours, pair.own_at), (pair.theirs, pair.other_at)):
            if number:
                yield Leaning(recording=number, captured=recordings[number].captured, tells=_TELLS, at=at)


def _one_way(gaps: Iterable[Decimal]) -> bool:
    signs = {(gap > 0) - (gap < 0) for gap in gaps}
    return signs in ({1}, {-1})
