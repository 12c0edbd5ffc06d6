"""Feeds targets to an engine: politely to each host, never more at once than fit.

Rows of one address under several personas are audited one after another, each as soon as
the one before is stored: minutes apart, so that their prices can be compared.
"""

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
    busy: set[str] = field(default_factory=set)  # addresses under way
    held: dict[str, deque[Target]] = field(default_factory=dict)  # what waits for one of those

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

    def take(self, now: float) -> Target | None:
        """The next target of the host whose turn it is; ``None`` where all wait for one under way."""
        host = self.ready.popleft()
        self.placed.discard(host)
        queue, target = self.waiting[host], None
        while queue and target is None:
            target = queue.popleft()
            if target.address in self.busy:
                self.held.setdefault(target.address, deque()).append(target)
                target = None
        if not queue:
            del self.waiting[host]
        if target is None:
            return None
        self.busy.add(target.address)
        self.live[host] += 1
        self.rested[host] = now + self.polite.delay_s
        self.place(host, now)
        return target

    def free(self, ended: Target, now: float) -> None:
        """An audit has ended."""
        host = ended.host
        self.busy.discard(ended.address)
        if next_ := self.held.get(ended.address):
            self.waiting.setdefault(host, deque()).appendleft(next_.popleft())
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
    for each in targets:
        hosts.waiting.setdefault(each.host, deque()).append(each)
    for host in list(hosts.waiting):
        hosts.place(host, loop.time())
    running: dict[asyncio.Future[None], Target] = {}
    try:
        while hosts.waiting or running:
            hosts.wake(loop.time())
            while hosts.ready and len(running) < polite.window:
                if (target := hosts.take(loop.time())) is not None:
                    running[asyncio.ensure_future(run(target))] = target
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
