"""Later prices, the way to cancel, repeated visits, the opening and other personas, on small sites."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from payaudit.audit import facts_of
from payaudit.evidence.read import Evidence
from payaudit.model.evidence import GoalResult, Step
from payaudit.model.facts import Facts
from payaudit.serve import serving
from payaudit.walk.options import Options
from payaudit.walk.walk import walk
from tests.crew import ahead, asked_for

SITES = Path(__file__).parent / "sites"
QUICK_S = 3.0

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]


@dataclass(frozen=True)
class Seen:
    """One walk and the facts of its evidence."""

    facts: Facts
    goals: dict[str, GoalResult]
    steps: tuple[Step, ...]


@pytest.fixture(scope="session")
def walks(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[Seen]]]:
    base = tmp_path_factory.mktemp("walks")

    def walked(site: str) -> Seen:
        others = ("android",) if site == "tabs-account" else ()
        options = Options(again_seconds=QUICK_S, personas=others)
        with serving(SITES / site) as address:
            done = asyncio.run(walk(f"{address}/", base / f"{site}.wacz", options, lambda _en, _zh: None))
        with Evidence.open(done.evidence) as evidence:
            steps = tuple(evidence.steps)
        return Seen(facts_of(done.evidence), {g.goal: g for g in done.audit.agenda}, steps)

    with ahead(walked, asked_for(request.session, "site")) as walks:
        yield walks


@pytest.fixture
def seen(site: str, walks: dict[str, Future[Seen]]) -> Seen:
    return walks[site].result()


def on(*sites: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("site", sites)


def ladder(seen: Seen) -> dict[int, Decimal]:
    return {rung.number: rung.value for rung in seen.facts.ladder.rungs} if seen.facts.ladder else {}


@on("coins-grid")
def test_each_locked_episode_is_opened_for_its_price(seen: Seen) -> None:
    assert ladder(seen) == {9: 60, 10: 60, 11: 60, 25: 80, 40: 120}
    assert seen.facts.ladder is not None
    assert (seen.facts.ladder.unit, seen.facts.ladder.listed) == ("coins", False)
    assert seen.facts.ladder.ratio == 2
    prices = {e.number: e.coins for e in seen.facts.episodes}
    assert (prices[8], prices[9], prices[40]) == (None, 60, 120)
    at = next(e.price_at for e in seen.facts.episodes if e.number == 40)
    assert at is not None
    assert "120" in at.text


@on("priced-list")
def test_a_list_that_prints_prices_tells_them_all(seen: Seen) -> None:
    found = ladder(seen)
    assert sorted(found) == list(range(7, 25))
    assert (found[7], found[24]) == (Decimal("0.29"), Decimal("0.63"))
    assert seen.facts.ladder is not None
    assert (seen.facts.ladder.listed, seen.facts.ladder.spearman) == (True, 1)


@on("bare-pages")
def test_pages_of_a_list_of_bare_texts_are_turned_and_scrolled(seen: Seen) -> None:
    assert ladder(seen) == {7: 40, 8: 40, 9: 40, 21: 55, 60: 70}
    assert seen.facts.ladder is not None
    assert (seen.facts.ladder.unit, seen.facts.ladder.listed) == ("coins", False)


@on("bare-pages")
def test_coins_asked_beside_packs_in_money_are_a_price_of_their_own(seen: Seen) -> None:
    asked = [o for o in seen.facts.offers if o.coin_price is not None]
    assert [(o.coin_price, o.money_equivalent) for o in asked] == [(40, False)]


@on("swipe-escalation")
def test_a_feed_is_swiped_on_from_lock_to_lock(seen: Seen) -> None:
    assert ladder(seen) == {4: 50, 5: 60, 6: 70, 7: 80, 8: 90, 9: 100}


@on("next-only")
def test_where_one_cannot_go_on_the_reason_says_so(seen: Seen) -> None:
    assert seen.facts.ladder is None
    assert seen.goals["ladder"].state == "impossible"
    assert seen.goals["ladder"].reason_en == "prices of later episodes appear only after an unlock"


@on("ad-unlock")
def test_an_advertisement_is_watched_and_kept_as_an_intervention(seen: Seen) -> None:
    assert ladder(seen) == {3: 40, 4: 55}
    assert seen.facts.ladder is not None
    assert seen.facts.ladder.how == "after_ad"
    pressed = next(s for s in seen.steps if s.action.intent == "watch_ad")
    assert [e.data["what"] for e in pressed.events if e.kind == "intervention"] == ["ad watched"]


@on("coins-grid", "next-only", "priced-list", "ad-unlock")
def test_prices_of_other_episodes_are_no_further_offers(seen: Seen) -> None:
    assert len(seen.facts.offers) == 1


@on("tabs-account")
def test_the_control_that_stops_the_renewal_is_captured_before_a_guest_tries_what_it_asks(
    seen: Seen,
) -> None:
    cancel = seen.facts.cancel
    assert cancel is not None
    assert (cancel.found, cancel.label) == (True, "关闭自动续费")
    assert (cancel.steps, cancel.sign_up_steps, cancel.further_steps) == (4, 2, 2)
    verbs = [s.action.verb for s in seen.steps if s.action.target and s.action.target.label == "关闭自动续费"]
    assert verbs == ["capture", "tap"]


@on("long-way-out")
def test_a_guest_goes_through_reasons_and_offers_to_the_last_confirmation(seen: Seen) -> None:
    cancel = seen.facts.cancel
    assert cancel is not None
    assert (cancel.found, cancel.label) == (True, "Confirm cancellation")
    assert (cancel.steps, cancel.sign_up_steps, cancel.further_steps) == (9, 2, 7)
    pressed = [s.action.target.label for s in seen.steps if s.action.verb == "tap" and s.action.target]
    assert [p for p in pressed if p in {"Cancel subscription", "Too expensive", "Next", "No thanks"}] == [
        "Cancel subscription", "Too expensive", "Next", "No thanks",
    ]  # fmt: skip
    assert not {"Confirm cancellation", "Take the offer", "Keep my plan"} & set(pressed)


@on("support-maze")
def test_a_way_to_cancel_is_followed_to_the_control_that_ends_it(seen: Seen) -> None:
    cancel = seen.facts.cancel
    assert cancel is not None
    assert (cancel.found, cancel.label) == (True, "Confirm cancellation")
    assert (cancel.steps, cancel.sign_up_steps, cancel.further_steps) == (6, 2, 4)
    pressed = {s.action.target.label for s in seen.steps if s.action.verb == "tap" and s.action.target}
    assert "Continue canceling" in pressed
    assert not pressed & {"Confirm cancellation", "Open in the app"}


@on("tabs-account")
def test_a_clock_that_begins_anew_is_told_from_one_that_goes_on(seen: Seen) -> None:
    (clock,) = seen.facts.countdowns
    assert (clock.restarted, clock.runs_down) == (True, True)
    assert 895 <= clock.first <= 899
    assert clock.apart_s is not None
    assert clock.apart_s >= QUICK_S
    again = {step.run for step in seen.steps if step.goal == "again"}
    assert len(again) == 2
    assert again <= {visit.at.run for visit in clock.visits}
    (count,) = seen.facts.scarcities
    assert (count.first, count.changed) == (3, False)


@on("coins-grid")
def test_without_a_clock_nothing_is_visited_again(seen: Seen) -> None:
    assert seen.goals["again"].state == "not_tried"
    assert "no countdown" in (seen.goals["again"].reason_en or "")
    assert not [s for s in seen.steps if s.goal == "again"]


@on("coins-grid")
def test_the_opening_shows_the_licence(seen: Seen) -> None:
    assert seen.goals["credits"].state == "reached"
    assert len(seen.goals["credits"].steps) == 4
    assert seen.facts.licence is not None
    assert seen.facts.licence.number == "(京)网微剧审字(2024)第0123号"


@on("tabs-account")
def test_another_persona_is_a_fact_of_its_own(seen: Seen) -> None:
    assert seen.goals["personas"].state == "reached"
    (offer,) = seen.facts.persona_offers
    assert (offer.persona, offer.same_as_main) == ("android", True)
    assert len(seen.facts.offers) == 1


@on("next-only")
def test_nothing_that_renews_needs_no_way_to_cancel(seen: Seen) -> None:
    assert seen.goals["cancel"].state == "not_tried"
    assert seen.facts.cancel is None
