"""Past what stands before a site's own pages, by the ways that the search for the paywall knows."""

from __future__ import annotations

from payaudit.model.evidence import Goal
from payaudit.walk.agenda import Budget
from payaudit.walk.goals.login import pass_form
from payaudit.walk.goals.proposals import Proposals
from payaudit.walk.goals.trail import Memory, Trail
from payaudit.walk.run import Run
from payaudit.walk.stage import View

_TRIES = 6  # cookies, an age, a language chosen and confirmed, praise of an app


async def past_gates(run: Run, view: View, budget: Budget, goal: Goal, memory: Memory) -> View:
    """Press what leads past, the least committal first, until nothing is left that can be passed.

    What earlier runs pressed on such a screen comes first; where they pressed on, no gate stands there.
    A login is never filled in: what lies behind it is the viewer's own.
    """
    trail = Trail()
    proposals = Proposals(run, trail, memory)
    for _ in range(_TRIES):
        ways = [p for p in proposals.past_gates(view) if trail.passed_over(view, p, memory) is None]
        if not ways:
            break
        way = ways[0]
        trail.note(view, way)
        if way.control is not None:
            budget.spend()
            view = await run.tap(way.control, goal, way.why, intent="gate")
            continue
        gate = proposals.gate(view)
        if gate is None or gate.kind == "login" or trail.counts["form"] > 1:
            break
        view = await pass_form(run, view, budget, goal, gate)
    return view
