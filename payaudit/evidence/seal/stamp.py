"""Time stamps of an authority (RFC 3161): asked for, kept with the request, and checked.

A stamp says that the file was there at a time that is not this machine's word.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from rfc3161_client._rust import parse_timestamp_request

from payaudit.errors import UsageError
from payaudit.evidence.disk import replace_file
from payaudit.evidence.seal.sidecar import REPLY, REQUEST, free_sidecar
from payaudit.evidence.seal.stamp_check import read
from payaudit.model.custody import TsaClock

_SECONDS = 30
_MOST = 1_000_000  # bytes of a reply
# TimeStampReq, version 1, over a SHA-256; a nonce of 8 bytes and the wish for certificates follow.
_HEAD = bytes.fromhex("3043 020101 3031 300d 0609 608648016503040201 0500 0420")
_WAYS = ("http", "https")


@dataclass(frozen=True)
class Stamped:
    """Where a stamp lies, and the time in it."""

    path: Path
    url: str
    time: datetime


def check_address(url: str) -> str:
    """Return the address of an authority. Raises UsageError where it is none, or holds a password."""
    parts = urlsplit(url)
    if parts.scheme not in _WAYS or not parts.hostname:
        raise UsageError(
            f"{url!r} is no address of a time stamping authority; write it as http://tsa.example/tsr",
            f"{url!r} 不是时间戳机构的地址；请写成 http://tsa.example/tsr",
        )
    if parts.username or parts.password:
        raise UsageError(
            "an address with a name and a password would stand in the evidence; name an authority without",
            "含用户名和密码的地址会写入证据；请使用不含密码的时间戳地址",
        )
    return url


def stamp(path: Path, sha256: str, url: str) -> Stamped:
    """Have a file stamped; leaves ``.tsq`` and ``.tsr`` beside it. Raises UsageError and OSError."""
    digest = bytes.fromhex(sha256)
    query = request(digest)
    reply = _ask(url, query)
    time = _granted(url, query, reply, digest)
    out = free_sidecar(path, REPLY)
    replace_file(free_sidecar(path, REQUEST), query)
    replace_file(out, reply)
    return Stamped(out, url, time)


def clock(url: str) -> TsaClock:
    """Compare the host's clock with an authority's. Raises UsageError where it does not answer."""
    digest = secrets.token_bytes(32)
    query = request(digest)
    sent = datetime.now(UTC)
    reply = _ask(url, query)
    received = datetime.now(UTC)
    return TsaClock(url=url, sent=sent, theirs=_granted(url, query, reply, digest), received=received)


def request(digest: bytes) -> bytes:
    """A TimeStampReq (DER) over a SHA-256, with a nonce."""
    nonce = bytes([secrets.randbelow(0x7F) + 1]) + secrets.token_bytes(7)
    return _HEAD + digest + b"\x02\x08" + nonce + b"\x01\x01\xff"


def _granted(url: str, query: bytes, reply: bytes, digest: bytes) -> datetime:
    told = read(reply)
    nonce = parse_timestamp_request(query).nonce
    if told is None or told.digest != digest or told.nonce != nonce:
        raise UsageError(
            f"{url} granted no time stamp that answers the request; try another authority, or again later",
            f"{url} 没有给出与请求相符的时间戳；请换一个机构或稍后重试",
        )
    return told.time


def _ask(url: str, query: bytes) -> bytes:
    asked = Request(  # noqa: S310 - http or https, see check_address
        check_address(url),
        query,
        {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"},
    )
    try:
        with build_opener(_Stay).open(asked, timeout=_SECONDS) as answer:
            reply = answer.read(_MOST)
    except (OSError, HTTPException, ValueError) as error:  # URLError is an OSError
        why = f"HTTP {error.code}" if isinstance(error, HTTPError) else str(getattr(error, "reason", error))
        raise UsageError(
            f"{url} gave no time stamp ({why}); check the address and the network, or leave it out and run "
            "`payaudit seal` later",
            f"{url} 没有给出时间戳（{why}）；请检查地址和网络，或先不加时间戳，稍后运行 payaudit seal",
        ) from error
    return bytes(reply)


class _Stay(HTTPRedirectHandler):
    """No redirects: a POST that is sent on arrives as a GET."""

    def redirect_request(self, *_: object) -> None:
        """Refuse."""
