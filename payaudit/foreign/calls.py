"""Calls for money in traffic that others recorded, as events of the page they belong to.

Nobody was there to refuse them: what was asked of a wallet's host or of the merchant's
own endpoint stands in the archive as it went out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from payaudit.evidence.exchange import Exchange
from payaudit.model.evidence import Event
from payaudit.perceive.call_values import fields
from payaudit.perceive.calls import CallMatch, Calls
from payaudit.perceive.urls import address

_NOT_ASKED = frozenset({"OPTIONS", "HEAD"})
_STATIC = (".js", ".css", ".png", ".jpg", ".svg", ".woff2", ".ico", ".map")


def payment_events(exchanges: Iterable[Exchange], calls: Calls) -> Iterator[Event]:
    """An event for each request that asks for a payment, or creates an order."""
    for exchange in exchanges:
        match = _match(exchange, calls)
        if match is None:
            continue
        order = match.kind == "order"
        yield Event(
            kind="payment_call",
            at=exchange.at,
            data={
                "channel": match.channel,
                "api": exchange.url.partition("?")[0],
                "url": exchange.url,
                "arguments": _arguments(exchange),
                "signature": match.id,
                "kind": match.kind,
                # An order alone charges nothing; whether its wallet asks again is not known.
                "wallet_confirms": None if order else match.wallet_confirms,
                "wall": "archive",
            },
        )


def _match(exchange: Exchange, calls: Calls) -> CallMatch | None:
    method = exchange.method.upper()
    path = address(exchange.url).path.lower()
    if method in _NOT_ASKED or path.endswith(_STATIC):
        return None
    return calls.match_url(method, exchange.url) or calls.match_body(exchange.url, exchange.request_body)


def _arguments(exchange: Exchange) -> dict[str, object]:
    told = fields(exchange.request_body)
    return told if isinstance(told, dict) else {}
