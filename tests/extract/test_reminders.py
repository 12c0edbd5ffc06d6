"""Words that promise to tell before a charge, words that only say when it is taken, and doubts."""

from __future__ import annotations

import pytest

from payaudit.extract.reminders import promised
from payaudit.perceive.lexicon import bundled


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("扣费前五日以短信提醒您", True),
        ("We will email you 7 days before each charge.", True),
        ("Perubahan harga diberitahukan sekurangnya 14 hari sebelumnya.", True),
        ("Qualquer reajuste será comunicado com 30 dias de antecedência.", True),
        ("授权在会员到期前24小时内自动扣取下一周期费用", False),
        ("You are charged 3 days before the period ends.", False),
        ("Thank you for watching.", False),
        ("At least 14 days before the new terms apply.", None),
    ],
)
def test_promised(words: str, told: bool | None) -> None:  # noqa: FBT001 - what is expected
    assert promised(words, bundled()) is told
