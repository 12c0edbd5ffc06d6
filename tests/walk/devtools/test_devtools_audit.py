"""``payaudit audit --devtools`` against the double: the whole way to the payment, and what it is worth."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from fixtures.miniprograms import truths
from payaudit.audit import facts_of
from payaudit.evidence.read import Evidence
from payaudit.model.facts import Facts
from payaudit.walk.miniprogram.policy import host_policy
from tests.commands import Done, invalid_wacz, payaudit
from tests.walk.devtools.double import SDK, devtools

PROGRAM = "wx-source"
SURE = {"R01", "R04", "R35"}  # practices that need no scope seen whole
WALK_S = 420

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(WALK_S + 60)]


@dataclass(frozen=True)
class Seen:
    """An audit through the double, and what the double was asked."""

    done: Done
    folder: Path
    asked: list[tuple[str, dict[str, Any]]]
    paid: list[dict[str, Any]]

    @property
    def evidence(self) -> Path:
        return self.folder / "evidence.wacz"

    @property
    def report(self) -> dict[str, Any]:
        report: dict[str, Any] = json.loads((self.folder / "report.json").read_bytes())
        return report

    @property
    def facts(self) -> Facts:
        return facts_of(self.evidence)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """One audit of the whole agenda."""
    folder = tmp_path_factory.mktemp("devtools") / "out"

    async def walk() -> Seen:
        program = truths.HERE / PROGRAM
        async with devtools(program / "package", program / "api.json") as double:
            options = ("-o", folder, "-q", "--quick", "--max-seconds", 300)
            given = ("audit", "--devtools", double.address, *options)
            done = await asyncio.to_thread(payaudit, *given, seconds=WALK_S)
            return Seen(done, folder, double.asked, double.paid)

    return asyncio.run(walk())


def test_it_ends_as_an_audit_does(seen: Seen) -> None:
    assert (seen.done.code, seen.done.errors) == (10, []), seen.done.err


def test_offers(seen: Seen) -> None:
    left = list(seen.facts.offers)
    for stated in truths.load(PROGRAM)["offers"]:
        fits = [o for o in left if o.price and o.price.amount == Decimal(stated["price"])]
        assert fits, stated["name"]
        left.remove(fits[0])
        assert fits[0].period == stated["period"]
        # That nothing renews would need the paywall seen whole, which no gap leaves it.
        assert fits[0].auto_renews is (True if stated["auto_renews"] else None)
    assert left == []


def test_the_payment_is_intercepted_with_its_arguments(seen: Seen) -> None:
    with Evidence.open(seen.evidence) as evidence:
        calls = [e.data for s in evidence.steps for e in s.events if e.kind == "payment_call"]
    assert {call["api"] for call in calls} == {truths.load(PROGRAM)["call"]["api"]}
    assert {call["wall"] for call in calls} == {"devtools"}
    asked = {(c["arguments"]["mode"], c["arguments"]["signData"]["goodsPrice"]) for c in calls}
    assert asked == {("short_series_goods", fen) for fen in (660, 1990, 9800)}
    assert all(call["arguments"]["paySig"] for call in calls)


def test_nothing_that_pays_reaches_the_host(seen: Seen) -> None:
    names = [name for name, _ in seen.asked]
    before = seen.asked[: names.index("Element.tap")]
    mocked = {params["method"] for name, params in before if name == "App.mockWxMethod"}
    assert set(host_policy().pays["wx"]) <= mocked
    assert "request" in mocked
    assert seen.paid == []


def test_verdicts(seen: Seen) -> None:
    found = {f["catalogue"] for f in seen.report["findings"] if f["verdict"] == "violation"}
    practices = truths.load(PROGRAM)["practices"]
    assert [c for c, stated in practices.items() if not stated["present"] and c in found] == []
    assert found >= SURE
    assert {f["confidence"] for f in seen.report["findings"]} <= {"probable", "possible"}


def test_what_the_protocol_does_not_tell_is_a_gap(seen: Seen) -> None:
    told = {g["en"] for g in seen.report["coverage"]["gaps"]}
    assert sum(line.startswith("WeChat DevTools does not tell") for line in told) >= 6
    assert not seen.facts.coverage.paywall_seen_whole
    assert not any("simulated host" in line for line in told)
    assert all(e.width is None and e.delay_s is None for e in seen.facts.exits)
    assert all(run.close_found is None for run in seen.facts.leaving)


def test_it_says_where_it_was_seen(seen: Seen) -> None:
    with Evidence.open(seen.evidence) as evidence:
        kept = evidence.audit.options["devtools"]
        assert all("driven through WeChat DevTools" in run.interventions for run in evidence.runs)
        pages = {step.url.partition("?")[0] for step in evidence.steps}
    assert (kept["app_id"], kept["sdk_version"], kept["entry"]) == (
        "wx7a1c0de5f2b90311",
        SDK,
        "pages/home/home",
    )
    assert {page.partition(".invalid/")[2] for page in pages} == {
        "pages/home/home",
        "pages/play/play",
        "vip/pages/shop/shop",
    }
    assert (seen.facts.seen_in_devtools, seen.facts.simulated_host) == (True, False)


def test_evidence_is_valid_and_judged_again_gives_the_same_bytes(seen: Seen, tmp_path: Path) -> None:
    assert invalid_wacz(seen.evidence) == ""
    assert payaudit("verify", seen.evidence).code == 0
    again = payaudit("judge", seen.evidence, "-o", tmp_path)
    assert again.code == seen.done.code
    assert (tmp_path / "report.json").read_bytes() == (seen.folder / "report.json").read_bytes()


def test_it_cannot_be_replayed(seen: Seen, tmp_path: Path) -> None:
    done = payaudit("replay", seen.evidence, "-o", tmp_path)
    assert done.code == 2
    (line,) = done.errors
    assert "walked in WeChat DevTools" in line
