"""Fresh visits apart in time, to see whether clocks, counts and prices are what they claim."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from payaudit.perceive.countdowns import clocks, counts
from payaudit.perceive.lexicon import Lexicon
from payaudit.walk.agenda import Budget
from payaudit.walk.clock import Clock
from payaudit.walk.run import Run
from payaudit.walk.stage import View

VISITS = 3  # fresh sights of the paywall in all, the first one among them
_TICK_S = 1.1


def may_change(view: View, lexicon: Lexicon) -> bool:
    """Whether a paywall shows a clock, a count, or a price for a limited time."""
    screen = view.screen
    if any(c.urgent for c in clocks(screen, lexicon)) or counts(screen, lexicon):
        return True
    return bool(view.scene.cards) and lexicon.has("urgency", screen.words)


@dataclass
class Visits:
    """When the paywall was seen untouched, and when it is to be seen again."""

    apart_s: float
    clock: Clock
    wanted: bool = False
    steps: list[tuple[int, int]] = field(default_factory=list)
    _last: datetime | None = None

    def saw(self, view: View) -> None:
        """Note a visit's first sight of the paywall."""
        self._last = view.step.captured
        self.steps.append((view.step.run, view.step.number))

    @property
    def left(self) -> int:
        """How many are still to be made."""
        return VISITS - len(self.steps) if self.wanted else 0

    @property
    def due_in(self) -> float:
        """Seconds until the next one may begin."""
        gone = (self.clock.now() - self._last).total_seconds() if self._last else self.apart_s
        return max(0.0, self.apart_s - gone)

    async def wait(self) -> float:
        """Until the next one is due, with nothing else left to do; the seconds that took."""
        seconds = self.due_in
        await self.clock.sleep(seconds)
        return seconds


async def watch(run: Run, view: View, budget: Budget) -> View:
    """A second look at the same paywall, so that a clock that runs shows that it does."""
    if not clocks(view.screen, run.lexicon):
        return view
    budget.spend()
    return await run.wait(_TICK_S, "again", "to see whether the clock runs")
