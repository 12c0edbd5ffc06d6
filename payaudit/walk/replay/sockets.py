"""WebSockets of a replay: what the server said is said again, in its order, and when it was said.

A frame of the server's is due once the page has said as much as it had said before it in
the recording, and the recording's time has come. Playwright stands in for the
connection; nothing is opened.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from payaudit.evidence.exchange import Frame, WebSocketLog
from payaudit.walk.guard.policy import called
from payaudit.walk.replay.likeness import alike

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, WebSocketRoute

    from payaudit.walk.guard import Guard

_BINARY = 2
_CONTROL = 8  # opcodes from here on are pings and the like, which a page does not see


@dataclass
class _Talk:
    """All that was said over one address in one run."""

    url: str
    run: int
    frames: list[Frame] = field(default_factory=list)
    heard: int = 0
    given: int = 0
    line: WebSocketRoute | None = None
    said: list[Frame] = field(default_factory=list)  # of the replay, for its own evidence

    @property
    def outs(self) -> list[Frame]:
        return [f for f in self.frames if f.direction == "out"]

    def due(self, now: datetime) -> Frame | None:
        """The next frame of the server's, where its time has come."""
        outs = ins = 0
        for frame in self.frames:
            if frame.direction == "out":
                outs += 1
            elif ins == self.given:
                return frame if outs <= self.heard and frame.at <= now else None
            else:
                ins += 1
        return None


class Sockets:
    """The WebSockets of one recording. ``missed(run, url, why)`` is told of what was not recorded."""

    def __init__(
        self,
        logs: Iterable[WebSocketLog],
        now: Callable[[], datetime],
        missed: Callable[[int, str, str], None],
    ) -> None:
        self._now = now
        self._missed = missed
        self._talks: list[_Talk] = []
        for log in sorted(logs, key=lambda each: each.seq or 0):
            talk = next((t for t in self._talks if (t.url, t.run) == (log.url, log.run)), None)
            if talk is None:
                talk = _Talk(log.url, log.run)
                self._talks.append(talk)
            talk.frames += [f for f in log.frames if f.opcode < _CONTROL]

    async def stand_in(self, context: BrowserContext, guard: Guard) -> None:
        """Answer the WebSockets of a context; call before its first page."""

        def opened(line: WebSocketRoute) -> None:
            run = guard.sink.run
            match = guard.policy.calls.match_url("GET", line.url)
            if match is not None and match.kind != "order":
                guard.sink.event("payment_call", called(match, "WebSocket", line.url, "proxy"))
                return
            talk = self._find(run, line.url)
            if talk is None:
                self._missed(run, line.url, "a WebSocket that is not in the recording")
                return
            talk.line = line
            line.on_message(lambda message: self._heard(talk, message))
            self._push(talk)

        await context.route_web_socket("**/*", opened)

    async def push(self) -> None:
        """Say what has become due."""
        for talk in self._talks:
            self._push(talk)

    def end_run(self, run: int) -> list[WebSocketLog]:
        """What was said in a run of the replay; its lines are forgotten."""
        logs = []
        for talk in self._talks:
            if talk.run == run:
                talk.line = None
                if talk.said:
                    logs.append(WebSocketLog(talk.url, tuple(talk.said), run, 0))
        return logs

    def _find(self, run: int, url: str) -> _Talk | None:
        of_run = [t for t in self._talks if t.run == run]
        same = next((t for t in of_run if t.url == url), None)
        return same or next((t for t in of_run if alike("GET", url, b"", ("GET", t.url, b""))), None)

    def _heard(self, talk: _Talk, message: str | bytes) -> None:
        data = message if isinstance(message, str) else base64.b64encode(message).decode()
        outs: Sequence[Frame] = talk.outs
        if talk.heard >= len(outs) or not _same(data, outs[talk.heard].data):
            self._missed(talk.run, talk.url, "the page said over a WebSocket what it had not said")
            return
        talk.said.append(Frame(self._now(), "out", outs[talk.heard].opcode, data))
        talk.heard += 1
        self._push(talk)

    def _push(self, talk: _Talk) -> None:
        while talk.line is not None and (frame := talk.due(self._now())) is not None:
            talk.given += 1
            talk.said.append(Frame(self._now(), "in", frame.opcode, frame.data))
            talk.line.send(base64.b64decode(frame.data) if frame.opcode == _BINARY else frame.data)


def _same(said: str, known: str) -> bool:
    if said == known:
        return True
    try:
        json.loads(said)
    except ValueError:
        return False
    return alike("GET", "ws:", said.encode(), ("GET", "ws:", known.encode()))
