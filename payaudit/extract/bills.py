"""What bills and receipts that people attached show of a payment that was made.

A bill is read with care: one charge, beside words that call it one, or none at all.
What it was for is known only where the person who attached it said so, or where one
offer alone has that price.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from payaudit.evidence.read import Evidence
from payaudit.model.attachment import Attachment
from payaudit.model.facts import ATTACHED_RUN, Offer, PaymentCall, Source
from payaudit.model.money import Money
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.prices import amounts

_PAID = frozenset({"after-purchase", "other"})
# A wallet's own list of payments names no currency: "-25.00", a minus of any kind.
_DEBIT = re.compile(r"[-−－–]\s?(\d{1,6}\.\d{2})")
_PICTURES = ("image/png", "image/jpeg", "image/webp", "image/gif")
_ROW = 0.6  # of a line's height: how far the middles of two lines of one row lie apart


def bills(evidence: Evidence, sold: Sequence[Offer], lexicon: Lexicon) -> tuple[PaymentCall, ...]:
    """A payment for each attachment that shows one charge, in the order of adding."""
    found = (_bill(item, sold, lexicon) for item in evidence.attachments if item.place in _PAID)
    return tuple(call for call in found if call is not None)


def _bill(item: Attachment, sold: Sequence[Offer], lexicon: Lexicon) -> PaymentCall | None:
    said = "\n".join(item.lines)
    if not lexicon.has("charged", said):
        return None
    currency = _currency(sold)
    everywhere = _distinct(item.lines, currency)
    beside = _distinct(_charged_rows(item, lexicon), currency)
    charge = next((told for told in (beside, everywhere) if len(told) == 1), None)
    if charge is None:
        return None
    amount, line = charge[0]
    offer = _offer(item.offer, amount, sold)
    shown = None if offer is None else _shown(offer, amount)
    renews = lexicon.has("renewal", said) and not lexicon.negated("renewal", said)
    return PaymentCall(
        channel="bill",
        api=item.name,
        amount=amount,
        amount_known_by="bill",
        recurring=True if renews else None,
        offer=offer.name if offer is not None else item.offer,
        shown_amount=shown,
        over_shown=amount.amount - shown.amount if shown and shown.currency == amount.currency else None,
        amount_shown_before=True if shown is not None else None,
        at=Source(
            run=ATTACHED_RUN,
            step=0,
            text=line[:300],
            screenshot=item.member if item.media_type in _PICTURES else None,
        ),
    )


def _charged_rows(item: Attachment, lexicon: Lexicon) -> list[str]:
    """The rows that name a charge: a label and its figure are two lines of one row to the engine."""
    if item.readings is None:
        return [line for line in item.lines if lexicon.has("charged", line)]
    rows: list[str] = []
    for line in item.readings.lines:
        if lexicon.has("charged", line.text):
            middle = line.box.y + line.box.height / 2
            rows += [
                other.text
                for other in item.readings.lines
                if abs(other.box.y + other.box.height / 2 - middle)
                < _ROW * max(line.box.height, other.box.height)
            ]
    return rows


def _distinct(lines: Iterable[str], currency: str | None) -> list[tuple[Money, str]]:
    """Each amount once, with the first line that shows it."""
    found: dict[tuple[Decimal, str], tuple[Money, str]] = {}
    for line in lines:
        told = [a.money for a in amounts(line) if a.money is not None]
        if not told and currency is not None:
            told = [Money(amount=Decimal(m[1]), currency=currency) for m in _DEBIT.finditer(line)]
        for money in told:
            found.setdefault((abs(money.amount), money.currency), (money, line))
    return list(found.values())


def _currency(sold: Sequence[Offer]) -> str | None:
    known = {o.price.currency for o in sold if o.price is not None}
    return known.pop() if len(known) == 1 else None


def _shown(offer: Offer, amount: Money) -> Money | None:
    """What had been shown for it: the price that was charged where it was one, else the dearest of them.

    A bill may be of the first period or of a later one.
    """
    told = [p for p in (offer.first_price, offer.price, offer.renewal_price) if p is not None]
    same = [p for p in told if p.currency == amount.currency]
    return amount if amount in told else max(same, key=lambda p: p.amount, default=None)


def _offer(named: str | None, amount: Money, sold: Sequence[Offer]) -> Offer | None:
    """The offer that was bought: the one that was named, else the only one of that price."""
    if named is not None:
        return next((o for o in sold if o.name == named), None)
    same = [o for o in sold if amount in (o.first_price, o.price, o.renewal_price)]
    return same[0] if len(same) == 1 else None
