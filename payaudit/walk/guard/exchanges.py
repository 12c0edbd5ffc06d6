"""From paused CDP requests to the ``Exchange`` of the recording."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Self

from payaudit.evidence.exchange import Exchange, Headers
from payaudit.walk.guard.bodies import Body
from payaudit.walk.guard.sink import Sink

_TYPE = "content-type"


@dataclass(frozen=True, slots=True)
class Begun:
    """A request that was let through, and the step it was made in."""

    method: str
    url: str
    headers: Headers
    body: bytes
    redirect: bool
    at: datetime
    run: int
    step: int
    resource_type: str = "Other"

    @property
    def place(self) -> tuple[int, int]:
        """Run and step of the request."""
        return self.run, self.step

    @classmethod
    def of(cls, params: dict[str, Any], body: bytes, sink: Sink) -> Self:
        """Read a ``Fetch.requestPaused``."""
        request = params["request"]
        headers = tuple((str(name), str(value)) for name, value in request.get("headers", {}).items())
        redirect = "redirectedRequestId" in params
        kind = params.get("resourceType", "Other")
        return cls(
            request["method"], request["url"], headers, body, redirect, sink.now(), sink.run, sink.step, kind
        )


def exchange(begun: Begun, params: dict[str, Any], body: Body) -> Exchange:
    """Join a request with the answer paused in ``params``."""
    status = int(params["responseStatusCode"])
    return Exchange(
        method=begun.method,
        url=begun.url,
        request_headers=begun.headers,
        request_body=begun.body,
        status=status,
        reason=params.get("responseStatusText") or _reason(status),
        response_headers=_headers(params),
        response_body=body.data,
        truncated=body.truncated,
        resource_type=params.get("resourceType", "Other"),
        at=begun.at,
        run=begun.run,
        step=begun.step,
        redirect=begun.redirect,
    )


def location(params: dict[str, Any]) -> str | None:
    """Where an answer sends the browser on to, as the server wrote it."""
    if 300 <= int(params["responseStatusCode"]) < 400:  # noqa: PLR2004 - redirects
        return next((value for name, value in _headers(params) if name.lower() == "location"), None)
    return None


def hints(params: dict[str, Any]) -> bool:
    """Whether an answer is a set of speculation rules, named by a page's header; see ``hints.js``.

    It is recorded, and kept from the page: what the browser fetches by it passes no wire.
    """
    kinds = (value.partition(";")[0].strip().lower() for n, value in _headers(params) if n.lower() == _TYPE)
    return "application/speculationrules+json" in kinds


def _headers(params: dict[str, Any]) -> Headers:
    return tuple((str(part["name"]), str(part["value"])) for part in params.get("responseHeaders", []))


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
