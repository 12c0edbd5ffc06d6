"""What is said of an offer's renewal: that it renews, at which price, for which period."""

from __future__ import annotations

import re
from dataclasses import replace

from payaudit.extract.figures import card_period, coins
from payaudit.extract.sightings import Sighting
from payaudit.extract.terms import NOTE_CHARS, Renewal, by_offer, notes, sentences, statement
from payaudit.extract.trial import says_trial
from payaudit.extract.walked import Seen, Walked
from payaudit.model.facts import KnownBy, PaymentCall
from payaudit.model.money import Money, Period
from payaudit.perceive.card import Card
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.periods import period_in
from payaudit.perceive.placed import Placed, value_of
from payaudit.perceive.prices import Amount, amounts
from payaudit.perceive.texts import Text
from payaudit.perceive.trials import trial_days

_EACH_TIME = re.compile(
    r"每次|每期|每(?:\d+[天日]|[周月季年])|each time|毎回|매회|cada vez|a cada", re.IGNORECASE
)
_CHARGED = frozenset({"price", "renewal", "per_unit"})
_ELSEWHERE = re.compile(
    r"ios|android|安卓|苹果|app store|google play|应用商店|此前|曾|以前|原先|原价|调整[为至]|改为|手续费"
    r"|formerly|previously|used to|until now|fee",
    re.IGNORECASE,
)
_NAME_CHARS = 3  # a shorter name is a word like any other


def loose_price(walked: Walked, sighting: Sighting) -> bool:
    """Whether a note outside all cards states a renewal price; one that no offer took may be this one's."""
    seen, _ = sighting.decision
    parts = (part for text in notes(seen.screen, seen.scene.cards) for part in sentences(text))
    said = (statement(part, walked.lexicon, own=False) for part in parts)
    return any(note is not None and note.price is not None for note in said)


def may_tell(walked: Walked, sighting: Sighting) -> bool:
    """Whether a text where it is paid may speak of its renewal in words that nobody listed.

    A sentence that agrees, or names an agreement, tells no terms.
    """
    seen, card = sighting.decision
    lexicon = walked.lexicon
    told = (t.text for t in (*card.texts, *notes(seen.screen, seen.scene.cards)) if t.sight != "hidden")
    return any(
        len(words) <= NOTE_CHARS
        and lexicon.has("renewal_sign", words)
        and not lexicon.has("consent", words)
        and not lexicon.has("agreement_link", words)
        and not lexicon.negated("renewal", words)
        for words in told
    )


def statements(walked: Walked, sighting: Sighting, others: tuple[Sighting, ...]) -> list[Renewal]:
    """What is said of this offer's renewal, on the screen from which it would be paid."""
    seen, card = sighting.decision
    lexicon = walked.lexicon
    own = [r for t in card.texts if (r := statement(t, lexicon, own=True)) is not None]
    if _denies(card, lexicon) or (len(others) > 1 and _once(card, lexicon)):
        return own
    mine = {p.key for p in card.placed}
    # What a pack of coins costs and what a plan renews at may be the same number.
    rivals = [o for o in others if o.name != sighting.name and not _once(o.card, lexicon)]
    foreign = {p.key for o in rivals for p in o.card.placed} - mine
    candidates = [o.name for o in others if _may_renew(o.card, lexicon)]
    # Where every other one says that it is paid once, the note can mean no other.
    only = len(others) > 1 and [o.name for o in others if not _denies(o.card, lexicon)] == [sighting.name]
    # A note that names no offer is of the one it can mean: alone in view, alone to renew, or chosen.
    meant = (
        len(seen.scene.cards) == 1
        or only
        or candidates == [sighting.name]
        or ((card.chosen is True or sighting.chosen_at is not None) and _may_renew(card, lexicon))
    )
    names = [o.name for o in others if len(o.name) >= _NAME_CHARS]
    told = [
        (part, t)
        for t in notes(seen.screen, seen.scene.cards)
        for sentence in sentences(t)
        for part in by_offer(sentence, names)
    ]
    for text, whole_text in told:
        note = statement(text, lexicon, own=False)
        if note is None:
            continue
        values = {value_of(a) for a in amounts(text.text)}
        around = {value_of(a) for a in amounts(whole_text.text)}
        # "First week 9.90; then 29.90 a week": the sentence before says of which offer.
        if around & mine and not around & foreign:
            values |= around & mine
        named = _named(sighting.name, text.text)
        of_another = bool(values & foreign and not values & mine) or any(
            _named(o.name, text.text) for o in others
        )
        if (of_another and not named) or _other_period(note, card, lexicon):
            continue
        if meant or named or values & mine:
            own.append(replace(note, sure=bool(only or named or values & mine)))
    return own


def _named(name: str, text: str) -> bool:
    return len(name) >= _NAME_CHARS and name.casefold() in text.casefold()


def _other_period(note: Renewal, card: Card, lexicon: Lexicon) -> bool:
    """Whether a note tells a rate by another period than the card's, and the card is no trial."""
    if note.amount is None or note.amount.per in {None, "episode"} or card.main is None:
        return False
    if any(trial_days(t.text) is not None for t in card.texts):
        return False
    period = card_period(card, card.main, lexicon)
    return period is not None and period != note.amount.per


def _denies(card: Card, lexicon: Lexicon) -> bool:
    """Whether the card itself says that it does not renew."""
    return any(lexicon.negated("renewal", t.text) or lexicon.has("one_off", t.text) for t in card.texts)


