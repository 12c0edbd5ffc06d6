"""Controls that asked a wallet to pay though no price stood for them."""

from __future__ import annotations

from payaudit.extract.walked import Walked
from payaudit.model.facts import Offer, PaymentCall
from payaudit.perceive.naming import offer_name


def unpriced_offers(walked: Walked, calls: tuple[PaymentCall, ...]) -> tuple[Offer, ...]:
    """One for each offer name that was paid for and is no priced card."""
    priced = {
        offer_name(card, walked.lexicon)
        for seen in walked.selling()
        for card in seen.scene.cards
        if card.main
    }
    found: dict[str, Offer] = {}
    for call in calls:
        name = call.offer
        if name is None or name in priced or name in found or call.shown_amount is not None:
            continue
        found[name] = Offer(
            name=name,
            kind="episode" if walked.lexicon.has("unlock", name) else "unknown",
            auto_renews=call.recurring if call.recurring is not None else False,
            auto_renews_known_by="call",
            claims_all=walked.lexicon.has("all_episodes", name),
            charged=call.amount,
            at=call.at,
        )
    return tuple(found.values())


def told_by_calls(offers: tuple[Offer, ...], calls: tuple[PaymentCall, ...]) -> tuple[Offer, ...]:
    """Offers whose being chosen in advance only the untouched pay control's own call shows."""
    known = {o.name for o in offers}
    amounts = [
        c.amount for c in calls if c.amount is not None and c.offer is not None and c.offer not in known
    ]
    told = []
    direct = {c.offer for c in calls if c.by_choosing}
    for offer in offers:
        if offer.name in direct:
            # To press it is to pay for it: nothing can stand chosen in advance.
            told.append(offer.model_copy(update={"preselected": False, "preselected_known_by": "call"}))
            continue
        same = [o for o in offers if o.price == offer.price]
        # What stands alone on its screen is not chosen among others.
        beside = [o for o in offers if (o.at.run, o.at.step) == (offer.at.run, offer.at.step)]
        one_of_several = len(beside) > 1 and len(same) == 1
        if offer.preselected is None and offer.price in amounts and one_of_several:
            told.append(offer.model_copy(update={"preselected": True, "preselected_known_by": "call"}))
        else:
            told.append(offer)
    return tuple(told)
