"""The world of one walk, shared by its runs: who asked for it, who serves it, and how a run is begun."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from payaudit.model.evidence import Goal
from payaudit.walk.stage import Crew

if TYPE_CHECKING:
    from payaudit.walk.run import Run
    from payaudit.walk.walk import Errand


@dataclass
class World:
    """``build`` says what shows the pages: browser and version, or another program."""

    errand: Errand
    crew: Crew
    build: str

    def run(self, purpose: Goal, under: str | None = None) -> AbstractAsyncContextManager[Run]:
        """Begin a run under the walk's persona, or another one, recorded as one."""
        raise NotImplementedError
