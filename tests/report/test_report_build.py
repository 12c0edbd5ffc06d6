from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from payaudit.errors import UsageError
from payaudit.judge import schema as rule_schema
from payaudit.judge.judge import judge
from payaudit.judge.jurisdiction import guess
from payaudit.judge.law import load_law
from payaudit.judge.rules import load_rules
from payaudit.model.evidence import GoalResult
from payaudit.model.facts import Coverage, Facts
from payaudit.model.report import EvidenceV1, Meta, ReportV1
from payaudit.report import schema as report_schema
from payaudit.report.build import build
from payaudit.report.json import from_json, to_json
from payaudit.report.validate import departures
from tests.judge.worlds import FAINT, consent, facts, leaving, offer

RULES, LAW = load_rules(), load_law()
ROOT = Path(__file__).parents[2]


def report(seen: Facts, name: str = "a.wacz") -> ReportV1:
    places = guess(seen)
    found = judge(seen, RULES, LAW, places.ids, date(2026, 11, 22))
    meta = Meta(tool="payaudit 0.1.0", jurisdictions=places, evidence=EvidenceV1(name=name, sha256="0" * 64))
    return build(seen, found, RULES, LAW, meta)


BAD = facts(
    offers=(offer(renewal=FAINT), offer(name="年卡", renewal=None)),
    consents=(consent(checked=True, checked_runs=3),),
    leaving=(leaving(layers=2),),
)


def test_same_facts_same_bytes_and_back() -> None:
    data = to_json(report(BAD))
    assert data == to_json(report(BAD.model_copy(deep=True)))
    assert to_json(from_json(data)) == data
    assert data.endswith(b"}\n")
    assert "连续包月" in data.decode()


def test_no_folder_of_this_machine_reaches_the_report() -> None:
    here = to_json(report(BAD, name="/cases/case 7/a.wacz"))
    there = to_json(report(BAD, name="C:\\cases\\a.wacz"))
    assert here == there == to_json(report(BAD))
    assert str(ROOT) not in here.decode()


def test_a_report_follows_its_schema_and_the_published_copies_are_current() -> None:
    published = (ROOT / "docs/schema" / report_schema.FILE).read_bytes()
    assert published == report_schema.schema()
    assert (ROOT / "docs/schema" / rule_schema.FILE).read_bytes() == rule_schema.schema()
    assert departures(to_json(report(BAD))) == ()


def test_what_is_no_report_is_refused() -> None:
    with pytest.raises(UsageError, match=r"name a report\.json"):
        from_json(b"{}")


def test_counts_and_findings_agree() -> None:
    made = report(BAD)
    assert made.counts.by_verdict["violation"] == sum(f.verdict == "violation" for f in made.findings)
    assert sum(made.counts.by_severity.values()) == made.counts.by_verdict["violation"]
    assert made.counts.by_verdict["unclear"] == sum(f.verdict == "unclear" for f in made.findings) > 0


def test_a_finding_says_what_it_rests_on_in_both_languages() -> None:
    found = next(f for f in report(BAD).findings if f.rule == "hidden-renewal")
    contrast = next(test for test in found.because if test.field == "renewal.contrast")
    assert contrast.says.en == "contrast of the text that states the renewal is 2.1:1 (under 3:1)"
    assert contrast.says.zh == "说明自动续费的文字对比度为 2.1:1（低于 3:1）"
    assert contrast.threshold_source is not None
    cited = [provision.id for provision in found.provisions]
    assert cited == ["CN-CRPR-10", "CN-PMF-19-6", "CN-NRTA16-40"]
    assert [(p.id, p.verification) for p in found.annex_provisions] == [("CN-NTM-18", "unverified")]
    assert found.at.node == 123


def test_what_was_not_reached_is_not_judged_with_its_reason() -> None:
    goals = (
        GoalResult(goal="paywall", state="reached"),
        GoalResult(goal="read", state="reached"),
        GoalResult(goal="offers", state="impossible", reason_en="no button to pay", reason_zh="没有支付按钮"),
    )
    walk = Coverage(goals=goals, paywall_seen=True, paywall_seen_whole=True)
    made = report(facts(payment_calls=(), leaving=(), consents=(), coverage=walk))
    told = {judged.rule: judged for judged in made.rules_judged}
    assert told["overcharged-call"].state == "not_judged"
    reason = told["overcharged-call"].reason
    assert reason is not None
    assert reason.en == "taking the offers to their payment call: no button to pay"
    assert reason.zh == "逐项走到支付调用：没有支付按钮"
    assert told["retention-layers"].reason is not None
    assert told["retention-layers"].reason.en == "leaving the paywall: not tried"
    # The paywall was seen whole and holds no consent: nothing there to judge.
    assert told["preticked-renewal"].state == "not_applicable"
    assert told["hidden-renewal"].state == "judged"


def test_nothing_seen_in_a_place_not_seen_whole_is_no_absence() -> None:
    goals = (GoalResult(goal="paywall", state="reached"), GoalResult(goal="read", state="reached"))
    made = report(facts(consents=(), coverage=Coverage(goals=goals, paywall_seen=True)))
    told = {judged.rule: judged for judged in made.rules_judged}
    assert told["preticked-renewal"].state == "not_judged"


def test_a_call_that_was_never_seen_is_no_absence_either() -> None:
    made = report(facts(payment_calls=()))
    told = {judged.rule: judged for judged in made.rules_judged}
    assert told["overcharged-call"].state == "not_judged"


def test_rules_and_law_are_named_by_their_content() -> None:
    versions = report(BAD).versions
    assert (versions.rules, versions.law) == (RULES.sha256, LAW.sha256)
