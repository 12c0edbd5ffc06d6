"""A run whose acts are an investigator's: each is held, the screen captured, and only then made.

What comes by itself or past the page (the browser's own back button, a tab that is
closed, an address typed) is captured as soon as it has come to rest.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from playwright.async_api import Error

from payaudit.model.evidence import Action, Box, Goal, RunInfo, Target, Verb
from payaudit.perceive.controls import Control
from payaudit.walk.held import Deed, Held
from payaudit.walk.meaning import BY_HAND, control_at, may_pay, meaning, spends_balance
from payaudit.walk.questions import Questions
from payaudit.walk.rest import Rested, fingerprint, still
from payaudit.walk.run import PATIENCE_S, Point, Run
from payaudit.walk.secret import PASSWORD, Secrets, placeholder
from payaudit.walk.snapshot import capture
from payaudit.walk.stage import Crew, View

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, CDPSession, Dialog, Frame, Page

_DIALOG_S = 3600.0  # an investigator may think about a question, or write it down
_ASK_S = 0.1  # after a press, in which a page asks its question
_TYPED = frozenset({"typed", "auto_bookmark", "generated", "keyword", "reload"})
_FIELDS = frozenset({"input", "select"})
_SAME_PX = 16.0  # a finger's width: a second press as near is the first one again
_FOCUS_S = 0.3  # of a pressed field, of which nothing more is to be seen
_AWAY = frozenset({"close", "decline", "back"})


@dataclass(frozen=True)
class Hold:
    """What holds the input, and what of it is not kept."""

    held: Held
    secrets: Secrets


class ByHand(Run):
    """Carries out what ``Held`` tells of."""

    def __init__(
        self, info: RunInfo, context: BrowserContext, crew: Crew, hold: Hold, *, touch: bool
    ) -> None:
        super().__init__(info, context, crew, touch=touch)
        self.held, self._secrets = hold.held, hold.secrets
        self._patience_s = _DIALOG_S
        self.dialogs.person = self._answered
        self.sold = False
        self._questions = Questions()
        self._ids: dict[str, Page] = {}
        self._at: dict[Page, int] = {}
        self._acting = False
        self._closed = 0
        self._pressed_last: Deed | None = None
        self._seen_at = 0.0

    def _new_page(self, page: Page) -> None:
        super()._new_page(page)

        def gone(_: Page) -> None:
            self._closed += not self._acting
            self.held.deeds.put_nowait(None)

        def went(frame: Frame) -> None:
            if frame is page.main_frame and not self._acting:
                self.held.deeds.put_nowait(None)

        page.on("close", gone)
        page.on("framenavigated", went)

    async def take(self, deed: Deed | None) -> View | None:
        """Carry out one deed; None where nothing came of it. ``None`` stands for a page that moved."""
        await self._questions.none_left()
        if deed is None:
            return await self._moved()
        kind = deed.told.kind
        if kind == "press" and self._again(deed):
            return None
        await self._front(self.held.target(deed))
        if kind == "typed":
            return await self._note_typed(deed)
        if kind == "scroll":
            return await self._scrolled(deed)
        view = await self._fresh()
        return await (self._entered() if kind == "enter" else self._aimed(deed, view))

    async def _scrolled(self, deed: Deed) -> View:
        told = deed.told
        by = f"{told.x:.0f},{told.y:.0f} {told.by:.0f}"
        why = "scrolled by the investigator"
        return await self._do(Action(verb="scroll", goal=self._goal(), why=why, value=by))

    async def _aimed(self, deed: Deed, view: View) -> View | None:
        told, point = deed.told, await self._point(deed, view)
        if point is None or not await self.held.still(deed):
            return None
        self._pressed_last = deed
        if told.kind == "swipe":
            return await self._swiped(point, (point[0] + told.x2 - told.x, point[1] + told.y2 - told.y))
        return await self._pressed(view, point)

    def _again(self, deed: Deed) -> bool:
        """Whether the same place was pressed once more before anything could be seen of the first press."""
        last = self._pressed_last
        if (
            last is None
            or deed.at > self._seen_at
            or (last.session, last.context) != (deed.session, deed.context)
        ):
            return False
        return abs(last.told.x - deed.told.x) + abs(last.told.y - deed.told.y) < _SAME_PX

    async def _pressed(self, view: View, point: Point) -> View | None:
        control = control_at(view.screen, *point)
        intent, offer = meaning(view.screen, view.scene, control, self.lexicon)
        if self._stored and control is not None and spends_balance(view.screen, control, self.lexicon):
            why = f"“{control.label[:30]}” was not pressed: it would spend the account's balance"
            return await self._do(Action(verb="wait", goal=self._goal(intent), why=why, value="0 s"))
        action = Action(
            verb="tap",
            goal=self._goal(intent),
            why="pressed by the investigator",
            intent=intent,
            offer=offer,
            target=_target(control),
            value=f"{point[0]:.0f},{point[1]:.0f}",
        )

        async def press() -> None:
            async with self.held.passing(click=True):
                await (await self._hands()).tap(*point, view.screen.tree)

        if may_pay(view.scene, intent):
            # Armed until the next press: what a page asks for late is asked for by this one.
            self._guard.arm(self.page.url)
            await self._guard.ready()
        else:
            self._guard.disarm()
            self._guard.calm()
        field = control is not None and control.role in _FIELDS
        return await self._do(action, press, patience_s=_FOCUS_S if field else PATIENCE_S)

    async def _entered(self) -> View:
        action = Action(verb="type", goal=self._goal(), why="the enter key", intent="enter", value="")

        async def press() -> None:
            async with self.held.passing(click=False):
                await self.page.keyboard.press("Enter")

        return await self._do(action, press, patience_s=PATIENCE_S)

    async def _swiped(self, start: Point, end: Point) -> View:
        action = Action(
            verb="swipe",
            goal=self._goal(),
            why="drawn by the investigator",
            value=f"{start[0]:.0f},{start[1]:.0f} {end[0]:.0f},{end[1]:.0f}",
        )

        async def draw() -> None:
            async with self.held.passing(click=False):
                await (await self._hands()).drag(start, end)

        return await self._do(action, draw, patience_s=PATIENCE_S)

    async def _note_typed(self, deed: Deed) -> View:
        told = deed.told
        shown = placeholder(told.value, told.type, told.auto, secret=told.secret)
        if shown == PASSWORD:
            self._secrets.add(told.value)
        view = await self._look()
        point = await self._point(deed, view)
        control = control_at(view.screen, *point) if point is not None else None
        action = Action(
            verb="type",
            goal=self._goal(),
            why="typed by the investigator",
            intent="type",
            target=_target(control),
            value=shown,
        )
        return await self._do(action)

    async def _moved(self) -> View | None:
        if not self.depth:
            return None
        if self._closed:
            self._closed = 0
            await self._forget_closed()
            return await self._do(self._plain("back", "a page was closed by the investigator"))
        page = self.page
        if page not in self._at:
            return None  # a new one: the act that opened it captures it
        session = await self._session(page)
        history = await session.send("Page.getNavigationHistory")
        index, entries = int(history["currentIndex"]), history["entries"]
        before, self._at[page] = self._at[page], index
        entry = entries[index]
        if index < before:
            return await self._do(self._plain("back", "the browser's back button"))
        if str(entry.get("transitionType")) in _TYPED:
            action = self._plain("open", "an address that the investigator opened", str(entry["url"]))
            return await self._do(action)
        return await self._fresh()

    async def _forget_closed(self) -> None:
        self._pages[:] = [p for p in self._pages if not p.is_closed()]

    async def _fresh(self) -> View:
        """The screen as it stands, captured anew where it is no longer the last one captured."""
        session = await self._session(self.page)
        mark, edges = fingerprint(await capture(self.page, session))
        view = self._seen()
        if mark == view.mark and still(edges, view.rest.edges):
            return view
        return await self._do(self._plain("capture", "the screen as it stood before what follows"))

    async def _look(self) -> View:
        """The last capture, or a new one where the page has since been replaced."""
        view = self._seen()
        return view if view.step.url == self.page.url else await self._fresh()

    async def _do(
        self, action: Action, do: Callable[[], Awaitable[None]] | None = None, *, patience_s: float = 0.0
    ) -> View:
        async def whole() -> None:
            if do is not None:
                await do()
                await asyncio.sleep(_ASK_S)
            await self._questions.none_left()

        self._acting = True
        try:
            view = await self.act(action, whole, patience_s=patience_s)
        finally:
            self._acting = False
        self._closed = 0
        self._seen_at = asyncio.get_running_loop().time()
        self.sold = self.sold or view.scene.kind == "paywall"
        await self._remember()
        return view

    async def _capture(self, action: Action, started: datetime, rested: Rested, page: Page) -> View:
        kept = replace(rested, snapshot=self._secrets.without(rested.snapshot))
        return await super()._capture(action, started, kept, page)

    async def _settle(self, mark: str | None, patience_s: float) -> tuple[Rested, Page]:
        while True:
            try:
                return await super()._settle(mark, patience_s)
            except TimeoutError:
                if not self._questions.open:
                    raise
                await self._questions.none_left()  # nothing of the page can be read while its question stands

    async def _remember(self) -> None:
        """Where in its history the page in front stands, so that a later back is known for one."""
        page = self.page
        with contextlib.suppress(Error):
            history = await (await self._session(page)).send("Page.getNavigationHistory")
            self._at[page] = int(history["currentIndex"])

    def _goal(self, intent: str = BY_HAND) -> Goal:
        if intent in {"pay", "choose"}:
            return "offers"
        if not self.sold:
            return "paywall"
        return "leave" if intent in _AWAY else "read"

    def _plain(self, verb: Verb, why: str, value: str | None = None) -> Action:
        goal: Goal = self._goal("back" if verb == "back" else BY_HAND)
        return Action(verb=verb, goal=goal, why=why, value=value)

    async def _point(self, deed: Deed, view: View) -> Point | None:
        """Where a deed lies in the view of the whole page."""
        told = deed.told
        if told.top:
            return told.x, told.y
        backend = await self.held.backend(deed)
        own = self._ids.get(self.held.target(deed)) is not None
        for node in view.screen.tree.nodes:
            if node.backend == backend and (node.tree == 0) == own and node.box is not None:
                return node.box[0] + told.dx, node.box[1] + told.dy
        return None

    async def _front(self, target: str) -> None:
        """Bring the page that was acted on to the front of the run's pages."""
        for page in [p for p in self._pages if not p.is_closed() and p not in self._ids.values()]:
            info = await (await self._session(page)).send("Target.getTargetInfo")
            self._ids[str(info["targetInfo"]["targetId"])] = page
        found = self._ids.get(target)
        if found is not None and not found.is_closed() and found is not self.page:
            self._pages.remove(found)
            self._pages.append(found)
            self.last = None
            await self._do(self._plain("capture", "another page that the investigator turned to"))

    async def _session(self, page: Page) -> CDPSession:
        known = page in self._sessions
        session = await super()._session(page)
        if not known:
            await self._questions.watch(page, session)
        return session

    async def _answered(self, dialog: Dialog) -> str:
        """Wait for the investigator's answer to a question of the page's."""
        if dialog.page is not None:
            await self._session(dialog.page)
        return await self._questions.answered(dialog)


def _target(control: Control | None) -> Target | None:
    if control is None:
        return None
    x, y, width, height = control.box
    return Target(
        node=control.node,
        label=control.label[:200],
        role=control.role,
        box=Box(x=x, y=y, width=width, height=height),
    )
