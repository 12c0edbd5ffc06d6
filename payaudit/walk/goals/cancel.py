"""A way to stop the renewal: the viewer's own page, membership, settings, help, terms.

Likely captions are followed depth first and never beyond what leads on: the control that stops the
renewal is captured and not pressed, except where it is a mere link to a further page or says itself
that a further step follows. Presses that pass a gate are not counted.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from payaudit.model.evidence import Box, Target
from payaudit.perceive.controls import Control
from payaudit.perceive.gates import gate_of
from payaudit.perceive.intents import best
from payaudit.walk.agenda import Budget, OutOfShare
from payaudit.walk.goals.cancel_ways import (
    ROW,
    Lead,
    goes_on,
    leads,
    leads_nowhere,
    mark,
    onward,
    opens_page,
    stops,
    told,
)
from payaudit.walk.goals.leave import exits
from payaudit.walk.goals.past_gates import past_gates
from payaudit.walk.goals.trail import Memory
from payaudit.walk.run import Run, target_of
from payaudit.walk.stage import View

_PARTS = {"agreement_link": 2, "menu": 2, ROW: 8}  # pages of a kind looked at, where not all
_INTENTS = {"agreement_link": "terms"}  # these are not read as the paywall's own agreements
_MOST = 4
_DEPTH = 4  # presses from the first page; a way longer than that is none to speak of
_FURTHER = 4  # pages between the first control that says "cancel" and the one that does
_LOGIN = 0.6
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
    seeker = _Search(run, start.anew, budget, memory, sought)
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
            if not any(self._fresh(way, home) for way in self._leads(home, place)):
                return False  # what called for this page goes back by itself
            home = await self._back_to(home.scene.key)
        return False

    def _leads(self, view: View, place: Place) -> list[Lead]:
        return leads(self.run, view, place.came_by, place.caption)

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
        self.path.append(mark(control, view))
        gate = gate_of(after.screen, self.run.lexicon, self.run.info.locale)
        behind = Place(place.presses + 1, place.depth + 1, group, control.label)
        # A layer that leads on is the page that was asked for, whatever else it speaks of.
        if gate is not None and gate.kind in _GATES and not self._leads(after, behind):
            after = await self.past_gates(after)
        found = after.scene.key not in self.sought.pages and await self.look(after, behind)
        self.path.pop()
        return found

    async def _found_here(self, view: View, place: Place) -> bool:
        control = next(iter(self._stops(view)), None)
        return control is not None and await self._through(view, control, place.presses)

    def _stops(self, view: View) -> list[Control]:
        return [c for c in stops(self.run, view) if mark(c, view) not in self.sought.pressed]

    async def _through(self, view: View, control: Control, presses: int) -> bool:
        """From the first control that says it to the one that does; a link, a form, a plea lie between."""
        for _ in range(_FURTHER):
            if not self._leads_on(control):
                break
            self.sought.pressed.add(mark(control, view))
            self.budget.spend()
            label = control.label.strip()
            after = await self.run.tap(
                control, "cancel", f"it leads to where a renewal is stopped: “{label}”", intent="cancel_link"
            )
            if after.scene.key == view.scene.key and not after.step.outcome.changed:
                return False
            presses += 1
            self.sought.saw(self.run, after)
            further = self._stops(after)
            if not further:
                after, presses, further = await self._onward(after, presses)
            if not further:
                return await self._asked(after, presses)
            view, control = after, next((c for c in further if not opens_page(c)), further[0])
        if control.tap is None:
            self.budget.spend()
            _, control = await self.run.bring(control, "cancel")
        await self._point_out(target_of(control), presses + 1)
        return True

    async def _onward(self, view: View, presses: int) -> tuple[View, int, list[Control]]:
        """Through pages that only ask why and lead on by a plain “Next”, to the one that stops it.

        With somebody's own account none is pressed.
        """
        for _ in range(_FURTHER):
            control = None if self.run.stored else onward(self.run, view)
            if control is None:
                break
            self.budget.spend()
            label = control.label.strip()
            after = await self.run.tap(
                control,
                "cancel",
                f"a page on the way to the end of a renewal: “{label}”",
                intent="cancel_link",
            )
            if after.scene.key == view.scene.key:
                break  # a note that something is missing is no further page
            view, presses = after, presses + 1
            self.sought.saw(self.run, view)
            if further := self._stops(view):
                return view, presses, further
        return view, presses, []

    def _leads_on(self, control: Control) -> bool:
        """With somebody's own account nothing but a link is pressed: it might be a step too far."""
        return opens_page(control) or (goes_on(self.run, control) and not self.run.stored)

    async def _asked(self, view: View, presses: int) -> bool:
        """A form or a login before what stops the renewal."""
        asked = [c for c in view.screen.reachable if c.role in {"input", "select"}]
        asked += [c for c, _ in best("login", view.screen, self.run.lexicon, _LOGIN)]
        for control in asked[:1]:
            await self._point_out(target_of(control), presses)
        return bool(asked)

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
        await self._point_out(
            Target(node=text.node, label=words, role="text", box=Box(x=x, y=y, width=width, height=height)),
            place.presses,
            "this page says that the renewal would be stopped here; nothing renews yet",
        )
        return True

    async def _point_out(
        self, target: Target, presses: int, why: str = "this stops the renewal; it is not pressed"
    ) -> None:
        self.budget.spend()
        self.sought.found = await self.run.point_out(
            target, "cancel", why, intent="cancel", value=str(presses)
        )

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
            else:
                break
        view = self.run.last
        return view if view is not None and view.scene.key == key else await self._anew()

    async def _anew(self) -> View | None:
        view = await self.past_gates(await self.anew())
        for before in self.path:
            control = next((c for c in view.screen.controls if mark(c, view) == before and c.enabled), None)
            if control is None:
                return None
            self.budget.spend()
            view = await self.run.tap(control, "cancel", "the way one came before", intent="again")
        return view
