"""Bodies of paused requests: fetched whole up to a cap, left alone where waiting would stall the page."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import dataclass
from typing import Any

from payaudit.walk.guard.cdp import Cdp, CdpError

LARGEST = 8 * 1024 * 1024  # bytes; a longer body passes unrecorded, so that video starts at once
_BODY_SECONDS = (
    30.0  # the page gets a body that takes longer only at its end: Chromium lets no one take it back
)
_ASK_SECONDS = 1.0
_STREAMS = (
    "text/event-stream",
    "multipart/x-mixed-replace",
    "application/x-ndjson",
    "application/stream+json",
    "application/grpc",
)
_MEDIA = ("video/", "audio/")
_EMPTY = frozenset({204, 205, 301, 302, 303, 304, 307, 308})


@dataclass(frozen=True, slots=True)
class Body:
    """A decoded body; ``truncated`` says why it is not whole: length, time, unspecified."""

    data: bytes
    truncated: str | None = None


async def request_body(cdp: Cdp, sessions: list[str], params: dict[str, Any]) -> bytes:
    """The body of a paused request; what the pause leaves out is asked of ``sessions`` in turn."""
    request = params["request"]
    if not request.get("hasPostData") and "postData" not in request:
        return b""
    parts = [
        base64.b64decode(entry["bytes"]) for entry in request.get("postDataEntries", []) if "bytes" in entry
    ]
    if parts:
        return b"".join(parts)
    if "postData" in request:
        return str(request["postData"]).encode("utf-8", "surrogateescape")
    for session in sessions if "networkId" in params else ():
        try:
            number = {"requestId": params["networkId"]}
            answer = await asyncio.wait_for(
                cdp.send("Network.getRequestPostData", number, session), _ASK_SECONDS
            )
        except (CdpError, TimeoutError):
            continue
        data = str(answer.get("postData", ""))
        return (
            base64.b64decode(data) if answer.get("base64Encoded") else data.encode("utf-8", "surrogateescape")
        )
    return b""


async def response_body(cdp: Cdp, params: dict[str, Any]) -> Body:
    """The body of a paused answer, at most ``LARGEST`` bytes."""
    headers = {str(part["name"]).lower(): str(part["value"]) for part in params.get("responseHeaders", [])}
    if int(params["responseStatusCode"]) in _EMPTY or params["request"]["method"] == "HEAD":
        return Body(b"")
    kind, length = headers.get("content-type", "").lower(), headers.get("content-length", "")
    if length.isdigit() and int(length) > LARGEST:
        return Body(b"", "length")
    if kind.startswith(_STREAMS) or (kind.startswith(_MEDIA) and not length.isdigit()):
        return Body(b"", "unspecified")
    try:
        answer = await asyncio.wait_for(
            cdp.send("Fetch.getResponseBody", {"requestId": params["requestId"]}), _BODY_SECONDS
        )
    except TimeoutError:
        return Body(b"", "time")
    except CdpError:
        return Body(b"", "disconnect")
    data = str(answer.get("body", ""))
    return Body(base64.b64decode(data) if answer.get("base64Encoded") else data.encode())
