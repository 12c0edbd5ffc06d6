"""An added charge that is named only after the price: what was asked for against what stood there first."""

from __future__ import annotations

from payaudit.extract.walked import Seen, Walked
from payaudit.model.facts import PaymentCall
from payaudit.model.money import Money
from payaudit.perceive.bill import bill_of
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.naming import offer_name
from payaudit.perceive.prices import amounts
from payaudit.perceive.texts import Text

_ROW = 0.5  # share of a text's height by which another must lie beside it to stand in its row


def with_fees(walked: Walked, calls: tuple[PaymentCall, ...]) -> tuple[PaymentCall, ...]:
    """The same calls with the first price of what they pay for, and the charge that was added to it."""
    return tuple(_with_fee(walked, call) for call in calls)


def _with_fee(walked: Walked, call: PaymentCall) -> PaymentCall:
    before = [s for s in walked.run(call.at.run) if s.step.number < call.at.step]
    named = [(s, fee) for s in before for fee in _fees(s, walked.lexicon)]
    first = _first_shown(walked, call.offer)
    if not named:
        return call.model_copy(update={"first_shown": first, "fee_stated_late": False})
    asked = call.amount
    if first is None or asked is None or asked.currency != first.currency:
        return call.model_copy(update={"first_shown": first})
    added = asked.amount - first.amount
    fee = next((f for _, f in named if f.currency == asked.currency and f.amount == added), None)
    fee = fee or _in_the_bill(before, {f for _, f in named}, asked, walked.lexicon)
    late = fee is not None and not any(fee in _fees(s, walked.lexicon) for s in _selling(walked))
    # A charge that is in the call and that no screen names is told by another rule.
    told = late if fee is not None or added <= 0 else None
    return call.model_copy(update={"first_shown": first, "fee": fee, "fee_stated_late": told})


def _in_the_bill(before: list[Seen], named: set[Money], asked: Money, lexicon: Lexicon) -> Money | None:
    """The named charge among several things that a bill adds up to what was asked."""
    for seen in reversed(before):
        bill = bill_of(seen.screen, seen.scene.pays, lexicon)
        if bill is not None and bill.total.amount.money == asked:
            added = (p.amount.money for p in bill.added)
            return next((money for money in added if money in named), None)
    return None


def _selling(walked: Walked) -> list[Seen]:
    """The paywall as it was met and read, before any offer on it was chosen.

    Where a lock without a price had to be pressed first, what came up behind it.
    """
    found = []
    for number in walked.runs:
        priced = False
        for seen in walked.run(number):
            if seen.step.action.intent == "choose" or (seen.step.action.intent == "pay" and priced):
                break  # what comes now is of one offer
            priced = priced or any(
                c.main is not None and c.main.amount.money is not None for c in seen.scene.cards
            )
            met = seen.step.goal in {"enter", "paywall", "read"} or (
                seen.step.goal == "offers" and seen.scene.cards
            )
            if seen.scene.kind == "paywall" and met and not seen.apart:
                found.append(seen)
    return found


def _first_shown(walked: Walked, name: str | None) -> Money | None:
    """The price at the first sight of the offer; of the only one, where the call names none."""
    for seen in _selling(walked):
        cards = [c for c in seen.scene.cards if c.main is not None]
        for card in cards:
            alone = name is None and len(cards) == 1
            if card.main is not None and (alone or offer_name(card, walked.lexicon) == name):
                return card.main.amount.money
    return None


def _fees(seen: Seen, lexicon: Lexicon) -> list[Money]:
    """Amounts in a text that names a charge, or beside it in its row; what was struck through is none."""
    texts = [t for t in seen.screen.texts if t.sight in {"visible", "off_screen", "clipped"}]
    found: list[Money] = []
    for text in texts:
        if (
            len(text.text) > _SENTENCE
            or not lexicon.has("fees", text.text)
            or lexicon.negated("fees", text.text)
        ):
            continue
        own = [a.money for a in amounts(text.text) if a.money is not None]
        row = [a.money for t in texts if _beside(text, t) for a in amounts(t.text) if a.money is not None]
        found += own or row
    return found


_SENTENCE = 160  # characters; a longer text is prose, whose amounts may be examples


def _beside(one: Text, other: Text) -> bool:
    if one is other:
        return False
    middle = other.box[1] + other.box[3] / 2
    return abs(middle - (one.box[1] + one.box[3] / 2)) <= _ROW * max(one.box[3], other.box[3])
