"""Back to the paywall after a look elsewhere, leaving things as they were found."""

from __future__ import annotations

from payaudit.model.evidence import Goal
from payaudit.perceive.intents import best
from payaudit.perceive.naming import offer_name
from payaudit.perceive.taboo import taboo
from payaudit.perceive.urls import address
from payaudit.walk.agenda import Budget
from payaudit.walk.run import Run
from payaudit.walk.stage import View

_TRIES = 3


class WayBack:
    """Knows how deep the paywall lay, and undoes what was opened over it."""

    def __init__(self, budget: Budget, goal: Goal, depth: int, home: View, run: Run) -> None:
        self._budget = budget
        self._goal: Goal = goal
        self._depth = depth
        self._home = {offer_name(c, run.lexicon) for c in home.scene.cards}
        self._keys = {home.scene.key}
        self._path = address(home.step.url).path

    def also(self, view: View) -> None:
        """The same paywall as it stands now, scrolled or unfolded: to come back to this is enough."""
        self._keys.add(view.scene.key)

    def at_home(self, run: Run, view: View) -> bool:
        """Whether the paywall that one started from is in front."""
        if view.scene.kind != "paywall" or run.depth > self._depth:
            return False
        if view.scene.key in self._keys:
            return True
        here = {offer_name(c, run.lexicon) for c in view.scene.cards}
        # A bill on a page of its own names the one offer that it is for.
        elsewhere = address(view.step.url).path != self._path
        wanted = len(self._home) if elsewhere else max(1, len(self._home) / 2)
        return bool(here) and len(here & self._home) >= wanted

    async def regain(self, run: Run) -> View | None:
        """The paywall again, or None when it takes a fresh run."""
        for _ in range(_TRIES):
            view = run.last
            if view is None:
                return None
            if self.at_home(run, view):
                return view
            self._budget.spend()
            if view.scene.kind == "blank":
                await run.wait(1.0, self._goal, "nothing can be read yet")
                continue
            layer = view.screen.overlay is not None and run.depth <= self._depth
            ways = [
                (c, intent, g.why)
                for intent in ("close", "back", "decline", "accept_gate")
                for c, g in best(intent, view.screen, run.lexicon, 0.6)
                if taboo(c, view.screen, run.lexicon) is None
            ]
            if layer and ways:
                control, intent, why = ways[0]
                await run.tap(control, self._goal, f"back to the paywall: {why}", intent=intent)
            else:
                if not await run.can_go_back():
                    return None
                await run.back(self._goal, "back to the paywall")
        view = run.last
        return view if view is not None and self.at_home(run, view) else None
