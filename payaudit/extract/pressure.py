"""Words that press to decide now, and words that protect minors."""

from __future__ import annotations

import re

from payaudit.extract.documents import Document
from payaudit.extract.walked import Walked
from payaudit.model.facts import MinorGuard, Urgency

_NOTE = 120  # characters; a longer text is no call to act
# What bounds an offer: a clock, a date, or a length of time.
# A space behind a colon alone is a list's: Episode 9: 40 coins.
_CLOCK = re.compile(r"\d{1,2}(?:[:：]|\s+[:：]\s*|\s*时\s*)\d{2}")
_DATE = re.compile(
    r"\d{1,2}\s*月\s*\d{1,2}\s*日?|\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}|\d{1,2}[./-]\d{1,2}\s*[-–~至]\s*\d{1,2}[./-]\d{1,2}"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{1,2}|\d{1,2}\.?\s+(?:jan|feb|mar|apr|may|jun|jul|"
    r"aug|sep|oct|nov|dec|januar|februar|märz|mai|juni|juli|oktober|dezember|enero|febrero|marzo|abril|mayo|junio|julio|"
    r"agosto|septiembre|octubre|noviembre|diciembre|janvier|février|mars|avril|juin|juillet|août|décembre)",
    re.IGNORECASE,
)
_ENDS = (_CLOCK, _DATE)
_END = re.compile(
    r"截止|截至|结束|結束|活动时间|终止|终了|終了|마감|종료|까지|まで|\bends?\b|\bending\b|\buntil\b|\bexpires?\b|\bbis\b|\bendet\b"
    r"|\bhasta\b|\btermina|\baté\b|\bjusqu|\bfin\b|\bsampai\b|\bberakhir\b|\bđến\b|kết thúc|hết hạn"
    r"|ถึง|สิ้นสุด|\bscade|\bbitiş",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")  # a wording whose clock runs is one wording
_COUNT = re.compile(
    r"(?:仅剩|只剩|剩余|only|nur noch|残り|남은)\s*\d+|\d+\s*(?:left|个名额|名额)", re.IGNORECASE
)


def urgencies(walked: Walked, *, whole: bool) -> tuple[Urgency, ...]:
    """Each wording once, from the screens that sell. An end told anywhere on them bounds it."""
    found: dict[str, Urgency] = {}
    told = any(
        _bounded(t.text, _ENDS) and not _of_the_seller(t.text, walked)
        for seen in walked.selling()
        for t in seen.screen.front
    )
    for seen in walked.selling():
        front = seen.screen.front
        for text in front:
            words = text.text.strip()
            key = _DIGITS.sub("0", words)
            if key in found or len(words) > _NOTE or not walked.lexicon.has("urgency", words):
                continue
            near = " ".join(t.text for t in front if abs(t.box[1] - text.box[1]) < 3 * max(text.box[3], 20))
            found[key] = Urgency(
                text=words,
                bounded=_bounded(words) or _bounded(near) or told or (False if whole else None),
                at=seen.source(text.node, text.text, text.box),
            )
    return tuple(found.values())


def _of_the_seller(text: str, walked: Walked) -> bool:
    """Whether a text says who sells and when they can be reached; its hours and dates bound no offer."""
    if walked.lexicon.has("urgency", text) or _END.search(text):
        return False
    return "©" in text or walked.lexicon.has("contact", text)


def _bounded(text: str, by: tuple[re.Pattern[str], ...] | None = None) -> bool:
    return any(pattern.search(text) for pattern in by or (*_ENDS, _COUNT))


def minor_guard(walked: Walked, read: tuple[Document, ...], *, whole: bool) -> MinorGuard | None:
    """The first words about minors on any screen or agreement; None where no paywall was seen."""
    paywall = next(iter(walked.untouched()), None)
    if paywall is None:
        return None
    for seen in walked.seen:
        for text in seen.screen.texts:
            if text.sight != "hidden" and walked.lexicon.has("minor", text.text):
                return MinorGuard(
                    seen=True, text=text.text.strip()[:200], at=seen.source(text.node, text.text, text.box)
                )
    for document in read:
        hits = walked.lexicon.find("minor", document.text)
        if hits:
            words = document.text[max(0, hits[0].start - 40) : hits[0].end + 60]
            return MinorGuard(seen=True, text=words, at=document.seen.source(None, words))
    return MinorGuard(seen=False if whole else None, at=paywall.source())
