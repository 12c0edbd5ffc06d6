"""What was read from the pixels of pictures on one screen."""

from __future__ import annotations

from pydantic import Field

from payaudit.model.base import Frozen
from payaudit.model.evidence import Box


class Reading(Frozen):
    """One line of letters in a picture. ``owner`` is the backend node id of the element that shows it."""

    text: str
    raw: str  # as the engine gave it, before what it confuses was set right
    box: Box  # CSS px of the viewport
    score: float = Field(ge=0, le=1)  # the engine's own
    owner: int
    tree: int  # which captured tree the owner belongs to


class Readings(Frozen):
    """All lines of one screen, with what read them: kept beside the screenshot."""

    format: str = "payaudit-readings/1"
    engine: str  # name, version and model
    seconds: float
    lines: tuple[Reading, ...] = ()
