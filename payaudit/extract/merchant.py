"""Who sells: names, registrations and ways to reach them, each with its source."""

from __future__ import annotations

import re
from collections.abc import Iterator

from payaudit.extract.documents import Document
from payaudit.extract.walked import Seen, Walked
from payaudit.model.facts import Identity, IdentityKind, Merchant, Source
from payaudit.perceive.agreements import titles, was_read

# How a company's name ends where it is registered, and how such names are written.
_ZH = re.compile(
    r"[\u4e00-\u9fff]{2,8}?(?:省|市|区|县)?[\u4e00-\u9fff（）()A-Za-z0-9]{2,24}?"
    r"(?:股份有限公司|有限责任公司|有限公司|工作室|事务所)"
)
_WEST = re.compile(
    r"\b[A-Z][\w&'’-]*(?:[ ,]+[A-Z0-9][\w&'’-]*){0,6},?[ ]+"
    r"(?:Ltd\.?|Limited|Inc\.?|LLC|L\.L\.C\.|Corp\.?|GmbH|AG|UG|S\.A\.S?\.?|S\.L\.?|S\.r\.l\.|B\.V\."
    r"|Pte\.? Ltd\.?|Pty\.? Ltd\.?|Sdn\.? Bhd\.?|LDA|Ltda\.?|SAS|SARL)(?=[\s,.;)。，]|$)"
)
_JA = re.compile(
    r"(?:株式会社|合同会社)\s?[\w・ー\u3040-\u30ff\u4e00-\u9fff]{2,20}|[\w・ー\u3040-\u30ff\u4e00-\u9fff]{2,20}(?:株式会社|合同会社)"
)
_KO = re.compile(
    r"(?:㈜|\(주\)|주식회사)\s?[\uac00-\ud7a3A-Za-z0-9]{2,20}|[\uac00-\ud7a3A-Za-z0-9]{2,20}(?:㈜|\(주\)|주식회사)"
)
_ID = re.compile(r"\bPT\.? [A-Z][\w&.-]*(?: [A-Z][\w&.-]*){0,4}")
_CREDIT = re.compile(
    r"(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Z])"
)  # GB 32100-2015
_ICP = re.compile(
    r"[京津沪渝冀晋蒙辽吉黑苏浙皖闽赣鲁豫鄂湘粤桂琼川蜀贵黔云滇藏陕秦甘陇青宁新]ICP备\s?\d{6,10}号(?:-\d{1,3})?"
)
_MAIL = re.compile(r"[\w.+-]{1,40}@[\w-]{1,40}\.[\w.-]{2,40}")
_PHONE = re.compile(
    r"(?:400|800)[- ]?\d{3}[- ]?\d{4}|(?<!\d)0\d{2,3}[- ]\d{4}[- ]?\d{3,4}(?!\d)"
    r"|\+\d{1,3}[ -]?\d[\d -]{6,13}\d"
)
_PATTERNS: tuple[tuple[IdentityKind, re.Pattern[str]], ...] = (
    ("company", _ZH), ("company", _WEST), ("company", _JA), ("company", _KO), ("company", _ID),
    ("credit_code", _CREDIT), ("icp", _ICP), ("contact", _MAIL), ("contact", _PHONE),
)  # fmt: skip
_ELSEWHERE = re.compile(
    r"impressum|imprint|legal notice|about us|关于我们|关于|營業|经营者|公司信息|資訊揭露"
    r"|特定商取引|運営会社|会社概要|사업자|회사소개"
    r"|mentions légales|aviso legal|quem somos|qui sommes|quiénes somos|tentang kami|更多资料|营业执照|证照",
    re.IGNORECASE,
)
_TITLE = re.compile("《[^《》]{2,20}》")
_AGREEMENT = (
    20_000  # characters of an agreement that are read for names: who contracts stands at its beginning
)
_SHORT = 600  # characters; in a longer text only agreements are read for names
_CAPTION = 40  # characters of a control that leads to a contact


def identities(walked: Walked, read: tuple[Document, ...]) -> tuple[Identity, ...]:
    """Every name, number and contact once, in the order of first sight."""
    found: dict[tuple[str, str], Identity] = {}
    for kind, value, at in (*_on_screens(walked), *_in_agreements(read)):
        found.setdefault((kind, value), Identity(kind=kind, value=value, at=at))
    return tuple(found.values())


def _on_screens(walked: Walked) -> Iterator[tuple[IdentityKind, str, Source]]:
    for seen in walked.seen:
        for text in seen.screen.texts:
            if text.sight == "hidden" or len(text.text) > _SHORT:
                continue
            at = seen.source(text.node, text.text, text.box)
            yield from ((kind, value, at) for kind, value in _in(text.text))
            if len(text.text) < _CAPTION and walked.lexicon.has("contact", text.text):
                yield "contact", text.text.strip(), at


def _in_agreements(read: tuple[Document, ...]) -> Iterator[tuple[IdentityKind, str, Source]]:
    for document in read:
        if not document.on_paywall:
            for kind, value in _in(document.text[:_AGREEMENT]):
                yield kind, value, document.seen.source(None, value)


def merchant(
    walked: Walked, known: tuple[Identity, ...], read: tuple[Document, ...], *, whole: bool
) -> Merchant | None:
    """All places together; what was not found counts as absent only where the paywall was seen whole."""
    paywall: Seen | None = next(iter(walked.untouched()), None)
    if paywall is None:
        return None
    companies = tuple(dict.fromkeys(i.value for i in known if i.kind == "company"))
    # A page that is there to name the seller may not have been opened: silence elsewhere proves nothing.
    whole = whole and not any(_ELSEWHERE.search(t.text) for s in walked.seen for t in s.screen.texts)
    whole = whole and not _unread(walked, read)
    named = bool(companies) or any(i.kind in {"credit_code", "icp"} for i in known)
    reachable = any(i.kind == "contact" for i in known)
    at = next((i.at for i in known if i.kind == "company"), paywall.source())
    return Merchant(
        named=named or (False if whole else None),
        reachable=reachable or (False if whole else None),
        companies=companies,
        several=len(_cores(companies)) > 1,
        at=at,
    )


def _unread(walked: Walked, read: tuple[Document, ...]) -> bool:
    """Whether the paywall names an agreement that was not opened: the seller may stand in it."""
    opened = {document.title for document in read if not document.on_paywall}
    named = {
        title
        for seen in walked.untouched()
        for text in seen.screen.in_scope
        for title in _TITLE.findall(text.text)
        if walked.lexicon.has("agreement_link", title)
    }
    named |= {t for seen in walked.untouched() for t in titles(seen.screen, seen.scene, walked.lexicon)}
    return any(not was_read(title, opened) for title in named)


def _in(text: str) -> Iterator[tuple[IdentityKind, str]]:
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            yield kind, match.group().strip(" ,，")


def _cores(companies: tuple[str, ...]) -> set[str]:
    """The names without spaces and brackets, which vary from place to place, the shortest of each."""
    plain = {re.sub(r"[\s（）()]", "", company) for company in companies}
    return {name for name in plain if not any(other != name and name.endswith(other) for other in plain)}
