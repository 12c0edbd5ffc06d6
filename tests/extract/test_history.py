"""What several recordings of one target tell together, and what a gap between them leaves open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from payaudit.extract.history import with_history
from payaudit.model.facts import (
    Episode,
    Facts,
    Ladder,
    Offer,
    PersonaOffer,
    PersonaPair,
    Scarcity,
    Source,
)
from payaudit.model.money import Money
from payaudit.model.recording import Asked, Recording

AT = Source(run=1, step=1, node=1)
THERE = Source(run=1, step=7, node=8)
DOLLARS = Money(amount=Decimal(14), currency="USD")
BEGIN = datetime(2026, 11, 1, 2, tzinfo=UTC)


def yuan(amount: str) -> Money:
    return Money(amount=Decimal(amount), currency="CNY")


def recording(day: int, minute: float = 0, **said: object) -> Recording:
    """One of November's days, its paywall seen so many minutes after two o'clock."""
    when = BEGIN + timedelta(days=day - 1, minutes=minute)
    told = {
        "sha256": None,
        "target": "x",
        "persona": "iphone",
        "captured": f"2026-11-{day:02}",
        "started": when,
        "paywall_at": when,
        "device_told": False,
        **said,
    }
    return Recording.model_validate(told)


SHARED = ("offers", "episodes", "ladder", "scarcities", "persona_offers", "persona", "captured")


def told(now: Recording, *earlier: Recording) -> Facts:
    """The facts of the recording judged, with what the others add."""
    facts = Facts.model_validate({"target": "x", **{name: getattr(now, name) for name in SHARED}})
    return with_history(facts, now, sorted(earlier, key=lambda r: r.started))


def sale(price: str, reference: str | None = None, **said: object) -> Offer:
    fields = {
        "name": "年卡",
        "kind": "membership",
        "period": "year",
        "price": yuan(price),
        "reference_price": yuan(reference) if reference else None,
        "reference_told": reference is not None,
        "at": AT,
    }
    return Offer.model_validate({**fields, **said})


DAILY = (1, 2, 4, 6)  # with the ninth: five days over eight, no more than two missing in a row


@pytest.mark.parametrize(
    ("days", "prices", "charged"),
    [
        (DAILY, ("99",) * 4, False),
        (DAILY, ("99", "365", "99", "99"), True),
        (DAILY, ("99", "399", "99", "99"), True),  # a higher price than the one compared with
        ((2, 4, 6), ("99",) * 3, None),  # four days are too few to say never
        ((3, 4, 5, 6, 7), ("99",) * 5, None),  # six days are too short
        ((1, 2, 3, 4, 5), ("99",) * 5, None),  # three days in a row without a recording
        ((8,), ("365",), True),  # once is enough to say it was
        ((), (), None),
    ],
)
def test_a_reference_price_is_held_against_other_days(
    days: tuple[int, ...], prices: tuple[str, ...], *, charged: bool | None
) -> None:
    earlier = [recording(day, offers=(sale(price),)) for day, price in zip(days, prices, strict=True)]
    (offer,) = told(recording(9, offers=(sale("99", "365"),)), *earlier).offers
    assert offer.reference_was_charged is charged


def test_what_was_never_charged_leans_on_a_place_of_each_day() -> None:
    earlier = [recording(day, offers=(sale("99", at=THERE),)) for day in DAILY]
    again = recording(6, minute=30, offers=(sale("99", at=THERE),))
    (offer,) = told(recording(9, offers=(sale("99", "365"),)), *earlier, again).offers
    assert (offer.reference_days, offer.reference_recordings) == (8, 5)
    assert sorted(each.captured[-2:] for each in offer.leans_on) == ["01", "02", "04", "06"]
    assert {each.at for each in offer.leans_on} == {THERE}
    assert max(each.recording for each in offer.leans_on) == 5  # the later one of the sixth


def elsewhere(**said: object) -> list[Recording]:
    return [recording(day, **{"offers": (sale("99"),), **said}) for day in DAILY]


@pytest.mark.parametrize(
    "earlier",
    [
        elsewhere(persona="android"),
        elsewhere(customer=True),
        elsewhere(offers=()),  # the paywall was not reached
        elsewhere(offers=(sale("99", period="month"),)),  # another offer then
        elsewhere(offers=(sale("99", name="a"), sale("99", name="b"))),  # which of them is it
        elsewhere(offers=(sale("99").model_copy(update={"price": None}),)),
        elsewhere(offers=(sale("99").model_copy(update={"price": DOLLARS}),)),
    ],
)
def test_days_that_do_not_show_the_offer_are_not_counted(earlier: list[Recording]) -> None:
    (offer,) = told(recording(9, offers=(sale("99", "365"),)), *earlier).offers
    assert offer.reference_recordings == 1
    assert offer.reference_was_charged is None


@pytest.mark.parametrize(
    "speaks",
    [
        {"offers": (sale("99"), sale("365", name="月卡", period="month"))},
        {"offers": (sale("99", renewal_price=yuan("365")),)},
        {"asked": (Asked(amount=yuan("365"), at=THERE),)},
        {"episodes": (Episode(number=3, price=yuan("365"), at=THERE),)},
        {"persona": "android", "offers": (sale("365"),)},
    ],
)
def test_once_asked_for_anything_or_of_anybody_speaks_for_the_seller(speaks: dict[str, object]) -> None:
    earlier = [*elsewhere(), recording(7, **speaks)]
    (offer,) = told(recording(9, offers=(sale("99", "365"),)), *earlier).offers
    assert offer.reference_was_charged is True


def test_the_renewal_price_of_the_day_itself_is_a_price_charged() -> None:
    now = recording(9, offers=(sale("99", "365", renewal_price=yuan("365")),))
    assert told(now, *elsewhere()).offers[0].reference_was_charged is True


def left(number: int, text: str = "仅剩{}个名额", **said: object) -> Scarcity:
    return Scarcity.model_validate({"text": text.format(number), "first": number, "at": AT, **said})


@pytest.mark.parametrize(
    ("counts", "days", "constant"),
    [
        ({7: 3, 8: 3}, 3, True),
        ({6: 3, 8: 3}, 3, True),
        ({7: 4, 8: 3}, 3, False),
        ({8: 3}, 2, None),  # two days are too few
        ({2: 3, 8: 3}, 3, None),  # too far apart to be one stretch
        ({6: 3, 7: None, 8: 3}, 3, None),  # gone on a day between
        ({}, 1, None),
    ],
)
def test_a_count_that_stands_still_for_days(
    counts: dict[int, int | None], days: int, *, constant: bool | None
) -> None:
    earlier = [recording(d, scarcities=() if n is None else (left(n),)) for d, n in counts.items()]
    (seen,) = told(recording(9, scarcities=(left(3),)), *earlier).scarcities
    assert (seen.days, seen.constant) == (days, constant)


def test_a_count_that_moved_within_one_of_the_days_did_not_stand_still() -> None:
    earlier = [recording(7, scarcities=(left(3, changed=True),)), recording(8, scarcities=(left(3),))]
    assert told(recording(9, scarcities=(left(3),)), *earlier).scarcities[0].constant is False


def test_another_count_is_another_matter() -> None:
    earlier = [recording(day, scarcities=(left(3, "已有{}人购买"),)) for day in (7, 8)]
    assert told(recording(9, scarcities=(left(3),)), *earlier).scarcities[0].days == 1


def other(price: str, **said: object) -> PersonaOffer:
    told = {"persona": "desktop", "name": "年卡", "price": yuan(price), "device_told": False, "at": THERE}
    return PersonaOffer.model_validate({**told, **said})


def pairs(*prices: str, **said: object) -> tuple[PersonaPair, ...]:
    """The pairs of audits that each were made under two personas."""
    made = [
        recording(day, offers=(sale("100"),), persona_offers=(other(price, **said),))
        for day, price in enumerate(prices, 1)
    ]
    return told(made[-1], *made[:-1]).persona_pairs


def test_three_pairs_tell_a_gap_and_two_do_not() -> None:
    for few in (pairs("110"), pairs("110", "110")):
        assert (few[0].gap, few[0].gap_units, few[0].one_way) == (None, None, None)
    (three,) = pairs("110", "110", "110")
    assert (three.pairs, three.gap, three.one_way, three.told) == (3, Decimal("0.100"), True, False)
    assert (three.gap_amount, three.gap_units) == (yuan("10"), Decimal(10))
    assert three.at == THERE
    assert [each.recording for each in three.leans_on] == [1, 1, 2, 2]


def test_now_dearer_now_cheaper_is_no_one_way() -> None:
    assert pairs("110", "90", "110")[0].one_way is False


def test_equal_prices_need_no_third_pair() -> None:
    (found,) = pairs("100", device_told=True)
    assert (found.gap, found.one_way, found.told) == (Decimal(0), False, True)


def hours(apart: float, *, of: str = "desktop", **said: object) -> list[Recording]:
    """Two audits on each of three days, so many minutes apart, the last one judged."""
    made = []
    for day in (1, 2, 3):
        made += [
            recording(day, persona=of, offers=(sale("110", at=THERE),), **said),
            recording(day, minute=apart, offers=(sale("100"),)),
        ]
    return made


def test_two_audits_of_one_hour_are_a_pair() -> None:
    *earlier, now = hours(9)
    (pair,) = told(now, *earlier).persona_pairs
    assert (pair.persona, pair.pairs, pair.gap, pair.told) == ("desktop", 3, Decimal("0.100"), False)
    assert pair.at == AT  # the price that was asked in the recording judged
    assert [each.recording for each in pair.leans_on] == [5, 2, 1, 4, 3]


@pytest.mark.parametrize(
    "made",
    [
        hours(11),  # too long between
        hours(9, of="iphone"),
        hours(9, customer=True),  # an account may be in another state
        hours(9, paywall_at=None),
        [*hours(9)[:-2], recording(9, offers=(sale("100"),))],  # no part of any pair
    ],
)
def test_no_pair(made: list[Recording]) -> None:
    *earlier, now = made
    assert told(now, *earlier).persona_pairs == ()


def test_one_visit_makes_one_pair() -> None:
    there = recording(1, persona="desktop", offers=(sale("110"),))
    mine = [recording(1, minute=m, offers=(sale("100"),)) for m in (1, 2, 3)]
    (pair,) = told(mine[-1], there, *mine[:-1]).persona_pairs
    assert pair.pairs == 1


def test_a_reason_that_was_not_looked_for_is_not_denied() -> None:
    *earlier, now = hours(9, device_told=None)
    assert told(now, *earlier).persona_pairs[0].told is None


def steps(lowest: str, highest: str) -> Ladder:
    prices = {"lowest": Decimal(lowest), "highest": Decimal(highest)}
    return Ladder(unit="coins", priced=3, first_number=9, last_number=30, at=AT, **prices)


def episode(number: int, state: str) -> Episode:
    return Episode.model_validate({"number": number, "state": state, "at": AT})


def test_a_price_after_a_purchase_is_held_against_the_last_recording() -> None:
    locked, unlocked = (episode(9, "locked"),), (episode(9, "unlocked"),)
    before = recording(1, customer=True, ladder=steps("60", "60"), episodes=locked)
    after = recording(2, customer=True, ladder=steps("100", "100"), episodes=unlocked)
    ladder = told(after, before).ladder
    assert ladder is not None
    assert (ladder.bought_since, ladder.step_ratio) == (True, Decimal("1.667"))
    assert [each.tells for each in ladder.leans_on] == [("step_ratio",), ("bought_since",)]
    alone = told(after).ladder
    assert alone is not None
    assert (alone.bought_since, alone.step_ratio) == (False, None)


def test_fresh_visits_have_bought_nothing_whatever_opened_between_them() -> None:
    before = recording(1, ladder=steps("60", "60"), episodes=(episode(9, "locked"), episode(10, "unlocked")))
    after = recording(2, ladder=steps("100", "100"), episodes=(episode(9, "unlocked"), episode(10, "locked")))
    found = told(after, before)
    assert found.ladder is not None
    assert found.ladder.bought_since is False
    assert [e.open_before for e in found.episodes] == [False, False]


def test_an_episode_that_was_open_is_remembered() -> None:
    before = recording(1, customer=True, episodes=(episode(9, "unlocked"),))
    after = recording(2, customer=True, episodes=(episode(9, "locked"), episode(10, "locked")))
    assert [e.open_before for e in told(after, before).episodes] == [True, False]
    assert [e.open_before for e in told(after).episodes] == [False, False]
