"""Whether anything that a viewer could read promises to tell before a renewal is charged or changed."""

from __future__ import annotations

import re

from payaudit.extract.documents import Document
from payaudit.extract.sentence_end import SENTENCE_END
from payaudit.model.facts import Offer
from payaudit.perceive.lexicon import Lexicon

_BESIDE = 40  # characters to each side of a time before a charge in which its verb stands
# That a sum is taken in the last day of a term (到期前24小时内扣取) promises nothing.
_TAKES = re.compile(
    r"扣取|扣除|扣款|扣费|划扣|收取|charge[ds]?|debit|deduct|bill(?:ed|ing)|abgebucht|abbuch|belast|cobr|prélev|débit|ditagih|menagih"
    r"|課金|決済|請求|결제|청구|trừ tiền|tính phí|หักเงิน|เรียกเก็บ|addebit|tahsil",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"(?:不再?|无需|無需|恕不|未经)(?:另行|提前|事先|作|予|会|再){0,2}(?:通知|提醒|告知)"
    r"|without (?:any )?(?:further |prior |separate |advance )*notice"
    r"|no (?:further|prior|separate|advance) notice|not be (?:told|notified)"
    r"|sin (?:previo )?aviso|sem (?:aviso|notifica)|sans (?:préavis|avis|notification)"
    r"|ohne (?:weitere |vorherige |gesonderte )*(?:ankündigung|mitteilung|hinweis|benachrichtigung)"
    r"|tanpa pemberitahuan|通知(?:せず|なし|なく|しません|いたしません)"
    r"|(?:통지|알림|고지|안내) ?없이|không (?:thông báo|báo trước)"
    r"|ไม่แจ้ง|senza preavviso|haber vermeden|bildirim yapılmadan",
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


def of_a_charge(text: str, lexicon: Lexicon) -> bool | None:
    """Whether words promise to tell before a charge or a renewal.

    A promise to tell of a price that changes is none. ``None``: what is told of is not understood, or both
    are named in one breath.
    """
    doubt = promised(text, lexicon) is None
    for hit in lexicon.find("notice", text):
        around = text[max(0, hit.start - _BESIDE) : hit.end + _BESIDE]
        if not _tells(around, lexicon):
            continue
        sentence, before = _sentences(text, hit.start, hit.end)
        price = lexicon.has("price_word", sentence)
        moves = lexicon.has("price_change", sentence) or (price and lexicon.has("price_moves", sentence))
        due = lexicon.has("due", sentence) or _TAKES.search(sentence) is not None
        if due and not moves:
            return True
        if not price and not due and lexicon.has("due", before) and not lexicon.has("price_word", before):
            return True
        doubt = doubt or due or not moves
    return None if doubt else False


def _sentences(text: str, start: int, end: int) -> tuple[str, str]:
    """The sentence around a span, and the one before it."""
    ends = [m.end() for m in SENTENCE_END.finditer(text, 0, start)]
    begin = ends[-1] if ends else 0
    stop = SENTENCE_END.search(text, end)
    return text[begin : stop.end() if stop else len(text)], text[ends[-2] if len(ends) > 1 else 0 : begin]


def _tells(text: str, lexicon: Lexicon) -> bool:
    """Whether a word of telling stands there that is not itself denied (without further notice)."""
    return any(
        not any(d.start() < hit.end and hit.start < d.end() for d in _DENIES.finditer(text))
        for hit in lexicon.find("telling", text)
    )


def reminded(
    offers: tuple[Offer, ...], read: tuple[Document, ...], lexicon: Lexicon, *, whole: bool
) -> tuple[Offer, ...]:
    """The same offers; False only where the paywall was seen whole and an agreement on renewing was read."""
    said = {of_a_charge(d.text, lexicon) for d in read}
    terms = any(not d.on_paywall and lexicon.has("renewal", d.text) for d in read)
    stated = True if True in said else (False if whole and terms and None not in said else None)
    return tuple(o.model_copy(update={"reminder_stated": stated}) if o.auto_renews else o for o in offers)
