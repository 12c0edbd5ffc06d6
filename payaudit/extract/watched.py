"""What the traffic shows beside prices: the servers' clocks, and every order that came to be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from statistics import median
from typing import Any

from payaudit.evidence.exchange import Exchange, Headers
from payaudit.evidence.read import Evidence
from payaudit.model.custody import MerchantOrder, Watched
from payaudit.perceive.call_values import fields, opened
from payaudit.perceive.calls import Calls
from payaudit.perceive.cashiers import folded
from payaudit.perceive.order_words import order_words
from payaudit.perceive.urls import address

_BYTES = 200_000  # an order's answer is shorter
_DEPTH = 6  # deeper than any order
_LONGEST = 64  # characters of an order's number
_ERROR = 400  # HTTP's errors begin here
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_DAY = 86400.0  # further off than this a Date is not a clock's


def watched(evidence: Evidence, calls: Calls | None = None) -> Watched:
    """Look through the traffic of all runs. Raises ``EvidenceError`` where it cannot be read."""
    calls = calls or Calls.bundled()
    ahead: dict[str, list[float]] = {}
    orders: list[MerchantOrder] = []
    known: set[tuple[str, str | None]] = set()
    for exchange in evidence.exchanges():
        host = address(exchange.url).host or ""
        offset = _ahead(exchange)
        if offset is not None:
            ahead.setdefault(host, []).append(offset)
        order = _order(exchange, calls)
        # An order whose state is asked for again is the same order.
        if order is not None and (order.number is None or (order.host, order.number) not in known):
            known.add((order.host, order.number))
            orders.append(order)
    middle = median(median(each) for each in ahead.values()) if ahead else None
    return Watched(
        hosts=len(ahead),
        dates=sum(map(len, ahead.values())),
        ahead=None if middle is None else round(middle, 1) + 0.0,  # no -0.0
        orders=tuple(orders),
    )


def _ahead(exchange: Exchange) -> float | None:
    """Seconds that a server's clock is ahead; ``Date`` has whole seconds, half of one is its middle."""
    told = _header(exchange.response_headers, "date")
    if told is None:
        return None
    try:
        date = parsedate_to_datetime(told)
        # What a cache answers was dated when it was fetched; its Age says how long ago that was.
        age = int(_header(exchange.response_headers, "age") or 0)
        theirs = date.replace(tzinfo=date.tzinfo or UTC) + timedelta(seconds=age + 0.5)
        offset = (theirs - exchange.at).total_seconds()
    except (ValueError, OverflowError):
        return None
    return offset if abs(offset) < _DAY else None


def _order(exchange: Exchange, calls: Calls) -> MerchantOrder | None:
    """The order that an exchange created; None where it created none.

    Either its address or operation is known to create orders, or the answer to something
    that was sent tells an order's number beside an amount. A list of orders is no order.
    """
    if not exchange.status or exchange.status >= _ERROR or exchange.method.upper() == "OPTIONS":
        return None
    match = calls.match_url(exchange.method, exchange.url)
    match = match or calls.match_body(exchange.url, exchange.request_body)
    told = _told(exchange.response_body)
    number = _number(told)
    known = match is not None and match.kind == "order"
    if not known and (exchange.method.upper() in _READING or number is None or not _priced(told)):
        return None
    return MerchantOrder(
        host=address(exchange.url).host or "",
        run=exchange.run,
        step=exchange.step,
        at=exchange.at,
        number=number or _number(_told(exchange.request_body)),
    )


def _told(body: bytes) -> dict[str, str]:
    """The plain values of a body by name, those of lists left out; the first of a name counts."""
    return dict(reversed(list(_named(_read(body))))) if body and len(body) < _BYTES else {}


def _number(told: dict[str, str]) -> str | None:
    """The order's number, by the name that says the most."""
    return next((told[name] for name in order_words().number if name in told), None)


def _priced(told: dict[str, str]) -> bool:
    words = order_words()
    return any(name in told for name in (*words.minor, *words.today, *words.amounts))


def _read(body: bytes) -> Any:  # noqa: ANN401 - any JSON
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return fields(body)


def _named(value: Any, depth: int = 0) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any JSON
    if isinstance(value, str):
        value = opened(value)
    if depth > _DEPTH:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            if (
                isinstance(inner, str | int)
                and not isinstance(inner, bool)
                and 0 < len(str(inner)) <= _LONGEST
            ):
                yield folded(str(key)), str(inner)
            yield from _named(inner, depth + 1)


def _header(headers: Headers, name: str) -> str | None:
    return next((value for known, value in headers if known.lower() == name), None)
