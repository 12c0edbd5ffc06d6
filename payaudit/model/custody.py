"""Chain of custody: whose case it is, and by what and whom the walk was made.

``Case`` is what the investigator writes, ``Custody`` what the tool adds before a walk
begins. Both stand in ``audit.json`` and are bound into the first link of the chain.
"""

from __future__ import annotations

from datetime import date, datetime
from ipaddress import IPv4Address, IPv6Address
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from payaudit.model.base import Frozen

Signer = Literal[
    "investigator",  # a key of a person, given with --key
    "machine",  # the key of this machine, made at its first walk
    "once",  # made for this walk alone, as this machine keeps none
]
_Words = Annotated[str, Field(min_length=1, max_length=2000)]


class Case(Frozen):
    """``case.yaml``: what the file of the case says; every field may be left out."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    number: _Words | None = None
    title: _Words | None = None
    mandate: _Words | None = None  # what allows the inspection: provision, order, assignment
    authority: _Words | None = None
    officers: tuple[_Words, ...] = ()  # names, with the number of the badge where there is one
    account_alias: _Words | None = None  # never the account itself
    device: _Words | None = None
    place: _Words | None = None
    exit_ip: IPv4Address | IPv6Address | None = None  # as the officer saw it, of the line in use
    exit_country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None  # ISO 3166-1 alpha-2
    retention_until: date | None = None
    notes: _Words | None = None


class TsaClock(Frozen):
    """What a time stamping authority's clock said between two looks at this machine's."""

    url: str
    sent: datetime
    theirs: datetime
    received: datetime


class Custody(Frozen):
    """Known before the walk begins. Hashes are SHA-256 in hex, keys are told by theirs."""

    case: Case | None = None
    signer: Signer
    key: str  # of the Ed25519 key that signs the steps
    wacz_key: str  # of the ECDSA key that signs the packed file
    tool_sha256: str  # over the tool's own source
    rules_sha256: str
    law_sha256: str
    command: tuple[str, ...] = ()  # without secrets
    clocks: tuple[TsaClock, ...] = ()


class MerchantOrder(Frozen):
    """An order that the merchant created: asked for, answered (HTTP below 400); its number if told."""

    host: str
    run: int
    step: int
    at: datetime
    number: str | None = None


class Watched(Frozen):
    """What the traffic shows of clocks and orders.

    ``ahead``: by how many seconds the servers' clocks were ahead of the host's, the median over
    hosts of the median over their answers; None where no Date was seen.
    """

    hosts: int
    dates: int
    ahead: float | None
    orders: tuple[MerchantOrder, ...]
