"""What a walk has read of the agreements, and the runs that open those that are left."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from payaudit.model.evidence import Goal
from payaudit.perceive.agreements import titles, was_read
from payaudit.walk.agenda import Budget, OutOfBudget
from payaudit.walk.ends import WalkCut
from payaudit.walk.goals.offers import towards
from payaudit.walk.goals.paywall import Found
from payaudit.walk.goals.read import agreements, read_through
from payaudit.walk.goals.tried import Tried
from payaudit.walk.goals.way_back import WayBack
from payaudit.walk.run import Run
from payaudit.walk.stage import View

if TYPE_CHECKING:
    from payaudit.walk.world import World

_RUNS = 4  # in which agreements of the paywall are read that led nowhere back
_FURTHER = 6  # agreements looked for behind the first paywall


@dataclass(frozen=True)
class _Linked:
    """The offer on whose way an agreement is linked, and what it is reached by."""

    offer: str
    through: str | None
    tab: str | None


class Reading:
    """The goal ``read``. ``again`` leads a fresh run to the paywall, or gives None."""

    def __init__(
        self, world: World, budget: Budget, again: Callable[[Run, Goal], Awaitable[Found | None]]
    ) -> None:
        self._world = world
        self._errand = world.errand
        self._budget = budget
        self._again = again
        self._listed: list[str] = []  # agreements that the untouched paywall links
        self._further: dict[str, _Linked] = {}  # agreements that only screens behind it link
        self._done: set[str] = set()  # agreements that were opened
        self._to_its_end = False  # the paywall was scrolled through and its folds opened

    async def first(self, run: Run, view: View, way_back: WayBack) -> View:
        """Read the untouched paywall. Raises ``WalkCut`` and ``OutOfBudget``."""
        self._listed = titles(view.screen, view.scene, run.lexicon)
        view, self._to_its_end = await read_through(run, view, self._budget, way_back)
        return await self._agreements(run, view, way_back)

    async def _agreements(self, run: Run, view: View, way_back: WayBack) -> View:
        """Open what is linked. One that leads nowhere back takes nothing from what was read."""
        after = view
        try:
            after = await agreements(run, view, self._budget, way_back, self._done)
        finally:
            self.note(after)
        return after

    def linked(self, tried: Tried, through: str | None, tab: str | None) -> None:
        """Note the agreements that were linked on the way to an offer's payment call."""
        for link in tried.links:
            self._further.setdefault(link, _Linked(tried.name, through, tab))

    def note(self, view: View) -> None:
        """Say in the agenda how far the paywall was read."""
        if self._to_its_end and not self._left():
            self._errand.agenda.reached("read", (view.step.run, view.step.number))
        else:
            self._errand.agenda.missed(
                "read", "failed", "the paywall could not be read to its end", "付费墙未能完整阅读"
            )

    async def rest(self) -> None:
        """Open in fresh runs what the paywall links and what screens behind it do."""
        for part in (self._on, self._behind):
            with suppress(OutOfBudget, WalkCut):  # what was read until then stands
                await part()

    def _left(self) -> list[str]:
        return [name for name in self._listed if not was_read(name, self._done)]

    async def _on(self) -> None:
        """The paywall's own agreements, where the one before led nowhere back."""
        for _ in range(_RUNS):
            left, opened = self._left(), len(self._done)
            if not left:
                return
            async with self._world.run("read") as run:
                found = await self._paywall(run, left[0])
                if found is None:
                    return
                way_back = WayBack(self._budget, "read", run.depth, found.view, run)
                await self._agreements(run, found.view, way_back)
            if len(self._done) == opened:
                return  # one on personal data may have been opened before one that sells: that is a step too

    async def _behind(self) -> None:
        # Another one linked on the same screen may be opened first, and lead nowhere back: hence twice.
        for link, way in [*self._further.items()][:_FURTHER] * 2:
            if was_read(link, self._done):
                continue
            async with self._world.run("read") as run:
                found = await self._paywall(run, link)
                if found is None:
                    return
                there = _links(run, link)
                view = await towards(run, found.view, way.offer, self._budget, way.through, there, way.tab)
                if view is not None:
                    way_back = WayBack(self._budget, "read", run.depth, view, run)
                    await self._agreements(run, view, way_back)

    async def _paywall(self, run: Run, link: str) -> Found | None:
        self._errand.tell(f"reading “{link}”", f"正在阅读“{link}”")
        found = await self._again(run, "read")
        return found if found is not None and found.how == "screen" else None


def _links(run: Run, link: str) -> Callable[[View], bool]:
    """Whether a screen links an agreement."""
    return lambda view: link in titles(view.screen, view.scene, run.lexicon)
