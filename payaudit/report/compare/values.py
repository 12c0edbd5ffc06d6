"""What of an offer is compared, in words, and how a change of it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import NamedTuple

from payaudit.model.comparison import ChangeV1, OfferSideV1
from payaudit.model.facts import Offer, Source
from payaudit.model.money import Money
from payaudit.model.report import BoxV1, PlaceV1
from payaudit.model.text import Text

Value = Money | Decimal | str | int | bool


class Compared(NamedTuple):
    """A field of an offer; a change of one that ``prices`` makes the offer a repriced one."""

    name: Text
    prices: bool
    of: Callable[[Offer], Value | None]


FIELDS: dict[str, Compared] = {
    "price": Compared(Text(en="price", zh="价格"), prices=True, of=lambda o: o.price),
    "coin_price": Compared(
        Text(en="price in coins", zh="虚拟币价格"), prices=True, of=lambda o: o.coin_price
    ),
    "first_price": Compared(Text(en="first price", zh="首期价格"), prices=True, of=lambda o: o.first_price),
    "renewal_price": Compared(
        Text(en="renewal price", zh="续费价格"), prices=True, of=lambda o: o.renewal_price
    ),
    "charged": Compared(Text(en="amount charged", zh="实付金额"), prices=True, of=lambda o: o.charged),
    "reference_price": Compared(
        Text(en="crossed-out price", zh="划线价"), prices=False, of=lambda o: o.reference_price
    ),
    "coins": Compared(Text(en="coins", zh="虚拟币数量"), prices=False, of=lambda o: o.coins),
    "bonus_coins": Compared(Text(en="bonus coins", zh="赠送数量"), prices=False, of=lambda o: o.bonus_coins),
    "name": Compared(Text(en="name", zh="名称"), prices=False, of=lambda o: o.name or None),
    "period": Compared(Text(en="period", zh="周期"), prices=False, of=lambda o: o.period),
    "renewal_period": Compared(
        Text(en="renewal period", zh="续费周期"), prices=False, of=lambda o: o.renewal_period
    ),
    "auto_renews": Compared(
        Text(en="renews by itself", zh="自动续费"), prices=False, of=lambda o: o.auto_renews
    ),
    "preselected": Compared(
        Text(en="chosen beforehand", zh="默认选中"), prices=False, of=lambda o: o.preselected
    ),
    "trial": Compared(Text(en="trial", zh="试用"), prices=False, of=lambda o: o.trial),
    "trial_days": Compared(Text(en="days of trial", zh="试用天数"), prices=False, of=lambda o: o.trial_days),
}


def changes(before: Offer, after: Offer) -> Iterator[ChangeV1]:
    """What both sides showed, and showed differently."""
    for field, compared in FIELDS.items():
        one, other = compared.of(before), compared.of(after)
        if one is None or other is None or one == other:
            continue
        if field in {"first_price", "charged"} and (one, other) == (before.price, after.price):
            continue  # the price again, told once
        yield ChangeV1(
            field=field,
            name=compared.name,
            before=shown(one),
            after=shown(other),
            percent=percent(one, other),
        )


def one_sided(before: Offer, after: Offer) -> Iterator[Text]:
    """The prices that only one side showed: no change can be told."""
    for compared in FIELDS.values():
        if compared.prices and (compared.of(before) is None) != (compared.of(after) is None):
            yield compared.name


def shown(value: Value) -> str:
    """As JSON tells it: ``CNY 9.90``, ``600``, ``true``."""
    if isinstance(value, Money):
        return f"{value.currency} {plain(value.amount)}"
    if isinstance(value, bool):
        return "true" if value else "false"
    return plain(value) if isinstance(value, Decimal) else str(value)


def plain(value: Decimal) -> str:
    """Without an exponent and with no more zeros than money has."""
    text = f"{value:f}"
    whole, dot, rest = text.partition(".")
    rest = rest.rstrip("0")
    return whole + (dot + rest.ljust(2, "0") if rest else "")


def percent(one: Value, other: Value) -> str | None:
    """How much more or less, of amounts in one unit; to a tenth."""
    if isinstance(one, Money) and isinstance(other, Money):
        if one.currency != other.currency:
            return None
        one, other = one.amount, other.amount
    if not isinstance(one, Decimal) or not isinstance(other, Decimal) or not one:
        return None
    return f"{(other - one) / one * 100:+.1f}"


def side(offer: Offer) -> OfferSideV1:
    """The offer as one side shows it."""
    price = offer.price or offer.first_price
    if price is not None:
        told: str | None = shown(price)
    else:
        told = None if offer.coin_price is None else f"{plain(offer.coin_price)} {offer.coin_name or 'coins'}"
    return OfferSideV1(name=offer.name, price=told, at=place(offer.at))


def place(at: Source) -> PlaceV1:
    """Where a fact was seen, as a report tells it."""
    box = at.box and BoxV1(x=at.box.x, y=at.box.y, width=at.box.width, height=at.box.height)
    return PlaceV1(run=at.run, step=at.step, node=at.node, text=at.text, box=box, screenshot=at.screenshot)
