"""Reading a WARC of ours: exchanges, WebSockets and gaps in recorded order.

A first pass notes where each entry lies and whose step it is; entries are then read
singly, so that sixty questions for one step each do not unpack everything sixty times.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from payaudit.errors import EvidenceError
from payaudit.evidence import blocks
from payaudit.evidence.exchange import Entry, Exchange, Frame, Missing, WebSocketLog
from payaudit.evidence.members import members
from payaudit.evidence.warc import OWN

_CUT_OFF = "the recording was cut off before the answer"


@dataclass(frozen=True, slots=True)
class Record:
    """One WARC record: where it lies (bytes), its headers by name, and its block."""

    offset: int
    length: int
    headers: dict[str, str]
    block: bytes

    @property
    def kind(self) -> str:
        """The type: request, response, resource, metadata or warcinfo."""
        return self.headers.get("WARC-Type", "")

    @property
    def url(self) -> str:
        """The address that was asked."""
        return self.headers.get("WARC-Target-URI", "")

    def own(self, name: str) -> str:
        """Return one of our own headers, empty where it is not set."""
        return self.headers.get(OWN + name, "")


@dataclass(frozen=True, slots=True)
class Located:
    """Where an entry lies in the WARC (bytes), what it is, and whose."""

    offset: int
    length: int
    kind: str
    run: int
    step: int


def records(stream: IO[bytes]) -> Iterator[Record]:
    """Yield the whole records of a WARC; half a last one is left out.

    Raises EvidenceError where the bytes are damaged or no WARC.
    """
    for member in members(stream):
        line, headers, rest = blocks.parse(member.data)
        named = dict(headers)
        length = named.get("Content-Length", "")
        if not line.startswith("WARC/1.") or not length.isdecimal():
            raise _unreadable(member.offset)
        yield Record(member.offset, member.length, named, rest[: int(length)])


def locate(stream: IO[bytes]) -> list[Located]:
    """Return where each exchange, WebSocket log and gap lies, in recorded order."""
    found: list[Located] = []
    waiting: Record | None = None
    for record in records(stream):
        if record.kind == "response" and waiting is not None:
            found.append(_located(waiting, record.length, "exchange"))
            waiting = None
            continue
        if waiting is not None:
            found.append(_located(waiting, 0, "missing"))
        waiting = record if record.kind == "request" else None
        if record.kind == "resource":
            found.append(_located(record, 0, "websocket"))
        elif record.kind == "metadata":
            found.append(_located(record, 0, "missing"))
    if waiting is not None:
        found.append(_located(waiting, 0, "missing"))
    return found


def read(stream: IO[bytes], where: Located) -> Entry:
    """Read one entry, and not a byte further, since to seek back in a zip is to start over.

    Raises EvidenceError where its records cannot be understood.
    """
    stream.seek(where.offset)
    found = records(io.BytesIO(stream.read(where.length)))
    try:
        first = next(found)
        if where.kind == "exchange":
            return _exchange(first, next(found))
        return _websocket(first) if where.kind == "websocket" else _missing(first)
    except (ValueError, KeyError, TypeError, IndexError, StopIteration, RecursionError) as error:
        raise _unreadable(where.offset) from error


def _located(record: Record, more: int, kind: str) -> Located:
    try:
        run, step = int(record.own("Run")), int(record.own("Step"))
    except ValueError as error:
        raise _unreadable(record.offset) from error
    return Located(record.offset, record.length + more, kind, run, step)


def _exchange(request: Record, response: Record) -> Exchange:
    added = tuple(name for name in request.own("Added").split(", ") if name)
    method, request_headers, request_body = blocks.parse_request(request.block, added)
    status, reason, response_headers, body = blocks.parse_response(response.block)
    return Exchange(
        method=method,
        url=request.url,
        request_headers=request_headers,
        request_body=request_body,
        status=status,
        reason=reason,
        response_headers=response_headers,
        response_body=body,
        truncated=response.headers.get("WARC-Truncated"),
        resource_type=response.own("Resource-Type"),
        at=_at(request),
        run=int(request.own("Run")),
        step=int(request.own("Step")),
        redirect=response.own("Redirect") == "1",
        seq=int(request.own("Seq")),
    )


def _websocket(record: Record) -> WebSocketLog:
    frames = tuple(
        Frame(datetime.fromisoformat(at), direction, opcode, data)
        for at, direction, opcode, data in json.loads(record.block)
    )
    run, step, seq = (int(record.own(name)) for name in ("Run", "Step", "Seq"))
    return WebSocketLog(record.url, frames, run, step, record.headers.get("WARC-Truncated"), seq)


def _missing(record: Record) -> Missing:
    if record.kind == "request":  # killed between the two records of a pair
        method, reason = blocks.parse_request(record.block, ())[0], _CUT_OFF
    else:
        note = json.loads(record.block)
        method, reason = str(note["method"]), str(note["reason"])
    run, step, seq = (int(record.own(name)) for name in ("Run", "Step", "Seq"))
    return Missing(record.url, method, reason, run, step, _at(record), seq)


def _at(record: Record) -> datetime:
    return datetime.fromisoformat(record.headers["WARC-Date"])


def _unreadable(offset: int) -> EvidenceError:
    return EvidenceError(
        f"The traffic recorded at byte {offset} cannot be read; use another copy of the evidence.",
        f"第 {offset} 字节处的流量记录无法读取；请使用该证据的另一份副本。",
    )
