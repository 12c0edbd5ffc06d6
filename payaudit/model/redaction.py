"""What was taken out of a copy for handing on: ``payaudit/redactions.json``."""

from __future__ import annotations

from typing import Any, Literal

from payaudit.model.base import Frozen
from payaudit.model.text import Text


class RemovedPlace(Frozen):
    """A file inside the copy, and what part of it: a header, a body, a region of a picture."""

    member: str
    part: str
    count: int = 0


class Removed(Frozen):
    """One value that was replaced, everywhere.

    ``hash`` is the HMAC-SHA-256 of the value in hex, under a key that only a holder of the
    original can make: the SHA-256 of ``payaudit-redaction-salt/1``, a line end, and the
    original file's bytes. None for regions of pictures. ``bytes`` is the length of the value.
    """

    kind: str
    about: Text
    hash: str | None
    bytes: int
    count: int
    places: tuple[RemovedPlace, ...]


class Unsearched(Frozen):
    """Content that cannot be searched for words, and how many pieces of it there are."""

    what: str
    count: int


class Redactions(Frozen):
    """The mark of a redacted copy and the list of what it lacks."""

    format: Literal["payaudit-redactions/1"] = "payaudit-redactions/1"
    original_sha256: str  # of the whole file that this is a copy of
    tool: str
    patterns_sha256: str
    count: int
    by_kind: dict[str, int]
    removed: tuple[Removed, ...]
    unchanged: tuple[str, ...]  # files of the copy that are byte for byte those of the original
    left_out: tuple[str, ...]  # files that would no longer hold, such as signatures
    custody: dict[str, Any] | None = None  # of the original, as its ``audit.json`` told it
    unsearched: tuple[Unsearched, ...]
