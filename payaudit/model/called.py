"""What codes are called: channels of payment and sums of money, in the reader's language."""

from __future__ import annotations

from functools import cache

from payaudit.data import read_data, rules_folder
from payaudit.model.base import Frozen
from payaudit.model.money import Money
from payaudit.model.text import Text


class _Channels(Frozen):
    channels: dict[str, Text]


class _Currencies(Frozen):
    names: dict[str, str]


@cache
def channels() -> dict[str, Text]:
    """The names of ``rules/shared/channels.yaml``."""
    return read_data(rules_folder() / "shared" / "channels.yaml", _Channels).channels


@cache
def _in_chinese() -> dict[str, str]:
    return read_data(rules_folder() / "currencies" / "zh.yaml", _Currencies).names


def channel(code: str) -> Text:
    """``KG Inicis``; the code itself where a rule of one's own brought it."""
    return channels().get(code) or Text(en=code, zh=code)


def money(amount: Money) -> Text:
    """``CNY 9.90`` and ``9.90 元``."""
    figure, name = f"{amount.amount:f}", _in_chinese().get(amount.currency)
    en = f"{amount.currency} {figure}"
    return Text(en=en, zh=en if name is None else f"{figure} {name}")


def unit(code: str) -> Text:
    """What prices are counted in: ``coins``, or a currency by its code."""
    if code == "coins":
        return Text(en="coins", zh="币")
    return Text(en=code, zh=_in_chinese().get(code, code))
