"""What is typed where a dialog asks: the fictitious viewer's data, and nothing that may sign or pay."""

from __future__ import annotations

import pytest

from payaudit.perceive.lexicon import bundled
from payaudit.walk.viewer import asked_for, viewer


def test_an_address_for_access_is_given() -> None:
    assert asked_for("Email untuk menerima akses:", bundled(), "id") == viewer().email


@pytest.mark.parametrize(
    "message",
    [
        "请输入短信验证码以完成支付",
        "Enter the code sent to your phone to confirm payment of $9.99",
        "Type your name to agree to auto-renewal",
        "What is your favourite colour?",
    ],
)
def test_nothing_is_typed_where_it_may_sign_or_pay(message: str) -> None:
    assert asked_for(message, bundled(), "en") is None
