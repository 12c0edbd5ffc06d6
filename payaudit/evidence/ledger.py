"""The ledger: what of the traffic was seen and is not in the recording, or not whole, and why.

One JSON object a line, in recorded order; ``kept`` is the number of bytes that are there,
None where nothing could be kept of an answer.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from payaudit.evidence.exchange import Exchange, Missing, WebSocketLog
from payaudit.model.base import Frozen

BEYOND = "seen by the proxy alone"
UNRECORDED = "not in the recording"  # of a replay, which asked for it where nothing had been asked
# Reasons of Chromium's for which there was no answer to keep.
NO_ANSWER = frozenset(
    {
        "Failed", "Aborted", "TimedOut", "AccessDenied", "ConnectionClosed", "ConnectionReset",
        "ConnectionRefused", "ConnectionAborted", "ConnectionFailed", "NameNotResolved",
        "InternetDisconnected", "AddressUnreachable", "BlockedByClient", "BlockedByResponse",
    }
)  # fmt: skip


class Gap(Frozen):
    """One line of the ledger; ``seq`` is that of the recording."""

    seq: int
    run: int
    step: int
    method: str
    url: str
    reason: str
    kept: int | None = None

    @property
    def lost(self) -> bool:
        """Whether there was something to keep."""
        return self.reason not in NO_ANSWER and self.reason != UNRECORDED


def gap_of(entry: Exchange | Missing | WebSocketLog, seq: int) -> Gap | None:
    """The line for an entry of the recording; None where it is there whole."""
    if isinstance(entry, Missing):
        return Gap(
            seq=seq, run=entry.run, step=entry.step, method=entry.method, url=entry.url, reason=entry.reason
        )
    if entry.truncated is None:
        return None
    return Gap(
        seq=seq,
        run=entry.run,
        step=entry.step,
        method=entry.method if isinstance(entry, Exchange) else "WebSocket",
        url=entry.url,
        reason=entry.truncated,
        kept=len(entry.response_body) if isinstance(entry, Exchange) else None,
    )


def note(file: Path, gap: Gap) -> None:
    """Add a line. Raises OSError."""
    with file.open("ab") as ledger:
        ledger.write(gap.model_dump_json().encode("utf-8", "replace") + b"\n")


def read_ledger(data: bytes) -> tuple[Gap, ...]:
    """Read the lines; one that cannot be read is passed over."""
    found = []
    for line in data.splitlines():
        try:
            found.append(Gap.model_validate_json(line))
        except ValidationError:
            continue
    return tuple(found)
