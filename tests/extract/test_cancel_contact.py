"""Which sentences name a call or a letter as the way to stop, and which name another."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from payaudit.extract.cancel_contact import by_contact
from payaudit.perceive.lexicon import bundled

CALLS = (
    "來電客服 02-7700-1528 或來信即可取消自動續訂。",
    "取消自动续费请致电 400-800-1234。",
    "To cancel your subscription call us at (312) 555-0147.",
    "You may cancel your subscription by e-mail to help@example.com.",
    "Zum Kündigen schreiben Sie per E-Mail.",
    "解約はお電話でお申し込みください。",
    "To cancel a subscription write to billing@example.com with your guest number.",
)
NAMES_NO_CALL = (
    "可隨時取消自動續訂。",
    "Cancel anytime.",
    "Questions? Call us at (312) 555-0147.",
    "您可在“我的”页面取消自动续费，或致电 400-800-1234。",
    "Cancel subscription in your account, or write to us.",
)


def seen(*texts: str) -> Any:  # noqa: ANN401 - as much of a step as the words need
    return SimpleNamespace(
        screen=SimpleNamespace(texts=[SimpleNamespace(text=t, sight="visible") for t in texts])
    )


@pytest.mark.parametrize("words", CALLS)
def test_a_sentence_that_names_a_call_or_a_letter(words: str) -> None:
    found = by_contact([seen("月费会员", "随时可取消", words)], bundled())
    assert found is not None
    assert found[1] == words.rstrip("。.")


@pytest.mark.parametrize("words", NAMES_NO_CALL)
def test_other_sentences_about_the_end_of_a_renewal(words: str) -> None:
    assert by_contact([seen(words)], bundled()) is None


def test_another_way_anywhere_takes_it_back() -> None:
    screens = [seen(CALLS[1]), seen("关闭方法：我的 › 自动续费管理")]
    assert by_contact(cast("Any", screens), bundled()) is None
