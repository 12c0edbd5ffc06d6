"""What several later episodes cost, without buying any.

A list that prints prices tells all at once. Else each locked episode is opened
and its paywall captured: the next ones, the last, the middle one. Without a list
one goes on past the paywall as a viewer would; where that is not possible, later
prices appear only after an unlock, and the reason says so.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field

from payaudit.perceive.controls import Control
from payaudit.perceive.episode_number import episode_shown
from payaudit.perceive.episode_price import episode_price
from payaudit.perceive.grid import EpisodeControl, cell_number, episode_grid, locked_cells, range_tabs
from payaudit.perceive.intents import best
from payaudit.perceive.prices import amounts
from payaudit.walk.agenda import Budget, OutOfShare
from payaudit.walk.goals.leave import exits
from payaudit.walk.goals.paywall import Found, Memory, NoPaywall, Seeker
from payaudit.walk.run import Run
from payaudit.walk.stage import View

_LATE_S = 1.2
_TRIES = 3  # presses from a paywall back to the list
_ONWARD = 6  # later episodes tried where there is no list
_AD_S = (6.0, 12.0, 15.0)  # waits for an advertisement; rewarded ones last up to 30 s
_PRINTED = 2  # prices in a list that make it a price list

_AFTER_UNLOCK = (
    "prices of later episodes appear only after an unlock",
    "后续剧集的价格须解锁后才会显示",
)


@dataclass
class Climbed:
    """The steps that show a price or a paywall, and why there are no more."""

    steps: list[tuple[int, int]] = field(default_factory=list)
    reason: tuple[str, str] | None = None

    def saw(self, view: View) -> None:
        """Keep a step that shows what an episode costs."""
        self.steps.append((view.step.run, view.step.number))


async def ladder(run: Run, found: Found, target: str, budget: Budget) -> Climbed:
    """From the paywall in front on. Raises ``OutOfBudget`` where the whole walk's is used up."""
    climbed = Climbed()
    climbed.saw(found.view)
    climber = _Climber(run, target, budget, climbed)
    with suppress(OutOfShare):  # what was seen until then stands
        await climber.climb(found)
    return climbed


