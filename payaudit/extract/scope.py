"""Whether what calls itself the whole series is less than that, by its own words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from payaudit.extract.clauses import REFUND
from payaudit.extract.sightings import Sighting
from payaudit.extract.terms import notes, sentences
from payaudit.extract.walked import Walked
from payaudit.perceive.episodes import episode_count, episode_range
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.periods import period_in
from payaudit.perceive.texts import Text

_MOST = 0.8  # of the episodes; a count below that is not all of them
_NAMES_IT = 3  # characters; a shorter name is a word like any other
_AT_ONCE = 12  # characters in which what a word speaks of follows it
# What ties a footnote to the words that it explains; digits on their own are too common for that.
_FOOTNOTE = re.compile(r"[①-⑳⑴-⒇❶-❿➀-➓¹²³†‡]|(?:注|※|\*)\s?\d{1,2}(?!\d)")
_WORD = re.compile(r"[^\W\d_]{2,}")
_FIRST_UNSPACED = "\u3040"  # kana, and the Chinese characters behind it
# How long something may be watched, and that the sentence is about that.
_LASTS = re.compile(
    r"(?<!\d)(\d{1,3})\s?(?:天|日(?!期)|个?月|日間|か月|ヶ月|일|개월|วัน|เดือน"
    r"|(?:days?|months?|tagen?|monaten?|jours?|mois|d[ií]as?|mes(?:es)?|hari|bulan|ngày|tháng|giorni|mesi|gün|ay)(?!\w))",
    re.IGNORECASE,
)
_HOLDS = re.compile(
    r"有效|到期|失效|可观看|期限|有効|視聴|유효|시청|valid|expire|access|gültig|valable|accès|v[áa]lid|vigen|acceso|acesso|berlaku|akses"
    r"|hiệu lực|thời hạn|ใช้ได้|หมดอายุ|accesso|geçerli|erişim",
    re.IGNORECASE,
)
_DRAMA = re.compile(
    r"[剧劇]|originals|premieres?|catalogue|单集|集数|\d\s*集|episod|épisode|folge|series|serie|série|titles|drama|film|movie|作品|話数|에피소드|회차|시리즈|작품"
    r"|phim|tập|ซีรีส์|ตอน|bölüm|dizi|capítulo|capitolo",
    re.IGNORECASE,
)
# What has to be bought anew once the time is over is no exclusion.
_AFTERWARDS = re.compile(
    r"到期|期满|期滿|届满|有效期|过期|期限|期間終了|満了|만료|expir|after (?:it|the period) ends|abgelaufen"
    r"|ablauf|hết hạn|kedaluwarsa|venc|scade|sona er",
    re.IGNORECASE,
)
_NOT_COVERED = (
    "不含", "除外", "不包", "另行", "另购", "单独购买", "单独付费",
    "exclu", "not include", "except", "separately",
)  # fmt: skip


@dataclass(frozen=True)
class Scope:
    """What an offer claims to cover and what its detail says; None where not seen."""

    claims_all: bool | None = None
    claim: str | None = None
    narrower: bool | None = None
    text: str | None = None
    excludes: bool | None = None  # terms take some dramas or episodes out of it; None where none is seen to


def scope_of(walked: Walked, sighting: Sighting, others: tuple[Sighting, ...], total: int | None) -> Scope:
    """Compare the claim on the card with the texts that limit it, folded ones included."""
    lexicon = walked.lexicon
    timed = period_in(sighting.card.words) is not None or lexicon.has("tab_subscription", sighting.card.words)
    claim = next((t for t in sighting.card.texts if _claims_all(t.text, lexicon)), None)
    if claim is None:
        return _of_all_titles(walked, sighting, others) if timed else Scope(claims_all=False)
    said = claim.text.strip()
    rivals = [o for o in others if o.name != sighting.name and _card_claims_all(o, lexicon)]
    for text, own in _about(walked, sighting, others):
        if not own and (_names_another(text.text, sighting, others) or _closer(text.text, sighting, rivals)):
            continue
        if not own and _footnote_of_another(text.text, sighting, others):
            continue
        if _limits(text.text, total, lexicon, own=own):
            return Scope(claims_all=True, claim=said, narrower=True, text=text.text.strip()[:200])
    billed = next(_billed_in_part(walked, sighting, total), None)
    if billed is not None:
        return Scope(claims_all=True, claim=said, narrower=True, text=billed.text.strip()[:200])
    left_out = _left_out(walked, (sighting, *others)) if timed else None
    for text in _in_agreements(walked, sighting):
        if _covers_part(text.text, total, lexicon) or _ends_untold(text.text, walked, sighting):
            return Scope(claims_all=True, claim=said, narrower=True, text=text.text.strip()[:200])
    return Scope(
        claims_all=True,
        claim=said,
        narrower=False if total is not None else None,
        text=None if left_out is None else left_out.text.strip()[:200],
        excludes=True if left_out is not None else (False if timed and _was_read(walked) else None),
    )


def _of_all_titles(walked: Walked, sighting: Sighting, others: tuple[Sighting, ...]) -> Scope:
    """The claim that the paywall makes beside its offers for every membership, against the agreements."""
    lexicon = walked.lexicon
    screen, cards = sighting.seen.screen, sighting.seen.scene.cards
    # The caption of a tab or link that lists all of them claims nothing.
    pressed = {n for c in screen.controls if c.strong for n in screen.tree.subtree(c.node)}
    claim = next(
        (
            t
            for t in screen.front
            if lexicon.has("all_titles", t.text)
            and t.node not in pressed
            and not any(screen.tree.inside(t.node, c.node) for c in cards if c.node != sighting.card.node)
        ),
        None,
    )
    if claim is None:
        return Scope(claims_all=False)
    left_out = _left_out(walked, (sighting, *others))
    return Scope(
        claims_all=True,
        claim=claim.text.strip(),
        narrower=False,
        text=None if left_out is None else left_out.text.strip()[:200],
        excludes=True if left_out is not None else (False if _was_read(walked) else None),
    )


def _left_out(walked: Walked, sold: tuple[Sighting, ...]) -> Text | None:
    """What agreements take out of a membership and no selling screen tells."""
    names = tuple(s.name for s in sold if len(s.name) >= _NAMES_IT)
    told = any(
        walked.lexicon.has("excluded", t.text) and _DRAMA.search(t.text)
        for seen in walked.selling()
        for t in seen.screen.in_scope
    )
    return None if told else next(_excluding(walked, names), None)


def _card_claims_all(sighting: Sighting, lexicon: Lexicon) -> bool:
    return any(_claims_all(t.text, lexicon) for t in sighting.card.texts)


def _names_another(text: str, sighting: Sighting, others: tuple[Sighting, ...]) -> bool:
    return sighting.name not in text and any(o.name in text for o in others)


def _closer(text: str, sighting: Sighting, rivals: list[Sighting]) -> bool:
    """Whether a note shares more of another such offer's name than of this one's."""
    said = _pieces(text)

    def shared(name: str) -> float:
        pieces = _pieces(name)
        return len(pieces & said) / len(pieces) if pieces else 0.0

    return any(shared(rival.name) > shared(sighting.name) for rival in rivals)


def _pieces(text: str) -> set[str]:
    """Words of letters, and pairs of neighbours where a script writes none apart."""
    found: set[str] = set()
    for word in _WORD.findall(text.casefold()):
        alphabetic = word[0] < _FIRST_UNSPACED
        found |= {word} if alphabetic else {word[i : i + 2] for i in range(len(word) - 1)}
    return found


def _footnote_of_another(text: str, sighting: Sighting, others: tuple[Sighting, ...]) -> bool:
    """Whether a note begins with a mark that another offer's card bears and this one's does not."""
    mark = _FOOTNOTE.search(text[:_AT_ONCE])
    if mark is None:
        return False

    def bears(one: Sighting) -> bool:
        return any(mark.group() in t.text for t in one.card.texts)

    return not bears(sighting) and any(map(bears, others))


def _claims_all(text: str, lexicon: Lexicon) -> bool:
    """Whether it claims everything; a range that follows at once says what is meant (畅看第9-20集)."""
    return any(
        episode_range(text[hit.end : hit.end + _AT_ONCE]) is None
        for hit in lexicon.find("all_episodes", text)
    )


def _about(walked: Walked, sighting: Sighting, others: tuple[Sighting, ...]) -> Iterator[tuple[Text, bool]]:
    """Sentences of the card, then of the notes that the paywall showed from then on; whether in the card."""
    for text in sighting.card.texts:
        yield from ((sentence, True) for sentence in sentences(text))
    mine = {id(t) for t in sighting.card.texts}
    named = frozenset(piece for other in (sighting, *others) for piece in _pieces(other.name))
    for seen in walked.run(sighting.seen.step.run):
        later = seen.step.number >= sighting.seen.step.number
        if later and seen.step.goal in {"paywall", "read"} and seen.scene.kind == "paywall":
            for text in notes(seen.screen, seen.scene.cards):
                own = id(text) in mine
                yield from ((part, own) for part in (sentences(text) if own else _joined(text, named)))


def _billed_in_part(walked: Walked, sighting: Sighting, total: int | None) -> Iterator[Text]:
    """What its way to be paid says of this offer by name, where that is fewer episodes than there are."""
    if total is None or len(sighting.name) < _NAMES_IT:
        return
    for seen in walked.seen:
        if seen.step.action.offer != sighting.name:
            continue
        for text in seen.screen.in_scope:
            covered = episode_range(text.text) if sighting.name in text.text else None
            if covered is not None and covered[1] < total:
                yield text


def _joined(text: Text, named: frozenset[str]) -> Iterator[Text]:
    """The sentences of a note, one that names no offer with the one before it: it goes on about the same."""
    last: Text | None = None
    for sentence in sentences(text):
        if last is not None and not _pieces(sentence.text) & named:
            last = replace(last, text=last.text + sentence.text)
        else:
            last = sentence
        yield last


def _in_agreements(walked: Walked, sighting: Sighting) -> Iterator[Text]:
    """What agreements say of this offer by its name, or of what is sold as the whole."""
    lexicon = walked.lexicon
    for seen in walked.agreements():
        tree, scope = seen.screen.tree, seen.screen.scope
        for text in seen.screen.texts:
            if text.sight == "hidden" or not tree.inside(text.node, scope):
                continue
            for sentence in sentences(text):
                if sighting.name in sentence.text or lexicon.has("all_episodes", sentence.text):
                    yield sentence


def _was_read(walked: Walked) -> bool:
    """Whether any agreement was opened, so that what it leaves out would have been seen."""
    return any(True for _ in walked.agreements())


def _excluding(walked: Walked, names: tuple[str, ...]) -> Iterator[Text]:
    """Sentences of agreements that take episodes or series out of a membership, or of one of these names."""
    lexicon = walked.lexicon

    def of_a_membership(text: str) -> bool:
        groups = ("tab_subscription", "pass")
        return any(lexicon.has(g, text) for g in groups) or "会员" in text or any(n in text for n in names)

    for seen in walked.agreements():
        tree, scope = seen.screen.tree, seen.screen.scope
        for text in seen.screen.texts:
            if text.sight != "hidden" and tree.inside(text.node, scope):
                yield from (
                    sentence
                    for sentence in sentences(text)
                    if lexicon.has("excluded", sentence.text)
                    and _DRAMA.search(sentence.text)
                    and not _AFTERWARDS.search(sentence.text)
                    and of_a_membership(sentence.text)
                    and not lexicon.has("free", sentence.text)
                    and not lexicon.has("non_member", sentence.text)
                )


def _covers_part(text: str, total: int | None, lexicon: Lexicon) -> bool:
    """Whether a sentence of an agreement says which episodes are covered, and they are not all."""
    covered = episode_range(text)
    if total is None or covered is None or covered[1] >= total or lexicon.has("free", text):
        return False
    return lexicon.has("scope", text)


def _ends_untold(text: str, walked: Walked, sighting: Sighting) -> bool:
    """Whether an agreement lets what was sold as the whole end after a time that no screen told."""
    if sighting.name not in text or period_in(sighting.card.words) is not None:
        return False
    lasts = _LASTS.search(text)
    if lasts is None or not _HOLDS.search(text) or REFUND.search(text):
        return False
    number = re.compile(rf"(?<!\d){lasts[1]}(?!\d)")
    sold = (s for s in walked.selling() if s.step.run == sighting.seen.step.run)
    return not any(number.search(t.text) and _LASTS.search(t.text) for s in sold for t in s.screen.in_scope)


def _limits(text: str, total: int | None, lexicon: Lexicon, *, own: bool) -> bool:
    """Whether a sentence names fewer episodes than there are, or excludes some."""
    if total is not None:
        covered = episode_range(text)
        if covered is not None:
            whole = own or lexicon.has("all_episodes", text) or lexicon.has("unlock", text)
            if covered[1] < total and whole:
                return True
        elif own and lexicon.has("scope", text):
            count = episode_count(text)
            if count is not None and count < total * _MOST:
                return True
    return any(word in text.lower() for word in _NOT_COVERED)
