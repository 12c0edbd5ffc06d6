from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from payaudit.judge.judge import judge
from payaudit.judge.law import load_law
from payaudit.judge.rules import load_rules
from payaudit.model.facts import Exit, Facts, Leaning, Source
from payaudit.model.finding import Finding
from payaudit.model.rule import RuleSet, Threshold
from tests.judge.worlds import AT, FAINT, call, cny, consent, facts, leaving, offer

RULES, LAW = load_rules(), load_law()
DAY = date(2026, 11, 22)
# Small and pale, and so is the price beside it.
AS_PLAIN = FAINT.model_copy(
    update={
        "font_px": Decimal(11),
        "contrast": Decimal("4.2"),
        "size_ratio": Decimal(1),
        "contrast_ratio": Decimal(1),
    }
)


def left_by(label: str) -> Exit:
    return Exit(kind="decline", label=label, effect="left", at=AT)


def findings(
    seen: Facts, *, places: tuple[str, ...] = ("CN",), rules: RuleSet = RULES
) -> tuple[Finding, ...]:
    return judge(seen, rules, LAW, places, DAY)


def violations(seen: Facts) -> dict[str, Finding]:
    return {f.rule: f for f in findings(seen) if f.verdict == "violation"}


def test_an_honest_loud_page_comes_out_clean() -> None:
    found = findings(facts())
    assert found
    assert {finding.verdict for finding in found} == {"compliant"}


@pytest.mark.parametrize(
    ("fields", "rule", "severity"),
    [
        ({"offers": (offer(renewal=FAINT),)}, "hidden-renewal", "critical"),
        ({"offers": (offer(renewal_period_stated=False),)}, "hidden-renewal", "critical"),
        (
            {"offers": (offer(renewal_ratio=Decimal(2), renewal_price_legibility=FAINT),)},
            "weak-renewal-price",
            "high",
        ),
        (
            {"offers": (offer(renewal_ratio=Decimal(5), renewal_price_legibility=FAINT),)},
            "weak-renewal-price",
            "critical",
        ),
        ({"offers": (offer(trial=True, trial_length_stated=False),)}, "trial-without-price", "critical"),
        ({"offers": (offer(preselected=True),)}, "preselected-renewal", "medium"),
        (
            {"offers": (offer(price=None, coin_price=Decimal(60), money_equivalent=False),)},
            "coin-only-price",
            "high",
        ),
        (
            {"offers": (offer(kind="series", claims_all=True, scope_narrower=True),)},
            "partial-whole",
            "critical",
        ),
        ({"consents": (consent(kind="addon", checked=True),)}, "preset-addon", "high"),
        ({"exits": (left_by("残忍离开"),)}, "shaming-decline", "low"),
        (
            {"consents": (consent(label="同意《会员服务协议》和《自动续费协议》", links=2),)},
            "bundled-renewal-consent",
            "low",
        ),
        ({"consents": (consent(checked=True, checked_runs=3),)}, "preticked-renewal", "critical"),
        ({"consents": (consent(kind="autobuy", checked=True),)}, "preset-autobuy", "critical"),
        ({"consents": (consent(kind="passwordless", checked=True),)}, "preset-passwordless", "critical"),
        (
            {"consents": (consent(kind="agreement", label="我同意用户协议", checked=True),)},
            "preset-agreement",
            "low",
        ),
        ({"consents": (consent(kind="charge", checked=True),)}, "preset-agreement", "high"),
        ({"consents": (consent(kind="agreement", label="Terms", dead_links=1),)}, "preset-agreement", "low"),
        ({"payment_calls": (call(over_shown=Decimal(1)),)}, "overcharged-call", "critical"),
        (
            {
                "payment_calls": (
                    call(label_has_amount=False, amount_shown_before=False, wallet_confirms=False),
                )
            },
            "unconfirmed-charge",
            "critical",
        ),
        ({"leaving": (leaving(layers=2),)}, "retention-layers", "medium"),
        ({"leaving": (leaving(close_found=False, back_works=False),)}, "obstructed-close", "high"),
        ({"leaving": (leaving(close_found=False, back_works=True),)}, "obstructed-close", "medium"),
        ({"leaving": (leaving(close_delay_s=Decimal(5)),)}, "obstructed-close", "high"),
    ],
)
def test_one_fault_gives_one_finding(fields: dict[str, tuple[object, ...]], rule: str, severity: str) -> None:
    found = violations(facts(**fields))
    assert list(found) == [rule]
    assert found[rule].severity == severity
    assert found[rule].sentence.en.startswith("Observed: ")
    assert found[rule].sentence.zh.startswith("观察到：")