def denied_for_all(walked: Walked, sighting: Sighting, others: tuple[Sighting, ...]) -> bool:
    """Whether a note says that nothing here renews, and nothing on the screen says otherwise."""
    seen, _ = sighting.decision
    lexicon = walked.lexicon
    told = [part for t in notes(seen.screen, seen.scene.cards) for part in sentences(t)]
    if not any(lexicon.negated("renewal", t.text) or lexicon.has("one_off", t.text) for t in told):
        return False
    if any(statement(t, lexicon, own=False) is not None for t in told):
        return False
    return not any(_may_renew(o.card, lexicon) for o in others)


def denied_when_chosen(walked: Walked, sighting: Sighting, others: tuple[Sighting, ...]) -> bool:
    """Whether a note that stands only while this offer is chosen says that it does not renew."""
    if sighting.chosen_at is None or _may_renew(sighting.chosen_at[1], walked.lexicon):
        return False
    mine = _denials(walked, sighting.chosen_at[0])
    for other in others:
        if other.name != sighting.name and _may_renew(other.card, walked.lexicon):
            mine -= _denials(walked, other.decision[0])
    return bool(mine)


def _denials(walked: Walked, seen: Seen) -> set[str]:
    told = [part.text for t in notes(seen.screen, seen.scene.cards) for part in sentences(t)]
    return {t for t in told if walked.lexicon.negated("renewal", t) or walked.lexicon.has("one_off", t)}


def _once(card: Card, lexicon: Lexicon) -> bool:
    """Whether it sells coins and speaks of no period: bought once, and no note on renewal can mean it."""
    return coins(card) is not None and not _may_renew(card, lexicon)


def _may_renew(card: Card, lexicon: Lexicon) -> bool:
    if _denies(card, lexicon):
        return False
    return any(
        any(lexicon.has(group, t.text) for group in ("renewal", "trial", "first_time"))
        or period_in(t.text) is not None
        for t in card.texts
    )


def auto_renews(  # noqa: PLR0913 - all that speaks for or against
    card: Card,
    stated: list[Renewal],
    call: PaymentCall | None,
    period: Period | None,
    lexicon: Lexicon,
    *,
    whole: bool,
) -> tuple[bool | None, KnownBy | None]:
    """Whether it renews by itself, and what says so: its payment call, else the texts.

    Where all of the paywall was seen to say nothing, a call without a mandate is an answer too.
    """
    if call is not None and call.recurring is not None:
        return call.recurring, "call"
    if _denies(card, lexicon):
        return False, "text"
    facts = [s for s in stated if s.fact]
    if any(s.own or s.sure for s in facts) or (facts and (period is not None or says_trial(card, lexicon))):
        return True, "text"
    return (False, "call") if whole and call is not None else (None, None)


def price_later(
    stated: list[Renewal], card: Card, main: Placed, others: tuple[Sighting, ...]
) -> Money | None:
    """The price after the first period: called so, or told in a note on renewal and nobody's price today."""
    for placed in card.placed:
        if placed.role == "renewal" and placed.amount.money is not None:
            return placed.amount.money
    for note in stated:
        if note.amount is not None and note.amount.role == "renewal":
            return note.amount.money
    today = {o.card.main.amount.money for o in others if o.card.main is not None} | {main.amount.money}
    for note in stated:
        if not note.own and note.fact and note.amount is not None and note.amount.money not in today:
            return note.amount.money
    return None


def told_in_agreements(
    walked: Walked,
    sighting: Sighting,
    others: tuple[Sighting, ...],
    price: Money | None,
    days: int | None,
) -> Amount | None:
    """The renewal price as only a linked agreement tells it, for a sentence that names the offer."""
    name, card = sighting.name, sighting.card
    period = card_period(card, card.main, walked.lexicon) if card.main is not None else None
    names = [o.name for o in others if len(o.name) >= _NAME_CHARS]
    for seen in walked.agreements():
        for part in (part for text in seen.screen.texts for part in sentences(text)):
            found = [a for a in amounts(part.text) if a.money is not None]
            later = next((a for a in found if a.role == "renewal"), None)
            about = (
                name.casefold() in part.text.casefold()
                or any(a.money == price for a in found)
                or (days is not None and walked.lexicon.has("trial", part.text))
            )
            if later is not None and later.money != price and about:
                return later
            if _named(name, part.text):
                each = _each_period(part, name, names, price, period)
                if each is not None:
                    return each
    return None


def _each_period(
    sentence: Text, name: str, names: list[str], price: Money | None, period: Period | None
) -> Amount | None:
    """What a sentence that names a plan says that each period of it costs, other than today's price."""
    every = [a for a in amounts(sentence.text) if a.money is not None]
    # Today's price beside it, another shop's, or one that once was: the sentence speaks of something else.
    if any(a.money == price for a in every) or _ELSEWHERE.search(sentence.text):
        return None
    found = [a for a in every if a.role in _CHARGED]
    by_period = [a for a in found if a.per is not None and a.per == period]
    if len(by_period) == 1:
        return by_period[0]
    parts = [p.text for p in by_offer(sentence, names) if _named(name, p.text)]
    # A plan may be called as its period is (Mois à 29,99 € par mois): what names an amount is meant.
    own = [told for part in parts if (told := [a for a in amounts(part) if a.role in _CHARGED])]
    # 每7天延续一次，每次28.80元
    recurs = period_in(sentence.text) is not None or _EACH_TIME.search(sentence.text) is not None
    if not recurs or len(own) != 1 or len(own[0]) != 1 or len(found) > len(names):
        return None
    return own[0][0]


def renewal_period(stated: list[Renewal], period: Period | None) -> Period | None:
    """How often it renews, by what is said of it; ``period`` where that says nothing."""
    for note in stated:
        if note.amount is not None and note.amount.per is not None and note.amount.per != "episode":
            return note.amount.per
    for note in stated:
        found = period_in(note.text.text)
        if found is not None:
            return found
    return period
