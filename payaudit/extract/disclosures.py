"""Texts that state a condition of paying, each with its legibility, for the report."""

from __future__ import annotations

from typing import Literal

from payaudit.extract.legible import legibility
from payaudit.extract.terms import NOTE_CHARS, statement
from payaudit.extract.walked import Seen, Walked
from payaudit.model.facts import Disclosure
from payaudit.perceive.card import Card
from payaudit.perceive.naming import offer_name
from payaudit.perceive.texts import Run, Text

_Kind = Literal["refund", "minor", "autobuy"]
_OTHER: tuple[tuple[str, _Kind], ...] = (("refund", "refund"), ("minor", "minor"), ("autobuy", "autobuy"))


def disclosures(walked: Walked) -> tuple[Disclosure, ...]:
    """One for each wording, where it was first seen on a selling screen."""
    found: dict[str, Disclosure] = {}
    untouched: set[str] = set()
    for seen in walked.untouched():
        untouched |= {t.text for t in seen.screen.in_scope}
    for seen in walked.selling():
        for text in seen.screen.in_scope:
            if text.text in found or len(text.text) > NOTE_CHARS:
                continue
            made = _disclosure(walked, seen, text, folded=text.text not in untouched)
            if made is not None:
                found[text.text] = made
    return tuple(found.values())


def _disclosure(walked: Walked, seen: Seen, text: Text, *, folded: bool) -> Disclosure | None:
    card = next((c for c in seen.scene.cards if any(t is text for t in c.texts)), None)
    names = (offer_name(card, walked.lexicon),) if card else ()
    renewal = statement(text, walked.lexicon, own=card is not None)
    at = seen.source(text.node, text.text, text.box)
    measured = legibility(
        seen.screen,
        text,
        (0, len(text.text)),
        _price(seen, card),
        next(iter(seen.scene.pays), None),
        folded=folded,
    )
    if renewal is not None:
        return Disclosure(
            kind="renewal",
            text=text.text.strip(),
            states_renewal=renewal.fact is not None,
            states_price=renewal.price is not None,
            states_period=renewal.period is not None,
            states_cancel=renewal.cancel,
            offers=names,
            legibility=measured,
            at=at,
        )
    for group, kind in _OTHER:
        if walked.lexicon.has(group, text.text):
            return Disclosure(kind=kind, text=text.text.strip(), offers=names, legibility=measured, at=at)
    return None


def _price(seen: Seen, card: Card | None) -> tuple[Run, ...]:
    """Runs of the price that a text is read beside: its card's, else that of what stands chosen."""
    chosen = card or next((c for c in seen.scene.cards if c.chosen), next(iter(seen.scene.cards), None))
    return chosen.main.runs if chosen is not None and chosen.main is not None else ()
