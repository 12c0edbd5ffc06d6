"""The labelled sentences of bench/corpus/clauses, and wordings with a gap."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.clauses import sentences, wrong
from payaudit.perceive.lexicon import Lexicon, LexiconError, bundled

ALL = sentences()
# What accuses must leave honest sentences alone more surely than what excuses.
ACCUSING = ("autobuy", "coin_expiry", "price_change", "refund", "shame_button")
KINDS = sorted({one.kind for one in ALL} - {"trial"})  # a trial's words name an offer, they judge nothing


@pytest.mark.parametrize("kind", KINDS)
def test_most_sentences_of_a_kind_are_found(kind: str) -> None:
    of = [one for one in ALL if one.kind == kind and one.positive]
    missed = [one.text for one in wrong(of)]
    assert len(missed) <= 0.15 * len(of), missed


@pytest.mark.parametrize("kind", ACCUSING)
def test_sentences_that_only_sound_like_it_are_left_alone(kind: str) -> None:
    of = [one for one in ALL if one.kind == kind and not one.positive]
    false = [one.text for one in wrong(of)]
    assert len(false) <= 0.08 * len(of), false


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("平台有权对会员服务的售价进行相应的调整。", True),
        ("平台有权调整。会员的售价见充值页。", False),  # not over the end of a sentence
        ("We may, at our sole discretion, revise the subscription fees.", True),
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
