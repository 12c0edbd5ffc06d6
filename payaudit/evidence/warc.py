"""Recording: the WARC of a walk, one gzip member per record, in the order things happened.

An exchange is a request record and, right after it, its response record, written in one
go. A request that got no answer is a metadata record, a WebSocket a resource record.
Our own headers (``WARC-Payaudit-*``) carry what WARC has no word for.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from payaudit.evidence import blocks
from payaudit.evidence.disk import lock
from payaudit.evidence.exchange import Exchange, Frame, Missing, WebSocketLog
from payaudit.evidence.limits import ARCHIVE_STOP, BODY

OWN = "WARC-Payaudit-"

# A film shrinks by nothing, and 8 MiB of it would hold up the page for 0.2 s. Whoever fetches its parts
# by script calls them what he likes, so a sample tells.
_LARGE = 64 * 1024
_SAMPLE = 4 * 1024
_SHRINKS = 0.9
_LEVEL = 6


class WarcWriter:
    """Appends to one new WARC and knows the SHA-256 of all it has written.

    ``software`` is named in the file's first record; ``on_entry`` is told of each entry as it
    was recorded, with its number. Raises OSError when the disk will
    not take more; the file then ends with the last whole record.
    """

    def __init__(self, path: Path, software: str) -> None:
        self.on_entry: Callable[[Exchange | WebSocketLog | Missing, int], None] | None = None
        self._file = path.open("xb", buffering=0)
        lock(self._file)
        self._offset = 0
        self._hash = hashlib.sha256()
        self._seq = 0
        info = {"software": software, "format": "WARC File Format 1.1"}
        records = _Records()
        records.add_info(path.name, info)
        self._append(records)

    def exchange(self, exchange: Exchange) -> int:
        """Record an exchange and return its sequence number, from 1."""
        sent, answer = exchange.request_body, exchange.response_body
        room = BODY if self._offset < ARCHIVE_STOP else 0
        if len(sent) > room or len(answer) > room:
            exchange = replace(
                exchange,
                request_body=sent[:room],
                response_body=answer[:room],
                truncated=exchange.truncated or "length",
            )
        marks = self._marks(exchange.run, exchange.step, exchange.at)
        url = blocks.uri(exchange.url)
        head, added = blocks.request_head(exchange)
        records = _Records()
        request = records.add(
            "request", url, head, exchange.request_body, {**marks, f"{OWN}Added": ", ".join(added)}
        )
        records.add(
            "response",
            url,
            blocks.response_head(exchange),
            exchange.response_body,
            {
                **marks,
                "WARC-Concurrent-To": request,
                f"{OWN}Resource-Type": exchange.resource_type,
                f"{OWN}Redirect": "1" if exchange.redirect else "",
                "WARC-Truncated": exchange.truncated or "",
            },
        )
        return self._count(records, exchange)

    def websocket(self, log: WebSocketLog) -> int:
        """Record what a WebSocket said; a flood is cut in half until it fits."""
        frames, truncated = log.frames, log.truncated
        room = BODY if self._offset < ARCHIVE_STOP else 0
        while frames and len(_transcript(frames)) > room:
            frames, truncated = frames[: len(frames) // 2], "length"
        marks = self._marks(log.run, log.step, frames[0].at if frames else datetime.now(UTC))
        records = _Records()
        marks["WARC-Truncated"] = truncated or ""
        records.add_note("resource", log.url, _transcript(frames), marks)
        return self._count(records, replace(log, frames=frames, truncated=truncated))

    def missing(self, missing: Missing) -> int:
        """Record that a request has no answer in this recording, and why."""
        marks = self._marks(missing.run, missing.step, missing.at or datetime.now(UTC))
        note = _json({"method": missing.method, "reason": missing.reason})
        records = _Records()
        records.add_note("metadata", missing.url, note, marks)
        return self._count(records, missing)

    def prefix(self) -> tuple[int, str]:
        """Return the length so far in bytes, and the SHA-256 in hex of that much."""
        return self._offset, self._hash.copy().hexdigest()

    def sync(self) -> None:
        """Wait until the disk has all of it."""
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Wait until the disk has all of it, and close the file. May be called again."""
        if not self._file.closed:
            self.sync()
            self._file.close()

    def _marks(self, run: int, step: int, at: datetime) -> dict[str, str]:
        return {
            "WARC-Date": _date(at),
            f"{OWN}Seq": str(self._seq + 1),
            f"{OWN}Run": str(run),
            f"{OWN}Step": str(step),
        }

    def _count(self, records: _Records, entry: Exchange | WebSocketLog | Missing) -> int:
        self._append(records)
        self._seq += 1
        if self.on_entry is not None:
            self.on_entry(entry, self._seq)
        return self._seq

    def _append(self, records: _Records) -> None:
        left = memoryview(records.data)
        try:
            while left:
                left = left[self._file.write(left) :]
        except OSError:
            with suppress(OSError):
                self._file.truncate(self._offset)
                self._file.seek(self._offset)
            raise
        self._hash.update(records.data)
        self._offset += len(records.data)


