"""What two audits are said to differ in: only what was seen both times."""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from payaudit.model.comparison import ComparisonV1
from payaudit.model.evidence import Box
from payaudit.model.facts import Coverage, Episode, Facts, Ladder, Offer, Rung, Source
from payaudit.model.finding import Verdict
from payaudit.model.text import Language
from payaudit.report.compare.build import Side, compare
from payaudit.report.compare.json import to_json
from payaudit.report.compare.likeness import likenesses, pairs
from payaudit.report.compare.text import render
from payaudit.report.validate import departures
from tests.judge.worlds import FAINT, cny, consent, facts, leaving, offer
from tests.report.test_report_build import report


def at(node: int, step: int = 4) -> Source:
    return Source(run=1, step=step, node=node, box=Box(x=0, y=node, width=10, height=10))


def sold(name: str, price: str, node: int, **fields: object) -> Offer:
    said: dict[str, Any] = {"name": name, "price": cny(price), "auto_renews": False, "at": at(node), **fields}
    return Offer(**said)


MENU = (
    sold("连续包月", "25", 1, kind="membership", period="month", auto_renews=True, renewal_price=cny("25")),
    sold("月卡", "30", 2, kind="membership", period="month"),
    sold("年卡", "198", 3, kind="membership", period="year"),
    sold("全集解锁", "29.9", 4, kind="series"),
    sold("600看点", "6", 5, kind="pack", coins=Decimal(600)),
    sold("1200看点", "12", 6, kind="pack", coins=Decimal(1200)),
    sold("3000看点", "28", 7, kind="pack", coins=Decimal(3000), bonus_coins=Decimal(300)),
)  # fmt: skip
RENAMED = {
    "连续包月": "超值会员 · 自动续",
    "月卡": "三十天畅看",
    "年卡": "尊享一整年",
    "全集解锁": "整部剧打包",
    "600看点": "小份 600 币",
    "1200看点": "中份 1200 币",
    "3000看点": "大份 3000 币",
}


def renamed(each: Offer) -> Offer:
    return each.model_copy(update={"name": RENAMED[each.name]})


def repriced(each: Offer, price: str) -> Offer:
    return each.model_copy(update={"price": cny(price)})


def world(*offers: Offer, whole: bool = True, **fields: object) -> Facts:
    seen = facts().coverage.model_copy(update={"paywall_seen_whole": whole})
    return facts(**{"offers": offers, "coverage": seen, **fields})


def differing(before: Facts, after: Facts) -> ComparisonV1:
    return compare(Side(report(before), before), Side(report(after), after))


def told(comparison: ComparisonV1) -> list[tuple[str, str | None, list[tuple[str, str, str]]]]:
    """What changed of the offers: how, the name it has now or had, each value."""
    return [
        (
            each.change,
            (each.after or each.before).name if each.after or each.before else None,
            [(change.field, change.before, change.after) for change in each.changes],
        )
        for each in comparison.offers or ()
        if each.change != "same"
    ]


@given(order=st.permutations(range(len(MENU))), names=st.booleans())
@settings(deadline=None, max_examples=60)
def test_offers_are_known_whatever_they_are_called_and_wherever_they_stand(
    order: list[int], *, names: bool
) -> None:
    later = [renamed(each) if names else each for each in MENU]
    shuffled = [later[i] for i in order]
    assert pairs(likenesses(MENU, shuffled)) == {i: order.index(i) for i in range(len(MENU))}


def test_the_same_twice_differs_in_nothing() -> None:
    made = differing(world(*MENU), world(*MENU))
    assert told(made) == []
    assert made.offer_counts["same"] == len(MENU)
    assert made.episodes == ()
    assert {change for change, n in made.finding_counts.items() if n} <= {"persists"}


