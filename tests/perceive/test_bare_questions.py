"""A page that only asks to stay, and pages that look a little like one."""

from __future__ import annotations

import asyncio

import pytest

from payaudit.perceive.bare_question import holds_back
from payaudit.perceive.lexicon import bundled
from payaudit.perceive.screen import Screen
from tests.perceive.drawn import screens

HEAD = """<!doctype html><meta charset=utf-8><style>body{margin:0;font:18px sans-serif;padding:120px 24px}
button{display:block;width:100%;height:48px;margin:8px 0}</style>"""


def page(words: str, *answers: str) -> str:
    return f"{HEAD}<h2>{words}</h2>" + "".join(f"<button>{answer}</button>" for answer in answers)


ASKS = {
    "words of holding back": page("Wait! Your bonus expires soon", "Take it", "Leave"),
    "stays and leaves": page("大结局就在眼前", "继续观看", "残忍离开"),
    "a sentence for leaving": page("She opened the safe.", "Stay", "I’ll miss the ending"),
}
DOES_NOT = {
    "a player": page("Episode 3", "Keep watching", "Episodes"),
    "a first page": page("好剧推荐", "继续观看", "离开", "排行", "我的"),
    "an order": page("Weekly $4.99", "Pay $4.99", "Back to the list"),
    "a long page": page("Of her wedding nobody spoke again. " * 12, "Stay", "Leave"),
}


@pytest.fixture(scope="module")
def drawn() -> dict[str, Screen]:
    return asyncio.run(screens([*ASKS.values(), *DOES_NOT.values()]))


@pytest.mark.browser
@pytest.mark.parametrize("name", ASKS)
def test_it_asks(name: str, drawn: dict[str, Screen]) -> None:
    assert holds_back(drawn[ASKS[name]], bundled())


@pytest.mark.browser
@pytest.mark.parametrize("name", DOES_NOT)
def test_it_does_not(name: str, drawn: dict[str, Screen]) -> None:
    assert not holds_back(drawn[DOES_NOT[name]], bundled())
