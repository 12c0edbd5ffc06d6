"""ComparisonV1: what changed between two audits, as it is written to disk and read by others.

Two dates, two personas or two platforms. A wire format like ``ReportV1``: everything a person
reads is there in both languages, decimals are strings, nothing depends on the clock.
"""

from __future__ import annotations

from typing import Literal

from payaudit.model.base import Frozen
from payaudit.model.finding import Severity, Verdict
from payaudit.model.report import Count, Day, EvidenceV1, Name, PlaceV1, Sha256
from payaudit.model.text import Text

OfferChange = Literal["added", "removed", "repriced", "changed", "newly_seen", "not_reobserved", "same"]
"""``added`` and ``removed`` only where the other side's paywall was seen whole."""

FindingChange = Literal["new", "newly_seen", "persists", "remedied", "not_reobserved"]
"""``new`` and ``remedied`` only where the same place was judged compliant, or was seen not to be there."""

Differs = Literal["target", "persona", "captured", "jurisdiction", "rules", "law", "tool"]


class SideV1(Frozen):
    """One of the two audits. ``facts`` is false where only a report was there to compare."""

    target: Name
    title: str | None
    persona: Name
    captured: Day
    jurisdictions: tuple[str, ...]
    evidence: EvidenceV1
    rules: Sha256
    facts: bool
    paywall_seen_whole: bool | None


class ChangeV1(Frozen):
    """One value on both sides; ``percent`` where both are amounts of one currency."""

    field: Name
    name: Text
    before: str
    after: str
    percent: str | None


class OfferSideV1(Frozen):
    """An offer as one side shows it: its price as a person would say it, and the place."""

    name: str
    price: str | None
    at: PlaceV1


class OfferChangeV1(Frozen):
    """An offer of one or both sides. ``not_compared`` names what only one side showed."""

    change: OfferChange
    before: OfferSideV1 | None
    after: OfferSideV1 | None
    changes: tuple[ChangeV1, ...]
    not_compared: tuple[Text, ...]


class EpisodeChangeV1(Frozen):
    """An episode that costs something else, in money or coins."""

    number: Count
    before: str
    after: str
    percent: str | None


class FindingSideV1(Frozen):
    """A finding as one side has it; ``id`` as in its report."""

    id: Name
    verdict: Verdict
    severity: Severity
    subject: str
    sentence: Text
    at: PlaceV1


class FindingChangeV1(Frozen):
    """What became of a suspected practice at one place, and why that can be said."""

    change: FindingChange
    rule: Name
    catalogue: Name
    title: Text
    severity: Severity
    before: FindingSideV1 | None
    after: FindingSideV1 | None
    reason: Text


class ComparisonV1(Frozen):
    """The whole comparison; ``offers`` and ``episodes`` are null where a side brought no facts."""

    format: Literal["payaudit-comparison/1"] = "payaudit-comparison/1"
    notice: Text
    before: SideV1
    after: SideV1
    differs: tuple[Differs, ...]
    remarks: tuple[Text, ...]
    offers: tuple[OfferChangeV1, ...] | None
    episodes: tuple[EpisodeChangeV1, ...] | None
    findings: tuple[FindingChangeV1, ...]
    offer_counts: dict[OfferChange, Count]
    finding_counts: dict[FindingChange, Count]
