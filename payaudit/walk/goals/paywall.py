"""From the first page to the first locked episode, as a viewer would go.

Each screen yields a short list of proposals, likeliest first (``proposals``); a
thing already pressed on the same screen is not pressed again. A wall that nothing
leads past ends the search with its name and the way on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from payaudit.model.evidence import MINI_PROGRAM, Candidate, Goal, GoalState
from payaudit.model.text import Text
from payaudit.perceive.controls import Control
from payaudit.perceive.prices import amounts
from payaudit.perceive.taboo import same_site, strayed
from payaudit.perceive.urls import address
from payaudit.perceive.walls import AT_ONCE, Wall, wall_of
from payaudit.walk.agenda import Budget
from payaudit.walk.goals.login import pass_form
from payaudit.walk.goals.proposals import Proposals
from payaudit.walk.goals.trail import Memory, Proposal, Trail, kin, signature
from payaudit.walk.goals.watching import watch
from payaudit.walk.personas import persona
from payaudit.walk.run import Run
from payaudit.walk.stage import View
from payaudit.walk.weighed import MOST, candidate

__all__ = ["Found", "Memory", "NoPaywall", "Seeker"]

_LATE_S = 1.2
_PASSES_S = 3.0  # a check of the browser may pass by itself
_LOCK_OPENS = frozenset({"episode", "unlock", "next_episode"})  # may lead to a cashier on another host

_NOTHING = Text(
    en="no locked episode and no price with a pay control was found; try another persona, or write a journey",
    zh="没有找到锁定剧集，也没有带支付按钮的价格；请换一种角色，或编写巡查脚本",
)


class NoPaywall(Exception):  # noqa: N818 - says what was found
    """Nothing is left to try; carries why in both languages, and the wall where one stood.

    ``entered`` is false where the wall stood before anything of the drama was seen.
    """

    def __init__(self, en: str, zh: str, wall: Wall | None = None, *, entered: bool = True) -> None:
        super().__init__(en)
        self.en = en
        self.zh = zh
        self.wall = wall
        self.entered = entered

    @property
    def state(self) -> GoalState:
        """What the agenda calls it."""
        return "failed" if self.wall is None or self.wall.kind == "down" else "impossible"


@dataclass(frozen=True)
class Found:
    """The paywall, and how it showed itself."""

    view: View
    how: Literal["screen", "dialog", "call"]
    trigger: Control | None = None
    before: View | None = None


class Seeker:
    """Walks one run to the paywall."""

    def __init__(self, run: Run, budget: Budget, memory: Memory) -> None:
        self._run = run
        self._budget = budget
        self._memory = memory
        self._trail = Trail()
        self._proposals = Proposals(run, self._trail, memory)
        self._wall: Wall | None = None
        self._asked: Found | None = None

    @property
    def acts(self) -> int:
        """Presses and swipes so far, gates not counted."""
        pressed = sum(intent != "gate" for _, _, intent in self._trail.path)
        return pressed + self._trail.counts["swipe"]

    async def seek(self, goal: Goal = "paywall") -> Found:
        """Go on from the run's last screen. Raises ``NoPaywall`` or ``OutOfBudget``."""
        view = self._run.last
        if view is None:
            raise NoPaywall("no page was opened", "没有打开任何页面")
        before: View | None = None
        trigger: Control | None = None
        while True:
            found = self._arrived(view, trigger, before)
            if found is not None and trigger is not None and self._only_asked(found):
                self._asked = found
                view = await self._say_yes(trigger, goal)
                continue
            if found is not None:
                self._learn(trigger)
                return found
            waited = await self._look_for_wall(view, goal)
            if waited is not None:
                view = waited
                continue
            proposal, candidates = self._next(view)
            self._trail.words.add(view.screen.words)
            if proposal is None:
                if self._asked is not None:
                    return self._asked
                raise self._nothing_left()
            self._budget.spend()
            before, trigger = view, proposal.control
            if proposal.control is not None:
                self._trail.labels = {c.label for c in view.screen.reachable}
            view = await self._do(proposal, goal, candidates)
            view = await self._come_back(view, before, proposal, goal)

    def _arrived(self, view: View, trigger: Control | None, before: View | None) -> Found | None:
        if any(e.kind == "payment_call" for e in view.step.events) and trigger is not None:
            return Found(view, "call", trigger, before)
        for event in view.step.events:
            message, answer = str(event.data.get("message", "")), event.data.get("answer")
            led_on = answer == "accept" and not amounts(message)
            if event.kind == "dialog" and not led_on and _asks_money(message, self._run):
                return Found(view, "dialog", trigger, before)
        if view.scene.kind == "paywall":
            return Found(view, "screen", trigger, before)
        return None

    def _only_asked(self, found: Found) -> bool:
        """Whether a dialog names no price: it asks whether to go where things are sold."""
        told = [str(e.data.get("message", "")) for e in found.view.step.events if e.kind == "dialog"]
        may = self._asked is None and not self._run.stored
        return found.how == "dialog" and may and not any(amounts(message) for message in told)

    async def _say_yes(self, trigger: Control, goal: Goal) -> View:
        """Press again what raised the question, and answer yes; later runs do so at once."""
        self._budget.spend()
        self._memory.says_yes = True
        why = "a question without a price stands before what is sold; it is answered yes"
        with self._run.dialogs.accepting():
            return await self._run.tap(trigger, goal, why, intent="episode", patience_s=_LATE_S)

    def _learn(self, trigger: Control | None) -> None:
        if trigger is not None:
            self._memory.way = self._trail.learnt()

    async def _look_for_wall(self, view: View, goal: Goal) -> View | None:
        """Keep a wall that is seen; raises ``NoPaywall`` at one that nothing leads past.

        A check that may pass by itself is given its time once: then the view after it.
        """
        wall = wall_of(view.screen, self._run.lexicon, _status(view))
        if wall is None:
            return None
        self._wall = wall
        if wall.kind not in AT_ONCE or not wall.alone:
            return None
        if wall.kind == "captcha" and self._trail.counts["check"] < 1:
            self._trail.counts["check"] += 1
            self._budget.spend()
            return await self._run.wait(_PASSES_S, goal, "a check that may pass by itself")
        raise self._nothing_left()

    def _nothing_left(self) -> NoPaywall:
        wall = self._wall
        if wall is None:
            return NoPaywall(_NOTHING.en, _NOTHING.zh)
        opened = "PACKAGE" if self._run.opened.startswith(MINI_PROGRAM) else self._run.opened
        told = wall.text(opened, persona(self._run.info.persona).host)
        entered = self._trail.inside or wall.kind not in AT_ONCE
        return NoPaywall(told.en, told.zh, wall, entered=entered)

    async def _do(self, proposal: Proposal, goal: Goal, candidates: tuple[Candidate, ...]) -> View:  # noqa: PLR0911 - one return per kind
        run = self._run
        view = run.last
        assert view is not None  # noqa: S101 - seek() began with a view; narrows the type
        self._trail.note(view, proposal)
        if proposal.control is not None:
            return await self._press(view, proposal, proposal.control, goal, candidates)
        if proposal.kind == "scroll":
            return await run.scroll(goal, proposal.why)
        if proposal.kind == "swipe":
            return await run.swipe_feed(goal, proposal.why)
        if proposal.kind == "back":
            self._trail.left.add(view.scene.key)
            return await run.back(goal, proposal.why)
        if proposal.kind == "fill":
            gate = self._proposals.gate(view)
            return view if gate is None else await pass_form(run, view, self._budget, goal, gate)
        if proposal.kind == "watch":
            return await watch(run, goal, proposal.why)
        if proposal.kind == "point":
            return await run.tap_point(view.screen.width / 2, view.screen.height * 0.4, goal, proposal.why)
        return await run.wait(2.0, goal, proposal.why)

    async def _press(
        self, view: View, proposal: Proposal, control: Control, goal: Goal, candidates: tuple[Candidate, ...]
    ) -> View:
        yes = self._memory.says_yes and proposal.intent in _LOCK_OPENS
        with self._run.dialogs.accepting(really=yes):
            after = await self._run.tap(
                control, goal, proposal.why, intent=proposal.intent, candidates=candidates
            )
        # A film that plays on changes the picture; a list that came would change the words.
        vain = proposal.intent == "episodes" and after.scene.key == view.scene.key
        still = vain or not after.step.outcome.changed
        if proposal.kind != "repeat" and still and not after.step.events:
            self._trail.idle[kin(proposal)] += 1
        if after.step.outcome.changed and after.screen.words != view.screen.words:
            self._trail.counts["watch"] = 0
        if proposal.intent == "episode" and self._arrived(after, control, None) is None:
            # Many ask their server first whether the episode may be watched.
            self._budget.spend()
            after = await self._run.wait(_LATE_S, goal, "to let a late layer come", intent="episode")
        return after

    async def _come_back(self, view: View, before: View, proposal: Proposal, goal: Goal) -> View:
        """Where a press led out of the site, go back and remember it."""
        if proposal.control is None or self._arrived(view, proposal.control, before) is not None:
            return view
        out = strayed(view.step.url)
        here, there = address(before.step.url).host, address(view.step.url).host
        elsewhere = not same_site(here, there) and self._trail.inside and proposal.intent not in _LOCK_OPENS
        handed_over = any(e.kind == "download" for e in view.step.events)
        if out is None and not elsewhere and not handed_over:
            return view
        self._memory.dead.add((before.scene.key, signature(proposal.control)))
        if out is None and not elsewhere:
            return view
        self._budget.spend()
        return await self._run.back(goal, "the press left the site; back, and not again")

    def _next(self, view: View) -> tuple[Proposal | None, tuple[Candidate, ...]]:
        """What to do now, and what was weighed for it."""
        chosen: Proposal | None = None
        considered: list[Candidate] = []
        for proposal in self._proposals.of(view):
            why_not = self._trail.passed_over(view, proposal, self._memory)
            if chosen is None and why_not is None:
                chosen = proposal
                if proposal.control is None:
                    break  # a wait or a swipe is what is left: nothing to weigh it against
            elif chosen is not None and why_not is None:
                why_not = "something else speaks more for what was pressed"
            if proposal.control is not None:
                considered.append(
                    candidate(
                        proposal.control,
                        proposal.intent,
                        proposal.score,
                        proposal.why,
                        None if proposal is chosen else why_not,
                    )
                )
            if chosen is not None and len(considered) >= MOST:
                break
        if chosen is None or chosen.control is None:
            return chosen, ()
        mine = next(c for c in considered if c.passed_over is None)
        others = [c for c in considered if c is not mine][: MOST - 1]
        return chosen, (mine, *others)


def _status(view: View) -> int | None:
    """The last HTTP error of the page's own navigation; None where it came as it should."""
    told = [e.data for e in view.step.events if e.kind == "navigation" and "url" in e.data]
    last = told[-1] if told else {}
    errors = [int(d["status"]) for d in told if int(d.get("status", 0)) >= 400]  # noqa: PLR2004 - HTTP: an error
    return errors[-1] if errors and (last.get("status") or last.get("url") == view.step.url) else None


def _asks_money(message: str, run: Run) -> bool:
    return bool(amounts(message)) or run.lexicon.has("pay", message) or run.lexicon.has("unlock", message)
