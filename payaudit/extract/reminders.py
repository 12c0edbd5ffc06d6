"""Whether anything that a viewer could read promises to tell before a renewal is charged or changed."""

from __future__ import annotations

import re

from payaudit.extract.documents import Document
from payaudit.model.facts import Offer
from payaudit.perceive.lexicon import Lexicon

_BESIDE = 40  # characters to each side of a time before a charge in which its verb stands
# That a sum is taken in the last day of a term (到期前24小时内扣取) promises nothing.
_TAKES = re.compile(
    r"扣取|扣除|扣款|扣费|划扣|收取|charge[ds]?|debit|deduct|bill(?:ed|ing)|abgebucht|abbuch|belast|cobr|prélev|débit|ditagih|menagih"
    r"|課金|決済|請求|결제|청구|trừ tiền|tính phí|หักเงิน|เรียกเก็บ|addebit|tahsil",
    re.IGNORECASE,
)


def promised(text: str, lexicon: Lexicon) -> bool | None:
    """Whether words promise to tell first; ``None``: a time is named, and neither telling nor taking."""
    doubt = False
    for hit in lexicon.find("notice", text):
        around = text[max(0, hit.start - _BESIDE) : hit.end + _BESIDE]
        if lexicon.has("telling", around):
            return True
        doubt = doubt or _TAKES.search(around) is None
    return None if doubt else False


def reminded(
    offers: tuple[Offer, ...], read: tuple[Document, ...], lexicon: Lexicon, *, whole: bool
) -> tuple[Offer, ...]:
    """The same offers; False only where the paywall was seen whole and an agreement on renewing was read."""
    said = {promised(d.text, lexicon) for d in read}
    terms = any(not d.on_paywall and lexicon.has("renewal", d.text) for d in read)
    stated = True if True in said else (False if whole and terms and None not in said else None)
    return tuple(o.model_copy(update={"reminder_stated": stated}) if o.auto_renews else o for o in offers)
