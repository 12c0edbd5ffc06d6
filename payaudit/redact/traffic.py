"""The traffic of a walk, record by record: a record that holds nothing private stays as it lies.

What is replaced has as many bytes as before, so that no length changes; only of a body
that is itself packed (gzip) the length does, and is put right. Digests of changed records
are computed anew; their ids, dates and order stay.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import IO

from payaudit.errors import EvidenceError
from payaudit.evidence.limits import RECORD
from payaudit.evidence.members import Member, gunzip, members
from payaudit.redact.find import Span, header_spans, spans, values
from payaudit.redact.kinds import Kinds
from payaudit.redact.secrets import Secrets

_LEVEL = 6  # as the recorder packs
_GZIP = b"\x1f\x8b\x08"
_END = b"\r\n\r\n"
_HEADER = re.compile(rb"(?m)^([^:\r\n]+):([^\r\n]*)")
_DIGEST = re.compile(rb"(?mi)^(WARC-(?:Block|Payload)-Digest): *(sha1|sha256):([^\r\n]*)")
_LENGTH = re.compile(rb"(?mi)^(Content-Length): *[0-9]+[^\S\r\n]*(?=\r?$)")
_MEDIA = (
    (b"\x89PNG", "image"), (b"\xff\xd8\xff", "image"), (b"GIF8", "image"), (b"RIFF", "image or sound"),
    (b"wOF", "font"), (b"\0\1\0\0", "font"), (b"OTTO", "font"), (b"\x1aE\xdf\xa3", "video"),
    (b"ID3", "sound"), (b"%PDF", "PDF"), (b"PK\3\4", "zip"), (b"\0asm", "program"),
    (b"\x28\xb5\x2f\xfd", "packed (zstd)"),
)  # fmt: skip
_HEAD = 4096


def media(data: bytes) -> str | None:
    """What bytes are that no words can be searched in; None for a text."""
    for start, what in _MEDIA:
        if data.startswith(start):
            return what
    if data[4:8] == b"ftyp":
        return "video"
    return "other binary" if b"\0" in data[:_HEAD] else None


class Parts:
    """Gathers from, or replaces in, one record; the same walk over its parts for both."""

    def __init__(self, kinds: Kinds, secrets: Secrets, member: str) -> None:
        self.kinds, self.secrets, self.member = kinds, secrets, member
        self.unsearched: Counter[str] = Counter()

    def gather(self, data: bytes, *, form: bool = False) -> None:
        """Remember the private values of a text."""
        for value, kind in values(data, self.kinds, form=form):
            self.secrets.add(value, kind)

    def clean(self, data: bytes, part: str, more: Iterable[Span] = (), *, form: bool = False) -> bytes:
        """Replace the private values of a text."""
        found = [*more, *self.secrets.spans(data), *spans(data, self.kinds, form=form)]
        return self.secrets.erase(data, found, self.member, part) if found else data


def gather(stream: IO[bytes], parts: Parts) -> None:
    """First pass: remember what is private in a WARC. Raises EvidenceError where it is damaged."""
    for record in members(stream):
        head, _, block = record.data.partition(_END)
        parts.gather(head)
        http, body, form = _message(head, block)
        for found in _HEADER.finditer(http):
            for span in header_spans(found[1], found[2], parts.kinds):
                parts.secrets.add(found[2][span.start : span.end], span.kind)
        parts.gather(http)
        text, _ = _opened(body)
        if what := media(text):
            parts.unsearched[what] += 1
        else:
            parts.gather(text, form=form)


def rewrite(
    stream: IO[bytes], source: IO[bytes], out: Callable[[bytes], None], parts: Parts
) -> Iterator[tuple[int, int]]:
    """Second pass: write the records anew; yields for each where it ended and where it ends now, in bytes.

    ``source`` is the same WARC opened again, from which unchanged records are copied as they lie.
    """
    end = 0
    for record in members(stream):
        packed = source.read(record.length)
        changed = _record(record, parts)
        data = packed if changed is None else gzip.compress(changed, _LEVEL, mtime=0)
        out(data)
        end += len(data)
        yield record.offset + record.length, end


def _record(record: Member, parts: Parts) -> bytes | None:
    """The record with nothing private in it; None where there was nothing."""
    head, _, block = record.data.partition(_END)
    named = {k.strip().lower(): v.strip().decode("latin-1") for k, v in _HEADER.findall(head)}
    kind = named.get(b"warc-type", "record")
    where = f"record {named.get(b'warc-payaudit-seq', '0')} ({kind})"
    new_head = parts.clean(head, f"{where}: address")
    size = int(named.get(b"content-length") or 0)
    block, tail = block[:size], block[size:]
    http, body, form = _message(head, block)
    new_http = _http(http, where, parts)
    text, packed = _opened(body)
    # Of a film or a picture only what is known to be private is looked for.
    new_text = (
        parts.secrets.erase(text, parts.secrets.spans(text), parts.member, f"{where}: body")
        if media(text)
        else parts.clean(text, f"{where}: body", form=form)
    )
    if (new_head, new_http, new_text) == (head, http, text):
        return None
    new_body = body
    if new_text != text:
        new_body = gzip.compress(new_text, _LEVEL, mtime=0) if packed else new_text
    if len(new_body) != len(body):
        new_http = _LENGTH.sub(lambda m: m[1] + b": %d" % len(new_body), new_http)
    new_block = new_http + new_body
    return _sealed(new_head, new_block, new_body if http else new_block) + _END + new_block + tail


def _http(http: bytes, where: str, parts: Parts) -> bytes:
    """The head of a message: each private header, and what stands in any of them."""
    found: list[Span] = []
    for header in _HEADER.finditer(http):
        at = header.start(2)
        found += [
            Span(s.start + at, s.end + at, s.kind) for s in header_spans(header[1], header[2], parts.kinds)
        ]
    return parts.clean(http, f"{where}: head", found)


def _message(head: bytes, block: bytes) -> tuple[bytes, bytes, bool]:
    """Head with its empty line, body, and whether that is a form; without a head it is no HTTP message."""
    if b"application/http" not in head:
        return b"", block, False
    http, end, body = block.partition(_END)
    return http + end, body, b"x-www-form-urlencoded" in http.lower()


def _opened(body: bytes) -> tuple[bytes, bool]:
    """A body as text, and whether it had been packed."""
    if not body.startswith(_GZIP):
        return body, False
    try:
        return gunzip(body, RECORD), True
    except EvidenceError:
        return body, False


def _sealed(head: bytes, block: bytes, payload: bytes) -> bytes:
    """A record's head with true digests and length."""

    def digest(found: re.Match[bytes]) -> bytes:
        data = block if b"block" in found[1].lower() else payload
        return found[1] + b": " + found[2] + b":" + _hash(found[2].lower().decode(), data, found[3])

    return _LENGTH.sub(lambda m: m[1] + b": %d" % len(block), _DIGEST.sub(digest, head))


def _hash(name: str, data: bytes, before: bytes) -> bytes:
    """In the writing of the digest that stood there before: base 32 as a rule, hex with some recorders."""
    made = hashlib.new(name, data, usedforsecurity=False)
    in_hex = len(before.strip()) == 2 * made.digest_size
    return made.hexdigest().encode() if in_hex else base64.b32encode(made.digest())