def test_exactly_the_changes_are_told() -> None:
    month, single, year, series, small, middle, large = MENU
    later = (
        renamed(repriced(year, "168")),
        small,
        repriced(series, "39.9"),
        month.model_copy(update={"renewal_price": cny("28")}),
        large.model_copy(update={"bonus_coins": Decimal(150)}),
        middle,
        sold("季卡", "68", 9, kind="membership", period="quarter"),
    )
    assert told(differing(world(*MENU), world(*later))) == [
        ("repriced", "连续包月", [("renewal_price", "CNY 25", "CNY 28")]),
        ("repriced", "尊享一整年", [("price", "CNY 198", "CNY 168"), ("name", "年卡", "尊享一整年")]),
        ("repriced", "全集解锁", [("price", "CNY 29.90", "CNY 39.90")]),
        ("changed", "3000看点", [("bonus_coins", "300", "150")]),
        ("added", "季卡", []),
        ("removed", "月卡", []),
    ]
    assert single.name == "月卡"


def test_a_pack_that_shrank_is_the_pack_that_it_was_sold_as() -> None:
    small = MENU[4]
    shrunk = small.model_copy(update={"coins": Decimal(500), "name": "500看点"})
    made = differing(world(*MENU), world(*MENU[:4], shrunk, *MENU[5:]))
    assert told(made) == [("changed", "500看点", [("coins", "600", "500"), ("name", "600看点", "500看点")])]


def test_another_pack_is_no_repriced_one() -> None:
    other = sold("9000看点", "78", 12, kind="pack", coins=Decimal(9000))
    made = differing(world(*MENU), world(*MENU[:6], other))
    assert told(made) == [("added", "9000看点", []), ("removed", "3000看点", [])]


def test_what_was_not_seen_whole_is_never_gone() -> None:
    whole, part = world(*MENU[1:]), world(*MENU[1:], whole=False)
    assert differing(world(*MENU), whole).offer_counts["removed"] == 1
    assert differing(world(*MENU), part).offer_counts["not_reobserved"] == 1
    assert differing(whole, world(*MENU)).offer_counts["added"] == 1
    assert differing(part, world(*MENU)).offer_counts["newly_seen"] == 1


def test_a_new_name_at_the_same_price_is_the_same_offer() -> None:
    called = sold("全集解锁", "39.9", 4), sold("全剧畅看", "39.9", 4), sold("看点包", "39.9", 4)
    for one, other in pairwise(called):
        assert told(differing(world(*MENU[:2], one), world(other, *MENU[:2])))[0][0] == "changed"


def test_a_price_that_one_side_did_not_show_is_no_change() -> None:
    unseen = MENU[2].model_copy(update={"price": None})
    made = differing(world(MENU[2]), world(unseen))
    assert told(made) == []
    assert [name.en for each in made.offers or () for name in each.not_compared] == ["price"]


def test_episodes_and_ladders_are_compared_by_number() -> None:
    def priced(*coins: int) -> tuple[Episode, ...]:
        return tuple(Episode(number=9 + i, coins=Decimal(n), at=at(i)) for i, n in enumerate(coins))

    rungs = (Rung(number=20, value=Decimal(80), at=at(1)),)
    height: dict[str, Any] = {"lowest": Decimal(80), "highest": Decimal(80)}
    ladder = Ladder(unit="coins", rungs=rungs, priced=1, first_number=20, last_number=20, at=at(1), **height)
    later = ladder.model_copy(update={"rungs": (rungs[0].model_copy(update={"value": Decimal(99)}),)})
    made = differing(
        world(episodes=priced(60, 60, 60, 70), ladder=ladder),
        world(episodes=priced(60, 80, 80), ladder=later),
    )
    assert [(e.number, e.before, e.after, e.percent) for e in made.episodes or ()] == [
        (10, "60 coins", "80 coins", "+33.3"),
        (11, "60 coins", "80 coins", "+33.3"),
        (20, "80 coins", "99 coins", "+23.8"),
    ]
    assert "episodes 10-11" in render(made, "en").plain
    assert "第 10-11 集：60 币" not in render(made, "zh").plain
    assert "60 币 → 80 币（+33.3 %）" in render(made, "zh").plain


def changes(before: Facts, after: Facts) -> dict[str, tuple[str, Verdict | None]]:
    made = differing(before, after)
    return {each.rule: (each.change, each.after and each.after.verdict) for each in made.findings}