@dataclass
class _Climber:
    """One run on its way from episode to episode."""

    run: Run
    target: str
    budget: Budget
    climbed: Climbed
    afresh: bool = False  # closing takes longer than opening the drama anew
    paged: bool = False  # the list has pages, which opening the drama anew does not turn

    async def climb(self, found: Found) -> None:
        cells = episode_grid(found.before.screen) if found.before is not None else ()
        self.paged = bool(found.before is not None and range_tabs(found.before.screen))
        if found.before is not None and _printed(cells) >= _PRINTED:
            self.climbed.saw(found.before)
            await self._turn_pages(found.before)
            return
        cells = cells or await self._find_list()
        if cells:
            await self._by_list(found, cells)
        else:
            await self._onward(found)

    async def _turn_pages(self, view: View) -> None:
        """The other pages of a list that prints prices: the last, a middle one and the first."""
        pages = range_tabs(view.screen)
        shown = {c.number for c in episode_grid(view.screen)}
        others = [first for first, _, _ in pages if first not in shown]
        for first in dict.fromkeys([*others[-1:], *others[len(others) // 2 :][:1], *others[:1]]):
            listed = await self._to_list(first)
            if listed is None:
                return
            self.climbed.saw(listed)

    async def _find_list(self) -> tuple[EpisodeControl, ...]:
        """The list behind the paywall, where one came to it by another control."""
        for _ in range(2):
            view = self.run.last
            if view is None:
                return ()
            if view.scene.kind not in {"paywall", "plea"} and episode_grid(view.screen):
                return episode_grid(view.screen)
            control, intent, why = self._way_off(view)
            if control is None:
                return ()
            self.budget.spend()
            await self.run.tap(control, "ladder", f"in search of a list of episodes: {why}", intent=intent)
        view = self.run.last
        return episode_grid(view.screen) if view is not None and view.scene.kind != "paywall" else ()

    async def _by_list(self, found: Found, cells: tuple[EpisodeControl, ...]) -> None:
        locked = [c.number for c in locked_cells(cells, self.run.lexicon)]
        begun = cell_number(found.trigger.label) if found.trigger is not None else None
        first = begun if begun is not None else episode_shown(found.view.screen)
        # Without a mark, what lies behind the first locked one is taken to be locked too.
        behind = locked or [c.number for c in cells]
        later = locked[1:] if first is None else [n for n in behind if n > first]
        pages = range_tabs(found.before.screen) if found.before is not None else []
        # Pages of the list that are not open: what lies behind the first locked one is locked too.
        seen = max(behind, default=0)
        later += [n for a, b, _ in pages for n in range(max(a, seen + 1), b + 1)]
        if not later:
            self.climbed.reason = (
                "no episode after the first locked one is listed",
                "列表中没有更后面的锁定剧集",
            )
            return
        told = [_told(self.run, found.view)]
        for number in _rungs(later, [a for a, _, _ in pages if a > seen]):
            view = await self._open(number)
            if view is None:
                break  # neither the list nor the way to it can be had again
            self.climbed.saw(view)
            told.append(_told(self.run, view))
            if len(told) == 3 and len(set(told)) == 1:  # noqa: PLR2004 - first, next and last: the same throughout
                break
        if not any(price for price, *_ in told):
            await self._after_ad(found, later)

    async def _after_ad(self, found: Found, later: list[int]) -> None:
        """Where no paywall named an episode's price: whether one does once an advertisement was watched."""
        view = self.run.last
        if view is None or view.scene.kind != "paywall":
            view = await self._open(later[0])
        if view is None or not await self._watch_ad(found):
            return
        view = self.run.last
        cells = episode_grid(view.screen) if view is not None else ()
        if view is not None and _printed(cells) >= _PRINTED:
            self.climbed.saw(view)
            await self._turn_pages(view)
        for number in later[1:3]:
            opened = await self._open(number)
            if opened is not None:
                self.climbed.saw(opened)

    async def _open(self, number: int) -> View | None:
        """Press an episode of the list; its paywall, or what came instead."""
        view = None if self.afresh else await self._to_list(number)
        cell = _cell(view, number) if view is not None else None
        if cell is None:
            self.afresh = not self.paged
            return await self._from_the_start(number)
        self.budget.spend()
        view = await self.run.tap(cell, "ladder", f"episode {number}: to see what it costs", intent="episode")
        if not _asks(view, self.run):
            self.budget.spend()
            view = await self.run.wait(_LATE_S, "ladder", "to let a late layer come", intent="episode")
        self._note_refusal(view)
        return view

    async def _from_the_start(self, number: int) -> View | None:
        self.budget.spend()
        await self.run.open(self.target, f"anew, to open episode {number}")
        memory = Memory(episode=number)
        try:
            found = await Seeker(self.run, self.budget, memory).seek("ladder")
        except NoPaywall:
            return None
        label = found.trigger.label if found.trigger is not None else ""
        self._note_refusal(found.view)
        return found.view if cell_number(label) == number else None

    async def _to_list(self, number: int) -> View | None:
        turned = False
        for turn in range(_TRIES + self.paged):
            view = self.run.last
            if view is None:
                return None
            if _cell(view, number) is not None:
                # Questions stand in the way of closing.
                self.afresh = turn > 1 and not self.paged
                return view
            page = _page(view, number)
            if page is not None and not turned:
                turned = True
                self.budget.spend()
                await self.run.tap(
                    page, "ladder", f"to the page of the list with episode {number}", intent="tab"
                )
                continue
            control, intent, why = self._way_off(view)
            self.budget.spend()
            if control is not None:
                await self.run.tap(control, "ladder", f"back to the list: {why}", intent=intent)
            elif await self.run.can_go_back():
                await self.run.back("ladder", "back to the list of episodes")
            else:
                return None
        self.afresh = not self.paged
        view = self.run.last
        return view if view is not None and _cell(view, number) is not None else None

    def _way_off(self, view: View) -> tuple[Control | None, str, str]:
        screen = view.screen
        if view.scene.kind not in {"paywall", "plea"}:
            # A player that fills the screen as a layer has its list too.
            for control, guess in best("episodes", screen, self.run.lexicon, 0.55):
                if screen.overlay is None or screen.tree.inside(control.node, screen.scope):
                    return control, "episodes", guess.why
        return next(iter(exits(self.run, view)), (None, "", ""))

    async def _onward(self, found: Found) -> None:
        """Past the paywall by "next" or a swipe, as far as the site lets one go."""
        seen = {episode_shown(found.view.screen)}
        advertised = False
        for _ in range(_ONWARD):
            view = await self._go_on()
            number = episode_shown(view.screen) if view is not None else None
            if view is not None and number is not None and number not in seen and _asks(view, self.run):
                seen.add(number)
                self.climbed.saw(view)
                continue
            if not advertised and await self._watch_ad(found):
                advertised = True
                continue
            break
        if len(self.climbed.steps) == 1:
            self.climbed.reason = _AFTER_UNLOCK

    async def _go_on(self) -> View | None:
        view = self.run.last
        for _ in range(2):
            if view is None or not _asks(view, self.run):
                break
            way = next(iter(exits(self.run, view)), None)
            if way is None:
                break
            self.budget.spend()
            view = await self.run.tap(way[0], "ladder", f"past the paywall: {way[2]}", intent=way[1])
        if view is None:
            return None
        onward = best("next_episode", view.screen, self.run.lexicon, 0.55)
        self.budget.spend()
        if onward:
            control, guess = onward[0]
            view = await self.run.tap(
                control, "ladder", f"to the episode after it: {guess.why}", intent="next_episode"
            )
        elif not view.screen.page_scrolls:
            view = await self.run.swipe_feed("ladder", "to the item after it")
        else:
            return None
        if not _asks(view, self.run):
            self.budget.spend()
            view = await self.run.wait(_LATE_S, "ladder", "to let a late layer come", intent="next_episode")
        return view

    async def _watch_ad(self, found: Found) -> bool:
        """Take the offer to watch an advertisement instead of paying, once."""
        view = self.run.last or found.view
        offered = best("watch_ad", view.screen, self.run.lexicon, 0.5)
        if not offered:
            return False
        control, guess = offered[0]
        self.budget.spend()
        self.run.intervene("ad watched", "later prices may appear only after an unlock")
        view = await self.run.tap(control, "ladder", f"instead of paying: {guess.why}", intent="watch_ad")
        before = view.scene.key
        for seconds in _AD_S:
            self.budget.spend()
            view = await self.run.wait(seconds, "ladder", "the advertisement runs")
            way = next(iter(exits(self.run, view)), None)
            if way is not None:
                self.budget.spend()
                view = await self.run.tap(
                    way[0], "ladder", f"the advertisement is over: {way[2]}", intent=way[1]
                )
            if view.scene.key != before and not _asks(view, self.run):
                return True
        return False

    def _note_refusal(self, view: View) -> None:
        if any(e.kind == "payment_call" for e in view.step.events):
            self.run.intervene("payment refused", "pressing a locked episode asked a wallet to pay")


def _rungs(later: list[int], firsts: list[int]) -> list[int]:
    """Next, last, middle and the one after next: the order that tells soonest whether prices move.

    Of a list with further pages the middle is the first of the page that holds it.
    """
    middle = later[len(later) // 2]
    middle = max((a for a in firsts if a <= middle), default=middle)
    return list(dict.fromkeys([later[0], later[-1], middle, *later[1:2]]))


def _printed(cells: tuple[EpisodeControl, ...]) -> int:
    return sum(bool(amounts(c.rest)) for c in cells)


def _cell(view: View | None, number: int) -> Control | None:
    if view is None or view.scene.kind in {"paywall", "plea"}:
        return None
    return next((c.control for c in episode_grid(view.screen) if c.number == number), None)


def _page(view: View, number: int) -> Control | None:
    """The tab of the list that holds an episode."""
    if view.scene.kind in {"paywall", "plea"}:
        return None
    return next((c for a, b, c in range_tabs(view.screen) if a <= number <= b), None)


def _asks(view: View, run: Run) -> bool:
    """Whether the press met a paywall, a question about money, or a payment call."""
    if view.scene.kind == "paywall" or any(e.kind == "payment_call" for e in view.step.events):
        return True
    return any(
        e.kind == "dialog" and bool(amounts(str(e.data.get("message", "")))) for e in view.step.events
    ) or bool(
        run.lexicon.has("lock", view.screen.words) and episode_price(view.screen, view.scene, run.lexicon)
    )


def _told(run: Run, view: View) -> tuple[object, ...]:
    """What a paywall asks: the episode's price, first, None where it names none; then all amounts on it."""
    price = episode_price(view.screen, view.scene, run.lexicon)
    if price is not None:
        return (price.amount.money or price.amount.coins,)
    messages = [str(e.data.get("message", "")) for e in view.step.events if e.kind == "dialog"]
    said = [a for text in (*messages, *(t.text for t in view.screen.front)) for a in amounts(text)]
    return (None, *sorted({f"{a.money}/{a.coins}" for a in said}), view.scene.kind)
