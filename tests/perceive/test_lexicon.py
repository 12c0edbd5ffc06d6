"""The lexicon: what it finds, what it denies, and which files it refuses."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payaudit.data import rules_folder
from payaudit.perceive.lexicon import Group, Lexicon, LexiconError, bundled
from payaudit.perceive.normal import normalise

FILES = sorted((rules_folder() / "lexicon").glob("*.yaml"))
WORD = "id: pay\nabout: {en: a, zh: b}\nwords: {zh: [支付], en: [pay]}\n"

FOUND = [
    ("renewal", "首月¥9.9，次月起¥25/月", ["首月", "次月起"]),
    ("renewal", "到期自動續費，可隨時取消", ["到期自動續費"]),
    ("renewal", "自动\u200b续\u200b费", ["自动\u200b续\u200b费"]),
    ("renewal", "Auto\u2011Renews at $19.99/week", ["Auto\u2011Renews", "/week"]),
    ("renewal", "ＡＵＴＯ－ＲＥＮＥＷ", ["ＡＵＴＯ－ＲＥＮＥＷ"]),
    ("renewal", "Verlängert sich automatisch", ["Verlängert sich automatisch"]),
    ("autobuy", "Don’t  ask\nagain", ["Don’t  ask\nagain"]),
    ("close", "取 消", ["取 消"]),
    ("close", "✖️", ["✖️"]),
    ("currency", "500coins", ["coins"]),
    ("currency", "100 K币", ["K币"]),
    ("episodes", "全８０集", ["全８０集"]),
    ("urgency", "Only 3 left at this price", ["Only 3 left"]),
    ("free", "前10集免费，免费看全集", ["前10集免费", "免费看全集"]),
    ("login", "請先登入", ["請先登入"]),
    ("decline", "残忍离开", ["残忍离开"]),
    ("open_app", "打开 App", ["打开 App"]),
    ("age_gate", "我已滿 18 歲，進入", ["我已滿 18 歲"]),
    ("pay", "payment method", []),
    ("pay", "repay", []),
    ("lock", "解锁", []),
    ("close", "金币×500", []),
    ("close", "取消自动续费", []),
    ("free", "ad-free", []),
    ("play", "播放量 1.2万", []),
    ("renewal", "到期不自动续费", []),
    ("renewal", "This plan does not renew.", []),
    ("saving", "Turn off", []),
]

NEGATED = [
    ("renewal", "一次性购买，不自动续费", True),
    ("renewal", "no auto-renewal", True),
    ("renewal", "到期自动续费", False),
    ("fees", "免手续费", True),
    ("fees", "", False),
]


@pytest.mark.parametrize(("group", "text", "expected"), FOUND)
def test_find(group: str, text: str, expected: list[str]) -> None:
    hits = bundled().find(group, text)
    assert [text[hit.start : hit.end] for hit in hits] == expected
    assert bundled().has(group, text) == bool(expected)


@pytest.mark.parametrize(("group", "text", "expected"), NEGATED)
def test_negated(group: str, text: str, expected: bool) -> None:  # noqa: FBT001 - a table's column
    assert bundled().negated(group, text) is expected


def test_a_denial_spares_what_stands_outside_it() -> None:
    text = "单月不自动续费；连续包月到期自动续费"
    assert [hit.word for hit in bundled().find("renewal", text)] == ["连续包月", "到期自动续费"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_listed_word_finds_itself(path: Path) -> None:
    group = bundled().group(path.stem)
    for words in group.words.values():
        for text in (text for word in words for text in _written(word)):
            hits = bundled().find(group.id, text)
            assert any((hit.start, hit.end) == (0, len(text)) for hit in hits), text
    for words in group.not_when.values():
        assert all(bundled().negated(group.id, text) for word in words for text in _written(word))


def _written(word: str) -> list[str]:
    """Every text that a listed wording stands for, with nothing in its gaps."""
    if "…" not in word:
        return [word.replace("#", "12")]
    return [" ".join(way) for way in product(*(part.strip().split("|") for part in word.split("…")))]


def test_class_tokens_are_listed_not_searched() -> None:
    assert "is-active" in bundled().group("selected_state").tokens
    assert not bundled().has("selected_state", "is-active")


@given(st.text(), st.sampled_from([path.stem for path in FILES]))
@settings(deadline=None)
def test_any_text_is_read_and_spans_stay_inside(text: str, group: str) -> None:
    for hit in bundled().find(group, text):
        assert 0 <= hit.start < hit.end <= len(text)


@given(st.text(), st.sampled_from(bundled().group("renewal").words["zh"][:6]), st.text())
@settings(deadline=None)
def test_the_span_is_the_word(before: str, word: str, after: str) -> None:
    text = f"{before}。{word}。{after}"
    spans = [text[hit.start : hit.end] for hit in bundled().find("renewal", text)]
    assert word in spans


@given(st.text())
@settings(deadline=None)
def test_normalising_again_changes_no_letter(text: str) -> None:
    once = normalise(text).text
    assert normalise(once).text.split() == once.split()


def _write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (WORD + "colour: red\n", "colour"),
        (WORD.replace("[支付]", "[]"), "words.zh is empty"),
        (WORD.replace("[支付]", "[支付, 支付]"), "twice"),
        (WORD.replace("[支付]", "[' ']"), "without letters"),
        (WORD.replace("[支付]", "['1#']"), "mixes"),
        (WORD.replace("[pay]", "[off]"), "words.en.0"),
        (WORD.replace("zh: [", "xx: ["), "words.xx"),
        (WORD.replace("id: pay", "id: buy"), "must be the file's name"),
        ("id: pay\nabout: {en: a, zh: b}\n", "no words"),
        ("id: pay\nabout: {en: a}\nwords: {en: [pay]}\n", "about.zh"),
        ("id: [", "YAML"),
        ("", "the file"),
    ],
)
def test_a_bad_file_is_refused_by_name(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(LexiconError, match=r"pay\.yaml") as refusal:
        Lexicon.load(_write(tmp_path, pay=text))
    assert says in refusal.value.en
    assert refusal.value.zh


def test_two_files_with_one_id_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match=r"pay2\.yaml: id 'pay' is taken"):
        Lexicon.load(_write(tmp_path, pay=WORD, pay2=WORD))


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="no lexicon here"):
        Lexicon.load(tmp_path)


def test_an_unknown_group_is_named_with_its_neighbour() -> None:
    with pytest.raises(LexiconError, match="did you mean 'renewal'"):
        bundled().find("renewall", "自动续费")


def test_groups_without_words_search_nothing() -> None:
    group = Group.model_validate({"id": "a", "about": {"en": "a", "zh": "a"}, "tokens": ["on"]})
    assert Lexicon({"a": group}).find("a", "on 12") == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0元购", True),
        ("只要0元", True),
        ("¥0元", True),
        ("30元", False),
        ("12.90元", False),
        ("1,000元", False),
        ("0.1元", True),
        ("10.1元", False),
        ("0.15元", False),
    ],
)
def test_a_word_that_begins_with_a_digit_is_no_part_of_a_longer_number(text: str, *, found: bool) -> None:
    assert bundled().has("trial", text) is found
