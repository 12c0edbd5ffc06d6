"""What counts as a difference between two walks, and what does not."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from payaudit.model.evidence import Action, Box, Outcome, Step, Target
from payaudit.model.facts import Countdown, Facts, Offer, Source
from payaudit.model.money import Money
from payaudit.report.differences import act_differences, fact_differences

AT = Source(run=1, step=2, node=3, text="¥9.9")
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def facts(price: str = "9.9", node: int = 3, left: int = 900, name: str = "连续包月") -> Facts:
    at = AT.model_copy(update={"node": node})
    offer = Offer(name=name, price=Money(amount=Decimal(price), currency="CNY"), at=at)
    clock = Countdown(text=f"仅剩 00:{left // 60}:{left % 60:02}", first=Decimal(left), at=at)
    return Facts(
        target="http://x.test/", persona="iphone", captured="2026-01-01", offers=(offer,), countdowns=(clock,)
    )


def step(run: int, number: int, label: str, verb: str = "tap", value: str | None = None) -> Step:
    target = Target(node=number, label=label, role="button", box=Box(x=0, y=0, width=1, height=1))
    action = Action.model_validate(
        {"verb": verb, "goal": "offers", "why": "", "target": target, "value": value}
    )
    return Step(
        run=run, number=number, goal="offers", started=NOON, captured=NOON, action=action,
        outcome=Outcome(changed=True, url=""),
    )  # fmt: skip


def test_a_price_is_a_difference_by_the_offers_name() -> None:
    (found,) = fact_differences(facts(), facts(price="12"))
    assert (found.what, found.before, found.after) == ("offers[连续包月].price.amount", "9.9", "12")


def test_the_place_and_a_clock_that_runs_are_none() -> None:
    assert fact_differences(facts(), facts(node=9, left=898)) == ()
    assert fact_differences(facts(), facts(left=897))
    assert fact_differences(facts(), facts(left=899), exact=True)


def test_an_offer_that_is_gone_is_told() -> None:
    what = {d.what: (d.before, d.after) for d in fact_differences(facts(), facts(name="年卡"))}
    assert what["offers[连续包月].price.amount"] == ("9.9", None)
    assert what["offers[年卡].price.amount"] == (None, "9.9")


def test_acts_are_held_against_each_other_in_order_run_by_run() -> None:
    before = [step(1, 1, "第9集"), step(1, 2, "立即支付"), step(2, 1, "第9集")]
    assert act_differences(before, before) == ()
    (found,) = act_differences(before, [before[1], before[0], before[2]])
    assert found.what == "run 1, act 1"
    (found,) = act_differences(before, before[:2])
    assert (found.what, found.after) == ("run 2, act 1", None)


def test_how_long_was_waited_and_a_clock_in_a_label_are_none() -> None:
    before = [step(1, 1, "仅剩 14:59", "wait", "1.1 s")]
    assert act_differences(before, [step(1, 1, "仅剩 14:58", "wait", "0.9 s")]) == ()
