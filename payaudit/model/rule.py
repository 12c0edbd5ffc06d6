"""Rules as they stand in ``rules/*.yaml``: data, with conditions not yet compiled."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, JsonValue, model_validator

from payaudit.model.base import Frozen
from payaudit.model.finding import Confidence, Severity, Verdict
from payaudit.model.law import covers
from payaudit.model.text import Text
from payaudit.model.words import Words

Subject = Literal[
    "offer",
    "consent",
    "payment_call",
    "leaving",
    "exit",
    "episode",
    "disclosure",
    "dialog",
    "licence",
    "clause",
    "identity",
    "merchant",
    "coin_plan",
    "series_cost",
    "urgency",
    "minor_guard",
    "claim",
    "ladder",
    "cancel",
    "countdown",
    "scarcity",
    "crowd",
    "persona_pair",
]
Status = Literal["experimental", "stable", "retired"]
Condition = dict[str, JsonValue] | list[JsonValue]


def _no_bool(value: object) -> object:
    # Python counts True as 1; a threshold of "true" is a mistake in the file.
    if isinstance(value, bool):
        raise ValueError("a threshold is a number, not true or false")  # noqa: TRY004 - Pydantic lets a TypeError through
    return value


Number = Annotated[Decimal, BeforeValidator(_no_bool)]


class Dated(Frozen):
    """A threshold's value for a stretch of time; open ends where not given."""

    value: Number
    since: date | None = Field(None, alias="from")
    until: date | None = None
    source: Text | None = None

    def on(self, day: date) -> bool:
        """Whether the value holds on that day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


class Threshold(Frozen):
    """A number a rule measures with, where it comes from, and where it differs.

    In the file: ``{default: 12, source: {en, zh}, CN: 14}`` or, with dates,
    ``CN: {value: 14, from: 2026-01-01}`` or a list of such.
    """

    default: Number
    source: Text
    elsewhere: dict[str, tuple[Dated, ...]] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _gather_jurisdictions(cls, data: object) -> object:
        if not isinstance(data, dict) or "elsewhere" in data:
            return data
        kept, elsewhere = {}, {}
        for key, value in data.items():
            if isinstance(key, str) and key.isupper():
                entries = value if isinstance(value, list) else [value]
                elsewhere[key] = tuple(
                    entry if isinstance(entry, dict) else {"value": entry} for entry in entries
                )
            else:
                kept[key] = value
        return {**kept, "elsewhere": elsewhere}

    def of(self, jurisdiction: str | None, on: date | None) -> tuple[Decimal, Text]:
        """Value and source in a jurisdiction (a part falls back on its country) on a day."""
        place = jurisdiction or ""
        while place:
            for entry in self.elsewhere.get(place, ()):
                if on is None or entry.on(on):
                    return entry.value, entry.source or self.source
            place = place.rpartition("-")[0]
        return self.default, self.source


class StandardExample(Frozen):
    """A part of a fact, and whether it fails the standard; null: not enough was seen."""

    name: str
    fails: bool | None
    of: dict[str, JsonValue]


class Standard(Frozen):
    """A condition that several rules share: ``renewal|fails: prominence``."""

    id: str
    title: Text
    subject: Literal["legibility"]
    thresholds: dict[str, Threshold] = Field(default_factory=dict)
    fails: Condition
    examples: tuple[StandardExample, ...] = ()


class SeverityWhen(Frozen):
    """Another severity, where its condition holds."""

    severity: Severity
    holds: Condition = Field(alias="is")


class Harbour(Frozen):
    """What clears a fact although the rule is met: ``{en, zh, is: condition}``, or a plain condition."""

    title: Text | None = None
    holds: Condition = Field(alias="is")

    @model_validator(mode="before")
    @classmethod
    def _read(cls, data: object) -> object:
        if isinstance(data, dict) and set(data) == {"en", "zh", "is"}:
            return {"title": {"en": data["en"], "zh": data["zh"]}, "is": data["is"]}
        return data if isinstance(data, dict) and "is" in data else {"is": data}


class FalsePositive(Frozen):
    """How the rule could be wrong, and, where a fact can tell, when it looks so: ``{en, zh, is}``."""

    en: str
    zh: str
    looks_so: Condition | None = Field(None, alias="is")


class Practice(Frozen):
    """One practice of the catalogue, whether or not a rule judges it yet.

    ``waits_for`` names what no fact tells so far, for which reason the practice
    is not judged, or only in part. ``needs`` names what a single walk cannot have:
    recordings of other days or personas, or those of a customer who has bought.
    A rule on such a practice stays experimental.
    """

    id: str = Field(pattern=r"^R\d\d$")
    title: Text
    typology: str | None = None
    needs: Literal["history", "purchase"] | None = None
    waits_for: tuple[str, ...] = ()
    why: Text | None = None
    provisions: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _waiting_has_a_reason(self) -> Practice:
        if (bool(self.waits_for) or self.needs is not None) != (self.why is not None):
            raise ValueError("waits_for or needs, and why, go together")
        return self


def _harbours(value: object) -> object:
    # A mapping alone is one harbour.
    return [value] if isinstance(value, dict) else value


class Example(Frozen):
    """A fact and the verdict the rule must reach on it.

    ``harbours`` and ``looks_wrong`` are the results of the safe harbours and of
    those false positives that have a condition, in the rule's order.
    """

    name: str
    verdict: Verdict
    severity: Severity | None = None
    not_seen: tuple[str, ...] | None = None
    harbours: tuple[bool | None, ...] | None = None
    looks_wrong: tuple[bool | None, ...] | None = None
    fact: dict[str, JsonValue]


class Rule(Frozen):
    """One practice: what is observed, when it counts, what it bears upon.

    ``places`` names the only jurisdictions where it counts, if not everywhere.
    A rule begins ``experimental``; ``stable`` has an example of each verdict; one
    that is ``retired`` is kept for old reports, judges nothing and says why.
    """

    id: str
    catalogue: str
    title: Text
    explanation: Text
    severity: Severity
    severity_when: tuple[SeverityWhen, ...] = ()
    confidence_at_most: Confidence = "confirmed"
    status: Status
    retired_because: Text | None = None
    subject: Subject
    places: tuple[str, ...] = ()
    when: Condition = Field(default_factory=dict)
    thresholds: dict[str, Threshold] = Field(default_factory=dict)
    violates: Condition
    unless: Annotated[tuple[Harbour, ...], BeforeValidator(_harbours)] = ()
    sentence: Text
    provisions: tuple[str, ...]
    false_positives: tuple[FalsePositive, ...] = ()
    remedy: Text
    examples: tuple[Example, ...]

    @model_validator(mode="after")
    def _retiring_has_a_reason(self) -> Rule:
        if (self.status == "retired") != (self.retired_because is not None):
            raise ValueError("status retired and retired_because go together")
        return self

    def concerns(self, jurisdiction: str) -> bool:
        """Whether the rule is meant for a place; one without ``places`` is for all."""
        return not self.places or any(covers(jurisdiction, place) for place in self.places)


class RuleSet(Frozen):
    """All rules of a folder, what they share, and the hash of the files."""

    rules: tuple[Rule, ...]
    standards: tuple[Standard, ...]
    words: Words
    practices: tuple[Practice, ...]
    sha256: str

    def get(self, rule: str) -> Rule | None:
        """The rule with this id."""
        return next((known for known in self.rules if known.id == rule), None)
