"""Carries out the agenda: goal after goal, each fresh run leading back to the paywall."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from payaudit.model.evidence import Goal
from payaudit.perceive.naming import offer_name
from payaudit.walk.agenda import Budget, OutOfBudget
from payaudit.walk.ends import Unreachable, WalkCut
from payaudit.walk.goals.again import watch
from payaudit.walk.goals.leave import Left, leave, stay_for
from payaudit.walk.goals.offers import towards, try_offer
from payaudit.walk.goals.paywall import Found, Memory, NoPaywall, Seeker
from payaudit.walk.goals.read import other_tabs
from payaudit.walk.goals.tried import Tried, called, names, payment
from payaudit.walk.goals.way_back import WayBack
from payaudit.walk.journey import Journey, follow
from payaudit.walk.later import Later
from payaudit.walk.reading import Reading
from payaudit.walk.run import Run
from payaudit.walk.stage import View

if TYPE_CHECKING:
    from payaudit.walk.world import World

_OFFERS = 10  # tried in one audit; more are seen but not taken to their call
_PLEAS = 2  # offers of retention layers that are taken to their call
_LOST = 2  # fresh runs in a row that do not find the paywall again

_BUDGET_EN = "steps or seconds were used up; raise --max-steps or --max-seconds"
_BUDGET_ZH = "步数或时间已用完；可调高 --max-steps 或 --max-seconds"


class Explorer:
    """One walk's course. ``failure`` says why no paywall was reached, in both languages."""

    def __init__(self, world: World, budget: Budget) -> None:
        self._world = world
        self._errand = world.errand
        self._budget = budget
        self._memory = Memory()
        self._tried: set[str] = set()
        self._known: list[str] = []
        self._behind: dict[str, str] = {}
        self._tab: dict[str, str] = {}
        self._tabs_seen = False
        self._anew: set[str] = set()  # offers that are tried in a run of their own
        self._reading = Reading(world, budget, self._again)
        self._by_dialog = False
        self._later = Later(world, budget, self._memory)
        self.failure: tuple[str, str] | None = None

    async def explore(self) -> None:
        """All goals. Raises ``Unreachable`` and ``WalkCut`` from the first run only."""
        agenda = self._errand.agenda
        try:
            async with self._world.run("paywall") as run:
                found = await self._to_paywall(run)
                if found is None:
                    return
                await self._first_run(run, found)
        except OutOfBudget:
            self._out_of_budget()
            return
        await self._rest_of_offers()
        await self._reading.rest()
        await self._later.between()
        await self._leave()
        await self._later.between()
        await self._later.go()
        for goal in ("read", "offers", "leave"):
            if agenda.state(goal) == "not_tried":
                agenda.missed(
                    goal,
                    "failed",
                    "the paywall was not found again in a fresh run",
                    "重新进入后未能再次到达付费墙",
                )

    async def follow(self, journey: Journey) -> None:
        """The same goals by a written script."""
        async with self._world.run("paywall") as run:
            try:
                await follow(run, journey, self._errand.target, self._budget, self._errand.agenda)
            except OutOfBudget:
                self._out_of_budget()
        if self._errand.agenda.state("paywall") != "reached":
            self.failure = (
                "the journey ended without a screen that sells; check its steps against the screenshots",
                "脚本执行完毕但没有到达付费界面；请对照截图检查步骤",
            )

    async def _enter(self, run: Run) -> View:
        self._errand.tell(f"opening {self._errand.target}", f"正在打开 {self._errand.target}")
        self._budget.spend()
        view = await run.open(self._errand.target, "the address that was given")
        problem = _no_page(view)
        if problem is not None:
            raise Unreachable(problem)
        return view

    async def _to_paywall(self, run: Run) -> Found | None:
        agenda = self._errand.agenda
        first = await self._enter(run)
        entered = (first.step.run, first.step.number)
        self._errand.tell("looking for the paywall", "正在寻找付费墙")
        try:
            found = await Seeker(run, self._budget, self._memory).seek()
        except NoPaywall as none:
            if none.entered:
                agenda.reached("enter", entered)
            agenda.missed("enter", none.state, none.en, none.zh)
            agenda.missed("paywall", none.state, none.en, none.zh)
            self.failure = (none.en, none.zh)
            return None
        except (OutOfBudget, WalkCut):
            agenda.reached("enter", entered)
            raise
        agenda.reached("enter", entered)
        agenda.reached("paywall", (found.view.step.run, found.view.step.number))
        return found

    async def _first_run(self, run: Run, found: Found) -> None:
        agenda = self._errand.agenda
        view = found.view
        self._later.first(run, found)
        self._known = names(view, run)
        self._by_dialog = found.how == "dialog"
        if self._later.may_run():
            view = await watch(run, view, self._budget)
            self._later.look(run, view)
        if found.how == "screen":
            self._errand.tell("reading the paywall", "正在阅读付费墙")
            way_back = WayBack(self._budget, "read", run.depth, view, run)
            try:
                view = await self._reading.first(run, view, way_back)
                self._later.look(run, view)
                if view.scene.kind == "paywall":
                    # A page that was still filling up at first sight sells more by now.
                    self._known += [n for n in names(view, run) if n not in self._known]
                if way_back.at_home(run, view):
                    view = await self._behind_tabs(run, view)
            except WalkCut as cut:
                agenda.missed("read", "failed", f"the page was lost: {cut}", f"页面丢失：{cut}")
                return
            self._reading.note(view)
        else:
            agenda.reached("read", (view.step.run, view.step.number))
        if found.how == "call" and not self._known:
            agenda.reached("offers", (view.step.run, view.step.number))
        if view.scene.kind == "paywall" and found.how == "screen":
            await self._offers_here(run, view)

    async def _behind_tabs(self, run: Run, view: View) -> View:
        """Look behind the paywall's tabs, once in a walk: reading may have led away from them."""
        if not self._tabs_seen:
            self._tabs_seen = True
            view, behind = await other_tabs(run, view, self._budget)
            self._tab |= behind
            self._known += [n for n in behind if n not in self._known]
        return view

    async def _offers_here(self, run: Run, view: View) -> bool:
        """Try offers in this run until one cannot be come back from; True when some was tried."""
        progress = False
        paid: set[str | None] = set()
        paid_for: set[str] = set()
        while True:
            name = next((n for n in self._known if n not in self._tried), None)
            if name is None and not self._tabs_seen and view.scene.kind == "paywall":
                view = await self._behind_tabs(run, view)
                name = next((n for n in self._known if n not in self._tried), None)
            if name is None or len(self._tried) >= _OFFERS:
                return progress
            self._errand.tell(f"taking “{name}” to its payment call", f"正在将“{name}”带到支付调用")
            self._tried.add(name)
            progress = True
            way_back = WayBack(self._budget, "offers", run.depth, view, run)
            try:
                tried = await try_offer(
                    run, view, name, self._budget, self._behind.get(name), self._tab.get(name)
                )
                sent = payment(tried.view)
                left_over = sent is not None and sent in paid
                # The payment before may still hold a page that a viewer would have left: its form is sent
                # again, or nothing can be pressed.
                if (left_over or (paid_for and not tried.called)) and self._once_more(name):
                    return progress
                paid.add(sent)
                if tried.called:
                    paid_for.add(name)
                self._note_tried(tried)
                self._later.sells(run, tried)
                if tried.direct:
                    return progress  # a press that pays may leave the page waiting: a fresh run for the next
                back = await way_back.regain(run)
            except WalkCut:
                # The page was lost, perhaps to the payment before: once more in a run of its own.
                if name not in paid_for:
                    self._once_more(name)
                return progress
            if back is None:
                return progress
            view = back

    def _once_more(self, name: str) -> bool:
        """Leave an offer to be tried in a run of its own, unless it had one."""
        if name in self._anew:
            return False
        self._anew.add(name)
        self._tried.discard(name)
        return True

    def _note_tried(self, tried: Tried) -> None:
        if tried.called:
            self._errand.agenda.reached("offers", (tried.view.step.run, tried.view.step.number))
        self._reading.linked(tried, self._behind.get(tried.name), self._tab.get(tried.name))
        for name in tried.deeper:
            if name not in self._known:
                self._known.append(name)
                self._behind[name] = self._behind.get(tried.name, tried.name)
                if name in tried.tabs:
                    self._tab[name] = tried.tabs[name]

    async def _rest_of_offers(self) -> None:
        lost = 0
        while lost < _LOST and self._open_offers():
            try:
                async with self._world.run("offers") as run:
                    # Where the paywall is a question, the offer is taken by answering yes.
                    run.dialogs.policy = "accept" if self._by_dialog else "decline"
                    found = await self._again(run, "offers")
                    if found is None:
                        lost += 1
                        continue
                    if self._by_dialog or found.how == "call":
                        if called(found.view):
                            self._errand.agenda.reached(
                                "offers", (found.view.step.run, found.view.step.number)
                            )
                        break
                    self._known += [n for n in names(found.view, run) if n not in self._known]
                    view = found.view
                    if found.how == "screen":
                        view = await self._behind_tabs(run, view)
                    if not await self._offers_here(run, view):
                        lost += 1
            except OutOfBudget:
                self._errand.agenda.missed("offers", "out_of_budget", _BUDGET_EN, _BUDGET_ZH)
                return
        if self._errand.agenda.state("offers") != "reached":
            self._errand.agenda.missed(
                "offers", "failed", "no payment call was seen for any offer", "未见到任何套餐的支付调用"
            )

    def _open_offers(self) -> bool:
        if not self._known:
            return self._errand.agenda.state("offers") != "reached"
        return any(n not in self._tried for n in self._known) and len(self._tried) < _OFFERS

    async def _again(self, run: Run, goal: Goal) -> Found | None:
        try:
            await self._enter(run)
            return await Seeker(run, self._budget, self._memory).seek(goal)
        except (NoPaywall, Unreachable, WalkCut):
            return None

    async def _leave(self) -> None:
        agenda = self._errand.agenda
        held_back_by: list[str] = []
        self._errand.tell("trying to leave", "正在尝试离开付费墙")
        try:
            async with self._world.run("leave") as run:
                found = await self._again(run, "leave")
                if found is None:
                    return
                if found.how == "dialog":
                    agenda.reached("leave", (found.view.step.run, found.view.step.number))
                    return
                left = await leave(run, found, self._budget)
                at = (left.view.step.run, left.view.step.number)
                if left.left:
                    agenda.reached("leave", at)
                else:
                    agenda.missed(
                        "leave", "failed", "no way out of the paywall worked", "尝试的方式都未能离开付费墙"
                    )
                held_back_by = self._new_in_pleas(run, found, left)
        except OutOfBudget:
            agenda.missed("leave", "out_of_budget", _BUDGET_EN, _BUDGET_ZH)
        except WalkCut as cut:
            agenda.missed("leave", "failed", f"the page was lost: {cut}", f"页面丢失：{cut}")
        for name in held_back_by:
            await self._take_plea(name)
        await self._leave_behind()

    def _new_in_pleas(self, run: Run, found: Found, left: Left) -> list[str]:
        """Offers at a price of their own that only layers on the way out made."""
        known = {c.main.key for c in found.view.scene.cards if c.main is not None}
        names_there = (
            offer_name(card, run.lexicon)
            for view in left.sold
            for card in view.scene.cards
            if card.main is not None and card.main.amount.money is not None and card.main.key not in known
        )
        return [name for name in dict.fromkeys(names_there) if name not in self._known][:_PLEAS]

    async def _take_plea(self, name: str) -> None:
        """Go the way out again as far as the layer that sells, and take its offer to the payment call."""
        self._errand.tell(f"taking “{name}” to its payment call", f"正在将“{name}”带到支付调用")
        with suppress(OutOfBudget, WalkCut):  # what was seen until then stands
            async with self._world.run("offers") as run:
                found = await self._again(run, "offers")
                if found is None or found.how != "screen":
                    return
                view = await stay_for(run, found, name, self._budget)
                if view is not None:
                    self._note_tried(await try_offer(run, view, name, self._budget))

    async def _leave_behind(self) -> None:
        """Leave once more from what is sold behind the first paywall: its layers may hold one back there."""
        name = next(iter(self._behind), None)
        if name is None:
            return
        with suppress(OutOfBudget, WalkCut):  # what was seen until then stands
            async with self._world.run("leave") as run:
                found = await self._again(run, "leave")
                if found is None or found.how != "screen":
                    return
                budget, through = self._budget, self._behind[name]
                shop = await towards(run, found.view, name, budget, through, lambda v: name in names(v, run))
                if shop is not None:
                    left = await leave(run, Found(shop, "screen", before=found.view), budget)
                    if left.left:
                        self._errand.agenda.reached("leave", (left.view.step.run, left.view.step.number))

    def _out_of_budget(self) -> None:
        for goal in ("paywall", "read", "offers", "ladder", "leave", "cancel", "again"):
            self._errand.agenda.missed(goal, "out_of_budget", _BUDGET_EN, _BUDGET_ZH)
        if self._errand.agenda.state("paywall") != "reached":
            self.failure = (_BUDGET_EN, _BUDGET_ZH)


def _no_page(view: View) -> str | None:
    """Why what came is no page to walk: an error status, another type, the browser's own error."""
    status = [e.data for e in view.step.events if e.kind == "navigation" and "status" in e.data]
    if view.step.url.startswith("chrome-error:"):
        return "net::ERR_FAILED"
    for data in status[-1:]:
        kind = str(data.get("content_type", ""))
        if "payaudit ERR_" in str(data.get("reason", "")):
            return f"net::{str(data['reason']).removeprefix('payaudit ')}"  # our own proxy found no host
        if int(data["status"]) >= 400:  # noqa: PLR2004 - HTTP: an error
            return f"HTTP status {data['status']}"
        if kind and not any(k in kind for k in ("html", "xml")):
            return f"it is {kind.partition(';')[0]}, not a web page"
    return None
