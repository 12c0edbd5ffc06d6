"""What could have been pressed, as an action keeps it for the record."""

from __future__ import annotations

from collections.abc import Iterable

from payaudit.model.evidence import Candidate
from payaudit.perceive.controls import Control
from payaudit.perceive.intents import INTENTS, best
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.screen import Screen

MOST = 6  # kept with an action


def candidate(
    control: Control, intent: str, score: float, why: str, passed_over: str | None = None
) -> Candidate:
    """One entry."""
    return Candidate(
        label=control.label.strip()[:80],
        role=control.role,
        intent=intent,
        score=round(score, 2),
        why=why[:200],
        passed_over=passed_over,
    )


def weighed(screen: Screen, lexicon: Lexicon, intent: str | None, chosen: Control) -> tuple[Candidate, ...]:
    """All controls that might serve the same intent; empty where no word or shape speaks for it."""
    if intent not in INTENTS:
        return ()
    found = best(intent, screen, lexicon)
    if not any(c.node == chosen.node for c, _ in found):
        return ()
    return tuple(_kept((c, intent, g.score, g.why) for c, g in found[:MOST] if c.label or c is chosen))


def _kept(found: Iterable[tuple[Control, str, float, str]]) -> Iterable[Candidate]:
    for control, intent, score, why in found:
        yield candidate(control, intent, score, why)
