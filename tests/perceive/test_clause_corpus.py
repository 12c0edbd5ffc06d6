"""The labelled sentences of bench/corpus/clauses, and wordings with a gap."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.clauses import sentences, wrong
from payaudit.perceive.lexicon import Lexicon, LexiconError, bundled

ALL = sentences()
# Share of the positives found when the bounds were set, less a tenth: what is lost again is noticed.
FOUND = {
    "autobuy": 0.45,
    "cancel": 0.5,
    "coin_expiry": 0.35,
    "consent": 0.5,
    "notice": 0.55,
    "price_change": 0.3,
}
LEAST = 0.55
# An honest sentence taken for one of these would accuse: as many false ones as were known, and no more.
ACCUSING = {
    "autobuy": 1,
    "coin_expiry": 8,
    "one_off": 0,
    "price_change": 0,
    "refund": 3,
    "renewal": 2,
    "shame_button": 0,
}
KINDS = sorted({one.kind for one in ALL} - {"trial", "shame_button"})  # a trial's words name an offer only


@pytest.mark.parametrize("kind", KINDS)
def test_sentences_of_a_kind_are_found(kind: str) -> None:
    of = [one for one in ALL if one.kind == kind and one.positive]
    assert len(wrong(of)) <= (1 - FOUND.get(kind, LEAST)) * len(of), [one.text for one in wrong(of)]


@pytest.mark.parametrize("kind", ACCUSING)
def test_sentences_that_only_sound_like_it_are_left_alone(kind: str) -> None:
    false = [one.text for one in wrong([one for one in ALL if one.kind == kind and not one.positive])]
    assert len(false) <= ACCUSING[kind], false


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("平台有权对会员服务的售价进行相应的调整。", True),
        ("平台有权调整。会员的售价见充值页。", False),  # not over the end of a sentence
        ("We may at our sole discretion revise the subscription fees.", True),
        ("We may. The subscription fees are shown in the store.", False),
        ("我们不会上调会员的价格", False),  # denied
    ],
)
def test_a_wording_with_a_gap_stays_within_its_sentence(text: str, found: bool) -> None:  # noqa: FBT001 - what is expected
    assert bundled().has("price_change", text) == found


@pytest.mark.parametrize("word", ["调整…", "…价格", "调整||变更…价格", "调整…#元"])
def test_a_wording_with_an_empty_part_is_refused(word: str, tmp_path: Path) -> None:
    (tmp_path / "pay.yaml").write_text(
        f'id: pay\nabout: {{en: a, zh: b}}\nwords: {{zh: ["{word}"]}}\n', "utf-8"
    )
    with pytest.raises(LexiconError, match=r"pay\.yaml"):
        Lexicon.load(tmp_path)
