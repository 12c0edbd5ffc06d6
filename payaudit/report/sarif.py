"""Findings as SARIF 2.1.0, for tools that show what checkers find.

A place in a recorded page is no line of a file: the location is the screenshot inside
the evidence, and the logical location names run, step and node.
"""

from __future__ import annotations

import json
from typing import Any

from payaudit.model.finding import Severity
from payaudit.model.report import FindingV1, ReportV1, RuleJudgedV1
from payaudit.report.html.shown import shown

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: dict[Severity, str] = {
    "critical": "error",
    "high": "error",
    "medium": "warning",
    "low": "note",
    "info": "note",
}


def to_sarif(report: ReportV1) -> bytes:
    """One run; suspected practices and what stayed unclear, never what was in order."""
    rules = {rule.rule: i for i, rule in enumerate(report.rules_judged)}
    results = [_result(f, rules) for f in report.findings if f.verdict in ("violation", "unclear")]
    name, _, version = report.versions.tool.partition("/")
    artifact: dict[str, Any] = {"location": {"uri": report.evidence.name}, "roles": ["analysisTarget"]}
    if report.evidence.sha256:
        artifact["hashes"] = {"sha-256": report.evidence.sha256}
    driver = {
        "name": name.split()[0],
        "version": version or report.versions.tool,
        "rules": [_rule(rule) for rule in report.rules_judged],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "language": "en",
        "artifacts": [artifact],
        "results": results,
        "properties": {
            "target": shown(report.target),
            "captured": report.captured,
            "notice": report.notice.en,
            "rulesSha256": report.versions.rules,
            "lawSha256": report.versions.law,
        },
    }
    data = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()


def _rule(rule: RuleJudgedV1) -> dict[str, Any]:
    return {
        "id": rule.rule,
        "shortDescription": {"text": rule.title.en},
        "properties": {"catalogue": rule.catalogue, "titleZh": rule.title.zh},
    }


def _result(finding: FindingV1, rules: dict[str, int]) -> dict[str, Any]:
    at = finding.at
    place = f"run {at.run} step {at.step}" + ("" if at.node is None else f" node {at.node}")
    location: dict[str, Any] = {
        "logicalLocations": [{"fullyQualifiedName": place, "kind": "element"}],
        "message": {"text": shown(at.text) or place},
    }
    if at.screenshot:
        location["physicalLocation"] = {
            "artifactLocation": {"uri": at.screenshot, "description": {"text": place}}
        }
    unclear = finding.verdict == "unclear"
    return {
        "ruleId": finding.rule,
        "ruleIndex": rules[finding.rule],
        "kind": "open" if unclear else "fail",
        "level": "none" if unclear else _LEVELS[finding.severity],
        "message": {"text": shown(finding.sentence.en, 2000)},
        "locations": [location],
        "properties": {
            "severity": finding.severity,
            "confidence": finding.confidence,
            "sentenceZh": shown(finding.sentence.zh, 2000),
            "provisions": [provision.id for provision in finding.provisions],
            "annexProvisions": [provision.id for provision in finding.annex_provisions],
            "leansOn": [
                f"{lean.evidence} ({lean.captured}) run {lean.at.run} step {lean.at.step}"
                for lean in finding.leans_on
            ],
        },
    }
