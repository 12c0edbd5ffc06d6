"""An address of ours that the wire answers itself: nothing of it ever was on a network."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Protocol

from payaudit.evidence.exchange import Exchange
from payaudit.walk.guard.exchanges import Begun

_CALLS = frozenset({"XHR", "Fetch"})


@dataclass(frozen=True)
class Served:
    """One answer; ``kept`` says whether the recording holds it."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    kept: bool

    def fulfilling(self, request: str) -> dict[str, Any]:
        """The parameters of ``Fetch.fulfillRequest``."""
        return {
            "requestId": request,
            "responseCode": self.status,
            "responseHeaders": [{"name": name, "value": value} for name, value in self.headers.items()],
            "body": base64.b64encode(self.body).decode(),
        }

    def exchange(self, begun: Begun) -> Exchange:
        """As the recording keeps it: a file of the package, never an answer of a server."""
        return Exchange(
            method=begun.method,
            url=begun.url,
            request_headers=begun.headers,
            request_body=begun.body,
            status=self.status,
            reason=HTTPStatus(self.status).phrase,
            response_headers=tuple(self.headers.items()),
            response_body=self.body,
            truncated=None,
            resource_type="Script" if begun.resource_type in _CALLS else begun.resource_type,
            at=begun.at,
            run=begun.run,
            step=begun.step,
        )


class Origin(Protocol):
    """The address, and what its pages may load beside it."""

    def serves(self, url: str) -> bool:
        """Whether the address is ours."""
        ...

    def refuses(self, url: str, kind: str, leads: str) -> str | None:
        """Why a request for another address does not leave; None where it may."""
        ...

    async def answer(self, method: str, url: str, body: bytes, kind: str) -> Served:
        """The answer to one request for an address of ours."""
        ...
