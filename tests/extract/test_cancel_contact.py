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


def seen(*texts: str, intent: str | None = None) -> Any:  # noqa: ANN401 - as much of a step as the words need
    return SimpleNamespace(
        screen=SimpleNamespace(texts=[SimpleNamespace(text=t, sight="visible") for t in texts]),
        step=SimpleNamespace(
            action=SimpleNamespace(verb="tap", intent=intent), outcome=SimpleNamespace(changed=True)
        ),
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


def test_a_question_about_cancelling_is_answered_by_the_sentence_behind_it() -> None:
    answer = "Escríbenos por WhatsApp con copia de tu identificación"
    found = by_contact([seen("¿Cómo cancelo mi VIP?", f"{answer}.")], bundled())
    assert found is not None
    assert found[1] == answer


def test_the_address_on_an_account_is_no_way() -> None:
    words = "To cancel send an e-mail to end@example.com from the address on your account."
    assert by_contact([seen(words)], bundled()) is not None


def test_what_cannot_be_done_in_the_app_is_no_way_either() -> None:
    said = "Passes cannot be cancelled in the app or on this site.", "Send an email to care@example.com."
    assert by_contact([seen("How do I cancel?", *said)], bundled()) is not None


def test_the_page_that_is_pointed_to_says_what_there_is() -> None:
    pointing = seen("To cancel see Manage subscription in your profile.")
    own = seen("Manage subscription", "You can ask us to cancel a plan by e-mail.", intent="manage_renewal")
    assert by_contact([pointing, own], bundled()) is not None
    other = seen("You can ask us to cancel a plan by e-mail.", intent="terms")
    assert by_contact([pointing, other], bundled()) is None


def test_a_page_that_names_both_ways_is_no_letter_alone() -> None:
    own = seen(
        "Cancel in the App Store under your name.", "Or ask us to cancel by e-mail.", intent="manage_renewal"
    )
    assert by_contact([own], bundled()) is None
