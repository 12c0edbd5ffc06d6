"""Two connections joined: bytes pass both ways, one block at a time, half-closes included."""

from __future__ import annotations

import asyncio
import contextlib

_BLOCK = 1 << 16
_LINGER_SECONDS = 30  # how long one direction may go on after the other has ended

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def tunnel(client: Streams, server: Streams) -> None:
    """Join two connections until both directions have ended, or one breaks."""
    up = asyncio.ensure_future(_pass(client[0], server[1]))
    down = asyncio.ensure_future(_pass(server[0], client[1]))
    try:
        await asyncio.wait((up, down), return_when=asyncio.FIRST_COMPLETED)
        broken = any(task.done() and task.exception() is not None for task in (up, down))
        if not broken:
            await asyncio.wait((up, down), timeout=_LINGER_SECONDS)
    finally:
        for task in (up, down):
            task.cancel()
        await asyncio.gather(up, down, return_exceptions=True)
        server[1].close()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while block := await reader.read(_BLOCK):
        writer.write(block)
        await writer.drain()
    with contextlib.suppress(OSError, NotImplementedError):
        writer.write_eof()
