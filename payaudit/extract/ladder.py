"""What episodes cost one by one: from the list, and from each locked episode that was opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from payaudit.extract.walked import Seen, Walked
from payaudit.model.facts import Ladder, PaymentCall, Rung, Source
from payaudit.perceive.episode_number import episode_shown
from payaudit.perceive.episode_price import EpisodePrice, asked_in, episode_price
from payaudit.perceive.grid import cell_number, episode_grid
from payaudit.perceive.prices import Amount, amounts

_PRINTED = 2  # prices in a list that make it a price list
_LEAST = 3  # prices of which a trend can be told
_PLACES = Decimal("0.01")
_GOALS = frozenset({"paywall", "read", "ladder"})

Priced = tuple[str, Decimal, Source, bool]  # unit, value, place, whether the list itself says it


def prices_by_episode(walked: Walked, calls: Sequence[PaymentCall] = ()) -> dict[int, Priced]:
    """What each episode costs; the first sight of each stands."""
    found: dict[int, Priced] = {}
    for number, priced in (*_in_lists(walked), *_opened(walked, calls)):
        found.setdefault(number, priced)
    return found


def ladder(walked: Walked, calls: Sequence[PaymentCall], *, whole: bool) -> Ladder | None:
    """Prices in the commonest unit, by number; None where fewer than two are known.

    ``whole``: the first paywall was seen to its end.
    """
    found = prices_by_episode(walked, calls)
    units = Counter(unit for unit, *_ in found.values())
    if not units:
        return None
    unit = min(units, key=lambda u: (-units[u], u))
    kept = sorted((n, p) for n, p in found.items() if p[0] == unit)
    if len(kept) < 2:  # noqa: PLR2004 - one price is no ladder
        return None
    numbers, values = [n for n, _ in kept], [p[1] for _, p in kept]
    low, high = min(values), max(values)
    printed = sum(p[3] for _, p in kept) >= _PRINTED
    return Ladder(
        unit=unit,
        rungs=tuple(Rung(number=n, value=p[1], at=p[2]) for n, p in kept),
        priced=len(kept),
        first_number=numbers[0],
        last_number=numbers[-1],
        lowest=low,
        highest=high,
        spearman=spearman(numbers, values),
        ratio=(high / low).quantize(_PLACES) if low else None,
        how="after_ad" if _advertised(walked) else "shown",
        listed=True if printed else _told_before(walked, kept, whole=whole),
        at=kept[-1][1][2],
    )


def spearman(numbers: Sequence[int], values: Sequence[Decimal]) -> Decimal | None:
    """Rank correlation, ties at their mean rank; None where all values are equal or there are too few."""
    if len(values) < _LEAST or len(set(values)) == 1:
        return None
    first, second = _ranks([Decimal(n) for n in numbers]), _ranks(list(values))
    mean = Decimal(len(values) + 1) / 2
    both = sum((a - mean) * (b - mean) for a, b in zip(first, second, strict=True))
    spread = sum((a - mean) ** 2 for a in first) * sum((b - mean) ** 2 for b in second)
    return (both / Decimal(spread).sqrt()).quantize(_PLACES)


def _ranks(values: list[Decimal]) -> list[Decimal]:
    order = sorted(values)
    return [Decimal(2 * order.index(v) + order.count(v) + 1) / 2 for v in values]


def _in_lists(walked: Walked) -> Iterator[tuple[int, Priced]]:
    watched: set[int] = set()  # runs in which an advertisement was: what a list says then was not said before
    for seen in walked.seen:
        if _ad_watched(seen):
            watched.add(seen.step.run)
        told = [(c, a) for c in episode_grid(seen.screen) for a in amounts(c.rest)[:1]]
        if len(told) >= _PRINTED:
            for cell, amount in told:
                unit, value = _value(amount)
                place = seen.source(cell.control.node, cell.control.label, cell.control.box)
                yield cell.number, (unit, value, place, seen.step.run not in watched)


def _opened(walked: Walked, calls: Sequence[PaymentCall]) -> Iterator[tuple[int, Priced]]:
    """Paywalls behind a pressed episode, by the pressed number or the one that they name."""
    for run in walked.runs:
        number: int | None = None
        for seen in walked.run(run):
            action = seen.step.action
            if seen.step.goal not in _GOALS:
                continue
            if action.intent == "episode" and action.target is not None:
                number = cell_number(action.target.label)
            elif action.intent not in {"episode", "gate"} and action.verb != "wait":
                number = None
            price = _price_on(walked, seen)
            named = number if number is not None else episode_shown(seen.screen)
            if price is not None and named is not None:
                unit, value = _value(price.amount)
                yield named, (unit, value, seen.source(price.node, price.text, price.box), False)
            elif number is not None:
                for call in calls:
                    if (call.at.run, call.at.step) == (run, seen.step.number) and call.amount is not None:
                        yield number, (call.amount.currency, call.amount.amount, call.at, False)


def _price_on(walked: Walked, seen: Seen) -> EpisodePrice | None:
    for event in seen.events("dialog"):
        price = asked_in(str(event.data.get("message", "")))
        if price is not None:
            return price
    if seen.scene.kind != "paywall":
        return None
    return episode_price(seen.screen, seen.scene, walked.lexicon)


def _value(amount: Amount) -> tuple[str, Decimal]:
    if amount.money is not None:
        return amount.money.currency, amount.money.amount
    return "coins", Decimal(amount.coins or 0)


def _advertised(walked: Walked) -> bool:
    return any(_ad_watched(s) for s in walked.seen if s.step.goal == "ladder")


def _ad_watched(seen: Seen) -> bool:
    return any(e.data.get("what") == "ad watched" for e in seen.events("intervention"))


def _told_before(walked: Walked, kept: list[tuple[int, Priced]], *, whole: bool) -> bool | None:
    """Whether every price was named before a later episode was opened; None where not all was seen."""
    first = next(iter(walked.untouched()), None)
    number = episode_shown(first.screen) if first is not None else None
    said = {
        _value(a)
        for s in walked.seen
        if s.step.goal in {"enter", "paywall", "read"} and episode_shown(s.screen) in {None, number}
        for t in s.screen.in_scope
        for a in amounts(t.text)
        if t.sight == "visible"
    }
    if all((unit, value) in said for _, (unit, value, *_) in kept):
        return True
    return False if whole else None
