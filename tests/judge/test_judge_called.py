"""Codes never reach a sentence: closed choices, channels, sums and nameless things have words."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import get_args

import pytest

from payaudit.data import from_yaml, rules_folder
from payaudit.judge.field import names, resolve
from payaudit.judge.rules import load_rules
from payaudit.judge.spoken import spoken
from payaudit.judge.subjects import SUBJECTS
from payaudit.model import called
from payaudit.model.facts import Cancelling, Ladder, Licence, Source
from payaudit.model.finding import Because
from payaudit.model.money import Money
from payaudit.model.rule import Subject
from payaudit.model.text import Text

WORDS = load_rules().words
AT = Source(run=1, step=1, node=None, text="", box=None, screenshot=None)
FIELDS = [
    (subject, resolve(name, kind.type)) for subject, kind in SUBJECTS.items() for name in names(kind.type)
]
CHOICES = [(s, f.path, value) for s, f in FIELDS if f.kind == "choice" for value in get_args(f.type)]
CODES = {"channel", "api", "unit", "currency", "persona", "kind", "answer", "form"}
CHANNELS = sorted(
    {
        found
        for path in (rules_folder() / "calls").glob("*.yaml")
        for found in re.findall(r"\bchannel: ([\w-]+)", path.read_text("utf-8"))
    }
)


def _latin(text: str) -> bool:
    return re.search("[A-Za-z]{2}", text) is not None


@pytest.mark.parametrize(("subject", "field", "value"), CHOICES)
def test_a_closed_choice_is_said_in_both_languages(subject: Subject, field: str, value: str) -> None:
    said = WORDS.value(subject, field, value)
    assert said.zh != value
    assert not _latin(said.zh.replace("ICP", ""))


@pytest.mark.parametrize(
    ("subject", "field"), [(s, f.path) for s, f in FIELDS if f.kind == "text" and f.path not in CODES]
)
def test_words_of_a_page_stand_in_quotation_marks(subject: Subject, field: str) -> None:
    because = Because(field=field, operator="matches", expected="x", observed="No refunds", held=True)
    said = WORDS.says(subject, because)
    assert "“No refunds”" in said.en
    assert "“No refunds”" in said.zh


def test_a_unit_is_no_english_word_in_chinese() -> None:
    units = {word.unit.zh for fields in WORDS.fields.values() for word in fields.values()}
    assert {" 天", " 秒", " px"} <= units
    assert not [unit for unit in units - {" px"} if _latin(unit)]


@pytest.mark.parametrize("code", CHANNELS)
def test_a_channel_has_a_name(code: str) -> None:
    assert code in called.channels()


def test_sums_and_units_are_named() -> None:
    assert called.money(Money(amount=Decimal("9.90"), currency="CNY")) == Text(en="CNY 9.90", zh="9.90 元")
    assert called.money(Money(amount=Decimal(1000), currency="KRW")).zh == "1000 韩元"
    assert called.money(Money(amount=Decimal(1), currency="XYZ")).zh == "XYZ 1"
    assert called.unit("coins").zh == "币"
    assert called.channel("of-my-own") == Text(en="of-my-own", zh="of-my-own")


def test_the_currencies_of_payment_codes_are_named() -> None:
    known = from_yaml((rules_folder() / "currencies" / "zh.yaml").read_text("utf-8"))["names"]
    assert {"CNY", "USD", "EUR", "JPY", "KRW", "TWD", "HKD", "IDR", "THB", "VND", "BRL", "MXN"} <= set(known)


@pytest.mark.parametrize(
    ("subject", "fact", "zh"),
    [
        ("cancel", Cancelling(at=AT), "停止续费的途径"),
        ("licence", Licence(at=AT), "许可或备案编号"),
        (
            "ladder",
            Ladder(
                unit="coins",
                priced=2,
                first_number=9,
                last_number=82,
                lowest=Decimal(1),
                highest=Decimal(2),
                at=AT,
            ),
            "第 9 至 82 集的价格",
        ),
    ],
)
def test_what_has_no_words_of_its_own_is_called_what_it_is(subject: Subject, fact: object, zh: str) -> None:
    label = " ".join(SUBJECTS[subject].label(fact).split())
    assert spoken(subject, fact, label).zh == zh


def test_what_has_words_is_quoted() -> None:
    assert spoken("coin_plan", None, "5 packs").zh == "充值档位"
    assert spoken("offer", None, "连续包月") == Text(en="“连续包月”", zh="“连续包月”")
