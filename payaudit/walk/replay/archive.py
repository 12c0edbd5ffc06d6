"""What the recording answers: each request of a run gets the answer that was recorded for it, in order.

A request that was not recorded has no answer here. A reading request that is made more
often than in the recording gets the last answer again where the recording knows but one;
that is told. A body that was not kept whole is held back, and told: half a film is
another film.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from payaudit.evidence.exchange import Exchange, Headers, Missing
from payaudit.evidence.ledger import BEYOND, NO_ANSWER
from payaudit.walk.guard.reply import How, Reply
from payaudit.walk.replay.likeness import alike
from payaudit.walk.replay.media import Film, part

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_ENCODED = frozenset({"content-encoding", "content-length", "transfer-encoding"})

ABORTED = "Aborted"


@dataclass
class _Place:
    """One recorded request and what became of it."""

    entry: Exchange | Missing
    used: bool = False

    def is_for(self, method: str, url: str, body: bytes) -> bool:
        """Whether it is this very request; what a failed one sent is not known."""
        if isinstance(self.entry, Missing):
            return (method, url) == (self.entry.method, self.entry.url)
        return (method, url, body) == self.asked

    @property
    def asked(self) -> tuple[str, str, bytes]:
        body = self.entry.request_body if isinstance(self.entry, Exchange) else b""
        return self.entry.method, self.entry.url, body


@dataclass
class Archive:
    """The traffic of one recording; not for two replays at once."""

    runs: dict[int, list[_Place]] = field(default_factory=lambda: defaultdict(list))
    films: dict[tuple[int, str], Film] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Iterable[Exchange | Missing]) -> Archive:
        """Take exchanges and gaps, in the order in which they were asked."""
        archive = cls()
        for entry in sorted(entries, key=lambda e: (e.at or datetime.max.replace(tzinfo=UTC), e.seq or 0)):
            if isinstance(entry, Missing) and entry.reason == BEYOND:
                continue  # nobody asks the wire for it
            archive.runs[entry.run].append(_Place(entry))
            if isinstance(entry, Exchange) and entry.status == 206:  # noqa: PLR2004 - HTTP: a part
                film = archive.films.setdefault((entry.run, entry.url), Film())
                film.add(entry)
        return archive

    def reply(self, run: int, method: str, url: str, body: bytes, wanted: str = "") -> Reply | None:
        """The answer to a request of a run, ``wanted`` its Range; None where none was recorded."""
        url = url.partition("#")[0]
        film = self.films.get((run, url))
        if method == "GET" and wanted and film is not None:
            cut = part(film, wanted)
            if cut is not None:
                self._use(run, method, url)
                return cut
        places = self.runs.get(run, [])
        same = [p for p in places if p.is_for(method, url, body)]
        how: How = "exact"
        if not same:
            how = "alike"
            same = [p for p in places if alike(method, url, body, p.asked)]
        place = next((p for p in same if not p.used), None)
        if place is not None:
            place.used = True
            return _reply(place.entry, how)
        if same and method in _READING and len({_said(p.entry) for p in same}) == 1:
            return replace(_reply(same[-1].entry, "again"), how="again")
        return None

    def unused(self, run: int) -> list[Exchange | Missing]:
        """What the recording holds of a run and nobody asked for."""
        return [p.entry for p in self.runs.get(run, []) if not p.used]

    def _use(self, run: int, method: str, url: str) -> None:
        for place in self.runs.get(run, []):
            if not place.used and place.asked[:2] == (method, url):
                place.used = True
                return


def answer_headers(exchange: Exchange) -> Headers:
    """The headers of an answer whose body is decoded already."""
    kept = tuple((n, v) for n, v in exchange.response_headers if n.lower() not in _ENCODED)
    return (*kept, ("Content-Length", str(len(exchange.response_body))))


def _reply(entry: Exchange | Missing, how: How) -> Reply:
    if isinstance(entry, Missing):
        if entry.reason == ABORTED:
            return Reply(held=ABORTED, how=how)  # the browser will do it again, when it leaves the page
        if entry.reason in NO_ANSWER:
            return Reply(failed=entry.reason, how=how)
        return Reply(held=entry.reason, how=how)
    if entry.truncated is not None:
        return Reply(held=entry.truncated, how=how)
    return Reply(entry.status, entry.reason, answer_headers(entry), entry.response_body, how=how, at=entry.at)


def _said(entry: Exchange | Missing) -> tuple[object, ...]:
    if isinstance(entry, Missing):
        return (entry.reason,)
    return entry.status, entry.response_body, entry.truncated
