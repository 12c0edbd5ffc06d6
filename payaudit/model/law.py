"""Provisions: what a law, rule or guideline asks for, and since when."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, field_validator, model_validator

from payaudit.model.base import Frozen
from payaudit.model.text import Text

Verification = Literal["verified", "secondary", "unverified"]
Nature = Literal["law", "guidance", "case", "campaign", "platform_rule", "proposal"]
Use = Literal["duty", "harbour", "remedy", "context"]

# Member states whose own provisions stand in the register or whom an investigator may name:
# where their law is looked at, the Union's is too.
_MEMBERS = frozenset({"AT", "BE", "DE", "DK", "ES", "FI", "FR", "IE", "IT", "NL", "PL", "PT", "SE"})


class Instrument(Frozen):
    """A statute, regulation, guideline or platform rule by its own name and in English."""

    original: str
    en: str


class InForce(Frozen):
    """The first and the last day of a provision; ``None`` is an open or unknown end."""

    since: date | None = Field(None, alias="from")
    until: date | None = None

    def on(self, day: date) -> bool:
        """Whether the provision was in force on that day."""
        begun = self.since is None or self.since <= day
        return begun and (self.until is None or day <= self.until)

    def meets(self, other: InForce) -> bool:
        """Whether both were in force on some day."""
        first = max(self.since or date.min, other.since or date.min)
        last = min(self.until or date.max, other.until or date.max)
        return first <= last


class Provision(Frozen):
    """One provision, paraphrased; never a quotation and never a verdict.

    ``verification`` tells how its content is known: from the primary text, from
    a secondary source such as a law firm's note, or not checked at all.
    ``nature`` tells statutes apart from what binds less or not yet: a
    ``proposal`` is in force on no day. ``use`` tells what it is good for: a duty
    that a finding bears upon, a harbour for the trader, a remedy, or context.

    A provision that was reworded stands in the register once for each wording,
    with the same ``id`` and with periods that do not meet.
    """

    id: str
    jurisdiction: str  # CN, US, US-CA, EU, UK, KR, JP, IN, ...
    instrument: Instrument
    article: Text
    nature: Nature = "law"
    use: Use = "duty"
    in_force: InForce
    status_note: Text | None = None
    paraphrase: Text
    source: Text
    verification: Verification

    def on(self, day: date) -> bool:
        """Whether it bound anybody on that day."""
        return self.nature != "proposal" and self.in_force.on(day)

    @field_validator("source", mode="before")
    @classmethod
    def _same_in_both(cls, value: object) -> object:
        """A register of one's own may name its source in one language alone."""
        return {"en": value, "zh": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _id_begins_with_jurisdiction(self) -> Provision:
        if not self.id.startswith(f"{self.jurisdiction}-"):
            raise ValueError(f"id {self.id!r} should begin with {self.jurisdiction!r}-")
        return self


class Law(Frozen):
    """The register of provisions, and the hash of the files it was read from."""

    provisions: tuple[Provision, ...]
    sha256: str

    def get(self, provision: str, on: date | None = None) -> Provision | None:
        """The provision with this id, in its wording of a day; of the last wording without one."""
        wordings = [known for known in self.provisions if known.id == provision]
        if on is not None and any(known.on(on) for known in wordings):
            return next(known for known in wordings if known.on(on))
        return wordings[-1] if wordings else None

    @property
    def jurisdictions(self) -> tuple[str, ...]:
        """Every place that the register speaks of, parts with their countries."""
        places = {provision.jurisdiction for provision in self.provisions}
        return tuple(sorted(places | {place.partition("-")[0] for place in places} | _MEMBERS))


class Jurisdictions(Frozen):
    """Whose law is looked at, and why."""

    ids: tuple[str, ...]
    reason: Text


def covers(jurisdiction: str, other: str) -> bool:
    """Whether a provision of ``other`` concerns who asks about ``jurisdiction``.

    A country stands for its parts and a part for its country: a page sold in
    the US is sold in California, and Californian law does not displace federal.
    A member state has the Union's law too, but prices in euro tell of no state.
    """
    return (
        other == jurisdiction
        or other.startswith(f"{jurisdiction}-")
        or jurisdiction.startswith(f"{other}-")
        or (other == "EU" and jurisdiction.partition("-")[0] in _MEMBERS)
    )
