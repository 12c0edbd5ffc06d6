"""A way to stop the renewal: the viewer's own page, membership, settings, help, terms.

Likely captions are followed depth first, then entries of the viewer's own pages that say nothing known.
What comes of the control that stops a renewal is `cancel_course`'s. Presses that pass a gate are not counted.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urldefrag

from payaudit.model.evidence import Box, Target
from payaudit.perceive.controls import Control
from payaudit.perceive.gates import gate_of
from payaudit.perceive.intents import best
from payaudit.perceive.taboo import taboo
from payaudit.walk.agenda import Budget, OutOfShare
from payaudit.walk.goals.cancel_course import Course, stops_left
from payaudit.walk.goals.cancel_ways import ROW, Lead, leads, leads_nowhere, mark, told
from payaudit.walk.goals.leave import exits
from payaudit.walk.goals.past_gates import past_gates
from payaudit.walk.goals.trail import Memory
from payaudit.walk.run import Run
from payaudit.walk.stage import View

_PARTS = {"agreement_link": 2, "menu": 2, ROW: 12}  # pages of a kind looked at, where not all
_INTENTS = {"agreement_link": "terms"}  # these are not read as the paywall's own agreements
_MOST = 4
_DEPTH = 7  # presses from the first page; a way longer than that is none to speak of
_SAME = 0.7  # share of the words in front that stay where a press only unfolds or switches something
_CHANGED = 1  # texts that a switch puts others in place of
_LOGIN = 0.6
_BACK = 0.6
_GATES = frozenset({"cookies", "age", "language", "install", "permission", "newsletter"})


@dataclass
class Sought:
    """What was looked at, and the control that stops the renewal where one was met."""

    pages: dict[str, tuple[int, int]] = field(default_factory=dict)
    found: View | None = None
    login: bool = False  # a page asked for an account
    cut: bool = False  # the budget's share ended before all was looked at
    led: bool = False  # something was there to follow
    pressed: set[tuple[str, str]] = field(default_factory=set)  # entries that were followed

    def saw(self, run: Run, view: View) -> None:
        """Count a page once."""
        self.pages.setdefault(view.scene.key, (view.step.run, view.step.number))
        self.login = self.login or bool(best("login", view.screen, run.lexicon, _LOGIN))

    def joined(self, later: Sought) -> Sought:
        """Both looks as one."""
        return Sought(
            {**self.pages, **later.pages},
            later.found or self.found,
            self.login or later.login,
            self.cut or later.cut,
            self.led or later.led,
            self.pressed | later.pressed,
        )

    def known(self) -> Sought:
        """What a further look need not look at again; past a login everything may be another page."""
        return Sought() if self.login else Sought(pages=dict(self.pages), pressed=set(self.pressed))


@dataclass(frozen=True)
class Place:
    """Where one is in the search: presses from the first page, and the entry that led here."""

    presses: int = 0
    depth: int = 0
    came_by: str = ""
    caption: str = ""
    renewals: bool = False  # it lies behind an entry to one's renewals


@dataclass(frozen=True)
class Start:
    """The page a look begins at, how to come to it anew, and the presses that it took to reach.

    ``known`` is what earlier looks have seen.
    """

    view: View
    anew: Callable[[], Awaitable[View]]
    presses: int = 0
    known: Sought = field(default_factory=Sought)


async def seek_cancel(run: Run, start: Start, budget: Budget, memory: Memory) -> Sought:
    """From the page in front on. What was looked at until the budget's share ended stands."""
    sought = start.known
    common = frozenset(mark(c, start.view) for c in start.view.screen.controls)
    seeker = _Search(run, start.anew, budget, memory, sought, common)
    try:
        view = await seeker.past_gates(start.view)
        await seeker.look(view, Place(start.presses))
    except OutOfShare:
        sought.cut = True
    return sought


