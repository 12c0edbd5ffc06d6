"""What a walk's pages mean by a sign that several currencies share: $, ¢, ¥ and 元.

A code that they say once holds everywhere; else the answers of their own back
end say it, else the region of the language that the pages declare.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache

from pydantic import RootModel

from payaudit.data import read_data, rules_folder
from payaudit.perceive.at_home import at_home
from payaudit.perceive.currencies import DOLLARS
from payaudit.perceive.currency_units import currency_code, is_whole
from payaudit.perceive.order_words import order_words
from payaudit.perceive.prices import Amount, amounts
from payaudit.perceive.screen import Screen

_US = re.compile(r"(?i)(?<![a-z])us ?\$")
_SIGN = re.compile(r"(?<![A-Za-z])[$＄]")
_REGION = re.compile(r"[-_]([A-Za-z]{2})\b")
_NAMED = re.compile(r'"([\w.-]{2,30})"\s*:\s*"([A-Za-z]{3})"')


class Regions(RootModel[dict[str, str]]):
    """``rules/currencies/regions.yaml``."""


def home_of(screens: Iterable[Screen], answers: Callable[[], Iterable[str]]) -> str | None:
    """ISO 4217; ``None`` where no page uses a shared sign or nothing speaks for one currency.

    ``answers``: bodies of the back end's answers, asked for only where the pages do not say it.
    """
    screens = tuple(screens)
    texts = {
        text.text for screen in screens for text in screen.texts if "$" in text.text or "＄" in text.text
    }
    region = _region(screens)
    if not texts:
        return region  # ¥ and 元 are mainland China's but for a page that says otherwise
    shown = [(text, amount) for text in texts for amount in amounts(text) if amount.money is not None]
    stated = {a.money.currency for _, a in shown if a.money is not None and _is_stated(a)}
    stated |= {"USD"} if any(map(_US.search, texts)) else set()
    if len(stated) == 1:
        return stated.pop()
    if len(told := _told(answers())) == 1:
        return told.pop()
    if region is not None and is_whole(region):
        with at_home(region):  # $4.990 is one in pesos of Chile, $4.99 is none
            return None if any(_has_cents(t, a) for t in texts for a in amounts(t)) else region
    return region


def _is_stated(amount: Amount) -> bool:
    currency = amount.money.currency if amount.money is not None else None
    return currency in DOLLARS or (currency == "USD" and amount.currency_known_by == "code")


def _has_cents(text: str, amount: Amount) -> bool:
    signed = _SIGN.search(text[amount.start : amount.end]) is not None
    return signed and amount.money is not None and amount.money.amount % 1 != 0


def _told(answers: Iterable[str]) -> set[str]:
    """The dollars, or other currencies, that fields of that name hold."""
    names = order_words().currency
    found = (pair for body in answers for pair in _NAMED.findall(body))
    codes = {currency_code(code) for name, code in found if name.casefold().replace("_", "") in names}
    return {code for code in codes if code is not None}


@cache
def _regions() -> dict[str, str]:
    return read_data(rules_folder() / "currencies" / "regions.yaml", Regions).root


def _region(screens: Iterable[Screen]) -> str | None:
    """The own currency of the region that most pages declare."""
    declared = Counter(
        region[1].upper()
        for screen in screens
        for node in screen.tree.nodes[:4]
        if node.tag == "HTML" and (region := _REGION.search(node.attrs.get("lang", "")))
    )
    return _regions().get(declared.most_common(1)[0][0]) if declared else None
