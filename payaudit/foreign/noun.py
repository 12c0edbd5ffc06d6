"""What others recorded, read: its pages, its traffic, and what it lacks."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from payaudit.evidence.exchange import Exchange
from payaudit.evidence.limits import MIB
from payaudit.model.text import Text

MOST_BYTES = 16 * MIB
"""Of one page or answer; what is longer is a film."""


@dataclass(frozen=True)
class Page:
    """One page: its address, when it was saved, its HTML, and lines that the recorder's browser showed."""

    url: str
    at: datetime
    title: str = ""
    html: bytes | None = None
    text: str = ""


@dataclass
class Archive:
    """What a path holds. ``kind`` names its form, ``software`` its recorder, ``gaps`` what it lacks."""

    kind: str
    sha256: str
    software: str = ""
    pages: list[Page] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    gaps: list[Text] = field(default_factory=list)


def sha256(path: Path) -> str:
    """Of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def moment(text: str) -> datetime | None:
    """A time in ISO 8601, UTC where it names no zone; None for what is none."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


def loads(data: bytes) -> Any:  # noqa: ANN401 - any JSON
    """A JSON value; None for what is none."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None
