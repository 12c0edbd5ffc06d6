"""How an offer compares with those that stand beside it."""

from __future__ import annotations

from decimal import Decimal
from statistics import median

from payaudit.extract.walked import Walked
from payaudit.model.facts import Offer
from payaudit.model.money import Money, Period
from payaudit.perceive.naming import offer_name

_RATIO = Decimal("0.01")
_A_YEAR: dict[Period, int] = {"day": 365, "week": 52, "month": 12, "quarter": 4, "half_year": 2, "year": 1}


def beside(walked: Walked, offers: tuple[Offer, ...]) -> tuple[Offer, ...]:
    """The same offers with what they cost against each other."""
    prices = [o.price for o in offers if o.price is not None]
    one_currency = len({p.currency for p in prices}) == 1
    amounts = [p.amount for p in prices]
    # A plea to stay has its own prices, which nobody could choose when the paywall came up.
    pleas = {(s.step.run, s.step.number) for s in walked.seen if s.scene.kind == "plea"}
    years = [y for o in offers if (o.at.run, o.at.step) not in pleas and (y := _twelve_months(o)) is not None]
    least = min((y.amount for y in years), default=None) if len({y.currency for y in years}) == 1 else None
    middle = median(amounts) if one_currency else None
    return tuple(
        offer.model_copy(
            update={
                "year_cost": _year(offer),
                "year_ratio": _ratio(_year(offer), least),
                "dearest": offer.price.amount == max(amounts) if middle is not None and offer.price else None,
                "median_ratio": _ratio(offer.price, middle),
                **_unit_figure(walked, offer),
            }
        )
        for offer in offers
    )


def _ratio(price: Money | None, middle: Decimal | None) -> Decimal | None:
    return (price.amount / middle).quantize(_RATIO) if middle and price is not None else None


def _year(offer: Offer) -> Money | None:
    """Twelve months of it at the prices told; None where it is not bought by time."""
    cycle = offer.renewal_period or offer.period
    if offer.price is None or cycle is None:
        return None
    if not offer.auto_renews or offer.renewal_price is None:
        return None
    often = _A_YEAR[cycle]
    return Money(
        amount=offer.price.amount + offer.renewal_price.amount * (often - 1), currency=offer.price.currency
    )


def _twelve_months(offer: Offer) -> Money | None:
    """The same for what one would have to buy again oneself; None where it is no membership."""
    if offer.kind != "membership" or offer.price is None or offer.period is None or offer.auto_renews:
        return _year(offer)
    return Money(amount=offer.price.amount * _A_YEAR[offer.period], currency=offer.price.currency)


def _unit_figure(walked: Walked, offer: Offer) -> dict[str, object]:
    """What the price comes to by a shorter time or episode, in the offer's card, and how large it stands."""
    for seen in walked.selling():
        for card in seen.scene.cards:
            if card.main is None or offer_name(card, walked.lexicon) != offer.name:
                continue
            figures = [p for p in card.figures if p is not card.main]
            if not figures or card.main in card.figures:
                return {"unit_figure": False}
            loudest = max(figures, key=lambda p: p.font_px)
            ratio = Decimal(str(round(loudest.font_px / card.main.font_px, 2))) if card.main.font_px else None
            return {
                "unit_figure": True,
                "unit_figure_ratio": ratio,
                "unit_figure_text": loudest.text.text.strip()[:200],
            }
    return {}
