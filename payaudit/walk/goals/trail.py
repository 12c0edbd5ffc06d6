"""What a run has done on its way to the paywall, and what earlier runs learnt."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from payaudit.perceive.controls import Control
from payaudit.walk.stage import View

_REPEATS = 40  # presses of "next"; longer free stretches are rare
_IDLE = 2  # presses of one control, on whatever screens, that changed nothing
_SAME = 6  # presses of one control on screens that differ

_DIGITS = re.compile(r"\d+")

Kind = Literal["press", "repeat", "scroll", "swipe", "point", "wait", "watch", "fill", "back"]
Mark = tuple[str, str]


@dataclass(frozen=True)
class Proposal:
    """One thing to do next; ``score`` from 0 to 1 says how much speaks for it."""

    kind: Kind
    why: str
    intent: str
    control: Control | None = None
    episode: int | None = None
    score: float = 0.5


@dataclass
class Memory:
    """What earlier runs of the same walk learnt; spares detours, never changes order.

    ``way`` is, for each screen on the shortest way found, what was pressed there; ``dead``
    holds presses that left the site.
    """

    episode: int | None = None
    says_yes: bool = False  # a question without a price stands between a locked episode and what is sold
    dead: set[Mark] = field(default_factory=set)
    way: dict[str, tuple[str, str]] = field(default_factory=dict)  # scene key → signature, intent


@dataclass
class Trail:
    """One run's own memory."""

    pressed: set[Mark] = field(default_factory=set)
    path: list[tuple[str, str, str]] = field(default_factory=list)
    episodes: set[int] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    idle: Counter[str] = field(default_factory=Counter)
    times: Counter[str] = field(default_factory=Counter)
    words: set[str] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)  # captions of screens before the one in front
    left: set[str] = field(default_factory=set)  # screens that were gone back from
    inside: bool = False  # a list of episodes or a player was seen: the drama's own site

    def passed_over(self, view: View, proposal: Proposal, memory: Memory) -> str | None:
        """Why a proposal is not taken now; None where it may be."""
        if proposal.control is None:
            return None
        said = signature(proposal.control)
        mark = (view.scene.key, said)
        again = proposal.kind == "repeat"
        still = view.screen.words in self.words and mark in self.pressed
        reasons = (
            (mark in memory.dead, "it left the site when it was pressed before"),
            (again and still, "pressing it again changed nothing"),
            (again and self.counts[proposal.intent] >= _REPEATS, "it was pressed often enough"),
            (not again and mark in self.pressed, "it was already pressed on this screen"),
            (
                not again and self.idle[kin(proposal)] >= _IDLE,
                "it changed nothing when it was pressed before",
            ),
            (not again and self.times[kin(proposal)] >= _SAME, "it was pressed often enough"),
        )
        return next((why for holds, why in reasons if holds), None)

    def note(self, view: View, proposal: Proposal) -> None:
        """Keep what is about to be done on a screen."""
        self.counts[proposal.intent] += 1
        if proposal.control is None:
            return
        said = signature(proposal.control)
        self.pressed.add((view.scene.key, said))
        self.times[kin(proposal)] += 1
        self.path.append((view.scene.key, said, proposal.intent))
        if proposal.episode is not None:
            self.episodes.add(proposal.episode)

    def has_pressed(self, control: Control) -> bool:
        """Whether a control of this caption and kind was pressed in this run, on whatever screen.

        What it is called by its author may change with its state.
        """
        said = _captioned(signature(control))
        return any(_captioned(mark[1]) == said for mark in self.pressed)

    def learnt(self) -> dict[str, tuple[str, str]]:
        """The way without its loops: a screen that was come back to cuts what lies between."""
        way: dict[str, tuple[str, str]] = {}
        for key, said, intent in self.path:
            if key in way:
                keys = list(way)
                way = {k: way[k] for k in keys[: keys.index(key)]}
            way[key] = (said, intent)
        return way


def signature(control: Control) -> str:
    """What tells a control from its neighbours, on this visit and on the next."""
    return f"{control.role}|{control.label}|{control.words}|{round(control.box[0] / 24)}"


def _captioned(said: str) -> tuple[str, ...]:
    return tuple(said.split("|")[:2])


def kin(proposal: Proposal) -> str:
    """The control and those that differ from it by a number alone; episodes are each their own."""
    said = signature(proposal.control) if proposal.control is not None else proposal.kind
    return said if proposal.episode is not None else _DIGITS.sub("#", said)
