"""Facts for the tests: made by hand, and by Hypothesis from their types."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from hypothesis import strategies as st
from pydantic import BaseModel

from payaudit.model.evidence import Box, GoalResult
from payaudit.model.facts import Consent, Coverage, Facts, Leaving, Legibility, Offer, PaymentCall, Source
from payaudit.model.money import Money

AT = Source(
    run=1,
    step=4,
    node=123,
    text="连续包月 首月¥9.9，次月起25元/月自动续费",
    box=Box(x=16, y=480.5, width=343, height=22),
    screenshot="payaudit/runs/01/steps/0004/screen.png",
)
ELSEWHERE = Source(run=2, step=1)
FAINT = Legibility(
    font_px=Decimal(9),
    contrast=Decimal("2.1"),
    opacity=Decimal(1),
    in_viewport=True,
    covered=False,
    folded=False,
    size_ratio=Decimal("0.25"),
    contrast_ratio=Decimal("0.2"),
    distance=Decimal(30),
    distance_ratio=Decimal("0.04"),
)
LOUD = FAINT.model_copy(
    update={
        "font_px": Decimal(16),
        "contrast": Decimal(12),
        "size_ratio": Decimal("0.8"),
        "contrast_ratio": Decimal(1),
    }
)


def cny(amount: str) -> Money:
    return Money(amount=Decimal(amount), currency="CNY")


def offer(**fields: object) -> Offer:
    """A monthly plan that says everything loudly, unless told otherwise."""
    said: dict[str, Any] = {
        "name": "连续包月",
        "kind": "membership",
        "price": cny("25"),
        "auto_renews": True,
        "auto_renews_known_by": "text",
        "first_price": cny("25"),
        "renewal_price": cny("25"),
        "renewal_ratio": Decimal(1),
        "renewal_stated": True,
        "renewal_price_stated": True,
        "renewal_period_stated": True,
        "renewal": LOUD,
        "renewal_price_legibility": LOUD,
        "trial": False,
        "preselected": False,
        "preselected_known_by": "aria",
        "one_off_alternative": True,
        "reminder_stated": True,
        "unit_figure": False,
        "claims_all": False,
        "scope_narrower": False,
        "reference_told": False,
        "at": AT,
    }
    return Offer(**{**said, **fields})


def consent(**fields: object) -> Consent:
    said: dict[str, Any] = {
        "kind": "renewal",
        "label": "开通自动续费",
        "checked": False,
        "known_by": "dom",
        "seen_runs": 3,
        "checked_runs": 0,
        "links": 1,
        "dead_links": 0,
        "at": AT,
    }
    return Consent(**{**said, **fields})


def call(**fields: object) -> PaymentCall:
    said: dict[str, Any] = {
        "channel": "wechat",
        "api": "requestPayment",
        "amount": cny("9.9"),
        "amount_known_by": "arguments",
        "offer": "解锁本集",
        "tapped_label": "立即解锁 ¥9.9",
        "shown_amount": cny("9.9"),
        "over_shown": Decimal(0),
        "label_has_amount": True,
        "amount_shown_before": True,
        "wallet_confirms": True,
        "fee_stated_late": False,
        "at": Source(run=2, step=7),
    }
    return PaymentCall(**{**said, **fields})


def leaving(**fields: object) -> Leaving:
    said: dict[str, Any] = {
        "overlay": True,
        "left": True,
        "layers": 0,
        "close_found": True,
        "close_side": Decimal(44),
        "close_contrast": Decimal(7),
        "close_delay_s": Decimal(0),
        "close_pays": False,
        "close_works": True,
        "back_works": True,
        "at": Source(run=3, step=2),
    }
    return Leaving(**{**said, **fields})


def facts(**fields: object) -> Facts:
    """An honest page, walked to the end, unless told otherwise."""
    goals = ("enter", "credits", "paywall", "read", "offers", "ladder", "leave")
    said: dict[str, Any] = {
        "target": "https://drama.example/ep/11",
        "persona": "iphone",
        "captured": "2026-11-22",
        "languages": ("zh-CN",),
        "offers": (offer(),),
        "consents": (consent(), consent(kind="agreement", label="我已阅读并同意《用户协议》")),
        "payment_calls": (call(),),
        "leaving": (leaving(),),
        "coverage": Coverage(
            goals=tuple(GoalResult(goal=goal, state="reached") for goal in goals),
            paywall_seen=True,
            paywall_seen_whole=True,
        ),
    }
    return Facts(**{**said, **fields})


_NUMBERS = [Decimal(n) for n in ("-1", "0", "0.01", "0.3", "0.5", "1", "2.5", "4", "9", "12", "24", "60")]
_TEXTS = ["", "自动续费", "立即解锁", "I agree"]


def values(annotation: object) -> st.SearchStrategy[Any]:
    """Any value of a field's type, ``None`` where it may be."""
    if get_origin(annotation) in (Union, UnionType):
        return st.one_of(*(values(part) for part in get_args(annotation)))
    if get_origin(annotation) is Literal:
        return st.sampled_from(get_args(annotation))
    if get_origin(annotation) is tuple:
        return st.just(())
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return st.sampled_from([AT, ELSEWHERE]) if annotation is Source else models(annotation)
    plain: dict[object, st.SearchStrategy[Any]] = {
        NoneType: st.none(),
        bool: st.booleans(),
        int: st.integers(0, 3),
        float: st.just(0.0),
        Decimal: st.sampled_from(_NUMBERS),
        str: st.sampled_from(_TEXTS),
    }
    return plain[annotation]


@cache
def models(kind: type[BaseModel]) -> st.SearchStrategy[Any]:
    """Any value of a model."""
    if kind is Money:
        return st.builds(Money, amount=st.sampled_from(_NUMBERS), currency=st.sampled_from(["CNY", "USD"]))
    fields = {name: values(field.annotation) for name, field in kind.model_fields.items()}
    return st.fixed_dictionaries(fields).map(lambda data: kind.model_construct(**data))
