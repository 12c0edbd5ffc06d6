"""Three loopback hosts that an audit double visits, and their log: who was there, when, how many at once."""

from __future__ import annotations

import asyncio
import csv
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

HOSTS = ("127.0.0.1", "127.0.0.2", "127.0.0.3")  # all of 127/8 is loopback on Linux
HANGS, FAILS, FLAKY = 60, 50, 25


def kind(number: int) -> str:
    """What the site of a number does: most answer, some never do, some fail, some fail once."""
    if number % HANGS == 29:
        return "hang"
    if number % FAILS == 13:
        return "fail"
    return "flaky" if number % FLAKY == 7 else "ok"


@dataclass
class World:
    """The servers' log: visits under way by host, the most at once, and every visit's path."""

    ports: dict[str, int] = field(default_factory=dict)
    hold_s: float = 0.1
    now: Counter[str] = field(default_factory=Counter)
    most: Counter[str] = field(default_factory=Counter)
    visits: list[tuple[float, str, str]] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)

    async def serve(self, host: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readline()).split()[1].decode()
        self.now[host] += 1
        self.most[host] = max(self.most[host], self.now[host])
        self.seen[path] += 1
        first = self.seen[path] == 1
        self.visits.append((time.monotonic(), host, path))
        what = path.split("/")[1]
        try:
            gone = asyncio.ensure_future(_gone(reader))
            await asyncio.wait({gone}, timeout=None if what == "hang" else self.hold_s)
            gone.cancel()
            bad = what == "fail" or (what == "flaky" and first)
            body = f"visit {self.seen[path]} of {path}".encode()
            writer.write((b"HTTP/1.0 500 no\r\n\r\n" if bad else b"HTTP/1.0 200 ok\r\n\r\n") + body)
            await writer.drain()
        except ConnectionError:
            pass
        finally:
            self.now[host] -= 1
            writer.close()


async def _gone(reader: asyncio.StreamReader) -> None:
    """Until the visitor hangs up, or is killed."""
    try:
        while await reader.read(1000):
            pass
    except ConnectionError:
        pass


@contextmanager
def world(hold_s: float = 0.1) -> Iterator[World]:
    """Serve while the block runs."""
    it, ready, loop = World(hold_s=hold_s), threading.Event(), asyncio.new_event_loop()

    async def begin() -> None:
        for host in HOSTS:

            async def serve(r: asyncio.StreamReader, w: asyncio.StreamWriter, host: str = host) -> None:
                await it.serve(host, r, w)

            server = await asyncio.start_server(serve, host, 0)
            it.ports[host] = server.sockets[0].getsockname()[1]
        ready.set()

    def run() -> None:
        loop.create_task(begin())
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield it
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


def write_targets(it: World, path: Path, count: int) -> Path:
    """A list of so many targets over the three hosts, sorted by host."""
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["target", "platform"])
        for place, host in enumerate(HOSTS):
            for number in range(place, count, len(HOSTS)):
                table.writerow(
                    [f"http://{host}:{it.ports[host]}/{kind(number)}/{number}", f"platform-{place}"]
                )
    return path
