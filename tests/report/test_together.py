"""Weak findings on one screen are told as one sign."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from payaudit.judge.judge import judge
from payaudit.judge.law import load_law
from payaudit.judge.rules import load_rules
from payaudit.model.facts import Exit, Facts, Source
from payaudit.report.together import together

RULES, LAW = load_rules(), load_law()
BY_ID = {rule.id: rule for rule in RULES.rules}


def leaving(step: int, label: str = "残忍离开") -> Exit:
    return Exit(
        kind="decline",
        label=label,
        effect="left",
        contrast=Decimal("1.7"),
        accept_beside=True,
        accept_label="继续支付",
        accept_area_ratio=Decimal(6),
        at=Source(run=4, step=step, node=9),
    )


def of(*exits: Exit) -> Facts:
    return Facts(target="x", persona="p", captured="2026-11-22", exits=exits)


def test_two_weak_signs_on_one_screen_are_one_entry() -> None:
    found = judge(of(leaving(8), leaving(8, "狠心离开")), RULES, LAW, ("CN",), date(2026, 11, 22))
    (entry,) = together(found, BY_ID)
    assert (entry.run, entry.step) == (4, 8)
    assert set(entry.rules) == {"faint-decline", "shaming-decline"}
    assert BY_ID["faint-decline"].title.zh in entry.says.zh


def test_one_sign_alone_or_on_two_screens_is_not_grouped() -> None:
    alone = judge(of(leaving(8, "离开"), leaving(9, "离开")), RULES, LAW, ("CN",), date(2026, 11, 22))
    assert any(finding.verdict == "violation" for finding in alone)
    assert together(alone, BY_ID) == ()
