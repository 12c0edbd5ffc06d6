"""Whether anything that a viewer could read promises to tell before a renewal is charged."""

from __future__ import annotations

from payaudit.extract.documents import Document
from payaudit.model.facts import Offer
from payaudit.perceive.lexicon import Lexicon


def reminded(
    offers: tuple[Offer, ...], read: tuple[Document, ...], lexicon: Lexicon, *, whole: bool
) -> tuple[Offer, ...]:
    """The same offers; False only where the paywall was seen whole and an agreement on renewing was read."""
    told = any(lexicon.has("notice", d.text) for d in read)
    terms = any(not d.on_paywall and lexicon.has("renewal", d.text) for d in read)
    stated = True if told else (False if whole and terms else None)
    return tuple(o.model_copy(update={"reminder_stated": stated}) if o.auto_renews else o for o in offers)
