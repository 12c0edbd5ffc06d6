"""Prices for comparison: how far above the price, beside how many offers alike, and what explains them."""

from __future__ import annotations

from decimal import Decimal

from payaudit.extract.documents import Document
from payaudit.model.facts import Offer
from payaudit.model.money import Money
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.prices import amounts

_HUNDREDTH = Decimal("0.01")
# Left of a line once its amounts and its word for a former price are taken away: it explains.
_LETTERS = 6
_SIGNS = 3  # where a sign is a word or syllable
_CJK = "\u2e80"


def compared(
    offers: tuple[Offer, ...], read: tuple[Document, ...], lexicon: Lexicon, *, whole: bool
) -> tuple[Offer, ...]:
    """The offers that stand beside a higher price, with what is known of that.

    ``reference_explained`` is False only where paywall and agreements were seen whole and no line of them
    says more of the price, or of former prices, than that it is one.
    """
    lines = [line for document in read for line in document.text.splitlines()]
    spoken = any(lexicon.has("reference", line) and _explains(line, lexicon) for line in lines)
    named = {
        a.money for line in lines if _explains(line, lexicon) for a in amounts(line) if a.money is not None
    }
    return tuple(_compared(offer, offers, named, spoken=spoken, whole=whole) for offer in offers)


def _compared(
    offer: Offer, offers: tuple[Offer, ...], named: set[Money], *, spoken: bool, whole: bool
) -> Offer:
    price, beside = offer.price, offer.reference_price
    if beside is None or price is None or price.currency != beside.currency or price.amount <= 0:
        return offer
    alike = {o.price.amount for o in offers if o.price is not None and o.reference_price == beside}
    explained = True if spoken or beside in named else (False if whole else None)
    return offer.model_copy(
        update={
            "reference_ratio": (beside.amount / price.amount).quantize(_HUNDREDTH),
            "reference_shared": len(alike),
            "reference_explained": explained,
        }
    )


def _explains(line: str, lexicon: Lexicon) -> bool:
    """Whether a line says more than an amount and that it is a former price."""
    taken = [(a.start, a.end) for a in amounts(line)]
    taken += [(h.start, h.end) for h in lexicon.find("reference", line)[:1]]
    left = [c for i, c in enumerate(line) if c.isalpha() and not any(s <= i < e for s, e in taken)]
    return len(left) >= (_SIGNS if any(c >= _CJK for c in left) else _LETTERS)
