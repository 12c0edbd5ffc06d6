"""Evidence: what a walk leaves behind, as it lies in one ``.wacz``.

archive/data.warc.gz             all traffic, in recorded order
payaudit/audit.json              Audit
payaudit/run-01.json             RunInfo: one fresh browser context under one persona
payaudit/run-01-step-0001-…      step.json (Step), snapshot.json.gz, screen.png, chain.json (Link)

While the walk is running the files of a run and of a step lie in folders of their own;
``payaudit.evidence.layout`` says where, and why the packed names are flat.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from payaudit.model.base import Frozen
from payaudit.model.custody import Custody
from payaudit.model.text import Text

IMPORTED = "imported"
"""``end_reason`` of evidence made of what others recorded, and the option that says of which file."""

MINI_PROGRAM = "http://mp.payaudit.invalid"
"""Where a mini-program lies while it is walked: an address of no meaning to anybody else."""

Goal = Literal[
    "enter", "credits", "paywall", "read", "offers", "ladder", "leave", "cancel", "again", "personas"
]
GoalState = Literal["reached", "impossible", "out_of_budget", "failed", "not_tried"]
Verb = Literal[
    "open", "tap", "swipe", "scroll", "back", "wait", "type", "answer_dialog", "outside_tap", "capture"
]
EventKind = Literal[
    "payment_call",  # a wallet API or payment host was asked to act, and was refused
    "blocked",  # a request stopped for another reason (orders limit, method refused)
    "dialog",
    "navigation",
    "popup",
    "console_error",
    "page_error",
    "request_failed",
    "download",
    "intervention",
    "guard_lost",
    "host_call",  # a mini-program's call of its host, and what it was answered
    "runtime_gap",  # what the simulated host of a mini-program lacks, or what went wrong in it
]


class Box(Frozen):
    """A rectangle in CSS px of the main frame's viewport."""

    x: float
    y: float
    width: float
    height: float


class Event(Frozen):
    """Something that happened between two captures.

    ``data`` by kind: payment_call ``{channel, api, arguments, url, signature,
    wall}``; dialog ``{type, message, answer}``; navigation ``{url, status}``, a redirect's hop
    with ``to``;
    blocked ``{url, method, reason, wall}``; intervention ``{what, why}``;
    host_call ``{name, arguments, answer, page}``; runtime_gap ``{kind, name, detail, page}``.
    """

    kind: EventKind
    at: datetime
    data: dict[str, Any] = Field(default_factory=dict)


class Target(Frozen):
    """What an action was aimed at, as the screen showed it."""

    node: int
    label: str
    role: str
    box: Box


class Candidate(Frozen):
    """Something that could have been pressed instead, or that was; ``score`` from 0 to 1.

    ``passed_over`` says why it was not chosen; None for the one that was.
    """

    label: str
    role: str
    intent: str
    score: float
    why: str
    passed_over: str | None = None


class Action(Frozen):
    """One act of the walk, and why it was chosen."""

    verb: Verb
    goal: Goal
    why: str
    intent: str | None = None
    target: Target | None = None
    value: str | None = None
    offer: str | None = None  # name of the offer being taken to its payment call
    candidates: tuple[Candidate, ...] = ()  # what was weighed, likeliest first; empty in older files


class Outcome(Frozen):
    """What became of the action, as far as the walk could tell."""

    changed: bool
    url: str
    note: str | None = None


class Step(Frozen):
    """One capture: the action before it, what happened since the last one, the screen."""

    run: int
    number: int
    goal: Goal
    started: datetime
    captured: datetime
    seen: datetime | None = None  # when the snapshot was taken; None in older files
    action: Action
    events: tuple[Event, ...] = ()
    outcome: Outcome
    title: str = ""
    url: str = ""
    scene: str | None = None  # what the walk took the screen for, e.g. "paywall"
    interventions: tuple[str, ...] = ()
    warc_first: int | None = None  # sequence numbers of the traffic since the last step
    warc_last: int | None = None


class Signed(Frozen):
    """A signature of a link's hash: Ed25519, key and signature in base64."""

    key: str
    signature: str


class Link(Frozen):
    """A link of the hash chain: SHA-256 in hex over everything before it."""

    files: dict[str, str]
    previous: str
    warc_offset: int
    warc_sha256: str  # of the archive's first warc_offset bytes
    hash: str
    signed: Signed | None = None


class RunInfo(Frozen):
    """One fresh browser context under one persona."""

    number: int
    persona: str
    purpose: Goal
    started: datetime
    browser: str
    user_agent: str
    viewport: tuple[int, int]
    device_scale: float
    locale: str
    timezone: str
    interventions: tuple[str, ...] = ()


class GoalResult(Frozen):
    """What became of one goal of the agenda; ``reason`` in both languages where not reached."""

    goal: Goal
    state: GoalState
    reason_en: str | None = None
    reason_zh: str | None = None
    steps: tuple[tuple[int, int], ...] = ()  # (run, step) that show it


class Audit(Frozen):
    """The head of the evidence: ``payaudit/audit.json``."""

    format: Literal["payaudit-evidence/1"] = "payaudit-evidence/1"
    target: str
    persona: str
    jurisdictions: tuple[str, ...] = ()  # empty: to be guessed from what was seen
    started: datetime
    ended: datetime | None = None
    end_reason: str | None = None  # None with ended None: the walk was cut off
    tool: str
    browser: str
    agenda: tuple[GoalResult, ...] = ()
    options: dict[str, Any] = Field(default_factory=dict)
    custody: Custody | None = None  # None: made without keys
    remarks: tuple[Text, ...] = ()  # what of the way of walking a reader has to know
    failure_en: str | None = None
    failure_zh: str | None = None

    @property
    def imported(self) -> bool:
        """Whether nobody walked: it was made of what others recorded."""
        return self.end_reason == IMPORTED
