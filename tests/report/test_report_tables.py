"""findings.csv, offers.csv and report.sarif."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from payaudit.report.csv import cell, findings_csv, offers_csv
from payaudit.report.sarif import to_sarif
from tests.report.html_worlds import bad_facts
from tests.report.test_report_build import report

SARIF = (
    Path(__file__)
    .parents[2]
    .joinpath("fixtures/kits/node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json")
)
SEEN = bad_facts()
MADE = report(SEEN)
FORMULA = '=HYPERLINK("http://x.example","点此")'


def rows(data: bytes) -> list[dict[str, str]]:
    """As a spreadsheet reads it."""
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_findings_have_a_line_each() -> None:
    made = report(bad_facts())
    lines = rows(findings_csv(made))
    assert [line["rule"] for line in lines] == [finding.rule for finding in made.findings]
    first = next(
        line for line in lines if line["rule"] == "hidden-renewal" and line["verdict"] == "violation"
    )
    assert first["title_zh"] == "隐蔽的自动续费条款"
    assert "9 px" in first["sentence_en"]
    assert first["provisions"].split() == ["CN-CRPR-10", "CN-PMF-19-6", "CN-NRTA16-40"]
    assert (first["run"], first["step"], first["x"], first["width"]) == ("1", "2", "40.0", "180.0")


def test_offers_have_a_line_each_and_not_seen_is_empty() -> None:
    seen = bad_facts()
    lines = rows(offers_csv(seen, report(seen)))
    assert [line["name"] for line in lines] == [offer.name for offer in seen.offers]
    assert (lines[0]["renewal_price"], lines[0]["renewal_price_currency"]) == ("39.9", "CNY")
    assert lines[0]["auto_renews"] == "yes"
    assert lines[0]["charged"] == ""


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", " =", "＝", "＠"])
def test_what_begins_like_a_formula_is_text(start: str) -> None:
    assert cell(start + "1+1").startswith("'")


@pytest.mark.parametrize("parting", [";", "; ", "\t", "\n", "\r\n"])
def test_what_another_separator_would_cut_off_is_text_too(parting: str) -> None:
    """A spreadsheet that parts cells by semicolons heeds no quotation marks within a line."""
    assert cell(f"VIP{parting}=cmd|'/c calc'!A0") == f"VIP{parting}'=cmd|'/c calc'!A0"
    assert cell("¥9,9; 每月") == "¥9,9; 每月"


def test_our_own_numbers_stay_numbers() -> None:
    assert cell(Decimal("-0.50")) == "-0.50"
    assert cell(-3) == "-3"
    assert cell(Decimal("1E+3")) == "1000"


def test_a_hostile_page_puts_no_formula_into_any_cell() -> None:
    seen = bad_facts(lambda _: FORMULA)
    for data in (findings_csv(report(seen)), offers_csv(seen, report(seen))):
        cells = [value for line in rows(data) for value in line.values()]
        assert any(value.startswith("'=HYPERLINK") for value in cells)
        assert not any(value.startswith(("=", "+", "@", "-")) for value in cells)


@settings(deadline=None, max_examples=60)
@given(st.text(st.characters(codec="utf-8")))
def test_any_text_stays_in_its_cell(text: str) -> None:
    first = SEEN.offers[0].model_copy(update={"name": text})
    lines = rows(offers_csv(SEEN.model_copy(update={"offers": (first, *SEEN.offers[1:])}), MADE))
    assert len(lines) == len(SEEN.offers)
    assert not lines[0]["name"].startswith(("=", "+", "-", "@"))


def sarif() -> Any:  # noqa: ANN401 - JSON
    return json.loads(to_sarif(report(bad_facts())))


def test_sarif_follows_the_standards_schema() -> None:
    if not SARIF.is_file():
        pytest.skip("the schema is not there; scripts/kits.sh fetches it")
    schema = Draft7Validator(json.loads(SARIF.read_text("utf-8")))
    assert [error.message for error in schema.iter_errors(sarif())] == []
    broken = sarif()
    broken["runs"][0]["results"][0]["level"] = "catastrophe"
    assert list(schema.iter_errors(broken))


def test_sarif_has_suspicions_and_open_questions_alone() -> None:
    made, told = report(bad_facts()), sarif()["runs"][0]
    wanted = [f for f in made.findings if f.verdict in ("violation", "unclear")]
    assert [result["ruleId"] for result in told["results"]] == [finding.rule for finding in wanted]
    for result, finding in zip(told["results"], wanted, strict=True):
        assert (result["kind"] == "open") == (finding.verdict == "unclear")
        assert told["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == finding.rule
