"""HTTP/1.1 messages as far as a forward proxy needs them: heads, and where bodies end."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

_BLOCK = 1 << 16  # bytes held at a time
_NO_BODY = frozenset({204, 304})
_HOP = frozenset(
    {b"connection", b"proxy-connection", b"keep-alive", b"proxy-authorization", b"te", b"upgrade"}
)


class BadMessage(ValueError):  # noqa: N818 - reads as the noun it is
    """A head that cannot be trusted; the connection ends."""


@dataclass(frozen=True, slots=True)
class Head:
    """A request head; header names are lower-case, values as sent."""

    method: str
    target: str
    version: str
    headers: tuple[tuple[bytes, bytes], ...]

    @property
    def close(self) -> bool:
        """Whether the client will not send another request."""
        return self.version == "HTTP/1.0" or b"close" in _tokens(self.headers, b"connection")

    @property
    def upgrade(self) -> bool:
        """Whether the client wants to leave HTTP (a plain WebSocket)."""
        return b"upgrade" in _tokens(self.headers, b"connection")

    def forwarded(self, path: str) -> bytes:
        """The head as the server gets it: origin form, one request per connection."""
        kept = [(name, value) for name, value in self.headers if name not in _HOP]
        if self.upgrade:
            kept += [(b"Connection", b"Upgrade")]
            kept += [(name, value) for name, value in self.headers if name == b"upgrade"]
        else:
            kept.append((b"Connection", b"close"))
        return _wire(f"{self.method} {path} HTTP/1.1".encode("latin-1"), kept)


async def read_head(reader: asyncio.StreamReader) -> Head | None:
    """Read one request head; ``None`` at the end of the stream. Raises ``BadMessage``."""
    raw = await _raw_head(reader)
    if raw is None:
        return None
    line, headers = _parse(raw)
    words = line.decode("latin-1").split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):  # noqa: PLR2004 - method, target, version
        raise BadMessage("malformed request line")
    lengths = {value for name, value in headers if name == b"content-length"}
    chunked = any(name == b"transfer-encoding" for name, _ in headers)
    if len(lengths) > 1 or (lengths and chunked):
        raise BadMessage("two lengths for one body")
    return Head(words[0], words[1], words[2], headers)


async def copy_body(head: Head, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass the request's body on, and not one byte more."""
    await _copy(head.headers, reader, writer, until_end=False)


async def copy_response(head: Head, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    """Pass the answer on; true when its end was told, so that the client's connection may go on."""
    while True:
        raw = await _raw_head(reader)
        if raw is None:
            raise BadMessage("no answer")
        line, headers = _parse(raw)
        status = int(line.split(b" ")[1])
        kept = [(name, value) for name, value in headers if name not in _HOP]
        if status >= 200:  # noqa: PLR2004 - below stand interim answers
            break
        writer.write(_wire(line, kept))
    bare = head.method == "HEAD" or status in _NO_BODY
    framed = bare or any(name in (b"content-length", b"transfer-encoding") for name, _ in headers)
    again = framed and not head.close
    writer.write(_wire(line, [*kept, (b"Connection", b"keep-alive" if again else b"close")]))
    if not bare:
        await _copy(headers, reader, writer, until_end=True)
    await writer.drain()
    return again


async def _copy(
    headers: tuple[tuple[bytes, bytes], ...],
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    *,
    until_end: bool,
) -> None:
    fields = dict(headers)
    if b"transfer-encoding" in fields:
        if fields[b"transfer-encoding"].lower().strip() != b"chunked":
            raise BadMessage("unknown transfer encoding")
        await _copy_chunks(reader, writer)
    elif b"content-length" in fields:
        await _copy_exactly(int(fields[b"content-length"]), reader, writer)
    elif until_end:
        while block := await reader.read(_BLOCK):
            writer.write(block)
            await writer.drain()


async def _copy_exactly(left: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while left > 0:
        block = await reader.read(min(left, _BLOCK))
        if not block:
            raise EOFError
        left -= len(block)
        writer.write(block)
        await writer.drain()


async def _copy_chunks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        line = await reader.readuntil(b"\n")
        writer.write(line)
        size = int(line.split(b";", 1)[0].strip(), 16)
        if size == 0:
            break
        await _copy_exactly(size, reader, writer)
        writer.write(await reader.readuntil(b"\n"))
    while (line := await reader.readuntil(b"\n")).strip():  # trailers
        writer.write(line)
    writer.write(line)
    await writer.drain()


async def _raw_head(reader: asyncio.StreamReader) -> bytes | None:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as rest:
        if rest.partial.strip():
            raise BadMessage("cut off head") from None
        return None
    except asyncio.LimitOverrunError:
        raise BadMessage("head too large") from None


def _parse(raw: bytes) -> tuple[bytes, tuple[tuple[bytes, bytes], ...]]:
    line, *rest = raw.lstrip(b"\r\n").rstrip(b"\r\n").split(b"\r\n")
    headers = []
    for field in rest:
        name, colon, value = field.partition(b":")
        if not colon or name.strip() != name:
            raise BadMessage("malformed header")
        headers.append((name.lower(), value.strip()))
    return line, tuple(headers)


def _wire(line: bytes, headers: list[tuple[bytes, bytes]]) -> bytes:
    return b"\r\n".join([line, *(name + b": " + value for name, value in headers), b"", b""])


def _tokens(headers: tuple[tuple[bytes, bytes], ...], wanted: bytes) -> set[bytes]:
    values = (value for name, value in headers if name == wanted)
    return {token.strip().lower() for value in values for token in value.split(b",")}
