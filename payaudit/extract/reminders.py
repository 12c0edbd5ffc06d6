"""Whether anything that a viewer could read promises to tell before a renewal is charged or changed."""

from __future__ import annotations

import re

from payaudit.extract.documents import Document
from payaudit.model.facts import Offer
from payaudit.perceive.lexicon import Lexicon

_BESIDE = 40  # characters to each side of a time before a charge in which its verb stands
_NEXT = 18  # characters before a word of telling in which it is denied; half as many behind it
# That a sum is taken in the last day of a term (到期前24小时内扣取) promises nothing.
_TAKES = re.compile(
    r"扣取|扣除|扣款|扣费|划扣|收取|charge[ds]?|debit|deduct|bill(?:ed|ing)|abgebucht|abbuch|belast|cobr|prélev|débit|ditagih|menagih"
    r"|課金|決済|請求|결제|청구|trừ tiền|tính phí|หักเงิน|เรียกเก็บ|addebit|tahsil",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"不再|不另|不作|不予|不会|无需|無需|恕不|未经|without|no (?:further|prior|separate|advance)"
    r"|not be (?:told|notified)|nicht|ohne|sin\b|sem\b|sans\b|tanpa|なく|せず|ません|없이|않|không|ไม่"
    r"|senza|olmadan",
    re.IGNORECASE,
)


def promised(text: str, lexicon: Lexicon) -> bool | None:
    """Whether words promise to tell first.

    ``None``: a time is named and neither telling nor taking, or telling stands by taking and the time
    is not understood.
    """
    doubt = False
    for hit in lexicon.find("notice", text):
        around = text[max(0, hit.start - _BESIDE) : hit.end + _BESIDE]
        if _tells(around, lexicon):
            return True
        doubt = doubt or (_TAKES.search(around) is None and not lexicon.has("telling", around))
    for hit in lexicon.find("telling", text):
        around = text[max(0, hit.start - _BESIDE) : hit.end + _BESIDE]
        doubt = doubt or (_TAKES.search(around) is not None and _tells(around, lexicon))
    return None if doubt else False


def _tells(text: str, lexicon: Lexicon) -> bool:
    """Whether a word of telling stands there that nothing next to it denies (without further notice)."""
    return any(
        _DENIES.search(text[max(0, hit.start - _NEXT) : hit.end + _NEXT // 2]) is None
        for hit in lexicon.find("telling", text)
    )


def reminded(
    offers: tuple[Offer, ...], read: tuple[Document, ...], lexicon: Lexicon, *, whole: bool
) -> tuple[Offer, ...]:
    """The same offers; False only where the paywall was seen whole and an agreement on renewing was read."""
    said = {promised(d.text, lexicon) for d in read}
    terms = any(not d.on_paywall and lexicon.has("renewal", d.text) for d in read)
    stated = True if True in said else (False if whole and terms and None not in said else None)
    return tuple(o.model_copy(update={"reminder_stated": stated}) if o.auto_renews else o for o in offers)
