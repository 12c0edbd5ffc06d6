"""The labelled corpus of money texts, and money written by locale data and read back."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest
from babel.numbers import format_currency
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.money_corpus import PLACES, Line, corpus, invented, wrong
from payaudit.errors import RuleError
from payaudit.model.money import Money
from payaudit.perceive import amount_words
from payaudit.perceive.normal import normalise
from payaudit.perceive.prices import Amount, amounts

LINES = corpus()
UNSEEN = {line.text for line in LINES if line.unseen}
LOCALES = {
    "zh_Hans_CN": "CNY", "zh_Hant_TW": "TWD", "zh_Hant_HK": "HKD", "en_US": "USD", "en_GB": "GBP",
    "en_IN": "INR", "en_CA": "CAD", "en_SG": "SGD", "ja_JP": "JPY", "ko_KR": "KRW",
    "es_ES": "EUR", "es_MX": "MXN", "es_CO": "COP", "pt_BR": "BRL", "pt_PT": "EUR",
    "fr_FR": "EUR", "fr_CA": "CAD", "de_DE": "EUR", "de_CH": "CHF", "id_ID": "IDR",
    "th_TH": "THB", "vi_VN": "VND", "hi_IN": "INR", "it_IT": "EUR", "it_CH": "CHF", "tr_TR": "TRY",
}  # fmt: skip
HAND_MADE = {
    "CNY": [
        "¥{}",
        "￥ {}",
        "{}元",
        "人民币{}元",
        "RMB{}",
        "仅需{}元",
        "支付 ¥{} 解锁",
        "{}元/月",
        "每月{}元",
    ],
    "JPY": ["{}円", "￥{}（税込）", "月額{}円", "{}円/月"],
}
CENTS = st.decimals(0, 99999, places=2)
WHOLE = st.integers(0, 99999).map(Decimal)


def money(found: Iterable[Amount]) -> list[Money | None]:
    return [one.money for one in found]


@pytest.mark.parametrize("language", sorted(PLACES))
def test_every_line_of_the_corpus_is_read_as_labelled(language: str) -> None:
    mistakes = {line.text: said for line in LINES if line.language == language and (said := wrong(line))}
    assert {text for text in mistakes if text not in UNSEEN} == set(), mistakes


def test_lines_that_the_reader_was_not_made_by_are_read_too() -> None:
    mistakes = [line.text for line in LINES if line.unseen and wrong(line)]
    assert len(mistakes) <= 0.03 * len(UNSEEN), mistakes


@pytest.mark.parametrize("language", sorted(PLACES))
def test_nothing_is_invented_even_where_the_currency_is_known(language: str) -> None:
    lines = [line for line in LINES if line.language == language]
    assert {line.text: found for line in lines if (found := list(invented(line)))} == {}


def test_the_corpus_is_large_enough_to_mean_something() -> None:
    assert len({(line.language, line.text) for line in LINES}) >= 1000
    assert sum(not line.labels for line in LINES) >= 300
    assert all(sum(line.language == language for line in LINES) >= 40 for language in PLACES)
    assert 0.4 < sum(line.held_out for line in LINES) / len(LINES) < 0.6


@given(st.sampled_from(sorted(LOCALES)), st.data())
@settings(deadline=None, max_examples=300)
def test_what_locale_data_writes_is_read_back(locale: str, data: st.DataObject) -> None:
    currency = LOCALES[locale]
    amount = data.draw(WHOLE if currency in {"JPY", "KRW", "VND", "IDR", "CLP"} else CENTS)
    written = format_currency(amount, currency, locale=locale)
    found = amounts(written, default_currency=currency)
    assert [(one.money.amount, one.money.currency) for one in found if one.money] == [(amount, currency)], (
        written
    )
    assert "".join(written.split()) == "".join(written[found[0].start : found[0].end].split())


@given(
    st.sampled_from([(c, form) for c, forms in HAND_MADE.items() for form in forms]), st.data(), st.booleans()
)
@settings(deadline=None, max_examples=300)
def test_what_people_write_is_read_back(
    form: tuple[str, str],
    data: st.DataObject,
    grouped: bool,  # noqa: FBT001 - drawn
) -> None:
    currency, shape = form
    amount = data.draw(WHOLE if currency == "JPY" else CENTS)
    written = shape.format(f"{amount:,}" if grouped else f"{amount}")
    assert money(amounts(written)) == [Money(amount=amount, currency=currency)]


@given(st.sampled_from(LINES), st.data())
@settings(deadline=None, max_examples=300)
def test_how_spans_split_a_text_does_not_matter(line: Line, data: st.DataObject) -> None:
    """Zero-width letters, wider spaces and full-width digits are what splitting and typesetting leave."""
    at = data.draw(st.integers(0, len(line.text)))
    other = line.text[:at] + data.draw(st.sampled_from(["\u200b", "\u2060", "\ufeff"])) + line.text[at:]
    other = other.replace(
        " ", data.draw(st.sampled_from([" ", "\u00a0", "\u202f", "\u2009", "\u3000", "  "]))
    )
    assert facts(amounts(other, default_currency=line.place)) == facts(
        amounts(line.text, default_currency=line.place)
    )


def facts(found: Iterable[Amount]) -> list[Amount]:
    """The amounts without where they stand, coin names as they are searched for."""
    return [
        one.model_copy(
            update={"start": 0, "end": 0, "coin_name": one.coin_name and normalise(one.coin_name).text}
        )
        for one in found
    ]


def test_a_file_of_words_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "amounts").mkdir()
    (tmp_path / "amounts" / "xx.yaml").write_text("per: [per]\nunit: {day: [day]}\n", "utf-8")
    monkeypatch.setattr(amount_words, "rules_folder", lambda: tmp_path)
    amount_words.languages.cache_clear()
    try:
        with pytest.raises(RuleError, match=r"xx\.yaml.*unit"):
            amount_words.languages()
    finally:
        amount_words.languages.cache_clear()
