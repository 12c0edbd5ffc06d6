from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payaudit.extract.ladder import spearman
from payaudit.perceive.agreements import was_read
from payaudit.perceive.grid import cell_number
from payaudit.walk.goals.ladder import _rungs


def _decimals(*values: int) -> list[Decimal]:
    return [Decimal(v) for v in values]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((1, 2, 3, 4), "1.00"),
        ((4, 3, 2, 1), "-1.00"),
        ((60, 60, 80, 80, 120), "0.95"),  # scipy.stats.spearmanr: 0.9487
        ((1, 3, 2, 4), "0.80"),
    ],
)
def test_rank_correlation(values: tuple[int, ...], expected: str) -> None:
    assert spearman(range(1, len(values) + 1), _decimals(*values)) == Decimal(expected)


def test_no_trend_without_a_difference_or_with_two_prices() -> None:
    assert spearman([1, 2, 3], _decimals(5, 5, 5)) is None
    assert spearman([1, 2], _decimals(5, 6)) is None


@given(st.lists(st.integers(1, 10**6), min_size=3, max_size=12))
def test_rank_correlation_stays_within_one_and_is_odd(values: list[int]) -> None:
    found = spearman(range(len(values)), _decimals(*values))
    mirrored = spearman(range(len(values)), _decimals(*(-v for v in values)))
    if found is not None:
        assert mirrored == -found
        assert abs(found) <= 1


@pytest.mark.parametrize(
    ("label", "number"),
    [
        ("9 🔒", 9),
        ("第12集", 12),
        ("Plus Folge 8", 8),
        ("Ep. 7 $0.29", 7),
        ("VIP 第10集", 10),
        ("¥9.9", None),
        ("1분 17초", None),
        ("31-60", None),
    ],
)
def test_number_of_a_cell(label: str, number: int | None) -> None:
    assert cell_number(label) == number


def test_rungs_are_the_next_the_last_and_one_between() -> None:
    assert _rungs(list(range(10, 73)), []) == [10, 72, 41, 11]
    assert _rungs([12], []) == [12]


def test_of_a_list_with_pages_the_rung_between_begins_one() -> None:
    assert _rungs(list(range(12, 93)), [31, 61]) == [12, 92, 31, 13]


def test_an_agreement_named_in_a_longer_caption_was_read_with_it() -> None:
    assert was_read("我已阅读并同意《充值协议》", {"充值协议"})
    assert not was_read("同意《充值协议》与《隐私政策》", {"充值协议"})
    assert not was_read("《隐私政策》", {"充值协议"})
