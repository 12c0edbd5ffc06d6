"""When what happened: the recording's times, for a replay to keep to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from payaudit.model.evidence import Audit, RunInfo, Step

_UNKNOWN = timedelta(seconds=1.5)  # for an act that the recording does not hold


@dataclass
class Schedule:
    """Where a replay stands in the time of its recording.

    Between two acts it is the moment at which the recording goes on: what is decided
    there by the clock is decided as it was then.
    """

    audit: Audit
    runs: Sequence[RunInfo]
    steps: Sequence[Step]
    now: datetime = field(init=False)
    _at: dict[tuple[int, int], Step] = field(init=False)
    _moments: list[tuple[tuple[int, int], datetime]] = field(init=False)
    place: tuple[int, int] = (0, 0)  # run and step at hand

    def __post_init__(self) -> None:
        self._at = {(s.run, s.number): s for s in self.steps}
        self._moments = sorted(
            [((r.number, 0), r.started) for r in self.runs] + [(k, s.started) for k, s in self._at.items()]
        )
        self.now = self.audit.started
        self._go_on()

    def step(self, run: int, number: int) -> Step | None:
        """The step as it was recorded; None where the recording has none of that number."""
        return self._at.get((run, number))

    def begin_run(self, run: int) -> None:
        """A run begins."""
        self.place = (run, 0)
        self._set(next((r.started for r in self.runs if r.number == run), self.now))

    def begin(self, run: int, number: int) -> None:
        """An act begins."""
        self.place = (run, number)
        step = self.step(run, number)
        self._set(step.started if step is not None else self.now)

    @property
    def seen(self) -> datetime:
        """When the page of the act at hand was looked at."""
        step = self._at.get(self.place)
        if step is None:
            return self.now + _UNKNOWN
        return max(self.now, step.seen or step.captured)

    def captured(self, seen: datetime) -> datetime:
        """Move on to when the capture was complete."""
        step = self._at.get(self.place)
        self._set(max(seen, step.captured) if step is not None else seen)
        return self.now

    def pass_to(self, moment: datetime) -> None:
        """Time has passed in the page."""
        self._set(moment)

    def end(self) -> None:
        """The step is on disk."""
        self._go_on()

    def _set(self, moment: datetime) -> None:
        self.now = max(self.now, moment)

    def _go_on(self) -> None:
        following = next((at for key, at in self._moments if key > self.place), None)
        last = self.audit.ended or self.now
        self._set(following if following is not None else last)
