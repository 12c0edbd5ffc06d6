"""What an engine is given, and what it gives back; both go over the wire."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, Self

from payaudit.sweep.rows import Row, Rows

if TYPE_CHECKING:
    from types import TracebackType

    from payaudit.sweep.versions import Versions
    from payaudit.walk.options import Options

FailureKind = Literal[
    "timeout", "unreachable", "cut", "journey", "interrupted", "input", "browser", "mismatch", "failed"
]


@dataclass(frozen=True)
class Job:
    """One attempt at one audit. ``work`` is a folder of its own here; ``None`` on another machine.

    ``seconds`` is the hard limit, after which the audit is given up. ``earlier`` are
    packed recordings of the same target, to be judged along.
    """

    audit_id: str
    attempt: int
    target: str
    options: Options
    seconds: float
    rules: Path | None = None
    work: Path | None = None
    versions: Versions | None = None
    earlier: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Failure:
    """Why an attempt came to nothing, in both languages."""

    kind: FailureKind
    en: str
    zh: str

    @property
    def final(self) -> bool:
        """Another attempt would come to the same."""
        return self.kind in {"input", "browser", "mismatch"}


@dataclass(frozen=True)
class Outcome:
    """What an attempt brought: a report with its rows, or a failure; evidence in either case.

    ``evidence`` is a file where the audit ran here, else the bytes of it.
    """

    failure: Failure | None = None
    report: bytes | None = None
    page: bytes | None = None
    head: Row = field(default_factory=dict)
    rows: Rows = field(default_factory=dict)
    evidence: Path | bytes | None = None
    seconds: float = 0.0
    worker: str | None = None


AuditOne = Callable[[Job], Awaitable[Outcome]]


class Engine(Protocol):
    """Where audits run. ``here``: in this process, with a folder of this machine."""

    here: bool

    async def __aenter__(self) -> Self:
        """Make it ready; raises ``PayauditError`` where that fails."""
        ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of it."""
        ...

    async def slots(self) -> int:
        """Audits that fit at once."""
        ...

    async def submit(self, audit: AuditOne, job: Job) -> Outcome:
        """Run one attempt to its end, again where the machine it ran on was lost."""
        ...


class Local:
    """In the process itself: no server, nothing to install."""

    here = True

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to let go of."""

    async def slots(self) -> int:
        """As many as processors."""
        return os.cpu_count() or 1

    async def submit(self, audit: AuditOne, job: Job) -> Outcome:
        """Run it here and now."""
        return await audit(job)
