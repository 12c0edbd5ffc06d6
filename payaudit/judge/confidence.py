"""How sure a finding is, from how its fields were known.

confirmed  DOM, ARIA, a call or a dialog said so
probable   one doubtful basis: a style, a class, the price on a button, OCR, a single fresh run, a look of
           one of the rule's known false positives, a bill or picture that a person attached
possible   two doubtful bases: only the pattern speaks for it
"""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel

from payaudit.judge.subjects import Fact
from payaudit.model.facts import ATTACHED_RUN, Consent, PaymentCall
from payaudit.model.finding import Confidence, Finding

_FIRM = {"dom", "aria", "call", "text", "dialog", "arguments", "order", "bill"}
_LEVELS: tuple[Confidence, ...] = ("confirmed", "probable", "possible")


def confidence(
    fact: Fact,
    fields: Iterable[str],
    at_most: Confidence,
    *,
    on_screen: bool,
    mistaken: bool = False,
) -> Confidence:
    """The confidence of a verdict that rests on these fields of a fact.

    ``mistaken``: the fact looks like one of the rule's known false positives.
    """
    doubts = sum(not _firm(fact, name) for name in dict.fromkeys(_bases(fact, fields))) + mistaken
    if on_screen and fact.at.node is None:
        # No DOM node: it was read from pixels.
        doubts += 1
    if isinstance(fact, Consent) and doubts == 0 and _one_run(fact):
        doubts = 1
    if fact.at.run == ATTACHED_RUN:
        doubts = max(doubts, 1)  # a picture that was handed in
    level = _LEVELS[min(doubts, 2)]
    return max(level, at_most, key=_LEVELS.index)


def at_most(findings: Iterable[Finding], level: Confidence) -> tuple[Finding, ...]:
    """The findings, none surer than ``level``."""
    return tuple(
        f.model_copy(update={"confidence": max(f.confidence, level, key=_LEVELS.index)}) for f in findings
    )


def _bases(fact: BaseModel, fields: Iterable[str]) -> Iterable[str]:
    """The fields that tell how these fields were known."""
    known = type(fact).model_fields
    for path in fields:
        name = path.partition(".")[0]
        if getattr(fact, name) is None:
            continue  # not seen, and so not known by anything
        if f"{name}_known_by" in known:
            yield f"{name}_known_by"
        elif isinstance(fact, Consent) and name == "checked":
            yield "known_by"
        elif isinstance(fact, PaymentCall) and name in ("over_shown", "amount"):
            yield "amount_known_by"


def _firm(fact: BaseModel, name: str) -> bool:
    return getattr(fact, name) in _FIRM


def _one_run(consent: Consent) -> bool:
    """A state seen in one fresh run only, or not in all of them, could be chance."""
    return consent.seen_runs <= 1 or consent.checked_runs not in (0, consent.seen_runs)
