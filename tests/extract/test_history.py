"""What several recordings of one target tell together."""

from __future__ import annotations

from decimal import Decimal

import pytest

from payaudit.extract.history import with_history
from payaudit.model.facts import Episode, Facts, Ladder, Offer, PersonaOffer, Source
from payaudit.model.money import Money

AT = Source(run=1, step=1, node=1)


def yuan(amount: str) -> Money:
    return Money(amount=Decimal(amount), currency="CNY")


def recording(day: int, **facts: object) -> Facts:
    return Facts.model_validate(
        {"target": "x", "persona": "iphone", "captured": f"2026-11-{day:02}", **facts}, strict=False
    )


def sale(price: str, reference: str | None = None) -> Offer:
    return Offer(
        name="年卡",
        price=yuan(price),
        reference_price=yuan(reference) if reference else None,
        reference_told=reference is not None,
        at=AT,
    )


@pytest.mark.parametrize(
    ("days", "prices", "charged"),
    [
        ((1, 2, 4, 6), ("99",) * 4, False),  # with the ninth: five days over eight
        ((1, 2, 4, 6), ("99", "365", "99", "99"), True),
        ((2, 4, 6), ("99",) * 3, None),  # four days are too few to say never
        ((3, 4, 5, 6, 7), ("99",) * 5, None),  # six days are too short
        ((8,), ("365",), True),  # once is enough to say it was
        ((), (), None),
    ],
)
def test_a_reference_price_is_held_against_other_days(
    days: tuple[int, ...], prices: tuple[str, ...], *, charged: bool | None
) -> None:
    earlier = [recording(day, offers=(sale(price),)) for day, price in zip(days, prices, strict=True)]
    now, *rest = with_history([recording(9, offers=(sale("99", "365"),)), *earlier])
    assert now.offers[0].reference_was_charged is charged
    assert rest == earlier


def other(price: str, *, told: bool = False) -> PersonaOffer:
    return PersonaOffer(persona="desktop", name="年卡", price=yuan(price), device_told=told, at=AT)


def test_three_pairs_tell_a_gap_and_one_does_not() -> None:
    pair = recording(9, offers=(sale("100"),), persona_offers=(other("110"),))
    alone = with_history([pair])[0].persona_pairs[0]
    assert (alone.pairs, alone.gap, alone.one_way) == (1, None, None)
    three = with_history([pair] * 3)[0].persona_pairs[0]
    assert (three.pairs, three.gap, three.one_way, three.told) == (3, Decimal("0.100"), True, False)
    assert three.gap_amount == yuan("10")


def test_now_dearer_now_cheaper_is_no_one_way() -> None:
    prices = ("110", "90", "110")
    pairs = [recording(9, offers=(sale("100"),), persona_offers=(other(p),)) for p in prices]
    assert with_history(pairs)[0].persona_pairs[0].one_way is False


def test_equal_prices_need_no_third_pair() -> None:
    pair = recording(9, offers=(sale("100"),), persona_offers=(other("100", told=True),))
    found = with_history([pair])[0].persona_pairs[0]
    assert (found.gap, found.one_way, found.told) == (Decimal(0), False, True)


def steps(lowest: str, highest: str) -> Ladder:
    return Ladder(
        unit="coins",
        priced=3,
        first_number=9,
        last_number=30,
        lowest=Decimal(lowest),
        highest=Decimal(highest),
        at=AT,
    )


def test_a_price_after_a_purchase_is_held_against_the_last_recording() -> None:
    before = recording(1, ladder=steps("60", "60"), episodes=(Episode(number=9, state="locked", at=AT),))
    after = recording(2, ladder=steps("100", "100"), episodes=(Episode(number=9, state="unlocked", at=AT),))
    ladder = with_history([after, before])[0].ladder
    assert ladder is not None
    assert (ladder.bought_since, ladder.step_ratio) == (True, Decimal("1.667"))
    alone = with_history([after])[0].ladder
    assert alone is not None
    assert (alone.bought_since, alone.step_ratio) == (False, None)


def test_an_episode_that_was_open_is_remembered() -> None:
    before = recording(1, episodes=(Episode(number=9, state="unlocked", at=AT),))
    after = recording(2, episodes=tuple(Episode(number=n, state="locked", at=AT) for n in (9, 10)))
    assert [e.open_before for e in with_history([after, before])[0].episodes] == [True, False]
    assert [e.open_before for e in with_history([after])[0].episodes] == [False, False]
