"""What a check came to, one line each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from payaudit.evidence.chain import Problem
from payaudit.model.base import Frozen

State = Literal[
    "holds",
    "fails",
    "unknown",  # it holds in itself, but nobody said that its key or root is to be trusted
    "absent",  # there is nothing that could hold
]


class Line(Frozen):
    """One thing that was checked: with whose key (fingerprint) and by which clock, where it has these."""

    what: str
    state: State
    en: str
    zh: str
    key: str | None = None
    clock: datetime | None = None


def problems(lines: Iterable[Line]) -> tuple[Problem, ...]:
    """What of the lines fails."""
    return tuple(Problem(line.en, line.zh) for line in lines if line.state == "fails")


def failing(what: str, found: Iterable[Problem]) -> list[Line]:
    """Problems as lines."""
    return [Line(what=what, state="fails", en=problem.en, zh=problem.zh) for problem in found]
