"""What a rule can judge: the kinds of facts, where they lie and what they are called."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from payaudit.model.facts import (
    Cancelling,
    Claim,
    Clause,
    CoinPlan,
    Consent,
    Countdown,
    Crowd,
    Dialog,
    Disclosure,
    Episode,
    Exit,
    Facts,
    Identity,
    Ladder,
    Leaving,
    Licence,
    Merchant,
    MinorGuard,
    Offer,
    PaymentCall,
    PersonaPair,
    Scarcity,
    SeriesCost,
    Urgency,
)
from payaudit.model.rule import Subject

Fact = (
    Offer | Consent | PaymentCall | Leaving | Exit | Episode | Disclosure | Dialog | Licence
    | Clause | Identity | Merchant | CoinPlan | SeriesCost | Urgency | MinorGuard
    | Ladder | Cancelling | Countdown | Scarcity | Crowd | Claim | PersonaPair
)  # fmt: skip


@dataclass(frozen=True)
class SubjectKind:
    """How to find the facts of one kind, and what a person would call one of them.

    ``on_screen``: seen on a screen, where a missing DOM node means that it was
    read from pixels; a call or a way out has no node of its own.
    """

    type: type[Fact]
    of: Callable[[Facts], Sequence[Fact]]
    label: Callable[[Any], str]
    on_screen: bool


SUBJECTS: dict[Subject, SubjectKind] = {
    "offer": SubjectKind(Offer, lambda f: f.offers, lambda o: o.name, on_screen=True),
    "consent": SubjectKind(Consent, lambda f: f.consents, lambda c: c.label, on_screen=True),
    "payment_call": SubjectKind(
        PaymentCall,
        lambda f: f.payment_calls,
        lambda c: c.offer or c.tapped_label or c.api,
        on_screen=False,
    ),
    "leaving": SubjectKind(
        Leaving, lambda f: f.leaving, lambda x: x.at.text or f"run {x.at.run:02}", on_screen=False
    ),
    "exit": SubjectKind(Exit, lambda f: f.exits, lambda e: e.label or e.kind, on_screen=False),
    "episode": SubjectKind(Episode, lambda f: f.episodes, lambda e: str(e.number), on_screen=True),
    "disclosure": SubjectKind(Disclosure, lambda f: f.disclosures, lambda d: d.text, on_screen=True),
    "dialog": SubjectKind(Dialog, lambda f: f.dialogs, lambda d: d.message, on_screen=False),
    "licence": SubjectKind(
        Licence,
        lambda f: () if f.licence is None else (f.licence,),
        lambda x: x.number or "-",
        on_screen=True,
    ),
    "clause": SubjectKind(Clause, lambda f: f.clauses, lambda c: c.text, on_screen=False),
    "identity": SubjectKind(Identity, lambda f: f.identities, lambda i: i.value, on_screen=False),
    "merchant": SubjectKind(
        Merchant, lambda f: _one(f.merchant), lambda m: ", ".join(m.companies) or "-", on_screen=False
    ),
    "coin_plan": SubjectKind(
        CoinPlan, lambda f: _one(f.coin_plan), lambda p: f"{p.packs} packs", on_screen=False
    ),
    "series_cost": SubjectKind(
        SeriesCost,
        lambda f: _one(f.series_cost),
        lambda s: f"{s.paid_episodes or '?'} episodes",
        on_screen=False,
    ),
    "urgency": SubjectKind(Urgency, lambda f: f.urgencies, lambda u: u.text, on_screen=True),
    "minor_guard": SubjectKind(
        MinorGuard, lambda f: _one(f.minor_guard), lambda m: m.text or "-", on_screen=False
    ),
    "claim": SubjectKind(Claim, lambda f: f.claims, lambda c: c.text, on_screen=True),
    "ladder": SubjectKind(
        Ladder,
        lambda f: () if f.ladder is None else (f.ladder,),
        lambda x: f"{x.first_number}-{x.last_number}",
        on_screen=True,
    ),
    "cancel": SubjectKind(
        Cancelling,
        lambda f: () if f.cancel is None else (f.cancel,),
        lambda x: x.label or "cancel",
        on_screen=False,
    ),
    "countdown": SubjectKind(Countdown, lambda f: f.countdowns, lambda x: x.text, on_screen=True),
    "persona_pair": SubjectKind(
        PersonaPair, lambda f: f.persona_pairs, lambda x: f"{x.name} · {x.persona}", on_screen=True
    ),
    "scarcity": SubjectKind(Scarcity, lambda f: f.scarcities, lambda x: x.text, on_screen=True),
    "crowd": SubjectKind(Crowd, lambda f: f.crowds, lambda x: x.text, on_screen=True),
}


def _one(fact: Fact | None) -> Sequence[Fact]:
    return () if fact is None else (fact,)
