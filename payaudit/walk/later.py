"""The goals that follow the paywall's own: credits, ladder, cancel, again, personas.

Each has a share of the budget. Visits that must lie apart in time are made when
they are due, between the other goals; only what is then left of the time is waited for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from payaudit.model.evidence import Goal
from payaudit.perceive.countdowns import clocks
from payaudit.perceive.prices import period_in
from payaudit.walk.agenda import Budget, OutOfBudget, OutOfShare, Share
from payaudit.walk.ends import Unreachable, WalkCut
from payaudit.walk.goals.again import Visits, may_change, watch
from payaudit.walk.goals.cancel import Sought, Start, seek_cancel
from payaudit.walk.goals.cancel_ways import leads
from payaudit.walk.goals.credits import opening
from payaudit.walk.goals.ladder import ladder
from payaudit.walk.goals.leave import closed
from payaudit.walk.goals.paywall import Found, Memory, NoPaywall, Seeker
from payaudit.walk.goals.read import agreements, read_through
from payaudit.walk.goals.tried import Tried
from payaudit.walk.goals.way_back import WayBack
from payaudit.walk.run import Run
from payaudit.walk.stage import View

if TYPE_CHECKING:
    from payaudit.walk.world import World

# Acts and seconds that one goal may take of the walk's budget.
_SHARES: dict[Goal, tuple[int, float]] = {
    "credits": (12, 40.0),
    "ladder": (60, 120.0),
    "cancel": (64, 150.0),
    "again": (60, 150.0),
    "personas": (80, 180.0),
}
_BUDGET_EN = "steps or seconds were used up; raise --max-steps or --max-seconds"
_BUDGET_ZH = "步数或时间已用完；可调高 --max-steps 或 --max-seconds"


class Later:
    """What is done after the first sight of the paywall. ``look`` is told of its screens."""

    def __init__(self, world: World, budget: Budget, memory: Memory) -> None:
        self._world = world
        self._errand = world.errand
        self._budget = budget
        self._memory = memory
        self._visits = Visits(world.errand.options.again_seconds, world.crew.clock)
        self._renews = False
        self._times: dict[str, int] = {}  # seconds on the clocks of the paywall's first sight
        self._leads = False  # the paywall itself shows a way to membership, account or help

    def first(self, run: Run, found: Found) -> None:
        """The paywall as it first came up."""
        self._visits.saw(found.view)
        if found.how != "screen":
            self._renews = True  # a question or a call does not say what it begins
        self.look(run, found.view)
        self._times = {c.caption: c.seconds for c in clocks(found.view.screen, run.lexicon)}

    def may_run(self) -> bool:
        """Whether the paywall shows a time of which no word says that it runs down."""
        return bool(self._times) and not self._visits.wanted

    def look(self, run: Run, view: View) -> None:
        """Note what a further screen of the paywall says that a later goal needs."""
        lexicon = run.lexicon
        said = [t.text for t in view.screen.texts]
        self._renews = (
            self._renews
            or any(lexicon.has("renewal", text) for text in said)
            or any(period_in(c.words) is not None for c in view.scene.cards)
        )
        ran = any(c.seconds < self._times.get(c.caption, 0) for c in clocks(view.screen, lexicon))
        self._visits.wanted = self._visits.wanted or ran or may_change(view, lexicon)
        self._leads = self._leads or any(
            group in {"manage_renewal", "account", "help"} for _, group, _ in leads(run, view)
        )

    def sells(self, run: Run, tried: Tried) -> None:
        """Note the offers that were found further in, and what screens on the way said."""
        self._renews = (
            self._renews
            or tried.renews
            or any(period_in(name) is not None or run.lexicon.has("renewal", name) for name in tried.deeper)
        )

    async def between(self) -> None:
        """Make the visit that is due, if one is."""
        if self._visits.left and self._visits.due_in <= 0:
            await self._visit()

    async def go(self) -> None:
        """All of them, in the agenda's order as far as time need not pass first."""
        await self._credits_and_ladder()
        await self.between()
        await self._cancel()
        await self.between()
        await self._personas()
        await self._again()

    async def _credits_and_ladder(self) -> None:
        """In one run: watching the opening of episode 1 spoils no price."""
        agenda = self._errand.agenda
        try:
            async with self._world.run("credits") as run:
                share = self._share("credits")
                self._errand.tell("watching the opening of episode 1", "正在查看第 1 集片头")
                try:
                    frames = await opening(run, await self._open(run, share), share)
                    if frames:
                        agenda.reached("credits", *((f.step.run, f.step.number) for f in frames))
                except (OutOfBudget, WalkCut) as error:
                    self._missed("credits", error)
                agenda.missed("credits", "failed", "episode 1 was not found", "没有找到第 1 集")
                self._errand.tell("comparing prices of later episodes", "正在比较后续剧集的价格")
                await self._ladder(run)
        except (OutOfBudget, WalkCut, Unreachable) as error:
            self._missed("credits", error)
            self._missed("ladder", error)

    async def _ladder(self, run: Run) -> None:
        agenda = self._errand.agenda
        share = self._share("ladder")
        await self._open(run, share)
        try:
            found = await Seeker(run, share, self._memory).seek("ladder")
        except NoPaywall:
            agenda.missed(
                "ladder",
                "failed",
                "the paywall was not found again in a fresh run",
                "重新进入后未能再次到达付费墙",
            )
            return
        climbed = await ladder(run, found, self._errand.target, share)
        if len(climbed.steps) > 1:
            agenda.reached("ladder", *climbed.steps)
        elif climbed.reason is not None:
            agenda.missed("ladder", "impossible", *climbed.reason)
        else:
            agenda.missed(
                "ladder", "failed", "no other locked episode could be opened", "未能打开其他锁定剧集"
            )

    async def _cancel(self) -> None:
        agenda = self._errand.agenda
        if not self._renews:
            agenda.missed(
                "cancel",
                "not_tried",
                "nothing that renews was seen on the paywall",
                "付费界面未见自动续费内容",
            )
            return
        self._errand.tell("looking for a way to cancel", "正在查找退订途径")
        try:
            async with self._world.run("cancel") as run:
                sought = await self._seek_cancel(run, self._share("cancel"))
        except (OutOfBudget, WalkCut, Unreachable) as error:
            self._missed("cancel", error)
            return
        if sought.found is not None:
            agenda.reached("cancel", (sought.found.step.run, sought.found.step.number))
            return
        pages = len(sought.pages)
        agenda.missed(
            "cancel",
            # A look that was cut short is none that found nothing.
            "out_of_budget" if sought.cut else "failed",
            f"no way to cancel was found in {pages} pages looked at"
            + ("; the account asks for a login" if sought.login else ""),
            f"查看了 {pages} 个页面，未见退订途径" + ("；账户页面要求登录" if sought.login else ""),
        )

    async def _seek_cancel(self, run: Run, share: Share) -> Sought:
        """From the first page; from the paywall where that shows a way or the first page showed none."""

        async def first() -> View:
            return await self._open(run, share)

        async def paywall() -> View:
            await self._open(run, share)
            return (await Seeker(run, share, self._memory).seek("cancel")).view

        start = await first()
        sought = await seek_cancel(run, Start(start, first), share, self._memory)
        if sought.found is not None or sought.cut or (sought.led and not self._leads):
            return sought
        seeker = Seeker(run, share, self._memory)
        try:
            await self._open(run, share)
            view = (await seeker.seek("cancel")).view
            further = Start(view, paywall, seeker.acts, sought.known())
            sought = sought.joined(await seek_cancel(run, further, share, self._memory))
            if sought.found is None and not sought.cut and view.screen.overlay is not None:
                last = run.last
                stayed = last is not None and last.screen.overlay is not None and last.scene.kind == "paywall"
                layer = last if last is not None and stayed else await paywall()
                beneath = await closed(run, layer, share, "cancel")
                if beneath is not None:
                    # The first page, past a login perhaps; else the layer's own press is not on the way.
                    home = beneath.step.url == start.step.url
                    under = Start(beneath, paywall, 0 if home else max(0, seeker.acts - 1), sought.known())
                    sought = sought.joined(await seek_cancel(run, under, share, self._memory))
        except NoPaywall:
            pass
        except OutOfShare:
            sought.cut = True
        return sought

    async def _again(self) -> None:
        agenda = self._errand.agenda
        if not self._visits.wanted:
            agenda.missed(
                "again",
                "not_tried",
                "no countdown, count of what is left or price for a limited time was seen",
                "未见倒计时、剩余数量或限时价格",
            )
            return
        try:
            while self._visits.left:
                if self._visits.due_in > 0:
                    self._errand.tell(
                        f"waiting {self._visits.due_in:.0f} s before the next visit",
                        f"等待 {self._visits.due_in:.0f} 秒后再次访问",
                    )
                self._errand.pace.apart += await self._visits.wait()
                if not await self._visit():
                    break
        except OutOfBudget as error:
            self._missed("again", error)

    async def _visit(self) -> bool:
        agenda = self._errand.agenda
        self._errand.tell("visiting the paywall once more", "正在再次访问付费墙")
        try:
            async with self._world.run("again") as run:
                share = self._share("again")
                await self._open(run, share)
                found = await Seeker(run, share, self._memory).seek("again")
                self._visits.saw(found.view)
                await watch(run, found.view, share)
        except (NoPaywall, OutOfBudget, WalkCut, Unreachable) as error:
            self._missed("again", error)
            self._visits.wanted = False
            return False
        if not self._visits.left:
            agenda.reached("again", *self._visits.steps)
        return True

    async def _personas(self) -> None:
        agenda = self._errand.agenda
        for name in self._errand.options.personas:
            self._errand.tell(f"the paywall under {name}", f"正在以 {name} 角色查看付费墙")
            try:
                async with self._world.run("personas", name) as run:
                    share = self._share("personas")
                    await self._open(run, share)
                    found = await Seeker(run, share, Memory()).seek("personas")
                    if found.how == "screen":
                        way_back = WayBack(share, "personas", run.depth, found.view, run)
                        view, _ = await read_through(run, found.view, share, way_back)
                        await agreements(run, view, share, way_back, set())
                    agenda.reached("personas", (found.view.step.run, found.view.step.number))
            except (NoPaywall, OutOfBudget, WalkCut, Unreachable) as error:
                self._missed("personas", error)

    async def _open(self, run: Run, budget: Budget) -> View:
        budget.spend()
        return await run.open(self._errand.target, "the address that was given")

    def _share(self, goal: Goal) -> Share:
        steps, seconds = _SHARES[goal]
        return Share(steps, seconds, seconds=self._budget.seconds, whole=self._budget)

    def _missed(self, goal: Goal, error: Exception) -> None:
        agenda = self._errand.agenda
        if isinstance(error, OutOfBudget):
            agenda.missed(goal, "out_of_budget", _BUDGET_EN, _BUDGET_ZH)
        elif isinstance(error, NoPaywall):
            agenda.missed(
                goal,
                "failed",
                "the paywall was not found again in a fresh run",
                "重新进入后未能再次到达付费墙",
            )
        else:
            agenda.missed(goal, "failed", f"the page was lost: {error}", f"页面丢失：{error}")