@dataclass
class _Search:
    """One depth-first look through a site's own pages."""

    run: Run
    anew: Callable[[], Awaitable[View]]
    budget: Budget
    memory: Memory
    sought: Sought
    common: frozenset[tuple[str, str]]  # entries of the first page, which others repeat
    taken: dict[str, int] = field(default_factory=dict)
    path: list[tuple[str, str]] = field(default_factory=list)  # entries pressed from the first page

    async def past_gates(self, view: View) -> View:
        return await past_gates(self.run, view, self.budget, "cancel", self.memory)

    async def look(self, view: View, place: Place) -> bool:
        """Whether the control was found here or behind."""
        self.sought.saw(self.run, view)
        if await self._found_here(view, place):
            return True
        if place.depth < _DEPTH and await self._found_behind(place, view.scene.key):
            return True
        return await self._told_here(view, place)

    async def _found_behind(self, place: Place, key: str) -> bool:
        home = await self._back_to(key)
        while home is not None:
            lead = next((way for way in self._leads(home, place) if self._fresh(way, home)), None)
            if lead is None:
                return False
            self.sought.led = True
            if await self._follow(home, lead, place):
                return True
            last = self.run.last
            if last is not None and _same_page(home, last):
                home = last  # something was unfolded or switched: one is where one was
                continue
            if not any(self._fresh(way, home) for way in self._leads(home, place)):
                return False  # what called for this page goes back by itself
            home = await self._back_to(home.scene.key)
        return False

    def _leads(self, view: View, place: Place) -> list[Lead]:
        return leads(self.run, view, place.came_by, place.caption, self.common)

    async def _follow(self, view: View, lead: Lead, place: Place) -> bool:
        control, group, why = lead
        self.sought.pressed.add(mark(control, view))
        self.taken[group] = self.taken.get(group, 0) + 1
        self.budget.spend()
        after = await self.run.tap(
            control, "cancel", f"where a renewal may be stopped: {why}", intent=_INTENTS.get(group, group)
        )
        if after.scene.key == view.scene.key and not after.step.outcome.changed:
            return False
        renewals = place.renewals or group == "manage_renewal"
        behind = Place(place.presses + 1, place.depth + 1, group, control.label, renewals)
        if _same_page(view, after):
            return await self._found_here(after, behind)
        self.path.append(mark(control, view))
        gate = gate_of(after.screen, self.run.lexicon, self.run.info.locale)
        # A layer that leads on is the page that was asked for, whatever else it speaks of.
        if gate is not None and gate.kind in _GATES and not self._leads(after, behind):
            after = await self.past_gates(after)
        found = after.scene.key not in self.sought.pages and await self.look(after, behind)
        self.path.pop()
        return found

    async def _found_here(self, view: View, place: Place) -> bool:
        sought = self.sought
        course = Course(self.run, self.budget, sought.pressed, lambda seen: sought.saw(self.run, seen))
        control = next(iter(stops_left(self.run, view, sought.pressed)), None)
        if control is not None:
            found = await course.through(view, control, place.presses)
        elif place.renewals:
            found = await course.from_a_question(view, place.presses)
        else:
            found = None
        if found is not None:
            sought.found = found
        return found is not None

    async def _told_here(self, view: View, place: Place) -> bool:
        """A page of the viewer's own that shows the control to subscribers only, and says so.

        The press that a subscriber would make is not counted: it was not seen.
        """
        if not place.depth or told(self.run, view) is None:
            return False
        home = await self._back_to(view.scene.key)
        here = told(self.run, home) if home is not None else None
        if here is None:
            return False
        text, words = here
        x, y, width, height = text.box
        self.budget.spend()
        self.sought.found = await self.run.point_out(
            Target(node=text.node, label=words, role="text", box=Box(x=x, y=y, width=width, height=height)),
            "cancel",
            "this page says that the renewal would be stopped here; nothing renews yet",
            intent="cancel",
            value=str(place.presses),
        )
        return True

    def _fresh(self, way: Lead, view: View) -> bool:
        control, group, _ = way
        known = mark(control, view) in self.sought.pressed or leads_nowhere(control, view)
        return not known and self.taken.get(group, 0) < _PARTS.get(group, _MOST)

    async def _back_to(self, key: str) -> View | None:
        """The page one came from: closed, gone back to, or opened and walked to anew."""
        for _ in range(2):
            view = self.run.last
            if view is None or view.scene.key == key:
                return view
            way = next(iter(exits(self.run, view)), None) if view.screen.overlay is not None else None
            self.budget.spend()
            if way is not None:
                await self.run.tap(way[0], "cancel", f"back: {way[2]}", intent="back")
            elif await self.run.can_go_back():
                await self.run.back("cancel", "back to where one came from")
            elif (arrow := self._arrow(view)) is not None:
                await self.run.tap(arrow[0], "cancel", f"back: {arrow[1]}", intent="back")
            else:
                break
        view = self.run.last
        return view if view is not None and view.scene.key == key else await self._anew()

    def _arrow(self, view: View) -> tuple[Control, str] | None:
        """A page's own way back, where the browser has none."""
        found = best("back", view.screen, self.run.lexicon, _BACK)
        return next(((c, g.why) for c, g in found if taboo(c, view.screen, self.run.lexicon) is None), None)

    async def _anew(self) -> View | None:
        view = await self.past_gates(await self.anew())
        for before in self.path:
            control = next((c for c in view.screen.controls if mark(c, view) == before and c.enabled), None)
            if control is None:
                return None
            self.budget.spend()
            view = await self.run.tap(control, "cancel", "the way one came before", intent="again")
        return view


def _same_page(before: View, after: View) -> bool:
    """Whether a press only unfolded or switched something: address and most words in front are as before."""
    if (before.screen.overlay is None) != (after.screen.overlay is None):
        return False
    if urldefrag(before.step.url).url != urldefrag(after.step.url).url:
        return False
    was = {t.text.strip() for t in before.screen.front}
    now = {t.text.strip() for t in after.screen.front}
    return bool(was) and len(was & now) >= _SAME * len(was) and len(was - now) <= _CHANGED
