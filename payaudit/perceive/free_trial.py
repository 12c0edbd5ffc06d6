"""Trials for nothing: a length called free, with no price of its own beside it."""

from __future__ import annotations

from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.placed import ASKED
from payaudit.perceive.prices import amounts
from payaudit.perceive.trials import trial_days


def free_for(text: str, lexicon: Lexicon) -> int | None:
    """The days that a text gives for nothing (7-day free trial, 7日間無料); None where it gives none."""
    days = trial_days(text)
    if days is None or not lexicon.has("free", text):
        return None
    priced = any(a.money is not None and a.money.amount and a.role in ASKED for a in amounts(text))
    return None if priced else days
