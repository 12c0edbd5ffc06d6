"""Feeds targets to an engine: politely to each host, never more at once than fit."""

from __future__ import annotations

import asyncio
import heapq
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from payaudit.sweep.targets import Target


@dataclass(frozen=True)
class Politeness:
    """``window`` audits at once (0: all that the engine takes), ``per_host`` of them on one host.

    ``delay_s`` lies between two starts there.
    """

    window: int
    per_host: int = 2
    delay_s: float = 1.0


@dataclass
class _Hosts:
    """What waits at each host. A host stands in ``ready`` or ``resting`` at most once, else in neither."""

    polite: Politeness
    waiting: dict[str, deque[Target]] = field(default_factory=dict)
    live: Counter[str] = field(default_factory=Counter)
    ready: deque[str] = field(default_factory=deque)
    resting: list[tuple[float, str]] = field(default_factory=list)
    placed: set[str] = field(default_factory=set)
    rested: dict[str, float] = field(default_factory=dict)

    def place(self, host: str, now: float) -> None:
        """Let a host wait its turn where it has work and room."""
        if host in self.placed or not self.waiting.get(host) or self.live[host] >= self.polite.per_host:
            return
        self.placed.add(host)
        if self.rested.get(host, 0.0) > now:
            heapq.heappush(self.resting, (self.rested[host], host))
        else:
            self.ready.append(host)

    def wake(self, now: float) -> float | None:
        """Move the rested to the ready; seconds until the next one, ``None`` where none rests."""
        while self.resting and self.resting[0][0] <= now:
            self.ready.append(heapq.heappop(self.resting)[1])
        return max(0.0, self.resting[0][0] - now) if self.resting else None

    def take(self, now: float) -> Target:
        """The next target of the host whose turn it is."""
        host = self.ready.popleft()
        self.placed.discard(host)
        target = self.waiting[host].popleft()
        if not self.waiting[host]:
            del self.waiting[host]
        self.live[host] += 1
        self.rested[host] = now + self.polite.delay_s
        self.place(host, now)
        return target

    def free(self, host: str, now: float) -> None:
        """An audit there has ended."""
        self.live[host] -= 1
        if not self.live[host]:
            del self.live[host]
        self.place(host, now)


async def feed(
    targets: Iterable[Target], run: Callable[[Target], Awaitable[None]], polite: Politeness
) -> None:
    """Run every target, hosts in turn. Cancelled, or failed by one ``run``, it first ends those under way."""
    loop = asyncio.get_running_loop()
    hosts = _Hosts(polite)
    for target in targets:
        hosts.waiting.setdefault(target.host, deque()).append(target)
    for host in list(hosts.waiting):
        hosts.place(host, loop.time())
    running: dict[asyncio.Future[None], str] = {}
    try:
        while hosts.waiting or running:
            hosts.wake(loop.time())
            while hosts.ready and len(running) < polite.window:
                target = hosts.take(loop.time())
                running[asyncio.ensure_future(run(target))] = target.host
            pause = hosts.wake(loop.time()) if len(running) < polite.window else None
            if hosts.ready and len(running) < polite.window:
                continue
            if not running:
                await asyncio.sleep(pause or 0)
                continue
            ended, _ = await asyncio.wait(running, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
            for future in ended:
                hosts.free(running.pop(future), loop.time())
                future.result()
    finally:
        for future in running:
            future.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*running, return_exceptions=True)
