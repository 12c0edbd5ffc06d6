"""Who sells: names, registrations and ways to reach them, each with its source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from pydantic import RootModel

from payaudit.data import read_data, rules_folder
from payaudit.errors import RuleError
from payaudit.extract.documents import Document
from payaudit.extract.walked import Seen, Walked
from payaudit.model.base import Frozen
from payaudit.model.facts import Identity, IdentityKind, Merchant, Source
from payaudit.perceive.agreements import titles, was_read

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
_REGISTERED = frozenset({"credit_code", "icp", "registration"})


class Written(Frozen):
    """How one kind of identity is written somewhere; group 1 is what is kept."""

    where: str
    kind: IdentityKind
    pattern: str


class Identities(RootModel[tuple[Written, ...]]):
    """``rules/merchant/identities.yaml``."""


@cache
def _patterns() -> tuple[tuple[IdentityKind, re.Pattern[str]], ...]:
    """Raises ``RuleError`` where an expression is none or has no group to keep."""
    path = rules_folder() / "merchant" / "identities.yaml"
    made = []
    for one in read_data(path, Identities).root:
        try:
            compiled = re.compile(one.pattern)
        except re.error as error:
            raise RuleError(
                f"{path}: {one.pattern!r} is no regular expression: {error}",
                f"{path}：{one.pattern!r} 不是正则表达式：{error}",
            ) from error
        if compiled.groups != 1:
            raise RuleError(
                f"{path}: {one.pattern!r} must have one group, around what is kept",
                f"{path}：{one.pattern!r} 须有且只有一个分组，即要保留的部分",
            )
        made.append((one.kind, compiled))
    return tuple(made)


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
    named = bool(companies) or any(i.kind in _REGISTERED for i in known)
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
    """Each once; what several countries' forms find in one place is the longest of them."""
    found = [(kind, match) for kind, pattern in _patterns() for match in pattern.finditer(text)]
    reached: dict[IdentityKind, tuple[int, int]] = {}  # by kind, the span that ends last of those before
    for kind, match in sorted(found, key=lambda one: (one[1].start(1), -one[1].end(1))):
        start, end = match.span(1)
        last = reached.get(kind)
        if last is not None and end <= last[1]:
            continue
        reached[kind] = (start, end)
        yield kind, match.group(1).strip(" ,，")


def _cores(companies: tuple[str, ...]) -> set[str]:
    """The names without spaces and brackets, which vary from place to place, the shortest of each."""
    plain = {re.sub(r"[\s（）()]", "", company) for company in companies}
    return {name for name in plain if not any(other != name and name.endswith(other) for other in plain)}
