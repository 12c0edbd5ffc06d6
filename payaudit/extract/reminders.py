"""Whether anything that a viewer could read promises to tell before a renewal is charged or changed."""

from __future__ import annotations

from payaudit.extract.documents import Document
from payaudit.model.facts import Offer
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.wordsearch import Hit

_BESIDE = 40  # characters to each side of a time before a charge in which the telling stands


def promises(text: str, lexicon: Lexicon) -> tuple[Hit, ...]:
    """The words that promise to tell first: a time before a charge, where an act of telling stands beside it.

    That a sum is taken in the last day of a term (到期前24小时内扣取) promises nothing.
    """
    return tuple(
        hit
        for hit in lexicon.find("notice", text)
        if lexicon.has("telling", text[max(0, hit.start - _BESIDE) : hit.end + _BESIDE])
    )


def reminded(
    offers: tuple[Offer, ...], read: tuple[Document, ...], lexicon: Lexicon, *, whole: bool
) -> tuple[Offer, ...]:
    """The same offers; False only where the paywall was seen whole and an agreement on renewing was read."""
    told = any(promises(d.text, lexicon) for d in read)
    terms = any(not d.on_paywall and lexicon.has("renewal", d.text) for d in read)
    stated = True if told else (False if whole and terms else None)
    return tuple(o.model_copy(update={"reminder_stated": stated}) if o.auto_renews else o for o in offers)
