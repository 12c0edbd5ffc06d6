"""Findings: what a rule says of one fact, and why."""

from __future__ import annotations

from typing import Literal

from payaudit.model.base import Frozen
from payaudit.model.facts import Leaning, Source
from payaudit.model.text import Text

Verdict = Literal["violation", "compliant", "not_applicable", "unclear"]
Severity = Literal["critical", "high", "medium", "low", "info"]
Confidence = Literal["confirmed", "probable", "possible"]

SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low", "info")


class Because(Frozen):
    """One test of a rule with the value it met: ``renewal.font_px = 9 (lt 12)``."""

    field: str
    operator: str
    expected: str
    observed: str | None  # None: not seen
    held: bool | None
    threshold_source: Text | None = None


class Held(Frozen):
    """In how many fresh runs of the walk a finding held, of those that showed enough to tell."""

    runs: int
    of: int


class Check(Frozen):
    """A safe harbour or a likely mistake, and whether the fact looks like it.

    ``held`` is ``None`` where that was not seen; without ``tests`` nothing that
    was recorded can tell, and a person has to look.
    """

    title: Text | None
    held: bool | None
    tests: tuple[Because, ...] = ()


class Finding(Frozen):
    """A verdict on one fact. ``subject`` names the fact as a person would.

    ``provisions`` are those in force whose content was seen at least in a
    secondary source; ``annex_provisions`` still have to be checked. ``at`` is a place of
    the recording that is judged; what earlier ones add to it is named in ``leans_on``.
    """

    rule: str
    catalogue: str
    verdict: Verdict
    severity: Severity
    confidence: Confidence
    status: str
    subject: str
    sentence: Text  # one that an investigator can quote
    because: tuple[Because, ...]
    harbours: tuple[Check, ...] = ()
    false_positives: tuple[Check, ...] = ()
    not_seen: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()  # those whose thresholds led to this verdict
    provisions: tuple[str, ...] = ()
    annex_provisions: tuple[str, ...] = ()
    held: Held | None = None  # None: not asked
    leans_on: tuple[Leaning, ...] = ()
    at: Source
