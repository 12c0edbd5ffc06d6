from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from payaudit.model.text import Text
from payaudit.report.html.shown import cut, shown
from payaudit.report.html.spoken import spoken


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("取消\u202e续费", "取消[U+202E]续费"),
        ("\u2066a\u2069", "[U+2066]a[U+2069]"),
        ("自\u200b动\u2060续\ufeff费", "自[U+200B]动[U+2060]续[U+FEFF]费"),
        ("soft\u00adhyphen", "soft[U+00AD]hyphen"),
        ("a\x00b\x07c\x1bd", "a[U+0000]b[U+0007]c[U+001B]d"),
        ("lone \ud800 half", "lone [U+D800] half"),
        ("filler \u3164 and \u2800", "filler [U+3164] and [U+2800]"),
        ("tag \U000e0041", "tag [U+E0041]"),
        ("line\nand\ttab", "line\nand\ttab"),
        ("价格 ¥9.9／月，“首月”…", "价格 ¥9.9／月，“首月”…"),
        (
            "👨\u200d👩\u200d👧 می\u200cخواهم क\u094d\u200dष",
            "👨\u200d👩\u200d👧 می\u200cخواهم क\u094d\u200dष",
        ),
        ("9\u200d9", "9[U+200D]9"),
        ("\u200dx", "[U+200D]x"),
        ("e" + "\u0301" * 40, "e" + "\u0301" * 4),
    ],
)
def test_what_hides_or_reorders_is_named(text: str, expected: str) -> None:
    assert shown(text) == expected


def test_a_long_text_is_cut_in_its_middle_and_says_by_how_much() -> None:
    text = "头" * 1_000_000 + "尾"
    made = shown(text)
    assert len(made) < 800
    assert made.startswith("头")
    assert made.endswith("尾")
    assert "… [+999,301] …" in made
    assert shown("a" * 700) == "a" * 700


@given(st.text(), st.integers(min_value=10, max_value=50))
def test_what_is_cut_adds_up(text: str, limit: int) -> None:
    made = cut(text, limit)
    assert made == text or made.replace(f"… [+{len(text) - limit:,}] …", "") == (
        text[: limit - limit // 3] + text[len(text) - limit // 3 :]
    )


@given(st.text(st.characters()))
def test_any_text_can_be_encoded_and_hides_nothing(text: str) -> None:
    made = shown(text)
    made.encode()
    assert not set(made) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff\x00")


def test_both_languages_are_told_apart_and_escaped() -> None:
    made = spoken(Text(en="a <b>", zh="甲 <b>"))
    assert made == Markup(
        '<span class="t" lang="en">a &lt;b&gt;</span><span class="t" lang="zh">甲 &lt;b&gt;</span>'
    )
    assert spoken(Text(en="¥9.9", zh="¥9.9")) == "¥9.9"


def test_a_quotation_that_runs_leftward_is_set_apart() -> None:
    made = spoken(Text(en="the offer “شهري <i>” for 9.9", zh="“شهري <i>” 9.9"))
    assert "“<bdi>شهري &lt;i&gt;</bdi>” for 9.9" in made
