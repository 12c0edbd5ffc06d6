"""What only several recordings of one target tell: prices of other days, of other personas, after a purchase.

The first of the facts is what the audit is about; the others were handed along
by the investigator as recordings of the same target.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from statistics import median

from payaudit.model.facts import Episode, Facts, Ladder, Offer, PersonaPair, Source
from payaudit.model.money import Money

_RATIO = Decimal("0.001")
_SPAN_DAYS = 7  # CN-PMF-16 and CN-PROMO-21 speak of the lowest price of seven days
_DAYS = 5  # law and practices §4.3 R25: most of them are to be covered
_PAIRS = 3  # law and practices §4.3 R31: fewer may be chance


def with_history(facts: Sequence[Facts]) -> tuple[Facts, ...]:
    """The same facts, the first with what the others tell of it."""
    now, earlier = facts[0], tuple(facts[1:])
    told = now.model_copy(
        update={
            "offers": tuple(_reference(offer, now, earlier) for offer in now.offers),
            "episodes": tuple(_opened(episode, earlier) for episode in now.episodes),
            "ladder": _bought(now, earlier),
            "persona_pairs": tuple(_pairs(facts)),
        }
    )
    return (told, *earlier)


def _reference(offer: Offer, now: Facts, earlier: tuple[Facts, ...]) -> Offer:
    """Whether its reference price was ever what something cost here (law and practices §4.3 R25)."""
    if offer.reference_price is None:
        return offer
    if not earlier:
        return offer.model_copy(update={"reference_recordings": 1})
    days = {date.fromisoformat(f.captured) for f in (now, *earlier)}
    span = (max(days) - min(days)).days
    charged = any(o.price == offer.reference_price for f in earlier for o in f.offers)
    enough = span >= _SPAN_DAYS and len(days) >= _DAYS
    return offer.model_copy(
        update={
            "reference_days": span,
            "reference_recordings": len(days),
            "reference_was_charged": True if charged else False if enough else None,
        }
    )


def _opened(episode: Episode, earlier: tuple[Facts, ...]) -> Episode:
    before = any(e.number == episode.number and e.state == "unlocked" for f in earlier for e in f.episodes)
    return episode.model_copy(update={"open_before": before})


def _bought(now: Facts, earlier: tuple[Facts, ...]) -> Ladder | None:
    """The ladder against the last earlier one, where episodes locked then are unlocked now."""
    ladder = now.ladder
    if ladder is None:
        return None
    before = max((f for f in earlier if f.ladder is not None), key=lambda f: f.captured, default=None)
    if before is None or before.ladder is None:
        return ladder.model_copy(update={"bought_since": False})
    locked = {e.number for e in before.episodes if e.state == "locked"}
    bought = any(e.number in locked and e.state == "unlocked" for e in now.episodes)
    same = before.ladder.unit == ladder.unit and before.ladder.highest > 0
    ratio = (ladder.lowest / before.ladder.highest).quantize(_RATIO) if same else None
    return ladder.model_copy(update={"bought_since": bought, "step_ratio": ratio})


def _pairs(facts: Sequence[Facts]) -> Iterator[PersonaPair]:
    """One for each offer that a further persona was shown under the same name."""
    told: dict[tuple[str, str], list[tuple[Money, Money]]] = {}
    where: dict[tuple[str, str], Source] = {}
    reasons: set[tuple[str, str]] = set()
    for seen in facts:
        own = {o.name: o.price for o in seen.offers}
        for other in seen.persona_offers:
            price = own.get(other.name)
            if price is None or other.price is None or price.currency != other.price.currency:
                continue
            key = (other.persona, other.name)
            told.setdefault(key, []).append((price, other.price))
            where.setdefault(key, other.at)
            if other.device_told:
                reasons.add(key)
    for (persona, name), pairs in told.items():
        gaps = [(b.amount - a.amount) for a, b in pairs]
        shares = [gap / a.amount for gap, (a, _) in zip(gaps, pairs, strict=True) if a.amount]
        middle = median(shares) if shares else None
        enough = len(pairs) >= _PAIRS or not any(gaps)
        yield PersonaPair(
            persona=persona,
            name=name,
            pairs=len(pairs),
            gap=middle.quantize(_RATIO) if middle is not None and enough else None,
            gap_amount=Money(amount=abs(median(gaps)), currency=pairs[0][0].currency) if enough else None,
            one_way=_one_way(gaps) if enough else None,
            told=(persona, name) in reasons,
            at=where[persona, name],
        )


def _one_way(gaps: Iterable[Decimal]) -> bool:
    signs = {(gap > 0) - (gap < 0) for gap in gaps}
    return signs in ({1}, {-1})
