"""ReportV1: the report as it is written to disk and read by others.

A wire format apart from the internal types: these may change, this may not,
except by a new version. Everything a person reads is there in both languages;
decimals are strings; nothing depends on the clock or the machine.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from payaudit.model.attachment import Placement
from payaudit.model.base import Frozen
from payaudit.model.evidence import Goal, GoalState
from payaudit.model.finding import SEVERITIES, Confidence, Severity, Verdict
from payaudit.model.law import Jurisdictions, Nature, Verification
from payaudit.model.rule import Status
from payaudit.model.text import Text

Judged = Literal["judged", "not_applicable", "not_judged"]

VERDICTS: tuple[Verdict, ...] = ("violation", "unclear", "compliant")
"""Those that a report counts."""

Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", json_schema_extra={"format": "date"})]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Name = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(ge=0)]
Ordinal = Annotated[int, Field(ge=1)]


class BoxV1(Frozen):
    """A rectangle in CSS px."""

    x: float
    y: float
    width: float
    height: float


class PlaceV1(Frozen):
    """Where something was seen: run, step and node of the evidence."""

    run: Count
    step: Count
    node: Count | None
    text: str
    box: BoxV1 | None
    screenshot: str | None


class BecauseV1(Frozen):
    """One test: field, plain name, what was expected and what was observed.

    ``observed`` and ``held`` are null where it was not seen; ``says`` is the
    test as a clause.
    """

    field: Name
    name: Text
    operator: Name
    expected: str
    observed: str | None
    held: bool | None
    says: Text
    threshold_source: Text | None


class CheckV1(Frozen):
    """A safe harbour or a way to be wrong, and whether the fact looks like it.

    ``held`` is null where that was not seen; with no ``because`` at all nothing
    recorded can tell, and a person has to look.
    """

    says: Text
    held: bool | None
    because: tuple[BecauseV1, ...]


class InstrumentV1(Frozen):
    """Name of a statute or guideline, original and English."""

    original: str
    en: str


class InForceV1(Frozen):
    """First and last day, ISO 8601; null is an open or unknown end."""

    since: Day | None = Field(serialization_alias="from", validation_alias="from")
    until: Day | None


class ProvisionV1(Frozen):
    """A provision that a finding bears upon, paraphrased."""

    id: Name
    jurisdiction: Name
    instrument: InstrumentV1
    article: Text
    nature: Nature
    paraphrase: Text
    in_force: InForceV1
    status_note: Text | None
    source: Text
    verification: Verification


class HeldV1(Frozen):
    """In how many fresh runs a grave finding held, of those that showed enough to tell."""

    runs: Count
    of: Count


class EarlierPlaceV1(Frozen):
    """A place in earlier evidence that a finding leans on, with the day of that walk."""

    evidence: Name
    sha256: Sha256 | None
    captured: Day
    at: PlaceV1


class FindingV1(Frozen):
    """What was observed and which provisions it bears upon; never a verdict of law."""

    rule: Name
    catalogue: Name
    verdict: Verdict
    severity: Severity
    confidence: Confidence
    held: HeldV1 | None
    status: Status
    title: Text
    explanation: Text
    subject: str
    sentence: Text
    because: tuple[BecauseV1, ...]
    harbours: tuple[CheckV1, ...]
    not_seen: tuple[Text, ...]
    jurisdictions: tuple[str, ...]
    provisions: tuple[ProvisionV1, ...]
    annex_provisions: tuple[ProvisionV1, ...]
    false_positives: tuple[CheckV1, ...]
    remedy: Text
    at: PlaceV1
    leans_on: tuple[EarlierPlaceV1, ...] = ()


class GoalV1(Frozen):
    """One goal of the walk and what became of it; a reason where not reached."""

    goal: Goal
    state: GoalState
    reason: Text | None


class CoverageV1(Frozen):
    """What the walk reached and what it left open."""

    goals: tuple[GoalV1, ...]
    gaps: tuple[Text, ...]
    walk_ended: bool


class JurisdictionV1(Frozen):
    """Whose provisions were looked at, and why."""

    list: tuple[str, ...]
    reason: Text


class RuleJudgedV1(Frozen):
    """What one rule came to: counts of findings by verdict, or why it was not judged."""

    rule: Name
    catalogue: Name
    title: Text
    state: Judged
    counts: dict[Verdict, Count]
    reason: Text | None


class CountsV1(Frozen):
    """Findings by verdict; those that suspect something also by severity."""

    by_verdict: dict[Verdict, Count] = Field(json_schema_extra={"required": list(VERDICTS)})
    by_severity: dict[Severity, Count] = Field(json_schema_extra={"required": list(SEVERITIES)})


class TogetherV1(Frozen):
    """Weak findings (low, info) of several rules on one screen, which count as one sign."""

    run: int
    step: int
    rules: tuple[str, ...]
    says: Text


class VersionsV1(Frozen):
    """What made the report; ``rules`` and ``law`` are SHA-256 over the files' content."""

    tool: Name
    rules: Sha256
    law: Sha256
    evidence_format: Name


