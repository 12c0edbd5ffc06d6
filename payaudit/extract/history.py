"""What only several recordings of one target tell: prices and counts of other days, what a purchase changed.

The facts stay those of the recording that is judged; earlier ones add the fields
that take time, each with the place it leans on. A day without a recording says
nothing: where too many lie between, the field stays unseen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from payaudit.extract.pairs import persona_pairs
from payaudit.model.facts import Episode, Facts, Ladder, Leaning, Offer, Scarcity, Source
from payaudit.model.money import Money
from payaudit.model.recording import Recording

_RATIO = Decimal("0.001")
_SPAN_DAYS = 7  # CN-PMF-16 and CN-PROMO-21 speak of the lowest price of seven days
_DAYS = 5  # law and practices §4.3 R25: most of them are to be covered
_APART_DAYS = 3  # five days of seven leave two without a recording
_STANDING_DAYS = 3  # law and practices §4.3 R27
_DIGITS = re.compile(r"\d+")

Numbered = tuple[int, Recording]


def with_history(facts: Facts, now: Recording, earlier: Sequence[Recording]) -> Facts:
    """The facts of ``now`` with what the earlier recordings, oldest first, tell of them."""
    numbered = list(enumerate(earlier, 1))
    alike = [(n, r) for n, r in numbered if _alike(now, r)]
    bought = [(n, r) for n, r in alike if now.customer and r.customer]
    return facts.model_copy(
        update={
            "offers": tuple(_reference(offer, now, alike, numbered) for offer in facts.offers),
            "episodes": tuple(_opened(episode, bought) for episode in facts.episodes),
            "ladder": _bought(facts, bought),
            "scarcities": tuple(
                _standing(i, facts.scarcities, now, alike) for i in range(len(facts.scarcities))
            ),
            "persona_pairs": tuple(persona_pairs(now, earlier)),
        }
    )


def _alike(now: Recording, other: Recording) -> bool:
    """Whether both show what the same sort of visitor is shown."""
    return other.persona == now.persona and other.customer == now.customer


def _days(now: Recording, shown: Iterable[Leaning]) -> list[date]:
    """The days of a recording and of those that it leans on, latest first."""
    return sorted({date.fromisoformat(day) for day in (now.captured, *(s.captured for s in shown))})[::-1]


def _close(days: list[date]) -> list[date]:
    """The first of these days, as far as they lie close enough to each other."""
    close = [(one - other).days <= _APART_DAYS for one, other in pairwise(days)]
    return days[: (*close, False).index(False) + 1]


def _reference(offer: Offer, now: Recording, alike: list[Numbered], all_: list[Numbered]) -> Offer:
    """Whether its reference price was ever what something cost here (law and practices §4.3 R25)."""
    if offer.reference_price is None:
        return offer
    if not alike:
        return offer.model_copy(update={"reference_recordings": 1})
    shown = [
        _leaning(n, r, "reference_was_charged", same.at)
        for n, r in alike
        if (same := _same(offer, r.offers)) is not None
        and _cost_in(same, offer.reference_price.currency) is not None
    ]
    days = _days(now, shown)
    close = _close(days)
    enough = (close[0] - close[-1]).days >= _SPAN_DAYS and len(close) >= _DAYS
    # Another persona or account that was asked for as much speaks for the seller all the same.
    asked = [_leaning(n, r, "reference_was_charged", at) for n, r in all_ for at in _asked(offer, r)]
    charged = bool(asked) or any(True for _ in _asked(offer, now))
    last_of_day = {each.captured: each for each in shown}
    return offer.model_copy(
        update={
            "reference_days": (days[0] - days[-1]).days,
            "reference_recordings": len(days),
            "reference_was_charged": True if charged else False if enough else None,
            "leans_on": tuple(asked[:1] if asked else () if charged else last_of_day.values()),
        }
    )


def _same(offer: Offer, others: Sequence[Offer]) -> Offer | None:
    """The one offer of another recording that sells the same; ``None`` where none or several may be it."""
    sells = (offer.kind, offer.period, offer.coins, offer.auto_renews)
    for alike in (
        [o for o in others if o.name == offer.name and (o.kind, o.period, o.coins) == sells[:3]],
        [o for o in others if (o.kind, o.period, o.coins, o.auto_renews) == sells and o.kind != "unknown"],
    ):
        if len(alike) == 1:
            return alike[0]
    return None


def _cost_in(offer: Offer, currency: str) -> Decimal | None:
    price = offer.price or offer.first_price
    return price.amount if price is not None and price.currency == currency else None


def _asked(offer: Offer, recording: Recording) -> Iterator[Source]:
    """Where as much as the reference price was asked: for anything, or more for the same."""
    beside = offer.reference_price
    if beside is None:
        return
    same = _same(offer, recording.offers)
    if same is not None and (cost := _cost_in(same, beside.currency)) is not None and cost >= beside.amount:
        yield same.at
    for other in recording.offers:
        prices: tuple[Money | None, ...] = (
            other.price,
            other.first_price,
            other.renewal_price,
            other.charged,
        )
        if beside in prices:
            yield other.at
    yield from (each.at for each in recording.asked if each.amount == beside)
    yield from (each.price_at or each.at for each in recording.episodes if each.price == beside)


def _standing(place: int, scarcities: Sequence[Scarcity], now: Recording, alike: list[Numbered]) -> Scarcity:
    """Whether the number stood still over days; one that was not shown on a day between leaves it open."""
    seen = scarcities[place]
    caption = _captions(scarcities)[place]
    shown: list[tuple[Leaning, Scarcity]] = []
    missing: set[date] = set()
    for n, r in alike:
        found = dict(zip(_captions(r.scarcities), r.scarcities, strict=True)).get(caption)
        if found is not None:
            shown.append((_leaning(n, r, "constant", found.at, "days"), found))
        elif r.paywall_at is not None:
            missing.add(date.fromisoformat(r.captured))
    if not shown:
        return seen
    leans = [each for each, _ in shown]
    days = _days(now, leans)
    close = _close(days)
    moved = any(s.first != seen.first or s.changed for s in (seen, *(s for _, s in shown)))
    whole = len(close) >= _STANDING_DAYS and not any(close[-1] <= day <= close[0] for day in missing)
    return seen.model_copy(
        update={
            "days": len(days),
            "constant": False if moved else True if whole else None,
            "leans_on": tuple({each.captured: each for each in leans}.values()),
        }
    )


def _captions(scarcities: Sequence[Scarcity]) -> list[tuple[str, int]]:
    """What each says beside its number; a text may tell two of them."""
    texts = [" ".join(_DIGITS.sub(" ", s.text).split()) for s in scarcities]
    return [(text, texts[:i].count(text)) for i, text in enumerate(texts)]


def _opened(episode: Episode, bought: list[Numbered]) -> Episode:
    before = [
        _leaning(n, r, "open_before", e.at)
        for n, r in bought
        for e in r.episodes
        if e.number == episode.number and e.state == "unlocked"
    ]
    return episode.model_copy(update={"open_before": bool(before), "leans_on": tuple(before[-1:])})


def _bought(facts: Facts, bought: list[Numbered]) -> Ladder | None:
    """The ladder against the last earlier one, where episodes locked then are unlocked now."""
    ladder = facts.ladder
    if ladder is None:
        return None
    told = [(n, r, r.ladder) for n, r in bought if r.ladder is not None]
    if not told:
        return ladder.model_copy(update={"bought_since": False})
    number, recording, before = told[-1]
    unlocked = {e.number for e in facts.episodes if e.state == "unlocked"}
    opened = [e for e in recording.episodes if e.state == "locked" and e.number in unlocked]
    same = before.unit == ladder.unit and before.highest > 0
    leans = [_leaning(number, recording, "step_ratio", before.at)]
    leans += [_leaning(number, recording, "bought_since", e.at) for e in opened[:1]]
    return ladder.model_copy(
        update={
            "bought_since": bool(opened),
            "step_ratio": (ladder.lowest / before.highest).quantize(_RATIO) if same else None,
            "leans_on": tuple(leans),
        }
    )


def _leaning(number: int, recording: Recording, tells: str, at: Source, *more: str) -> Leaning:
    return Leaning(recording=number, captured=recording.captured, tells=(tells, *more), at=at)
