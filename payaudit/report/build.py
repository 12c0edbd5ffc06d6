"""Facts and findings to ReportV1."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import PurePosixPath, PureWindowsPath

from payaudit.model.facts import Facts, Source
from payaudit.model.finding import SEVERITIES, Because, Check, Finding
from payaudit.model.law import Law, Provision
from payaudit.model.report import (
    VERDICTS,
    BecauseV1,
    BoxV1,
    CheckV1,
    CountsV1,
    EarlierPlaceV1,
    EarlierV1,
    EvidenceV1,
    FindingV1,
    HeldV1,
    InForceV1,
    InstrumentV1,
    JurisdictionV1,
    Meta,
    PlaceV1,
    ProvisionV1,
    ReportV1,
    VersionsV1,
)
from payaudit.model.rule import Rule, RuleSet
from payaudit.model.text import Text
from payaudit.report.coverage import coverage, rule_judged
from payaudit.report.together import together

NOTICE = Text(
    en=(
        "Findings are suspected practices: what was observed, and which provisions it bears upon. Whether a "
        "provision was breached is for the competent authority or court to decide."
    ),
    zh="所列均为涉嫌做法的线索：记录观察到的事实及其可能涉及的条款。是否构成违反，由主管机关或法院认定。",
)


def build(facts: Facts, findings: Sequence[Finding], rules: RuleSet, law: Law, meta: Meta) -> ReportV1:
    """The report on one evidence file."""
    known = {rule.id: rule for rule in rules.rules}
    verdicts = Counter(finding.verdict for finding in findings)
    severities = Counter(f.severity for f in findings if f.verdict == "violation")
    return ReportV1(
        target=facts.target,
        title=facts.title,
        persona=facts.persona,
        captured=facts.captured,
        jurisdiction=JurisdictionV1(list=meta.jurisdictions.ids, reason=meta.jurisdictions.reason),
        notice=NOTICE,
        counts=CountsV1(
            by_verdict={verdict: verdicts[verdict] for verdict in VERDICTS},
            by_severity={severity: severities[severity] for severity in SEVERITIES},
        ),
        findings=tuple(
            _finding(f, known[f.rule], rules, law, date.fromisoformat(facts.captured), meta.earlier)
            for f in findings
        ),
        together=together(findings, known),
        rules_judged=tuple(
            rule_judged(known[name], facts, [f for f in findings if f.rule == name], meta.jurisdictions.ids)
            for name in sorted(known)
        ),
        coverage=coverage(facts),
        evidence=_nameless(meta.evidence),
        earlier=meta.earlier,
        attachments=meta.attachments,
        versions=VersionsV1(
            tool=meta.tool,
            rules=rules.sha256,
            law=law.sha256,
            evidence_format=meta.evidence_format,
        ),
        custody=meta.custody,
    )


def _nameless(evidence: EvidenceV1) -> EvidenceV1:
    """The evidence without folders, which differ from machine to machine."""
    name = PureWindowsPath(PurePosixPath(evidence.name).name).name
    return EvidenceV1(name=name, sha256=evidence.sha256)


def _finding(  # noqa: PLR0913, PLR0917 - what its parts are told by
    finding: Finding, rule: Rule, rules: RuleSet, law: Law, on: date, earlier: Sequence[EarlierV1]
) -> FindingV1:
    return FindingV1(
        rule=finding.rule,
        catalogue=finding.catalogue,
        verdict=finding.verdict,
        severity=finding.severity,
        confidence=finding.confidence,
        held=None if finding.held is None else HeldV1(runs=finding.held.runs, of=finding.held.of),
        status=finding.status,
        title=rule.title,
        explanation=rule.explanation,
        subject=finding.subject,
        sentence=finding.sentence,
        because=tuple(_because(test, rule, rules) for test in finding.because),
        harbours=tuple(_check(check, rule, rules) for check in finding.harbours),
        not_seen=tuple(rules.words.not_seen(rule.subject, path) for path in finding.not_seen),
        jurisdictions=finding.jurisdictions,
        provisions=_provisions(finding.provisions, law, on),
        annex_provisions=_provisions(finding.annex_provisions, law, on),
        false_positives=tuple(_check(check, rule, rules) for check in finding.false_positives),
        remedy=rule.remedy,
        at=_place(finding.at),
        leans_on=tuple(
            EarlierPlaceV1(
                evidence=earlier[each.recording - 1].name,
                sha256=earlier[each.recording - 1].sha256,
                captured=each.captured,
                at=_place(each.at),
            )
            for each in finding.leans_on
        ),
    )


def _check(check: Check, rule: Rule, rules: RuleSet) -> CheckV1:
    return CheckV1(
        says=check.title or rules.words.tells(rule.subject, check.tests),
        held=check.held,
        because=tuple(_because(test, rule, rules) for test in check.tests),
    )


def _because(test: Because, rule: Rule, rules: RuleSet) -> BecauseV1:
    return BecauseV1(
        field=test.field,
        name=rules.words.name(rule.subject, test.field),
        operator=test.operator,
        expected=test.expected,
        observed=test.observed,
        held=test.held,
        says=rules.words.says(rule.subject, test),
        threshold_source=test.threshold_source,
    )


def _provisions(ids: Sequence[str], law: Law, on: date) -> tuple[ProvisionV1, ...]:
    """As they read on the day of the walk."""
    return tuple(_provision(found) for name in ids if (found := law.get(name, on)) is not None)


def _provision(provision: Provision) -> ProvisionV1:
    since, until = provision.in_force.since, provision.in_force.until
    return ProvisionV1(
        id=provision.id,
        jurisdiction=provision.jurisdiction,
        instrument=InstrumentV1(original=provision.instrument.original, en=provision.instrument.en),
        article=provision.article,
        paraphrase=provision.paraphrase,
        in_force=InForceV1.model_validate(
            {
                "from": None if since is None else since.isoformat(),
                "until": None if until is None else until.isoformat(),
            }
        ),
        status_note=provision.status_note,
        nature=provision.nature,
        source=provision.source,
        verification=provision.verification,
    )


def _place(at: Source) -> PlaceV1:
    box = at.box
    return PlaceV1(
        run=at.run,
        step=at.step,
        node=at.node,
        text=at.text,
        box=None if box is None else BoxV1(x=box.x, y=box.y, width=box.width, height=box.height),
        screenshot=at.screenshot,
    )
