"""What a sweep is doing: counted for people, and logged line by line for machines."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

FILE = "events.jsonl"


def now() -> str:
    """Moment of the call, ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


@dataclass
class Tally:
    """How far a sweep is. ``before`` were done by an earlier run of it; the others by this one."""

    total: int = 0
    before: int = 0
    running: int = 0
    ok: int = 0
    failed: int = 0
    unreached: int = 0
    findings: int = 0
    unclear: int = 0
    retried: int = 0
    begun: float = field(default_factory=time.monotonic)

    @property
    def done(self) -> int:
        """Ended in this run."""
        return self.ok + self.failed

    @property
    def per_minute(self) -> float:
        """Audits that end in a minute, over this run."""
        return self.done / max(time.monotonic() - self.begun, 0.001) * 60

    @property
    def seconds_left(self) -> float | None:
        """At the rate so far; ``None`` before any has ended."""
        left = self.total - self.before - self.done
        return left / self.per_minute * 60 if self.done else None


class EventLog:
    """``events.jsonl``: one object per line, ``at`` and ``event`` first; kept over resumes."""

    def __init__(self, folder: Path, sweep: str) -> None:
        self.sweep = sweep
        self._file = (folder / FILE).open("a", encoding="utf-8", buffering=1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def say(self, event: str, **what: Any) -> None:  # noqa: ANN401 - whatever JSON can hold
        """Put down an event."""
        line = {"at": now(), "event": event, "sweep": self.sweep, **what}
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
