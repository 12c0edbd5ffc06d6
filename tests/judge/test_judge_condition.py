from __future__ import annotations

from decimal import Decimal
from typing import cast

import pytest
from pydantic import JsonValue

from payaudit.judge.condition import Scope, parse
from payaudit.judge.field import ConditionError, resolve, shown
from payaudit.model.facts import Consent, Legibility, Offer
from payaudit.model.money import Money
from payaudit.model.text import Text
from tests.judge.worlds import LOUD, cny, consent, offer

HEURISTIC = Text(en="heuristic", zh="经验值")
STANDARD = Scope(Legibility, {"small": (Decimal(12), HEURISTIC)})
SCOPE = Scope(
    Offer,
    {"small": (Decimal(14), HEURISTIC)},
    {"prominence": ([{"font_px|lt": "$small"}, {"folded": True}], STANDARD)},
)


def truth(source: object, fact: Offer) -> bool | None:
    return parse(cast(JsonValue, source), SCOPE).truth(fact)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ({"auto_renews": True}, True),
        ({"auto_renews": True, "trial": True}, False),
        ([{"auto_renews": False}, {"trial": False}], True),
        ([], False),
        ({}, True),
        ({"kind|in": ["pack", "membership"]}, True),
        ({"kind|not": "pack"}, True),
        ({"name|matches": "连续包(月|年)"}, True),
        ({"renewal.font_px|gte": 16}, True),
        ({"renewal.font_px|lt": "$small"}, False),
        ({"price|gt": {"amount": 9.9, "currency": "CNY"}}, True),
        ({"price|lte": {"field": "renewal_price"}}, True),
        ({"price|gt": {"amount": 1, "currency": "USD"}}, None),
        ({"reference_price|gt": {"field": "price"}}, None),
        ({"trial_days|gt": 3}, None),
        ({"trial_days|gt": 3, "trial": True}, False),
        ([{"trial_days|gt": 3}, {"trial": False}], True),
        ({"at_least": {"n": 2, "of": [{"trial": False}, {"trial_days|gt": 3}]}}, None),
        ({"at_least": {"n": 2, "of": [{"trial": True}, {"trial_days|gt": 3}]}}, False),
        ({"at_least": {"n": 1, "of": [{"trial": False}, {"trial_days|gt": 3}]}}, True),
        ({"renewal|fails": "prominence"}, False),
        ({"after_trial|fails": "prominence"}, None),
        ({"priced_in": "money"}, True),
    ],
)
def test_truth_has_three_values(source: object, expected: bool | None) -> None:  # noqa: FBT001 - a table's column
    assert truth(source, offer()) is expected


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ({"auto_renew": True}, "did you mean 'auto_renews'?"),
        ({"renewal.font_pxx|lt": 1}, "Legibility has no field 'font_pxx'; did you mean 'font_px'?"),
        ({"name.length": 3}, "nothing inside str"),
        ({"auto_renews": 1}, "1 does not suit auto_renews, which is a bool"),
        ({"trial_days|lt": True}, "True does not suit trial_days"),
        ({"trial_days|lt": 2.5}, "fractional part"),
        ({"auto_renews|lt": 3}, "'lt' does not suit auto_renews, which is a bool"),
        ({"renewal": True}, "'is' does not suit renewal, which is a part"),
        ({"kind": "memberships"}, "kind: Input should be 'episode'"),
        ({"name|matches": "("}, "is no RE2 pattern"),
        ({"name|matches": "(?=x)"}, "is no RE2 pattern"),
        ({"name|like": "x"}, "no operator 'like'"),
        ({"kind|in": "pack"}, "wants a list"),
        ({"price|gt": 3}, "price"),
        ({"price|gt": {"field": "coins"}}, "price is a money, coins a number"),
        ({"coins|gt": "$smal"}, "no threshold 'smal'; did you mean 'small'?"),
        ({"renewal|fails": "prominent"}, "no shared standard 'prominent'; did you mean 'prominence'?"),
        ({"price|fails": "prominence"}, "measures a Legibility"),
        ({"at_least": {"n": 3, "of": [{"trial": True}]}}, "at_least wants"),
        ({"at_least": {"n": True, "of": [{"trial": True}]}}, "at_least wants"),
        ("trial", "write a mapping (all) or a list (any)"),
    ],
)
def test_mistakes_are_told_when_read(source: object, says: str) -> None:
    with pytest.raises(ConditionError) as caught:
        parse(cast(JsonValue, source), SCOPE)
    assert says in caught.value.en
    assert caught.value.zh


def test_reasons_are_the_tests_that_decided() -> None:
    condition = parse([{"trial": True}, {"auto_renews": True, "renewal.font_px|lt": 20}], SCOPE)
    because = [test.because(offer()) for test in condition.reasons(offer())]
    assert [(b.field, b.operator, b.expected, b.observed, b.held) for b in because] == [
        ("auto_renews", "is", "true", "true", True),
        ("renewal.font_px", "lt", "20", "16", True),
    ]


def test_thresholds_of_a_standard_come_with_their_source() -> None:
    fact = offer(renewal=LOUD.model_copy(update={"font_px": Decimal(11)}))
    (test,) = parse({"renewal|fails": "prominence"}, SCOPE).reasons(fact)
    assert test.because(fact).expected == "12"
    assert test.because(fact).threshold_source == HEURISTIC


def test_what_was_not_seen_is_named_by_its_first_unseen_part() -> None:
    fact = offer(renewal=None)
    (test,) = parse({"renewal.font_px|lt": 12}, SCOPE).reasons(fact)
    assert list(test.unseen(fact)) == ["renewal"]
    (test,) = parse({"price|gt": {"field": "charged"}}, SCOPE).reasons(fact)
    assert list(test.unseen(fact)) == ["charged"]
    dollars = offer(charged=Money(amount=Decimal(3), currency="USD"))
    assert list(test.unseen(dollars)) == ["price|currency"]


def test_zero_is_a_price_and_not_unseen() -> None:
    assert truth({"price|lt": {"amount": 1, "currency": "CNY"}}, offer(price=cny("0"))) is True
    assert truth({"renewal_ratio|lt": 1}, offer(renewal_ratio=Decimal(0))) is True


def test_a_property_is_a_field() -> None:
    assert resolve("priced_in", Offer).kind == "choice"
    assert offer(price=None, coin_price=Decimal(60)).priced_in == "coins"
    assert offer(price=None).priced_in is None


def test_choices_are_checked_in_lists_too() -> None:
    condition = parse({"kind|in": ["agreement", "charge"]}, Scope(Consent))
    assert condition.truth(consent(kind="charge")) is True
    with pytest.raises(ConditionError, match="kind"):
        parse({"kind|in": ["agreements"]}, Scope(Consent))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("9.90"), "9.9"),
        (Decimal(100), "100"),
        (Decimal(1) / 3, "0.333"),
        (Decimal("-0.0"), "0"),
        (True, "true"),
        (cny("9.90"), "CNY 9.90"),
    ],
)
def test_values_are_shown_always_alike(value: object, text: str) -> None:
    assert shown(value) == text
