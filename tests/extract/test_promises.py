"""Sentences that promise to tell before a charge, that deny it, and of which nobody can be sure."""

from __future__ import annotations

import pytest

from payaudit.extract.reminders import promised
from payaudit.perceive.lexicon import bundled


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("您无需担心，我们会在扣费前3天短信通知您", True),
        ("如您不再需要，我们会在续费前5日短信提醒您", True),
        ("Te avisaremos sin falta 3 días antes de cada cobro", True),
        ("해지하지 않으면 결제 3일 전에 이메일로 알려드립니다", True),
        ("更新日の7日前までに漏れなくメールでお知らせします", True),
        ("扣款时不再另行通知您", False),
        ("We charge your card without further notice", False),
        ("每次划扣之前，由微信支付依其规则向您推送扣款提醒", None),
    ],
)
def test_what_is_promised(text: str, told: bool | None) -> None:  # noqa: FBT001 - a value
    assert promised(text, bundled()) is told
