"""What a request gets in a replay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from payaudit.evidence.exchange import Headers

How = Literal["exact", "alike", "again"]


@dataclass(frozen=True, slots=True)
class Reply:
    """A recorded answer. ``failed``: the reason for which there was none; ``held``: why none can be given.

    ``at``: when it was asked for in the recording; its ``Date`` is of that time.
    """

    status: int = 0
    reason: str = ""
    headers: Headers = ()
    body: bytes = b""
    failed: str | None = None
    held: str | None = None
    how: How = "exact"
    at: datetime | None = None