class EvidenceV1(Frozen):
    """An evidence file by its name and, where it is closed, its SHA-256."""

    name: Name
    sha256: Sha256 | None


class EarlierV1(EvidenceV1):
    """An earlier evidence file that was judged along; day and persona are null in reports of before."""

    captured: Day | None = None
    persona: Name | None = None


class CaseV1(Frozen):
    """The file of the case, as the investigator gave it; null is what was left out."""

    number: str | None = None
    title: str | None = None
    mandate: str | None = None
    authority: str | None = None
    officers: tuple[str, ...] = ()
    account_alias: str | None = None
    device: str | None = None
    place: str | None = None
    exit_ip: str | None = None
    exit_country: str | None = None
    retention_until: str | None = None
    notes: str | None = None


class ClockV1(Frozen):
    """By how many seconds a clock was ahead of the walking machine's.

    ``tsa``: that of the time stamping authority at ``url``, asked before the walk. ``http_date``:
    those of ``hosts`` servers by the Date of ``readings`` answers; the median over hosts.
    """

    kind: Literal["tsa", "http_date"]
    url: str | None
    hosts: int
    readings: int
    ahead_seconds: str


class OrderV1(Frozen):
    """An order that came to be at the merchant, by its answer; ``number`` if it told one."""

    host: str
    run: int
    step: int
    at: str
    number: str | None


class CustodyV1(Frozen):
    """Chain of custody: all of it from the evidence, nothing of the machine that judges.

    ``key`` and ``wacz_key`` are SHA-256 of the public keys that audit.json names; whether their
    signatures hold is for ``payaudit verify`` to say. ``rules_at_capture`` and
    ``law_at_capture`` were in use when the walk was made, those in ``versions`` judged it.
    Times are UTC by the walking machine's clock; ``ended`` is null where the walk was cut off.
    """

    case: CaseV1 | None
    signer: str | None
    key: str | None
    wacz_key: str | None
    tool: str
    tool_sha256: str | None
    rules_at_capture: str | None
    law_at_capture: str | None
    browsers: tuple[str, ...]
    personas: tuple[str, ...]
    command: tuple[str, ...]
    started: str
    ended: str | None
    end_reason: str | None
    clocks: tuple[ClockV1, ...]
    orders: tuple[OrderV1, ...]


class AttachmentV1(Frozen):
    """A file that a person collected and attached: by whom, on what, when, and what was read of it.

    ``place`` says where it belongs beside the walk; ``unread`` why nothing was read. With
    ``redacted`` it is not as handed in: private words were taken out.
    """

    member: str
    name: str
    sha256: str
    bytes: int
    media_type: str
    who: str
    device: str
    when: str
    place: Placement
    note: str | None
    offer: str | None
    lines: tuple[str, ...]
    unread: Text | None
    redacted: bool


class ReportV1(Frozen):
    """The whole report on one target."""

    format: Literal["payaudit/1"] = "payaudit/1"
    target: Name
    title: str | None
    persona: Name
    captured: Day
    jurisdiction: JurisdictionV1
    notice: Text
    counts: CountsV1
    findings: tuple[FindingV1, ...]
    together: tuple[TogetherV1, ...] = ()
    rules_judged: tuple[RuleJudgedV1, ...]
    coverage: CoverageV1
    evidence: EvidenceV1
    earlier: tuple[EarlierV1, ...]
    attachments: tuple[AttachmentV1, ...] = ()
    versions: VersionsV1
    custody: CustodyV1 | None = None  # null in reports of before


class Meta(Frozen):
    """What the report says beside facts and findings; all of it derived from content.

    ``earlier`` names evidence of earlier audits that was judged along.
    """

    tool: str
    jurisdictions: Jurisdictions
    evidence: EvidenceV1
    earlier: tuple[EarlierV1, ...] = ()
    custody: CustodyV1 | None = None
    attachments: tuple[AttachmentV1, ...] = ()
    evidence_format: str = "payaudit-evidence/1"
