"""The members of a gzip file one by one, each with the place where it lies.

A WARC has one member per record. A walk that was killed ends in half a member; that
half was never promised to anyone, and so is not an error here.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from payaudit.errors import EvidenceError
from payaudit.evidence.limits import RECORD

_CHUNK = 64 * 1024
_GZIP = 16 + zlib.MAX_WBITS


@dataclass(frozen=True, slots=True)
class Member:
    """One whole member: ``offset`` and ``length`` in the file, and what it holds."""

    offset: int
    length: int
    data: bytes


def members(stream: IO[bytes], limit: int = RECORD) -> Iterator[Member]:
    """Yield the whole members from where ``stream`` stands; half a last one is left out.

    Offsets count from there. Raises EvidenceError where the bytes are no gzip, or a
    member unpacks to more than ``limit`` bytes.
    """
    offset = 0
    ahead = b""
    while True:
        unpacker = zlib.decompressobj(_GZIP)
        parts: list[bytes] = []
        length = size = 0
        while not unpacker.eof:
            chunk = ahead or stream.read(_CHUNK)
            if not chunk:
                return
            ahead = b""
            try:
                parts.append(unpacker.decompress(chunk))
            except zlib.error as error:
                raise _damaged(offset) from error
            length += len(chunk) - len(unpacker.unused_data)
            size += len(parts[-1])
            if size > limit:
                raise _too_large(offset)
        ahead = unpacker.unused_data
        yield Member(offset, length, b"".join(parts))
        offset += length


def gunzip(data: bytes, limit: int) -> bytes:
    """Unpack one gzip member held in memory.

    Raises EvidenceError where it is damaged, cut short or longer than ``limit`` bytes.
    """
    unpacker = zlib.decompressobj(_GZIP)
    try:
        plain = unpacker.decompress(data, limit + 1)
    except zlib.error as error:
        raise _damaged(0) from error
    if len(plain) > limit:
        raise _too_large(0)
    if not unpacker.eof:
        raise _damaged(0)
    return plain


def _damaged(offset: int) -> EvidenceError:
    return EvidenceError(
        f"Recorded data is damaged at byte {offset}; use another copy of the evidence.",
        f"记录数据在第 {offset} 字节处损坏；请使用该证据的另一份副本。",
    )


def _too_large(offset: int) -> EvidenceError:
    return EvidenceError(
        f"Recorded data at byte {offset} unpacks to more than any page sends; "
        "the file is not opened, as it may be built to fill the memory.",
        f"第 {offset} 字节处的记录解压后大得不合常理，可能是为耗尽内存而造；文件未打开。",
    )
