"""Captions in twelve languages come out as what they are for; what is never pressed is a list that holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from payaudit.data import read_data
from payaudit.errors import RuleError
from payaudit.perceive import taboo as taboos
from payaudit.perceive import walls
from payaudit.perceive.intents import INTENTS, _word_scores
from payaudit.perceive.lexicon import bundled
from payaudit.report import reasons
from payaudit.report.reasons import said

TABLE: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("intents.yaml").read_text("utf-8"))
NEVER: dict[str, list[str]] = TABLE.pop("never")
CLEAR = 0.6


def _score(intent: str, caption: str) -> float:
    return max((s for i, s, _ in _word_scores(caption, bundled()) if i == intent), default=0.0)


@pytest.mark.parametrize("intent", TABLE)
def test_captions(intent: str) -> None:
    assert intent in INTENTS
    assert [c for c in TABLE[intent] if _score(intent, c) < CLEAR] == []


@pytest.mark.parametrize("intent", NEVER)
def test_captions_that_say_otherwise(intent: str) -> None:
    assert [c for c in NEVER[intent] if _score(intent, c) >= CLEAR] == []


def test_going_away_speaks_louder_than_agreeing() -> None:
    for caption in TABLE["decline"]:
        assert _score("decline", caption) > _score("accept_gate", caption), caption


def test_what_is_never_pressed_names_groups_that_there_are() -> None:
    book = taboos.bundled()
    for group in (*book.captions, *book.layers):
        assert bundled().group(group).about.zh
    assert set(book.captions) | set(book.agreeing) | set(book.sparing) <= set(INTENTS)


def test_walls_name_groups_that_there_are() -> None:
    book = walls.bundled()
    for kind in ("captcha", "geo", "wechat", "douyin", "host_app", "qr", "app_only", "login", "down"):
        told = book.of(kind)
        assert [w for w in told.words if not bundled().group(w).words] == []
        assert "payaudit" in told.next.en
        assert "payaudit" in told.next.zh


@pytest.mark.parametrize("model", [taboos.NeverPress, walls.Walls, reasons.Reasons])
@pytest.mark.parametrize("text", ["captions: [", "unheard_of: 1"])
def test_a_broken_list_is_named(model: type[BaseModel], text: str, tmp_path: Path) -> None:
    file = tmp_path / "list.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(RuleError, match=r"list\.yaml") as broken:
        read_data(file, model)
    assert "无法读取" in broken.value.zh


@pytest.mark.parametrize(
    ("url", "stays"),
    [
        ("https://a.example.co.uk/x", True),
        ("https://m.example.com/x", True),
        ("https://example.org/", False),
        ("https://example.com.evil.test/", False),
    ],
)
def test_same_site(url: str, stays: bool) -> None:  # noqa: FBT001 - a table's column
    host = url.split("/")[2]
    assert taboos.same_site(host, "www.example.com" if "co.uk" not in host else "example.co.uk") is stays


def test_reasons_are_said_in_chinese() -> None:
    assert (
        said("episode 10: it is the first episode marked as locked", "zh")
        == "第 10 集：它是第一个标为锁定的剧集"
    )
    deep = "to leave: its caption says “No, thanks; the layer”"
    assert said(deep, "zh") == "为离开：其文字写有“No, thanks; the layer”"
    assert said("something that nobody says", "zh") is None
    for reason in reasons.bundled().reasons:
        slots = set(reasons._SLOT.findall(reason.en))
        assert slots == set(reasons._SLOT.findall(reason.zh)), reason.en
