"""Which times of a line may be running down."""

from __future__ import annotations

import pytest

from payaudit.perceive.countdowns import _running


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("2027年6月30日24:00止，之后168元", None),
        ("2026年11月20日—2027年2月28日24:00，距结束 89天13:40:21", "89天13:40:21"),
        ("28.02.2027, 24:00", None),
        ("今晚24:00结束，距结束 12:59:39 · 已有 38,216 人购买", "12:59:39"),
        ("活动截止 6月30日 23:59:59", None),
        ("Ends tonight 11:59", None),
        ("bis 31.12.2027 23:59", None),
        ("仅剩 09:59", "09:59"),
        ("限时价 ¥9.90 09:59", "09:59"),
        ("还剩1天 05:30", "1天 05:30"),
        ("距结束 2小时3分4秒", "2小时3分4秒"),
    ],
)
def test_a_time_of_day_is_no_time_left(line: str, read: str | None) -> None:
    match = _running(line)
    assert (match.group() if match else None) == read
