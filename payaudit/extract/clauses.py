"""Conditions as sentences of the paywall and its agreements, with what stands around them.

A clause is a sentence that holds a word of its kind and does not deny it. What
softens it (a notice, a carve-out) is sought in its neighbourhood, because such
words stand in the next sentence as often as in the same one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from payaudit.extract.documents import Document
from payaudit.extract.reminders import promised
from payaudit.extract.sentence_end import SENTENCE_END
from payaudit.model.facts import Clause, ClauseKind
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.prices import amounts

_KINDS: tuple[tuple[str, ClauseKind], ...] = (
    ("renewal", "renewal"), ("price_change", "price_change"), ("cancel", "cancel"), ("refund", "refund"),
    ("coin_expiry", "validity"), ("minor", "minor"),
)  # fmt: skip
_AROUND = 200  # characters to each side in which a carve-out or notice is sought (rule R40 of the catalogue)
_SENTENCE = 300  # characters; a longer sentence is cut around the word
_NEAR = 80  # characters; an exception and the refund that it grants stand in one sentence
REFUND = re.compile(
    r"退[款还費费]|refund|money back|返金|환불|erstatt|widerruf|reembols|devoluci"
    r"|rembours|rétract|pengembalian|rimbors|recesso|iade|hoàn (?:tiền|phí)|คืนเงิน",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"\d+")
_SPAN = re.compile(r"(\d{1,3})\s*(?:个|個|ヶ|か)?(?:月|(日|天|年|周|週|일|년|[^\W\d_]{3}))")
_HEAD = 30  # characters of a line that is only a head
_MOST = 12  # clauses of a kind from one document; more say the same again
_LEAD = re.compile(
    r"(\d{1,2})\s*(?:个?(?:自然|工作)?[日天]|days?|tage?|jours?|d[ií]as?|dias?|日|일|hari"
    r"|giorni|gün|ngày|วัน)",
    re.IGNORECASE,
)


def clauses(
    read: tuple[Document, ...], lexicon: Lexicon, coins: frozenset[str] = frozenset(), *, whole: bool
) -> tuple[Clause, ...]:
    """All clauses, each wording of a kind once. ``coins`` are names that offers give their coins.

    That no exception is kept, or that the paywall is silent, is said only of a paywall seen whole.
    """
    found: dict[tuple[str, str], Clause] = {}
    for document in read:
        for clause in _of(document, lexicon):
            found.setdefault((clause.kind, clause.text), clause)
    unseen = False if whole else None
    excepted = any(_excepts(document.text, lexicon) for document in read) or unseen
    shown = [d.text for d in read if d.on_paywall]
    panel = [line for text in shown for line in _lapsing(text, lexicon)]
    lines = [line for text in shown for line in text.splitlines() if not _of_a_pass(line, lexicon)]

    def told(clause: Clause) -> bool | None:
        return (
            clause.on_paywall or _told(clause.text, panel, lexicon) or _repeats(clause.text, lines) or unseen
        )

    return tuple(
        clause.model_copy(
            update={"carve_out": clause.carve_out or excepted}
            if clause.kind == "refund"
            else {"told_on_paywall": told(clause), "of_coins": _of_coins(clause.text, coins, lexicon)}
            if clause.kind == "validity"
            else {}
        )
        for clause in found.values()
    )


def _of_coins(text: str, coins: frozenset[str], lexicon: Lexicon) -> bool:
    said = text.casefold()
    return lexicon.has("currency", text) or any(name.casefold() in said for name in coins)


def _lapsing(text: str, lexicon: Lexicon) -> list[str]:
    """Its sentences on how long something lasts."""
    spans = {_sentence(text, hit.start, hit.end) for hit in lexicon.find("coin_expiry", text)}
    return [text[start:end] for start, end in sorted(spans)]


def _told(clause: str, panel: list[str], lexicon: Lexicon) -> bool:
    """Whether the panel says of coins, or in the clause's own number, how long they last.

    That a card is valid for 7 days tells nothing of coins.
    """
    numbers = set(_NUMBERS.findall(clause))
    return any(lexicon.has("currency", told) or bool(numbers & set(_NUMBERS.findall(told))) for told in panel)


def _repeats(clause: str, lines: list[str]) -> bool:
    """Whether a line of the panel names the clause's own span of time, in whatever words around it."""
    spans = _spans(clause)
    return bool(spans) and any(spans & _spans(line) for line in lines)


def _spans(text: str) -> set[tuple[str, str]]:
    """Numbers with the beginning of the word behind them: 12 months, 7天."""
    found = ((m[1], m[2] or "月") for m in _SPAN.finditer(text))
    return {(number, word.casefold().replace("日", "天")) for number, word in found}


def _of_a_pass(line: str, lexicon: Lexicon) -> bool:
    """Whether it tells how long access is bought for, which says nothing of coins."""
    told = any(lexicon.has(group, line) for group in ("pass", "trial", "renewal", "first_time"))
    return told or any(a.money is not None for a in amounts(line))


def _excepts(text: str, lexicon: Lexicon) -> bool:
    """Whether it grants money back anywhere: an exception with a word of refunding near it."""
    return any(
        REFUND.search(text, max(0, hit.start - _NEAR), hit.end + _NEAR)
        for hit in lexicon.find("refund_exception", text)
    )


def _of(document: Document, lexicon: Lexicon) -> Iterator[Clause]:
    text = document.text
    for group, kind in _KINDS:
        seen: set[tuple[int, int]] = set()
        for hit in lexicon.find(group, text):
            span = _sentence(text, hit.start, hit.end)
            if span in seen:
                continue
            seen.add(span)
            if len(seen) > _MOST:
                break
            words = text[span[0] : span[1]].strip()
            if kind == "price_change" and len(words) <= _HEAD and words[-1:].isalnum():
                continue  # “Price changes” over the paragraph that tells of them
            if lexicon.negated(group, words) or (kind == "renewal" and lexicon.has("one_off", words)):
                continue
            yield _clause(document, kind, words, text[max(0, span[0] - _AROUND) : span[1] + _AROUND], lexicon)


def _clause(document: Document, kind: ClauseKind, words: str, around: str, lexicon: Lexicon) -> Clause:
    notices = lexicon.find("notice", around) if kind in {"renewal", "price_change"} else ()
    lead = next(
        (int(m.group(1)) for h in notices if (m := _LEAD.search(around, max(0, h.start - 8), h.end + 24))),
        None,
    )
    return Clause(
        kind=kind,
        text=words[:_SENTENCE],
        document=document.title,
        on_paywall=document.on_paywall,
        notice=promised(around, lexicon) if kind in {"renewal", "price_change"} else None,
        lead_days=lead,
        carve_out=lexicon.has("refund_exception", around) if kind == "refund" else None,
        amount=next((a.money for a in amounts(words[:_SENTENCE]) if a.money is not None), None),
        at=document.seen.source(None, words),
    )


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence around a span, no longer than a note."""
    low, high = max(0, start - _SENTENCE), min(len(text), end + _SENTENCE)
    before = [m.end() for m in SENTENCE_END.finditer(text, low, start)]
    after = SENTENCE_END.search(text, end, high)
    return (before[-1] if before else low, after.end() if after else high)
