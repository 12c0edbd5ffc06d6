"""Where the walls put what they saw, and the step of the walk it belongs to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from payaudit.evidence.exchange import Exchange, Missing, WebSocketLog
from payaudit.model.evidence import Event, EventKind


def _now() -> datetime:
    return datetime.now(UTC)


def _nowhere(_: object) -> None:
    """Drop what nobody asked for."""


@dataclass
class Sink:
    """The caller's callbacks; ``run`` and ``step`` mark what is recorded from now on."""

    on_event: Callable[[Event], None]
    on_exchange: Callable[[Exchange], None] = _nowhere
    on_websocket: Callable[[WebSocketLog], None] = _nowhere
    on_missing: Callable[[Missing], None] = _nowhere
    now: Callable[[], datetime] = _now
    run: int = 1
    step: int = 0

    def event(self, kind: EventKind, data: dict[str, Any]) -> None:
        """Record an event as of now."""
        self.on_event(Event(kind=kind, at=self.now(), data=data))

    def missing(self, method: str, url: str, reason: str, of: tuple[int, int] | None = None) -> None:
        """Record that an answer is not in the recording; ``of``: run and step of its request."""
        run, step = of or (self.run, self.step)
        self.on_missing(Missing(url, method, reason, run, step, self.now()))
