"""How back ends and gateways name what is to be paid: ``rules/orders/answers.yaml``."""

from __future__ import annotations

from functools import cache

from pydantic import field_validator

from payaudit.data import read_data, rules_folder
from payaudit.model.base import Frozen
from payaudit.model.money import Period
from payaudit.perceive.cashiers import folded


class OrderWords(Frozen):
    """Names by what they mean, compared as ``cashiers.folded`` makes them."""

    minor: tuple[str, ...]
    today: tuple[str, ...]
    amounts: tuple[str, ...]
    vague: tuple[str, ...]
    currency: tuple[str, ...]
    later: tuple[str, ...]
    later_under: tuple[str, ...]
    items_under: tuple[str, ...]
    cycle: tuple[str, ...]
    periods: dict[Period, tuple[str, ...]]
    mandate: tuple[str, ...]
    mode: tuple[str, ...]
    recurring_values: tuple[str, ...]
    number: tuple[str, ...] = ()

    @field_validator("*")
    @classmethod
    def _fold(cls, value: object) -> object:
        return tuple(dict.fromkeys(map(folded, value))) if isinstance(value, tuple) else value


@cache
def order_words() -> OrderWords:
    """The bundled names."""
    return read_data(rules_folder() / "orders" / "answers.yaml", OrderWords)
