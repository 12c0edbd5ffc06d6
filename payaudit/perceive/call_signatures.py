"""The files of ``rules/calls/``: one payment channel each, checked when read."""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ValidationError, model_validator

from payaudit.data import from_yaml
from payaudit.errors import RuleError
from payaudit.model.base import Frozen


class About(Frozen):
    """What the channel is, in both languages."""

    en: str
    zh: str


class Shared(Frozen):
    """A host that also serves harmless things: ``refuse`` these paths, or all but ``allow``.

    Both are regular expressions searched in the path. A proxy that sees only a
    host lets it pass; the wire, which sees paths, decides.
    """

    host: str
    refuse: tuple[re.Pattern[str], ...] = ()
    allow: tuple[re.Pattern[str], ...] = ()

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.refuse) == bool(self.allow):
            raise ValueError(f"{self.host}: give refuse or allow, one of the two")
        return self


class Endpoint(Frozen):
    """A merchant's own endpoint, on any host: it debits a balance, or creates an order."""

    kind: Literal["debit", "order"]
    channel: str
    methods: tuple[str, ...]
    paths: tuple[re.Pattern[str], ...]


class Operation(Frozen):
    """A mutation or method of an endpoint that serves everything, known by its name in the body."""

    kind: Literal["debit", "order"]
    channel: str
    names: tuple[re.Pattern[str], ...]


class Signs(Frozen):
    """What gives a cashier away that no file knows: names of fields, words of the path and of the host."""

    sealed: tuple[str, ...] = ()  # any one of these fields is enough
    amount: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    merchant: tuple[str, ...] = ()
    seal: tuple[str, ...] = ()
    currency: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    not_path: tuple[str, ...] = ()
    host: tuple[str, ...] = ()
    not_host: tuple[str, ...] = ()


class AmountRule(Frozen):
    """Where an amount stands; ``currency`` is a constant, ``currency_at`` a path beside it.

    ``minor`` is the currency's own minor unit, ``hundredth`` a hundredth whatever the currency.
    """

    at: str
    unit: Literal["minor", "major", "hundredth"]
    currency: str | None = None
    currency_at: str | None = None
    only: tuple[str, ...] = ()  # APIs the rule is limited to; empty: all

    @model_validator(mode="after")
    def _has_currency(self) -> Self:
        if self.currency is None and self.currency_at is None:
            raise ValueError(f"{self.at}: give currency or currency_at")
        return self


class Proof(Frozen):
    """One fact that settles whether a call renews: an API, a URL path, or a value in the call.

    ``at`` alone asks that something non-empty stands there; ``in`` lists the values that count.
    """

    api: str | None = None
    path: re.Pattern[str] | None = None
    at: str | None = None
    any_of: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if sum(place is not None for place in (self.api, self.path, self.at)) != 1:
            raise ValueError("give exactly one of api, path, at")
        return self


class Signature(Frozen):
    """One file of ``rules/calls/``: how calls of one payment channel look."""

    id: str
    channel: str
    about: About
    wallet_confirms: bool | None  # the channel asks the payer once more before money moves; None: not known
    settles: str | None = None  # ISO currency where neither call nor order names one
    hosts: tuple[str, ...] = ()  # refused whole, subdomains too
    shared: tuple[Shared, ...] = ()
    schemes: tuple[str, ...] = ()  # prefixes of custom-scheme URLs
    bridges: tuple[str, ...] = ()  # page APIs: "tt.pay", "WeixinJSBridge.invoke:name", "Stripe().confirm*"
    endpoints: tuple[Endpoint, ...] = ()
    operations: tuple[Operation, ...] = ()
    frames: tuple[re.Pattern[str], ...] = ()  # WebSocket frames that may leave after a press to pay
    signs: Signs | None = None
    amount: tuple[AmountRule, ...] = ()
    recurring: tuple[Proof, ...] = ()  # any of them proves a renewal
    once: tuple[Proof, ...] = ()  # any of them states there is none
    source: str
    verified: bool = False  # a person has checked the file against the source


def read_signature(file: Path) -> Signature:
    """Read one file; raises ``RuleError`` naming file and field, and the field that may have been meant."""
    try:
        signature = Signature.model_validate(from_yaml(file.read_text("utf-8")))
    except yaml.YAMLError as error:
        raise RuleError(f"{file.name} is no YAML: {error}", f"{file.name} 不是有效的 YAML：{error}") from None
    except ValidationError as error:
        said = "; ".join(_say(dict(part)) for part in error.errors())
        raise RuleError(f"{file.name}: {said}", f"{file.name} 有误：{said}") from None
    if signature.id != file.stem:
        raise RuleError(
            f"{file.name}: id must be {file.stem!r}, the file's name",
            f"{file.name}：id 须与文件名一致（{file.stem}）",
        )
    return signature


def _say(error: dict[str, Any]) -> str:
    place = [part for part in error["loc"] if isinstance(part, str)]
    where = ".".join(str(part) for part in error["loc"]) or "file"
    if error["type"] != "extra_forbidden":
        return f"{where}: {error['msg']}"
    model = _MODELS.get(place[-2] if len(place) > 1 else "", Signature)
    close = get_close_matches(place[-1], model.model_fields, 1)
    return f"{where}: no such field" + (f"; did you mean {close[0]!r}?" if close else "")


_MODELS: dict[str, type[BaseModel]] = {
    "about": About, "shared": Shared, "endpoints": Endpoint, "operations": Operation, "signs": Signs,
    "amount": AmountRule, "recurring": Proof, "once": Proof,
}  # fmt: skip
