"""Sentences that promise to tell before a charge, that deny it, and of which nobody can be sure."""

from __future__ import annotations

import pytest

from payaudit.extract.reminders import of_a_charge, promised
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


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "Te avisamos 7 días antes de cada cobro. Si cambia el precio, te avisamos 30 días antes.",
            True,
        ),
        ("Nous vous prévenons par courriel sept jours avant chaque échéance.", True),
        ("更新日の5日前にメールでお知らせします。", True),
        ("续费按月进行。我们在扣款前5天以短信提醒。", True),
        ("We e-mail you 3 days before each payment.", True),
        ("Your plan renews every week. We email you 3 days before.", True),
        ("Si el precio del pase cambia, te avisaremos por correo con 30 días de anticipación.", False),
        (
            "If the price of your pass goes up, we will give you at least 30 days prior notice by email.",
            False,
        ),
        ("如需调整会员价格，我们提前30日以短信通知。", False),
        ("We will notify you by email 5 days before the fee is deducted.", True),
        ("Te avisaremos 5 días antes de cargar la tarifa.", None),
        ("配信を終える作品については、およそ2週間前からお知らせします。", None),
        ("调整续费价格或扣款日期时，我们提前7日通知您。", None),
    ],
)
def test_a_promise_counts_for_what_it_is_about(text: str, told: bool | None) -> None:  # noqa: FBT001 - a value
    assert of_a_charge(text, bundled()) is told
