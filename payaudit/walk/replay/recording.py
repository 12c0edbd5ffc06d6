"""A recording made ready to be walked again: its traffic, its times, and what a replay asks of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

from payaudit.evidence.ledger import UNRECORDED
from payaudit.evidence.read import Evidence
from payaudit.model.evidence import Audit
from payaudit.walk.eyes import Eyes
from payaudit.walk.guard.reply import Reply
from payaudit.walk.replay.archive import ABORTED, Archive
from payaudit.walk.replay.clock import ReplayClock
from payaudit.walk.replay.schedule import Schedule
from payaudit.walk.replay.sockets import Sockets

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext

    from payaudit.model.readings import Readings
    from payaudit.perceive.pictured import Picture
    from payaudit.walk.guard import Guard

_UNHEARD = frozenset({"Ping", "CSPViolationReport"})
_STEADY = Path(__file__).with_name("steady.js")


@dataclass(frozen=True)
class Asked:
    """A request of a replay that the recording did not answer outright."""

    run: int
    step: int
    method: str
    url: str
    why: str


@dataclass
class Recording:
    """What a replay answers from, and what it found wanting.

    ``misses`` were not in the recording and got no answer; ``gaps`` are in it, but not
    whole, and were held back; ``alike`` differed by a value used once, ``again`` were asked
    more often than recorded. Beacons and the browser's own reports carry what was measured, and no page
    hears of their answers: where they are not in the recording they are gaps too.
    """

    audit: Audit
    sha256: str
    archive: Archive
    clock: ReplayClock
    eyes: Eyes
    misses: list[Asked] = field(default_factory=list)
    gaps: list[Asked] = field(default_factory=list)
    alike: list[Asked] = field(default_factory=list)
    again: list[Asked] = field(default_factory=list)
    sockets: Sockets = field(init=False)

    @classmethod
    def of(cls, evidence: Evidence) -> Self:
        """Read all that a replay needs; the file may be closed afterwards."""
        clock = ReplayClock(Schedule(evidence.audit, evidence.runs, evidence.steps))
        archive = Archive.of([*evidence.exchanges(), *evidence.missing()])
        read = {(s.run, s.number) for s in evidence.steps if evidence.file(s, "readings.json") is not None}
        recording = cls(evidence.audit, evidence.sha256, archive, clock, _SameEyes(clock.schedule, read))
        recording.sockets = Sockets(evidence.websockets(), clock.now, recording._missed)
        clock.on_slice = recording.sockets.push
        return recording

    def reply(  # noqa: PLR0913, PLR0917 - a request, told whole
        self, run: int, method: str, url: str, body: bytes, wanted: str = "", kind: str = ""
    ) -> Reply | None:
        """The recorded answer; what is told of it is noted."""
        reply = self.archive.reply(run, method, url, body, wanted)
        if reply is None and kind in _UNHEARD:
            self.gaps.append(self._asked(method, url, "a report whose answer no page hears"))
        elif reply is None:
            self.misses.append(self._asked(method, url, UNRECORDED))
        elif reply.held is not None and reply.held != ABORTED:
            self.gaps.append(self._asked(method, url, reply.held))
        elif reply.how != "exact":
            notes = self.alike if reply.how == "alike" else self.again
            notes.append(self._asked(method, url, reply.how))
        return reply

    async def prepare(self, context: BrowserContext, guard: Guard) -> None:
        """Put the time, the chance and the WebSockets of a replay into a context, before its first page."""
        await self.clock.set_in(context)
        await context.add_init_script(_STEADY.read_text("utf-8"))
        await self.sockets.stand_in(context, guard)

    def end_run(self, run: int, guard: Guard) -> None:
        """Note what a run said over WebSockets, and what of its browser tried to get past the wire."""
        for log in self.sockets.end_run(run):
            guard.sink.on_websocket(log)
        for url, socket in guard.proxy.turned_away:
            self.turned_away(url, socket=socket)
        guard.proxy.turned_away.clear()

    def turned_away(self, url: str, *, socket: bool) -> None:
        """The proxy refused what never came before the wire: a worker's WebSocket, or the browser's own.

        A browser looks by itself for a new version of a service worker; no page waits for it.
        """
        if socket:
            self.misses.append(self._asked("WS", url, "a WebSocket of a worker"))
        else:
            self.gaps.append(self._asked("CONNECT", url, "the browser's own, refused by the proxy"))

    def _missed(self, run: int, url: str, why: str) -> None:
        self.misses.append(Asked(run, self.clock.schedule.place[1], "WS", url, why))

    def _asked(self, method: str, url: str, why: str) -> Asked:
        run, step = self.clock.schedule.place
        return Asked(run, step, method, url, why)


class _SameEyes(Eyes):
    """Reads pictures where the recording did, however long it takes."""

    def __init__(self, schedule: Schedule, read: set[tuple[int, int]]) -> None:
        super().__init__()
        self._schedule = schedule
        self._were_read = read

    @property
    def tired(self) -> bool:
        """Whether the recording had read nothing here."""
        return self._schedule.place not in self._were_read

    async def read(self, screen: bytes, scale: float, pictures: tuple[Picture, ...]) -> Readings | None:
        """Lines in these pictures, without the seconds that it took."""
        found = await super().read(screen, scale, pictures)
        return found.model_copy(update={"seconds": 0.0}) if found is not None else None
