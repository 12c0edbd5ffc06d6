from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from payaudit.model.text import Language
from payaudit.report.text import render, span, summary
from payaudit.report.wrap import crop, wrap
from tests.judge.worlds import consent, facts, leaving
from tests.report.test_report_build import BAD, report

EXPECTED_EN = """\
https://drama.example/ep/11
2026-11-22 · an iPhone · CN (guessed from what was seen: prices in CNY → CN)

critical[preticked-renewal]: Consent to automatic renewal ticked in advance
 --> run 01 step 0004 · screen.png · node 123 · 3020e915a6
  |
  | 连续包月 首月¥9.9，次月起25元/月自动续费
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = Observed: the consent to renewal “开通自动续费” was on before any touch, in
    3 of 3 fresh visits.
  = note: kind of consent: consent to automatic renewal
  = note: it was ticked before any touch
"""
EXPECTED_ZH = """\
严重[preticked-renewal]：自动续费默认勾选
 --> 会话 01 步骤 0004 · screen.png · 节点 123 · 3020e915a6
"""


def test_a_finding_reads_like_a_compilers_message() -> None:
    made = report(facts(consents=(consent(checked=True, checked_runs=3),)))
    assert render(made, "en", 80).plain.startswith(EXPECTED_EN)
    chinese = render(made, "zh", 80).plain
    assert EXPECTED_ZH in chinese
    assert "  = 可能涉及：" in chinese


def test_the_last_line_sums_up() -> None:
    made = report(BAD)
    doubts, fine = made.counts.by_verdict["unclear"], made.counts.by_verdict["compliant"]
    skipped = sum(rule.state == "not_judged" for rule in made.rules_judged)
    assert render(made, "en").plain.splitlines()[-1] == (
        f"3 findings: 2 critical, 1 medium; {doubts} unclear; {fine} compliant; {skipped} rules not judged"
    )
    assert summary(made, "zh") == (
        f"3 项线索：2 严重，1 中；{doubts} 无法判断；{fine} 未见异常；{skipped} 条规则未作判断"
    )
    one = report(facts(leaving=(leaving(layers=2),), payment_calls=()))
    assert summary(one, "en").startswith("1 finding: 1 medium; ")


def test_an_honest_page_has_no_blocks_unless_asked() -> None:
    made = report(facts())
    assert "-->" not in render(made).plain
    assert "compliant[hidden-renewal]" in render(made, verbose=True).plain


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_line_is_wider_than_the_terminal(language: Language, width: int) -> None:
    for line in render(report(BAD), language, width).plain.splitlines():
        assert cell_len(line) <= width, line


def test_a_console_without_colour_gets_none() -> None:
    out = io.StringIO()
    Console(file=out, no_color=True, force_terminal=True, width=100, color_system=None).print(
        render(report(BAD))
    )
    assert "\x1b[" not in out.getvalue()


def test_an_address_is_never_taken_for_markup() -> None:
    made = report(BAD.model_copy(update={"target": "https://x.example/[red]a[/red]"}))
    assert "[red]a[/red]" in render(made).plain


def test_provisions_are_told_once_and_their_notes_always() -> None:
    said = " ".join(render(report(BAD), "en", 200).plain.split())
    assert said.count("an easy way out open throughout") == 1
    assert said.count("Amended by SAMR Order No. 101") == 2


def test_the_caret_line_counts_cells() -> None:
    assert span("首月 连续包月 9.9", "连续包月") == (5, 8)
    assert span("首月 9.9", "VIP") == (0, 8)


TEXT = st.text(alphabet="ab ，。自动续费“”（）https://1", max_size=60)


@settings(deadline=None)
@given(text=TEXT, width=st.integers(4, 30))
def test_wrapping_keeps_all_characters_and_the_width(text: str, width: int) -> None:
    lines = list(wrap(text, width))
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(cell_len(line) <= width for line in lines)


def test_closing_marks_begin_no_line() -> None:
    assert list(wrap("自动续费，可取消。", 8)) == ["自动续", "费，可取", "消。"]


def test_cropping_counts_cells() -> None:
    assert crop("自动续费", 8) == "自动续费"
    assert crop("自动续费说明", 8) == "自动续…"
