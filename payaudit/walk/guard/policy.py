"""What may leave the browser: one decision, asked by the wire and by the proxy.

Payment and debit are refused always, and after a press to pay so is another site that
carries the signs of a payment and that no signature knows. Creating an order is let through a few
times per host, or never. Once armed (a pay-like control was pressed) and orders
are not wanted, nothing but reading leaves.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

from payaudit.model.evidence import EventKind
from payaudit.perceive.call_values import fields
from payaudit.perceive.calls import CallMatch, Calls
from payaudit.perceive.cashiers import addresses
from payaudit.perceive.urls import address, site

Orders = Literal["few", "none"]
MOST_ORDERS = 12  # order-creating requests let through per host and audit, with "few"
_WEB = frozenset({"http", "https"})
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
Leads = Literal[
    "nowhere", "frame", "page"
]  # where a request leads: no document, an inner one, the one in front
_ANSWER = 200_000  # bytes; an order's answer is shorter
_MOST_NAMED = 200  # addresses remembered of the answers since a press
_BODY_SHOWN = 16384  # bytes of a refused body kept as text in the event


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request does not leave: the event to record, without its time."""

    kind: EventKind
    data: dict[str, Any]


@dataclass
class Policy:
    """The rules of one audit and what was already spent of them."""

    calls: Calls
    orders: Orders = "few"
    armed: bool = False
    pressed_on: str | None = None  # the site on which a control to pay was pressed; None: nothing is awaited
    spent: Counter[str] = field(default_factory=Counter)
    named: set[str] = field(default_factory=set)  # addresses in the orders' answers since that press

    def press(self, url: str) -> None:
        """A control to pay is about to be pressed on the page at ``url``."""
        self.pressed_on = site(address(url).host or "")
        self.named.clear()

    def calm(self) -> None:
        """Something else is about to be pressed: what follows is not that payment."""
        self.pressed_on = None

    def hear(self, body: bytes) -> None:
        """Remember where an order's answer may lead to."""
        if self.pressed_on is None or len(body) > _ANSWER or len(self.named) > _MOST_NAMED:
            return
        said = fields(body)
        if self.calls.cashiers.asks_money(said):
            self.named |= {_place(found) for found in addresses(said)}

    def refuse(  # noqa: PLR0913 - a request, told whole
        self,
        method: str,
        url: str,
        wall: str,
        *,
        body: bytes = b"",
        count: bool = True,
        leads: Leads = "nowhere",
    ) -> Refusal | None:
        """Decide about one request; ``None`` lets it go.

        ``count`` is false where another wall has counted the same request;
        ``leads`` says whether it fetches a document.
        """
        match = self.calls.match_url(method, url)
        if match is None:
            match = self._cashier(method, url, body, leads) or self.calls.match_body(url, body)
        if match is not None and match.kind != "order":
            return Refusal("payment_call", called(match, method, url, wall, body))
        if method.upper() not in _READING and self.armed and self.orders == "none":
            return _blocked(method, url, wall, "armed")
        if match is None or method.upper() == "OPTIONS":
            return None
        if self.orders == "none":
            return _blocked(method, url, wall, "orders:none")
        host = address(url).host or ""
        if count:
            if self.spent[host] >= MOST_ORDERS:
                return _blocked(method, url, wall, f"orders:{MOST_ORDERS}")
            self.spent[host] += 1
        return None

    def _cashier(self, method: str, url: str, body: bytes, leads: Leads) -> CallMatch | None:
        """After a press, another site that takes a payment and that no signature knows.

        The same site is one where a form is sent to it with a field that only cashiers take.
        """
        at = address(url)
        if leads == "nowhere" or at.scheme not in _WEB or not at.host:
            return None
        if self.pressed_on is None:
            return None
        if site(at.host) == self.pressed_on:
            return self.calls.match_cashier(url, body, sealed=True) if method.upper() == "POST" else None
        if _place(url) in self.named:
            return self.calls.unknown("named by an order's answer")
        inner = leads == "frame" and method.upper() in _READING
        return self.calls.match_cashier(url, body, sealed=inner)


def _place(url: str) -> str:
    at = address(url)
    return f"{at.host}{at.path}"


def called(match: CallMatch, api: str, url: str, wall: str, body: bytes = b"") -> dict[str, Any]:
    """The data of a ``payment_call`` event: query and body fields become its arguments."""
    arguments: dict[str, Any] = dict(address(url).query)
    stated = fields(body)
    arguments |= stated if isinstance(stated, dict) else {"body": stated}
    if body and not stated:
        arguments["body"] = body[:_BODY_SHOWN].decode("utf-8", "replace")
    return {
        "channel": match.channel,
        "api": api,
        "arguments": arguments,
        "url": url,
        "signature": match.id,
        "by": match.by,
        "kind": match.kind,
        "wallet_confirms": match.wallet_confirms,
        "wall": wall,
    }


def _blocked(method: str, url: str, wall: str, reason: str) -> Refusal:
    return Refusal("blocked", {"url": url, "method": method, "reason": reason, "wall": wall})