def test_doubts_are_gathered_by_rule_and_reason() -> None:
    plans = tuple(
        offer(name=name, renewal=None, renewal_stated=True, at=AT.model_copy(update={"node": node}))
        for node, name in enumerate(("月卡", "季卡", "年卡"))
    )
    unknown = offer(name="周卡", auto_renews=None, auto_renews_known_by=None, renewal=None)
    seen = facts(offers=(plans[0], unknown, *plans[1:]))
    doubts = [f for f in findings(seen) if f.rule == "hidden-renewal"]
    assert len(doubts) == 2
    assert {(f.verdict, f.not_seen) for f in doubts} == {
        ("unclear", ("renewal",)),
        ("unclear", ("auto_renews",)),
    }
    said = next(f for f in doubts if f.not_seen == ("renewal",)).sentence
    assert said.en == "Unclear for “季卡”, “年卡”, “月卡”; not seen: the text that states the renewal."
    assert said.zh == "“季卡”、“年卡”、“月卡”无法判断；未看到：说明自动续费的文字。"


def test_whether_a_rule_applies_must_have_been_seen_too() -> None:
    plan = offer(auto_renews=None, renewal_stated=False)
    (found,) = (f for f in findings(facts(offers=(plan,))) if f.rule == "hidden-renewal")
    assert (found.verdict, found.not_seen) == ("unclear", ("auto_renews",))
    assert [test.field for test in found.because] == ["auto_renews"]


def test_different_currencies_are_unclear_and_say_so() -> None:
    rule = RULES.get("overcharged-call")
    assert rule is not None
    ours = rule.model_copy(update={"violates": {"amount|gt": {"field": "shown_amount"}}, "unless": []})
    rules = RULES.model_copy(update={"rules": (ours,)})
    dollars = call(shown_amount=cny("1").model_copy(update={"currency": "USD"}))
    (found,) = findings(facts(payment_calls=(dollars,)), rules=rules)
    assert found.verdict == "unclear"
    assert "amounts in different currencies cannot be compared" in found.sentence.en


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        ({"offers": (offer(renewal=FAINT),)}, "confirmed"),
        ({"offers": (offer(renewal=FAINT, auto_renews_known_by="call"),)}, "confirmed"),
        ({"offers": (offer(renewal=FAINT, auto_renews_known_by="button_price"),)}, "probable"),
        ({"offers": (offer(renewal=FAINT, at=Source(run=1, step=1)),)}, "probable"),
        (
            {"offers": (offer(renewal=FAINT, auto_renews_known_by="class", at=Source(run=1, step=1)),)},
            "possible",
        ),
        ({"offers": (offer(preselected=True, preselected_known_by="class"),)}, "probable"),
        ({"offers": (offer(kind="series", claims_all=True, scope_narrower=True),)}, "probable"),
        ({"consents": (consent(checked=True, checked_runs=3),)}, "confirmed"),
        ({"consents": (consent(checked=True, seen_runs=1, checked_runs=1),)}, "probable"),
        ({"consents": (consent(checked=True, seen_runs=3, checked_runs=2),)}, "probable"),
        ({"consents": (consent(checked=True, known_by="style", seen_runs=1, checked_runs=1),)}, "probable"),
        ({"payment_calls": (call(over_shown=Decimal(1)),)}, "confirmed"),
        ({"payment_calls": (call(over_shown=Decimal(1), amount_known_by="cashier"),)}, "probable"),
        ({"leaving": (leaving(layers=3),)}, "confirmed"),
    ],
)
def test_confidence_follows_how_it_was_known(fact: dict[str, tuple[object, ...]], expected: str) -> None:
    (found,) = violations(facts(**fact)).values()
    assert found.confidence == expected


@pytest.mark.parametrize(
    ("fields", "rule", "held"),
    [
        ({"payment_calls": (call(over_shown=Decimal(-1)),)}, "overcharged-call", [True]),
        ({"offers": (offer(renewal=AS_PLAIN),)}, "hidden-renewal", [True]),
        (
            {"offers": (offer(renewal_ratio=Decimal(3), renewal_price_legibility=AS_PLAIN),)},
            "weak-renewal-price",
            [True],
        ),
    ],
)
def test_a_safe_harbour_clears_and_every_one_is_told(
    fields: dict[str, Any], rule: str, held: list[bool]
) -> None:
    found = {f.rule: f for f in findings(facts(**fields))}[rule]
    assert found.verdict == "compliant"
    assert [check.held for check in found.harbours] == held
    assert all(check.title is not None and check.tests for check in found.harbours)


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"payment_calls": (call(over_shown=Decimal("0.02")),)}, "overcharged-call"),
        ({"offers": (offer(renewal=AS_PLAIN.model_copy(update={"folded": True})),)}, "hidden-renewal"),
        ({"offers": (offer(renewal=AS_PLAIN, renewal_period_stated=False),)}, "hidden-renewal"),
    ],
)
def test_a_harbour_just_missed_does_not_clear(fields: dict[str, Any], rule: str) -> None:
    found = violations(facts(**fields))[rule]
    assert found.harbours
    assert not any(check.held for check in found.harbours)


