"""Sentences that state a condition of an offer: renewal, trial, scope, rate.

A text speaks of the card it stands in. One that stands outside all cards speaks
of the offer that is chosen at that moment, or of the only one it can mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from payaudit.perceive.card import Card
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.periods import period_in
from payaudit.perceive.prices import Amount, amounts
from payaudit.perceive.screen import Screen
from payaudit.perceive.texts import Text

NOTE_CHARS = 400
"""A longer text is an agreement, not a note beside an offer."""

_HEADINGS = frozenset(
    {"subscribe", "subscription", "subscriptions", "订阅", "구독", "abo", "abonnement", "suscripción"}
)
_EDGES = re.compile(r"^\W+|\W+$")
_SENTENCE = re.compile(r"[。；;！!]|\.(?=\s|$)|\n")


@dataclass(frozen=True, slots=True)
class Renewal:
    """One text that states something of a renewal, and what of it."""

    text: Text
    fact: tuple[int, int] | None
    price: tuple[int, int] | None
    period: tuple[int, int] | None
    amount: Amount | None
    cancel: bool
    own: bool  # stands in the card
    sure: bool = False  # a note that names the offer or its price, or can mean no other


def sentences(text: Text) -> list[Text]:
    """A text cut into its sentences, each with the runs that draw it."""
    return _cut(text, [m.end() for m in _SENTENCE.finditer(text.text)])


def by_offer(text: Text, names: Iterable[str]) -> list[Text]:
    """A sentence cut where it goes on to another offer: A renews at 5 and B at 50."""
    folded = text.text.casefold()
    if len(folded) != len(text.text):
        return [text]  # letters whose folding is longer: positions would not hold
    spans = [(m.start(), m.end()) for n in names if n for m in re.finditer(re.escape(n.casefold()), folded)]
    begins = sorted(
        {s for s, e in spans if not any(b <= s and e <= f and (s, e) != (b, f) for b, f in spans)}
    )
    named = {folded[s:e] for s, e in spans if s in begins}
    return _cut(text, begins[1:]) if len(named) > 1 else [text]


def _cut(text: Text, cuts: list[int]) -> list[Text]:
    parts = []
    for start, end in pairwise([0, *cuts, len(text.text)]):
        if text.text[start:end].strip():
            runs = text.runs_at(start, end)
            moved = tuple(replace(r, start=r.start - start) for r in runs)
            parts.append(Text(text.text[start:end], moved, runs[0].node, text.box))
    return parts


def statement(text: Text, lexicon: Lexicon, *, own: bool) -> Renewal | None:
    """What a text states of a renewal; None where it states nothing, or denies it."""
    words = text.text
    if len(words) > NOTE_CHARS:
        return None
    if lexicon.negated("renewal", words) or lexicon.has("one_off", words):
        return None
    hits = [h for h in lexicon.find("renewal", words) if not _in_title(words, h.start)]
    money = [a for a in amounts(words) if a.money is not None]
    later = next((a for a in money if a.role == "renewal"), None)
    if not hits and later is None:
        return None
    if not own and hits and hits[0].word in _HEADINGS and _EDGES.sub("", words).casefold() == hits[0].word:
        return None  # alone outside of all cards it is a button or a heading, also of a newsletter
    fact = (hits[0].start, hits[0].end) if hits else (later.start, later.end) if later else None
    price = later or (next((a for a in money if a.role == "price"), None) if hits else None)
    period = period_in(words) is not None or any(a.per not in {None, "episode"} for a in money)
    start, end = (price.start, price.end) if price else fact or (0, len(words))
    return Renewal(
        text=text,
        fact=fact,
        price=(price.start, price.end) if price else None,
        period=(start, end) if period else None,
        amount=price,
        cancel=lexicon.has("cancel", words),
        own=own,
    )


def _in_title(words: str, at: int) -> bool:
    """Whether a position lies within the title of an agreement, 《…》."""
    opened = words.rfind("《", 0, at + 1)
    return opened >= 0 and words.find("》", opened) >= at


def notes(screen: Screen, cards: tuple[Card, ...]) -> tuple[Text, ...]:
    """Texts in scope that belong to no card."""
    inside = {id(t) for c in cards for t in c.texts}
    return tuple(t for t in screen.in_scope if id(t) not in inside)
