"""Cashiers that no signature knows: another site, reached after a press to pay, with a payment's signs.

``signs`` of ``rules/calls/`` in, the sign that gave it away out. Pure. A plain
link to another site carries none and stays a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from payaudit.perceive.call_signatures import Signs
from payaudit.perceive.call_values import fields, opened
from payaudit.perceive.urls import Address, address

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|[A-Z]+")
_DEPTH = 3  # of mappings in a form's values
_PHRASE = 2  # words of a path's segment that still is a name
_KINDS = ("amount", "order", "merchant", "seal", "currency")


def folded(name: str) -> str:
    """A field's name as names are compared: ``Total_Amount`` and ``totalAmount`` are one."""
    return re.sub(r"[\W_]+", "", name).casefold()


class Cashiers:
    """The signs of all files, ready to ask."""

    def __init__(self, signs: Iterable[Signs]) -> None:
        known = tuple(signs)
        self._sealed = _all(s.sealed for s in known)
        self._fields = {kind: _all(getattr(s, kind) for s in known) for kind in _KINDS}
        self._path = _all(s.path for s in known)
        self._not_path = _all(s.not_path for s in known)
        self._host = tuple(sorted(_all(s.host for s in known)))
        self._not_host = _all(s.not_host for s in known)

    def sealed(self, url: str, body: bytes = b"") -> str | None:
        """The field that only a cashier takes; it says so whatever was pressed before."""
        return next((name for name in _names(url, body) if folded(name) in self._sealed), None)

    def sign(self, url: str, body: bytes = b"") -> str | None:
        """What speaks of a payment in an address and the fields sent to it; ``None`` where nothing does."""
        if sealed := self.sealed(url, body):
            return sealed
        names = list(_names(url, body))
        found = [
            next((n for n in names if folded(n) in self._fields[kind]), None)
            for kind in ("amount", "order", "merchant", "seal")
        ]
        stated = [name for name in found if name is not None]
        if len(stated) > 1:
            return " + ".join(stated)
        at = address(url)
        return self._of_path(at) or self._of_host(at.host or "")

    def asks_money(self, value: Any) -> bool:  # noqa: ANN401 - any JSON
        """Whether an answer is an order's: an amount, with a currency, an order or a seal beside it."""
        names = {folded(name) for name in _deep(value)}
        if names & self._sealed:
            return True
        kinds = {kind for kind in _KINDS if names & self._fields[kind]}
        return "amount" in kinds and bool(kinds - {"amount", "merchant"})

    def _of_path(self, at: Address) -> str | None:
        segments = [segment for segment in re.split(r"[/.;]", at.path) if segment]
        words = {segment: [word.casefold() for word in _WORD.findall(segment)] for segment in segments}
        if any(word in self._not_path for said in words.values() for word in said):
            return None
        for segment, said in words.items():
            # In a longer phrase the word is talked about: "why-we-pay-our-authors".
            short = len(said) <= _PHRASE and any(word in self._path for word in said)
            if short or folded(segment) in self._path:
                return segment
        return None

    def _of_host(self, host: str) -> str | None:
        for label in host.split(".")[:-1]:
            for part in label.split("-"):
                if part in self._not_host or label in self._not_host:
                    continue
                if any(part.startswith(word) or part.endswith(word) for word in self._host):
                    return label
        return None


def addresses(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    """Every web address in an answer of the site."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for inner in value[:50]:
            yield from addresses(inner)
    elif isinstance(value, str) and value[:4].lower() == "http":
        yield value


def _names(url: str, body: bytes) -> Iterator[str]:
    sent = fields(body)
    yield from _deep([dict(address(url).query), sent or _parts(body)])


def _parts(body: bytes) -> dict[str, str]:
    """Field names of a multipart form."""
    found = re.findall(rb'Content-Disposition: form-data; name="([^"]{1,80})"', body[:100_000])
    return {name.decode("utf-8", "replace"): "" for name in found}


def _deep(value: Any, depth: int = 0) -> Iterator[str]:  # noqa: ANN401 - any JSON
    if isinstance(value, str):
        value = opened(value)
    if depth > _DEPTH + 1:
        return
    if isinstance(value, dict):
        for name, inner in value.items():
            yield re.sub(r"\[.*", "", str(name))
            yield from _deep(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value[:20]:
            yield from _deep(inner, depth + 1)


def _all(names: Iterable[tuple[str, ...]]) -> frozenset[str]:
    return frozenset(folded(name) for group in names for name in group)
