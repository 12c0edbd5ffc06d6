"""Which numbers of a text count people, and which only add up."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from payaudit.extract.countdowns import _fell, _sway
from payaudit.perceive.crowds import crowds
from payaudit.perceive.lexicon import bundled


def screen(*texts: str) -> Any:  # noqa: ANN401 - as much of a screen as the words need
    return SimpleNamespace(
        front=[SimpleNamespace(text=t, node=i, box=(0.0, 20.0 * i, 100.0, 20.0)) for i, t in enumerate(texts)]
    )


@pytest.mark.parametrize(
    ("text", "number", "total"),
    [
        ("2639人正在开通", 2639, False),
        ("已有21,969人抢到特惠", 21969, True),
        ("剩余77集待解锁 · 3773人正在充值", 3773, False),
        ("13,538 people have unlocked it so far", 13538, True),
        ("13,538 people unlocked today", 13538, False),
        ("3,168 people unlocked this in the last hour", 3168, False),
        ("2.857 personas están comprando ahora mismo", 2857, False),
        ("누적 1,204명이 구독했어요", 1204, True),
        ("24小时内已有1204人购买", 1204, False),
        ("already 1,204 people online", 1204, False),
    ],
)
def test_a_number_beside_people(text: str, number: int, *, total: bool) -> None:
    (found,) = crowds(screen(text), bundled())
    assert (found.number, found.total) == (number, total)


@pytest.mark.parametrize(
    "text",
    [
        "1.2万人在看",
        "12k viewers",
        "1.234.567万人",
        "5000人气值",
        "¥9.9 会员",
        "第12集",
        "仅剩3个名额",
        "60 episodes",
        "3人",
        "VIP会员",
        "$4.99 members only",
    ],
)
def test_numbers_of_other_things(text: str) -> None:
    assert crowds(screen(text), bundled()) == ()


def test_a_caption_that_a_list_repeats_counts_nobody() -> None:
    assert crowds(screen("1,200人在追", "3,400人在追"), bundled()) == ()


def test_how_far_it_went_both_ways() -> None:
    numbers = [Decimal(n) for n in (2500, 2000, 2600)]
    assert _sway(numbers) == Decimal("9.8")  # 500 down, 600 up; the root of 2600 is 51
    assert _fell(numbers) is True


def test_what_only_grows_went_one_way() -> None:
    numbers = [Decimal(n) for n in (2500, 2600, 3000)]
    assert (_sway(numbers), _fell(numbers)) == (0, False)


def test_too_few_visits_tell_nothing() -> None:
    assert _sway([Decimal(2), Decimal(1)]) is None
    assert _fell([Decimal(2)]) is None
