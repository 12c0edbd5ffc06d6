"""What crossed the wire, as the recorder hands it over and the reader gives it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Headers = tuple[tuple[str, str], ...]
Direction = Literal["in", "out"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and the answer to it; a redirect hop is an exchange of its own.

    A header that Chromium joined with line breaks comes back as several headers, the
    URL without its fragment and with spaces escaped; everything else as it was given.
    """

    method: str
    url: str
    request_headers: Headers
    request_body: bytes
    status: int
    reason: str
    response_headers: Headers  # as the server sent them, also those of the encoding
    response_body: bytes  # decoded: no gzip, no chunks
    truncated: str | None  # why the body is not whole: length, time, disconnect, unspecified
    resource_type: str  # as CDP names it: Document, XHR, …
    at: datetime  # with its zone
    run: int
    step: int
    redirect: bool = False  # reached by a redirect from another exchange
    seq: int | None = None  # place in the recording, from 1; None until recorded


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of a WebSocket; ``data`` is text, or base64 where ``opcode`` is 2."""

    at: datetime
    direction: Direction
    opcode: int
    data: str


@dataclass(frozen=True, slots=True)
class WebSocketLog:
    """What was said over one WebSocket since the last log of it."""

    url: str
    frames: tuple[Frame, ...]
    run: int
    step: int
    truncated: str | None = None
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """A request whose answer is not in the recording, and why: the ledger of gaps."""

    url: str
    method: str
    reason: str
    run: int
    step: int
    at: datetime | None = None
    seq: int | None = None


Entry = Exchange | WebSocketLog | Missing