TICKED = consent(checked=True, checked_runs=3)


def test_a_finding_is_remedied_where_the_same_place_is_compliant() -> None:
    before, after = facts(consents=(TICKED,)), facts(consents=(consent(),))
    assert changes(before, after)["preticked-renewal"] == ("remedied", "compliant")
    assert changes(after, before)["preticked-renewal"] == ("new", "violation")
    assert changes(before, before)["preticked-renewal"] == ("persists", "violation")


@pytest.mark.parametrize(
    "later",
    [
        facts(consents=()),
        facts(consents=(), coverage=Coverage(goals=(), paywall_seen=True)),
        facts(consents=(consent(checked=None),)),
    ],
)
def test_what_was_not_judged_again_is_not_remedied(later: Facts) -> None:
    assert changes(facts(consents=(TICKED,)), later)["preticked-renewal"][0] == "not_reobserved"


def test_what_was_not_judged_before_is_not_new() -> None:
    earlier = facts(consents=(), coverage=Coverage(goals=(), paywall_seen=True))
    assert changes(earlier, facts(consents=(TICKED,)))["preticked-renewal"][0] == "newly_seen"


def test_one_offer_put_right_is_not_the_others_remedy() -> None:
    bad = offer(renewal=FAINT)
    before = facts(offers=(bad, offer(name="连续包季", period="quarter", at=at(9))))
    after = facts(offers=(offer(name="连续包季", period="quarter", at=at(9)),))
    assert changes(before, after)["hidden-renewal"][0] == "not_reobserved"
    put_right = facts(offers=(offer(name="连续包季", period="quarter", at=at(9)), offer(name="超级连续包月")))
    assert changes(before, put_right)["hidden-renewal"] == ("remedied", "compliant")


def test_visits_of_one_place_are_one_place() -> None:
    def left(*layers: int) -> Facts:
        visits = (leaving(layers=n, at=Source(run=i, step=2)) for i, n in enumerate(layers, 2))
        return facts(leaving=tuple(visits))

    assert changes(left(2, 0), left(0, 2))["retention-layers"][0] == "persists"
    assert changes(left(2, 0), left(0, 0))["retention-layers"][0] == "remedied"


def test_other_rules_remedy_nothing() -> None:
    before, after = report(facts(consents=(TICKED,))), report(facts(consents=(consent(),)))
    other = after.model_copy(update={"versions": after.versions.model_copy(update={"rules": "1" * 64})})
    made = compare(Side(before, None), Side(other, None))
    (found,) = [each for each in made.findings if each.rule == "preticked-renewal"]
    assert found.change == "not_reobserved"
    assert any("different rules" in remark.en for remark in made.remarks)


def test_reports_alone_compare_findings_and_no_prices() -> None:
    made = compare(Side(report(facts(consents=(TICKED,))), None), Side(report(facts()), None))
    assert made.offers is None
    assert made.episodes is None
    assert made.finding_counts["remedied"] == 1
    assert any("without its evidence" in remark.en for remark in made.remarks)


def test_two_personas_are_no_change_in_time() -> None:
    made = differing(facts(), facts(persona="android", offers=(offer(price=cny("35")),)))
    assert made.differs == ("persona",)
    assert any("two personas" in remark.en for remark in made.remarks)
    assert made.offer_counts["repriced"] == 1


def test_the_same_two_give_the_same_valid_bytes() -> None:
    before, after = world(*MENU, consents=(TICKED,)), world(*MENU[1:])
    data = to_json(differing(before, after))
    assert data == to_json(differing(before.model_copy(deep=True), after))
    assert departures(data) == ()
    assert json.loads(data)["format"] == "payaudit-comparison/1"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [40, 80])
def test_no_line_is_wider_than_the_terminal(language: Language, width: int) -> None:
    made = differing(world(*MENU, consents=(TICKED,)), world(*map(renamed, MENU[2:])))
    for line in render(made, language, width).plain.splitlines():
        assert cell_len(line) <= width, line
