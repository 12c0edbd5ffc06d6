"""Payment calls: which URL or page API asks for money, how much, and whether it signs a renewal.

``rules/calls/*.yaml`` in, a ``CallMatch`` out. Pure: no browser, no clock. The
guard asks before a request leaves, the extractor asks again about evidence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

from payaudit.data import rules_folder
from payaudit.errors import RuleError
from payaudit.model.money import Money
from payaudit.perceive.call_signatures import Endpoint, Proof, Signature, read_signature
from payaudit.perceive.call_values import money, values, worded
from payaudit.perceive.cashiers import Cashiers
from payaudit.perceive.currency_units import currency_code
from payaudit.perceive.operations import operations
from payaudit.perceive.urls import Address, address

Kind = Literal["payment", "debit", "order"]

_DENIED = frozenset({"", "false", "null", "n", "no", "off", "none"})  # values that prove nothing


@dataclass(frozen=True, slots=True)
class CallMatch:
    """What a URL or API was recognised as; ``by`` is the entry that matched."""

    id: str
    channel: str
    kind: Kind
    wallet_confirms: bool | None
    by: str


class Calls:
    """All signatures of a folder, ready to match."""

    def __init__(self, signatures: tuple[Signature, ...]) -> None:
        self.signatures = signatures
        self._by_id = {signature.id: signature for signature in signatures}
        self._hosts = {_host(host): sign for sign in signatures for host in sign.hosts}
        self._shared = {_host(part.host): (sign, part) for sign in signatures for part in sign.shared}
        self._unknown = next((sign for sign in signatures if sign.signs is not None), None)
        self.cashiers = Cashiers(sign.signs for sign in signatures if sign.signs is not None)
        self.frames = tuple(pattern.pattern for sign in signatures for pattern in sign.frames)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read every ``*.yaml`` in ``folder``; raises ``RuleError`` naming file and field."""
        files = sorted(folder.glob("*.yaml"))
        if not files:
            raise RuleError(
                f"{folder}: no payment-call signatures; without them nothing may be walked",
                f"{folder}：没有支付调用特征文件；缺少它们不得开始访问",
            )
        return cls(tuple(read_signature(file) for file in files))

    @classmethod
    def bundled(cls) -> Calls:
        """The signatures that come with the program, read once."""
        return _bundled()

    def match_host(self, host: str) -> CallMatch | None:
        """The channel a whole host belongs to: all that a proxy sees of a TLS connection."""
        for suffix in _suffixes(_host(host)):
            if suffix in self._hosts:
                return _match(self._hosts[suffix], "payment", suffix)
        return None

    def match_url(self, method: str, url: str) -> CallMatch | None:
        """What a request is; ``None`` where nothing speaks of payment.

        ``url`` may be absolute http(s), ws(s), or of a custom scheme.
        """
        at = address(url)
        if at.host is None:
            return self._match_scheme(at)
        if whole := self.match_host(at.host):
            return whole
        for suffix in _suffixes(at.host):
            if suffix in self._shared:
                signature, part = self._shared[suffix]
                allowed = any(pattern.search(at.path) for pattern in part.allow)
                refused = any(pattern.search(at.path) for pattern in part.refuse)
                return (
                    _match(signature, "payment", suffix) if refused or (part.allow and not allowed) else None
                )
        return self._match_endpoint(method.upper(), at)

    def match_body(self, url: str, body: bytes) -> CallMatch | None:
        """What a body asks of an endpoint that serves everything: a GraphQL mutation, a JSON-RPC method."""
        names = tuple(operations(body, address(url).query))
        for kind in ("debit", "order") if names else ():
            for signature in self.signatures:
                for operation in signature.operations:
                    for pattern in operation.names if operation.kind == kind else ():
                        if any(pattern.search(name) for name in names):
                            of = (signature.id, operation.channel, operation.kind)
                            return CallMatch(*of, wallet_confirms=False, by=pattern.pattern)
        return None

    def match_cashier(self, url: str, body: bytes, *, sealed: bool = False) -> CallMatch | None:
        """A cashier that no file knows, by its signs; ``sealed`` takes only fields of cashiers alone."""
        sign = self.cashiers.sealed(url, body) if sealed else self.cashiers.sign(url, body)
        return self.unknown(sign) if sign is not None else None

    def unknown(self, sign: str) -> CallMatch | None:
        """The match of a cashier that ``sign`` gave away."""
        return _match(self._unknown, "payment", sign) if self._unknown is not None else None

    def recorded(self, data: Mapping[str, Any]) -> CallMatch | None:
        """The match that an event of the guard tells of, by the signature it names."""
        signature = self._by_id.get(str(data.get("signature")))
        if signature is None:
            return None
        kind: Kind = "debit" if data.get("kind") == "debit" else "payment"
        return _match(signature, kind, str(data.get("by", "")))

    def settles(self, match: CallMatch) -> str | None:
        """The ISO currency in which the channel settles where neither call nor order names one."""
        return self._by_id[match.id].settles

    def match_bridge(self, api: str) -> CallMatch | None:
        """What a page API is, named as in ``bridges``; a ``*`` there ends a prefix."""
        for signature in self.signatures:
            for entry in signature.bridges:
                if api == entry or (entry.endswith("*") and api.startswith(entry[:-1])):
                    return _match(signature, "payment", entry)
        return None

    def amount_of(
        self, match: CallMatch, api_or_url: str, arguments: dict[str, Any], body: bytes | None = None
    ) -> Money | None:
        """The amount a call states, in major units; ``None`` where it states none."""
        for rule in self._by_id[match.id].amount:
            if rule.only and api_or_url not in rule.only:
                continue
            for amount, source in values(rule.at, arguments, api_or_url, body):
                currency = rule.currency
                if rule.currency_at is not None:
                    stated = [worded(value) for value, _ in values(rule.currency_at, source)]
                    currency = next(filter(None, map(currency_code, stated)), currency)
                if currency and (found := money(amount, currency, rule.unit)):
                    return found
        return None

    def recurring_of(
        self, match: CallMatch, api_or_url: str, arguments: dict[str, Any], body: bytes | None = None
    ) -> bool | None:
        """Whether the call signs a renewal: proven, denied by the call itself, or ``None``."""
        signature = self._by_id[match.id]
        for proofs, verdict in ((signature.recurring, True), (signature.once, False)):
            if any(_proven(proof, api_or_url, arguments, body) for proof in proofs):
                return verdict
        return None

    def _match_scheme(self, at: Address) -> CallMatch | None:
        for signature in self.signatures:
            for prefix in signature.schemes:
                if at.url.lower().startswith(prefix.lower()) or at.intent.lower().startswith(prefix.lower()):
                    return _match(signature, "payment", prefix)
        return None

    def _match_endpoint(self, method: str, at: Address) -> CallMatch | None:
        for kind in ("debit", "order"):
            for signature, endpoint in self._endpoints(kind):
                if method in endpoint.methods:
                    for pattern in endpoint.paths:
                        if any(pattern.search(route) for route in at.routes):
                            of = (signature.id, endpoint.channel, endpoint.kind)
                            return CallMatch(*of, wallet_confirms=False, by=pattern.pattern)
        return None

    def _endpoints(self, kind: str) -> Iterator[tuple[Signature, Endpoint]]:
        for signature in self.signatures:
            for endpoint in signature.endpoints:
                if endpoint.kind == kind:
                    yield signature, endpoint


@cache
def _bundled() -> Calls:
    return Calls.load(rules_folder() / "calls")


def _match(signature: Signature, kind: Kind, by: str) -> CallMatch:
    return CallMatch(signature.id, signature.channel, kind, signature.wallet_confirms, by)


def _host(name: str) -> str:
    return address(f"https://{name}/").host or name


def _suffixes(host: str) -> Iterator[str]:
    labels = host.split(".")
    for start in range(len(labels) - 1):
        yield ".".join(labels[start:])


def _proven(proof: Proof, api_or_url: str, arguments: dict[str, Any], body: bytes | None) -> bool:
    if proof.api is not None:
        return proof.api == api_or_url
    if proof.path is not None:
        return any(proof.path.search(route) for route in address(api_or_url).routes)
    assert proof.at is not None  # noqa: S101 - Proof holds exactly one place
    found = [worded(value) for value, _ in values(proof.at, arguments, api_or_url, body)]
    return any(word in proof.any_of if proof.any_of else word.lower() not in _DENIED for word in found)
