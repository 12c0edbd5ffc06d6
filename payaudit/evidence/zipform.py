"""Every byte of the packed file has to be one that the packer wrote.

A zip has room for bytes that no reader looks at: before the first member, between two, in
dates and extra fields, behind the end. Our packer leaves none of it, so a header is held to
the only form it can have, and what lies between is the members' own content.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Sequence
from contextlib import suppress
from typing import IO

from payaudit.evidence.chain import Problem

DATE = (1980, 1, 1, 0, 0, 0)
UNIX = 3
MODE = 0o100644 << 16

_DOS_DATE = (1980 - 1980) << 9 | 1 << 5 | 1
_UTF8 = 0x800
_VERSION, _ZIP64_VERSION = 20, 45
_LONG = (1 << 31) - 1  # past this the library writes 64 bits
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF
_CHUNK = 1024 * 1024


def form_problem(file: IO[bytes], members: Sequence[zipfile.ZipInfo]) -> Problem | None:
    """Compare headers, directory and end with what the packer writes; None: all bytes are accounted for."""
    at = 0
    directory = b""
    for member in members:
        head = _local(member)
        file.seek(at)
        if member.header_offset != at or file.read(len(head)) != head:
            return _strange(member.filename)
        at += len(head)
        if member.compress_type == zipfile.ZIP_DEFLATED and not _is_tight(file, at, member.compress_size):
            return _strange(member.filename)
        at += member.compress_size
        directory += _central(member)
    end = directory + _end(len(members), len(directory), at)
    file.seek(at)
    if file.read(len(end) + 1) != end:
        return _strange("the directory or the end of the zip", "zip 目录或结尾")
    return None


def _local(member: zipfile.ZipInfo) -> bytes:
    name = member.filename.encode()
    fixed = struct.pack(
        "<4s2B4HL2L2H",
        b"PK\x03\x04",
        _VERSION,
        0,
        _flags(member),
        member.compress_type,
        0,
        _DOS_DATE,
        member.CRC,
        member.compress_size,
        member.file_size,
        len(name),
        0,
    )
    return fixed + name


def _central(member: zipfile.ZipInfo) -> bytes:
    name = member.filename.encode()
    far = member.header_offset > _LONG
    extra = struct.pack("<HHQ", 1, 8, member.header_offset) if far else b""
    version = _ZIP64_VERSION if far else _VERSION
    fixed = struct.pack(
        "<4s4B4HL2L5H2L",
        b"PK\x01\x02",
        version,
        UNIX,
        version,
        0,
        _flags(member),
        member.compress_type,
        0,
        _DOS_DATE,
        member.CRC,
        member.compress_size,
        member.file_size,
        len(name),
        len(extra),
        0,
        0,
        0,
        MODE,
        _FULL32 if far else member.header_offset,
    )
    return fixed + name + extra


def _end(count: int, size: int, at: int) -> bytes:
    long = b""
    if count > _FULL16 or at > _LONG or size > _LONG:
        far = struct.pack(
            "<4sQ2H2L4Q", b"PK\x06\x06", 44, _ZIP64_VERSION, _ZIP64_VERSION, 0, 0, count, count, size, at
        )
        long = far + struct.pack("<4sLQL", b"PK\x06\x07", 0, at + size, 1)
        count, size, at = min(count, _FULL16), min(size, _FULL32), min(at, _FULL32)
    return long + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, size, at, 0)


def _flags(member: zipfile.ZipInfo) -> int:
    return 0 if member.filename.isascii() else _UTF8


def _is_tight(file: IO[bytes], at: int, length: int) -> bool:
    """Whether a deflated member ends where it says."""
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    file.seek(at)
    with suppress(zlib.error):
        while length > 0 and not unpacker.eof:
            chunk = file.read(min(_CHUNK, length))
            length -= len(chunk)
            left = chunk
            while left and not unpacker.eof:
                unpacker.decompress(left, _CHUNK)
                left = unpacker.unconsumed_tail
            if not chunk:
                return False
        return unpacker.eof and length == 0 and not unpacker.unused_data
    return False


def _strange(en: str, zh: str | None = None) -> Problem:
    return Problem(
        f"The zip was altered or written anew by another program, near {en}.",
        f"zip 被改动或由其他程序重新写入，位置：{zh or en}。",
    )