def test_a_harbour_that_was_not_seen_leaves_it_unclear() -> None:
    text = AS_PLAIN.model_copy(update={"contrast_ratio": None})
    (found,) = (f for f in findings(facts(offers=(offer(renewal=text),))) if f.rule == "hidden-renewal")
    assert (found.verdict, found.not_seen) == ("unclear", ("renewal.contrast_ratio",))


def test_a_single_purchase_is_no_renewal() -> None:
    once = offer(auto_renews=False, renewal=None, renewal_stated=False, preselected=True)
    renewing = {f.rule for f in findings(facts(offers=(once,), consents=()))}
    assert not renewing & {
        "hidden-renewal",
        "weak-renewal-price",
        "trial-without-price",
        "preselected-renewal",
    }


def test_what_a_person_turned_on_is_not_held_against_the_page() -> None:
    # Switched on after the first sight: the state before any touch is what counts.
    mine = consent(kind="autobuy", label="自动解锁下一集", checked=False, checked_runs=0)
    assert violations(facts(consents=(mine,))) == {}


def test_what_looks_like_a_known_mistake_says_so_and_is_less_sure() -> None:
    bare = {"label_has_amount": False, "amount_shown_before": False}
    sure = violations(facts(payment_calls=(call(**bare, wallet_confirms=False),)))["unconfirmed-charge"]
    doubtful = violations(facts(payment_calls=(call(**bare, wallet_confirms=True),)))["unconfirmed-charge"]
    assert [check.held for check in sure.false_positives] == [False]
    assert [check.held for check in doubtful.false_positives] == [True]
    assert (sure.confidence, doubtful.confidence) == ("confirmed", "probable")


def test_a_rule_of_some_places_is_silent_elsewhere() -> None:
    vague = facts(payment_calls=(call(tapped_label="Continue", wallet_confirms=False),))

    def told(*places: str) -> list[tuple[str, tuple[str, ...]]]:
        found = findings(vague, places=places)
        return [(f.verdict, f.jurisdictions) for f in found if f.rule == "vague-order-button"]

    assert told("CN") == told() == []
    assert told("CN", "DE") == [("violation", ("DE",))]
    assert told("EU", "UK") == [("violation", ("EU", "UK"))]


def test_places_with_their_own_threshold_get_their_own_verdict() -> None:
    rule = RULES.get("retention-layers")
    assert rule is not None
    limit = Threshold.model_validate(
        {"default": 2, "source": {"en": "heuristic", "zh": "经验值"}, "KR": {"value": 1}}
    )
    rules = RULES.model_copy(update={"rules": (rule.model_copy(update={"thresholds": {"layers": limit}}),)})
    found = findings(facts(leaving=(leaving(layers=1),)), places=("CN", "JP", "KR"), rules=rules)
    assert [(f.verdict, f.jurisdictions) for f in found] == [
        ("violation", ("KR",)),
        ("compliant", ("CN", "JP")),
    ]
    assert [f.provisions for f in found] == [("KR-EC-21-2",), ("CN-MIIT-2023",)]


def test_without_a_jurisdiction_nothing_is_cited() -> None:
    seen = findings(facts(leaving=(leaving(layers=2),)), places=())
    (found,) = (finding for finding in seen if finding.verdict == "violation")
    assert found.provisions == found.annex_provisions == ()


def test_a_retired_rule_is_silent() -> None:
    retired = tuple(rule.model_copy(update={"status": "retired"}) for rule in RULES.rules)
    assert findings(facts(), rules=RULES.model_copy(update={"rules": retired})) == ()


def test_what_two_runs_show_alike_is_told_once() -> None:
    bad = leaving(layers=2)
    assert findings(facts(leaving=(bad, bad))) == findings(facts(leaving=(bad,)))


def test_a_finding_names_the_earlier_places_of_the_fields_it_used() -> None:
    then = Leaning(recording=1, captured="2026-11-14", tells=("reference_was_charged",), at=AT)
    struck = offer(
        reference_price=cny("365"),
        reference_told=True,
        reference_explained=False,
        reference_ratio=Decimal("14.6"),
        reference_shared=1,
        reference_days=8,
        reference_recordings=6,
        reference_was_charged=False,
        leans_on=(then,),
    )
    told = {f.rule: f.leans_on for f in findings(facts(offers=(struck,))) if f.verdict == "violation"}
    assert told["uncharged-reference-price"] == (then,)
    assert told["steep-reference-price"] == ()  # it asks nothing of other days
