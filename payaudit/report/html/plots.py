"""What it costs, as plots: the ladder of episodes, coins for money, first and later price.

Laid out here in px of the drawing; each has a table beside it that says the same.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from payaudit.model.called import unit
from payaudit.model.facts import Countdown, Facts, Ladder, Offer
from payaudit.model.money import DAYS, Money
from payaudit.model.text import Text
from payaudit.report.html.lines import Lines, lines
from payaudit.report.html.timeline import anchor
from payaudit.report.html.words import money, say, words

WIDTH, HEIGHT = 640.0, 260.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 56.0, 24.0, 24.0, 44.0
_MOST_TICKS = 5
_APART = 26  # px that a number on the axis needs
_LINE = 16  # px that a value above a point is high
_LABELLED = 14  # points that still have room for their value
_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


@dataclass(frozen=True)
class Point:
    """An episode and what it costs."""

    x: float
    y: float
    number: int
    value: str
    href: str
    labelled: bool


@dataclass(frozen=True)
class Tick:
    """A mark on an axis."""

    at: float
    text: str


@dataclass(frozen=True)
class LadderPlot:
    """Prices by episode, joined only to lead the eye: between the points nothing was seen."""

    unit: Text
    points: tuple[Point, ...]
    line: str
    xs: tuple[Tick, ...]
    ys: tuple[Tick, ...]
    bottom: float
    ladder: Ladder


@dataclass(frozen=True)
class Bar:
    """A quantity with its name; ``length`` is the share of the longest, from 0 to 1."""

    name: Lines
    value: Text
    length: float
    later: bool = False
    note: Text | None = None


@dataclass(frozen=True)
class Pack:
    """Coins for money."""

    offer: Offer
    coins: str  # with what comes on top
    price: Text
    rate: Decimal  # money for one coin
    bar: Bar


@dataclass(frozen=True)
class Renewal:
    """An offer whose later price differs from, or follows, the first."""

    offer: Offer
    bars: tuple[Bar, Bar]
    ratio: Decimal | None
    year: Text | None


def ladder_plot(facts: Facts) -> LadderPlot | None:
    """None where fewer than two prices of episodes were seen."""
    ladder = facts.ladder
    if ladder is None or len(ladder.rungs) <= 1:
        return None
    rungs = sorted(ladder.rungs, key=lambda rung: rung.number)
    first, last = rungs[0].number, rungs[-1].number
    ticks = _ticks(ladder.highest)
    top, bottom = ticks[-1] or Decimal(1), HEIGHT - _BOTTOM

    def x(number: int) -> float:
        share = (number - first) / (last - first) if last > first else 0.5
        return round(_LEFT + 20 + share * (WIDTH - _LEFT - _RIGHT - 40), 1)

    def y(value: Decimal) -> float:
        return round(bottom - float(value / top) * (bottom - _TOP), 1)

    points: list[Point] = []
    for r in rungs:
        clear = all(
            abs(x(r.number) - p.x) >= _APART or abs(y(r.value) - p.y) >= _LINE for p in points if p.labelled
        )
        wanted = len(rungs) <= _LABELLED or r.number in (first, last)
        href = "#" + anchor(r.at.run, r.at.step)
        points.append(Point(x(r.number), y(r.value), r.number, plain(r.value), href, wanted and clear))
    named = rungs if len(rungs) <= _LABELLED else [*rungs[:: max(len(rungs) // 8, 1)]]
    xs: list[Tick] = []
    for rung in named:
        if not xs or x(rung.number) - xs[-1].at >= _APART:
            xs.append(Tick(x(rung.number), str(rung.number)))
    return LadderPlot(
        unit=unit(ladder.unit),
        points=tuple(points),
        line=" ".join(f"{p.x},{p.y}" for p in points),
        xs=tuple(xs),
        ys=tuple(Tick(y(value), plain(value)) for value in ticks),
        bottom=bottom,
        ladder=ladder,
    )


def packs(facts: Facts) -> tuple[Pack, ...]:
    """Coin packs with a price in money, cheapest first; money for each coin, what comes on top counted."""
    sold = [
        (offer, offer.coins + (offer.bonus_coins or 0))
        for offer in facts.offers
        if offer.price is not None and offer.coins is not None and offer.coins > 0
    ]
    sold.sort(key=lambda pair: (pair[0].price.amount if pair[0].price else Decimal(0), pair[1]))
    rates = [offer.price.amount / coins if offer.price else Decimal(0) for offer, coins in sold]
    most = max(rates, default=Decimal(0))
    made = []
    for (offer, coins), rate in zip(sold, rates, strict=True):
        price = money(offer.price)
        told = plain(offer.coins or Decimal(0))
        if offer.bonus_coins:
            told += f" + {plain(offer.bonus_coins)}"
        bar = Bar(
            lines(Text(en=f"{price.en} → {plain(coins)}", zh=f"{price.zh} → {plain(coins)}"), 30, 1),
            _rate(offer, rate),
            _share(rate, most),
        )
        made.append(Pack(offer, told, price, rate, bar))
    return tuple(made)


def renewals(facts: Facts) -> tuple[Renewal, ...]:
    """Offers of which both the first and the later price were seen, in one currency."""
    made = []
    for offer in facts.offers:
        first, later = offer.first_price or offer.price, offer.renewal_price
        if first is None or later is None or first.currency != later.currency or not offer.auto_renews:
            continue
        most = max(first.amount, later.amount)
        period = words().name("period", offer.renewal_period) if offer.renewal_period else None
        bars = (
            Bar(lines(say("first_charge"), 24, 1), money(first), _share(first.amount, most)),
            Bar(
                lines(say("later_charges"), 24, 1),
                money(later),
                _share(later.amount, most),
                later=later.amount > first.amount,
                note=None if period is None else say("per", period=period),
            ),
        )
        ratio = later.amount / first.amount if first.amount > 0 else None
        made.append(Renewal(offer, bars, ratio, _year(offer)))
    return tuple(made)


def _rate(offer: Offer, rate: Decimal) -> Text:
    """Money for one coin, to a ten-thousandth."""
    if offer.price is None:
        return money(None)
    return money(Money(amount=rate.quantize(Decimal("0.0001")), currency=offer.price.currency))


def _year(offer: Offer) -> Text | None:
    """A year at these prices, as the facts have it, else by the charges that fall into it."""
    if offer.year_cost is not None:
        return money(offer.year_cost)
    first, later = offer.first_price or offer.price, offer.renewal_price
    if first is None or later is None or offer.renewal_period is None:
        return None
    charges = int(DAYS["year"] / DAYS[offer.renewal_period])
    return money(Money(amount=first.amount + later.amount * (charges - 1), currency=first.currency))


def countdowns(facts: Facts) -> tuple[Countdown, ...]:
    """Clocks of which more than one fresh visit was seen."""
    return tuple(clock for clock in facts.countdowns if len(clock.visits) > 1)


def clock(seconds: Decimal) -> str:
    """``9:58``."""
    whole = int(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def plain(value: Decimal) -> str:
    """A number without needless zeros, and without an exponent."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _share(value: Decimal, most: Decimal) -> float:
    return round(float(value / most), 4) if most > 0 else 0.0


def _ticks(highest: Decimal) -> Sequence[Decimal]:
    """Round values from zero to at least the highest."""
    if highest <= 0:
        return [Decimal(0), Decimal(1)]
    rough = highest / (_MOST_TICKS - 1)
    power = Decimal(10) ** rough.adjusted()
    step = next(s * power for s in _STEPS if s * power >= rough)
    count = math.ceil(highest / step)
    return [step * i for i in range(count + 1)]
