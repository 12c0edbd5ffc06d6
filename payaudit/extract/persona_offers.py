"""What the paywall asked of other personas, beside what it asked of the walk's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from payaudit.extract.walked import Seen, Walked
from payaudit.model.facts import Offer, PersonaOffer
from payaudit.perceive.naming import offer_name

_DEVICE = re.compile(
    r"(?:ios|苹果|蘋果|安卓|android|app store|google play|in-app)[^。.\n]{0,24}"
    r"(?:价|價|费|費|折|price|fee|commission|cheaper|cost|preis|precio|prix|料金|가격|harga)"
    r"|(?:价|價|费|費|price|fee)[^。.\n]{0,24}(?:ios|苹果|蘋果|安卓|android|app store|google play)",
    re.IGNORECASE,
)


def persona_offers(walked: Walked, offers: Sequence[Offer]) -> tuple[PersonaOffer, ...]:
    """One for each offer on the first paywall that each other persona met."""
    own = {(o.price, o.coin_price) for o in offers}
    found = []
    here = next((s for s in walked.seen if s.scene.kind == "paywall"), None)
    for persona, steps in walked.others.items():
        first = next((s for s in steps if s.scene.kind == "paywall"), None)
        told = device_told((first, here))
        for card in first.scene.cards if first is not None else ():
            main = card.main
            if first is None or main is None:
                continue
            coins = Decimal(main.amount.coins) if main.amount.coins is not None else None
            found.append(
                PersonaOffer(
                    persona=persona,
                    name=offer_name(card, walked.lexicon),
                    price=main.amount.money,
                    coins=coins,
                    same_as_main=(main.amount.money, coins) in own if own else None,
                    device_told=told,
                    at=first.source(main.runs[0].node, main.text.text, main.text.box),
                )
            )
    return tuple(found)


def device_told(screens: Iterable[Seen | None]) -> bool:
    """Whether a text in front gives the device, or its store, as a reason of the price."""
    return any(_DEVICE.search(t.text) for s in screens if s is not None for t in s.screen.front)
