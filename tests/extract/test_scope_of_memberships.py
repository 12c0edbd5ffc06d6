"""What agreements leave out of a membership, in sentences as lawyers of several houses write them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from payaudit.extract.scope import _excluding
from payaudit.perceive.lexicon import bundled

LEAVES_OUT = (
    "独播首映剧目及部分版权受限剧目不在会员权益范围内，观看上述剧目须以看点另行购买。",
    "畅看卡的观影范围为剧场内非独播剧目，标有“独播”字样的剧目仍以看豆解锁。",
    "《重生》第53—72集不在周卡范围内，看这些剧集须用暖豆解锁。",
    "Titles labelled Premiere are not part of VIP and are unlocked with coins.",
    "Premiere titles are not included in any plan and are sold individually.",
    "VelvetReel Originals are not part of the VIP catalogue.",
)
LEAVES_NOTHING_OUT = (
    "会员可观看全站短剧。",
    "会员到期后仍须另行购买方可继续观看剧集。",
    "Your plan opens every series in the catalogue.",
    "Gift cards are not included in any plan.",
)


def walked(text: str) -> Any:  # noqa: ANN401 - as much of a walk as the words need
    screen = SimpleNamespace(
        scope=0,
        texts=[SimpleNamespace(text=text, sight="visible", node=1)],
        tree=SimpleNamespace(inside=lambda _node, _scope: True),
    )
    return SimpleNamespace(lexicon=bundled(), agreements=lambda: [SimpleNamespace(screen=screen)])


@pytest.fixture(autouse=True)
def whole_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("payaudit.extract.scope.sentences", lambda text: [text])


@pytest.mark.parametrize("text", LEAVES_OUT)
def test_what_is_left_out(text: str) -> None:
    assert [t.text for t in _excluding(walked(text), ("畅看卡", "周卡"))] == [text]


@pytest.mark.parametrize("text", LEAVES_NOTHING_OUT)
def test_what_leaves_nothing_out(text: str) -> None:
    assert list(_excluding(walked(text), ("畅看卡", "周卡"))) == []