class _Records:
    """Records being made ready, so that a pair reaches the disk in one write."""

    def __init__(self) -> None:
        from warcio.warcwriter import WARCWriter  # noqa: PLC0415 - readers can do without it (50 ms)

        self.data = bytearray()
        self._plain = io.BytesIO()
        self._make: Any = WARCWriter(self._plain, gzip=False, warc_version="WARC/1.1")

    def add_info(self, name: str, info: dict[str, str]) -> None:
        """Add the record that says what the file is."""
        self._keep(self._make.create_warcinfo_record(name, info), _LEVEL)

    def add(self, kind: str, url: str, head: bytes, body: bytes, marks: dict[str, str]) -> str:
        """Add an HTTP message and return the record's id."""
        record = self._record(kind, url, body, marks, http_headers=_Head(head))
        return self._keep(record, 0 if len(body) > _LARGE and _packed_already(body) else _LEVEL)

    def add_note(self, kind: str, url: str, note: bytes, marks: dict[str, str]) -> str:
        """Add a record of ours in JSON and return the record's id."""
        url = blocks.uri(url)
        record = self._record(kind, url, note, marks, warc_content_type="application/json")
        return self._keep(record, _LEVEL)

    def _record(self, kind: str, url: str, body: bytes, marks: dict[str, str], **more: object) -> Any:  # noqa: ANN401 - warcio has no types
        return self._make.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(body),
            length=len(body),
            warc_headers_dict={name: blocks.one_line(text) for name, text in marks.items() if text},
            **more,
        )

    def _keep(self, record: Any, level: int) -> str:  # noqa: ANN401 - as above
        self._make.write_record(record)
        self.data += gzip.compress(self._plain.getvalue(), level, mtime=0)
        self._plain.seek(0)
        self._plain.truncate()
        return str(record.rec_headers.get_header("WARC-Record-ID"))


class _Head:
    """An HTTP head that ``warcio`` writes as it is."""

    def __init__(self, head: bytes) -> None:
        self.headers_buff = head

    def compute_headers_buffer(self, _filter: object = None) -> None:
        """Do nothing: the bytes are made already."""


def _packed_already(body: bytes) -> bool:
    """Whether neither the beginning of a body nor its middle shrinks."""
    middle = len(body) // 2
    samples = (body[:_SAMPLE], body[middle : middle + _SAMPLE])
    return all(len(zlib.compress(sample, 1)) > _SHRINKS * len(sample) for sample in samples)


def _transcript(frames: Iterable[Frame]) -> bytes:
    return _json([[_date(f.at), f.direction, f.opcode, f.data] for f in frames])


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


def _date(at: datetime) -> str:
    if at.tzinfo is None:
        msg = "a recorded time needs its zone"
        raise ValueError(msg)
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
