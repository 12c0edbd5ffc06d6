"""Findings and offers as tables for a spreadsheet: UTF-8 with its mark, one line each, nothing that runs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from payaudit.model.facts import Facts
from payaudit.model.money import Money
from payaudit.model.report import FindingV1, ReportV1
from payaudit.report.html.shown import shown

_MARK = "\ufeff"  # without it a spreadsheet reads Chinese in the wrong encoding
# What a spreadsheet takes for a formula, with the full-width forms that East Asian ones accept.
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_INNER = re.compile(r"([;\t\r\n]\s*)(?=[=+\-@＝＋－＠])")
_LONGEST = 2000  # characters of a cell; a spreadsheet ends at 32,767

Cell = str | int | bool | Decimal | None


def findings_csv(report: ReportV1) -> bytes:
    """One line for each finding of any verdict, both languages side by side."""
    return _table([_finding(report, finding) for finding in report.findings], _FINDING)


def offers_csv(facts: Facts, report: ReportV1) -> bytes:
    """One line for each offer; an empty cell was not seen."""
    rows = [
        {
            "target": report.target,
            "captured": report.captured,
            "name": offer.name,
            "kind": offer.kind,
            **_money("price", offer.price),
            "price_coins": offer.coin_price,
            "coins": offer.coins,
            "bonus_coins": offer.bonus_coins,
            "period": offer.period,
            **_money("reference_price", offer.reference_price),
            "auto_renews": offer.auto_renews,
            **_money("first_price", offer.first_price),
            **_money("renewal_price", offer.renewal_price),
            "renewal_period": offer.renewal_period,
            "trial": offer.trial,
            "trial_days": offer.trial_days,
            "preselected": offer.preselected,
            **_money("charged", offer.charged),
            **_money("year_cost", offer.year_cost),
            "run": offer.at.run,
            "step": offer.at.step,
            "node": offer.at.node,
            "screenshot": offer.at.screenshot,
        }
        for offer in facts.offers
    ]
    return _table(rows, _OFFER)


def _finding(report: ReportV1, finding: FindingV1) -> dict[str, Cell]:
    at, box = finding.at, finding.at.box
    return {
        "target": report.target,
        "captured": report.captured,
        "rule": finding.rule,
        "catalogue": finding.catalogue,
        "verdict": finding.verdict,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "held_runs": finding.held.runs if finding.held else None,
        "held_of": finding.held.of if finding.held else None,
        "title_en": finding.title.en,
        "title_zh": finding.title.zh,
        "subject": finding.subject,
        "sentence_en": finding.sentence.en,
        "sentence_zh": finding.sentence.zh,
        "not_seen_en": "; ".join(text.en for text in finding.not_seen),
        "not_seen_zh": "；".join(text.zh for text in finding.not_seen),
        "jurisdictions": " ".join(finding.jurisdictions),
        "provisions": " ".join(provision.id for provision in finding.provisions),
        "annex_provisions": " ".join(provision.id for provision in finding.annex_provisions),
        "run": at.run,
        "step": at.step,
        "node": at.node,
        "x": _number(box.x if box else None),
        "y": _number(box.y if box else None),
        "width": _number(box.width if box else None),
        "height": _number(box.height if box else None),
        "text": at.text,
        "screenshot": at.screenshot,
        "evidence": report.evidence.name,
        "evidence_sha256": report.evidence.sha256,
        "leans_on": "; ".join(
            f"{lean.evidence} {lean.captured} run {lean.at.run} step {lean.at.step}"
            for lean in finding.leans_on
        ),
    }


_FINDING: Sequence[str] = [
    "target",
    "captured",
    "rule",
    "catalogue",
    "verdict",
    "severity",
    "confidence",
    "held_runs",
    "held_of",
    "title_en",
    "title_zh",
    "subject",
    "sentence_en",
    "sentence_zh",
    "not_seen_en",
    "not_seen_zh",
    "jurisdictions",
    "provisions",
    "annex_provisions",
    "run",
    "step",
    "node",
    "x",
    "y",
    "width",
    "height",
    "text",
    "screenshot",
    "evidence",
    "evidence_sha256",
    "leans_on",
]
_OFFER: Sequence[str] = [
    "target",
    "captured",
    "name",
    "kind",
    "price",
    "price_currency",
    "price_coins",
    "coins",
    "bonus_coins",
    "period",
    "reference_price",
    "reference_price_currency",
    "auto_renews",
    "first_price",
    "first_price_currency",
    "renewal_price",
    "renewal_price_currency",
    "renewal_period",
    "trial",
    "trial_days",
    "preselected",
    "charged",
    "charged_currency",
    "year_cost",
    "year_cost_currency",
    "run",
    "step",
    "node",
    "screenshot",
]


def _money(name: str, amount: Money | None) -> dict[str, Cell]:
    if amount is None:
        return {name: None, f"{name}_currency": None}
    return {name: amount.amount, f"{name}_currency": amount.currency}


def _number(value: float | None) -> Cell:
    return None if value is None else Decimal(str(value))


def _table(rows: Iterable[Mapping[str, Cell]], columns: Sequence[str]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([cell(row[name]) for name in columns] for row in rows)
    return (_MARK + out.getvalue()).encode()


def cell(value: Cell) -> str:
    """A value as a cell that no spreadsheet runs: text that begins like a formula gets an apostrophe.

    So does what would begin a cell where a semicolon or a line parts them, as in much of Europe,
    whose spreadsheets heed no quotation marks then. Our own numbers stay numbers.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, Decimal)):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    text = _INNER.sub(r"\1'", shown(value, _LONGEST))
    return f"'{text}" if text.lstrip(" \u3000").startswith(_STARTS) else text
