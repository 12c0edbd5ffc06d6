"""What one run plays on: the pages of a context, what they do, and every capture of them.

An act is carried out, the page comes to rest, and the screen is captured with
everything that happened since the last capture; each capture is a step on disk.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from playwright.async_api import Error

from payaudit.evidence.layout import READINGS
from payaudit.model.evidence import Action, Event, EventKind, Outcome, RunInfo, Step
from payaudit.perceive.paint import area
from payaudit.perceive.pictured import silent_pictures
from payaudit.perceive.scene import Scene, read_scene
from payaudit.perceive.screen import Screen, build
from payaudit.walk.clock import Clock
from payaudit.walk.dialogs import Dialogs
from payaudit.walk.ends import WalkCut
from payaudit.walk.eyes import Eyes, png_width
from payaudit.walk.hands import Hands
from payaudit.walk.photo import Glass, photograph, straighten
from payaudit.walk.rest import Rested, Traffic, still
from payaudit.walk.shown_codes import shown_codes
from payaudit.walk.viewer import asked_for

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, CDPSession, ConsoleMessage, Frame, Page, Response

    from payaudit.evidence.write import EvidenceWriter
    from payaudit.model.readings import Readings
    from payaudit.perceive.lexicon import Lexicon
    from payaudit.walk.guard import Guard

OPEN_TIMEOUT_MS = 30_000
_PICTURE_SHARE = 0.25  # of the viewport; a page drawn in pictures covers more
_SELLING = frozenset({"paywall", "offers"})  # goals that press to pay
_PAYS = frozenset({"pay", "unlock"})
_TRIES = 8  # to read a page that is being closed or replaced
_OF_WHAT_STAYS = 2  # the last of them


@dataclass(frozen=True)
class View:
    """A captured step with its screen and what it was taken for."""

    step: Step
    screen: Screen
    scene: Scene
    rest: Rested

    @property
    def mark(self) -> str:
        """Hash of its structure."""
        return self.rest.mark


@dataclass
class Pace:
    """Where the time of a walk goes, in seconds."""

    waiting: float = 0.0
    acting: float = 0.0
    apart: float = 0.0  # between visits that must lie apart, with nothing else left to do
    steps: int = 0


@dataclass(frozen=True)
class Crew:
    """What serves all runs of a walk alike."""

    guard: Guard
    writer: EvidenceWriter
    lexicon: Lexicon
    pace: Pace
    eyes: Eyes
    stored: bool = False  # a session of somebody's own: nothing that spends its balance is pressed
    clock: Clock = field(default_factory=Clock)


class Stage:
    """One context and its captures; not safe for concurrent use."""

    def __init__(self, info: RunInfo, context: BrowserContext, crew: Crew, *, touch: bool) -> None:
        self.info = info
        self.lexicon = crew.lexicon
        self.clock = crew.clock
        self.currency: str | None = None
        self.glass: Glass | None = None  # the screen that the context stands for; None: the browser's own
        self.refused = False  # a payment call was refused in this run
        self.dialogs = Dialogs(
            self._dialog, lambda message: asked_for(message, crew.lexicon, info.locale.partition("-")[0])
        )
        self.number = 0
        self.last: View | None = None
        self._context = context
        self._guard = crew.guard
        self._writer = crew.writer
        self._pace = crew.pace
        self._touch = touch
        self._stored = crew.stored
        self._patience_s = OPEN_TIMEOUT_MS / 1000 + 15
        self._eyes = crew.eyes
        self._events: list[Event] = []
        self._pages: list[Page] = []
        self._sessions: dict[Page, CDPSession] = {}
        self._traffic = Traffic()
        self._lasting: tuple[str, ...] = ()
        self._codes: set[str] = set()

    async def start(self, page: Page | None = None) -> None:
        """Open the first, empty page, or take one that is open."""
        self._context.on("page", self._new_page)
        if page is None:
            await self._context.new_page()
        else:
            self._new_page(page)

    @property
    def stored(self) -> bool:
        """Whether it has somebody's own session."""
        return self._stored

    def stop(self) -> None:
        """Look at no further page of a context that outlives the run."""
        self._context.remove_listener("page", self._new_page)

    @property
    def pages(self) -> tuple[Page, ...]:
        """Those that are open, the one in front last."""
        return tuple(p for p in self._pages if not p.is_closed())

    @property
    def page(self) -> Page:
        """The page in front: the newest one that is still open."""
        while self._pages and self._pages[-1].is_closed():
            self._pages.pop()
        if not self._pages:
            raise WalkCut("every page was closed")
        return self._pages[-1]

    @property
    def depth(self) -> int:
        """How many pages are open."""
        return sum(not p.is_closed() for p in self._pages)

    async def act(
        self, action: Action, do: Callable[[], Awaitable[None]], *, patience_s: float = 0.0
    ) -> View:
        """Carry out one act, wait for rest, capture, and write the step."""
        if self._guard.lost.is_set():
            raise WalkCut("the guard lost its hold on the browser; nothing was let out")
        self.number += 1
        await self.clock.begin(self.info.number, self.number)
        started = self.clock.now()
        self._guard.set_step(self.info.number, self.number)
        self.dialogs.count = 0
        clock = asyncio.get_running_loop().time
        before = clock()
        mark = self.last.mark if self.last else None
        try:
            # Not wait_for: on Python 3.11 it swallows a Ctrl-C that comes as the act ends.
            async with asyncio.timeout(self._patience_s):
                await self._carry_out(do)
            self._pace.acting += clock() - before
            rested, page = await self._settle(mark, patience_s)
        except (Error, TimeoutError) as error:
            if self._guard.lost.is_set():
                raise WalkCut("the guard lost its hold on the browser; nothing was let out") from error
            if self.dialogs.endless:
                raise WalkCut("the page raised dialogs without end") from error
            if isinstance(error, TimeoutError):
                raise WalkCut("the page stopped answering") from error
            raise WalkCut(f"the browser lost the page: {str(error).partition(chr(10))[0]}") from error
        self._pace.waiting += rested.seconds
        self._pace.steps += 1
        return await self._capture(action, started, rested, page)

    async def _carry_out(self, do: Callable[[], Awaitable[None]]) -> None:
        """Do it; a pop-up that closes itself under the finger has taken the act with it, and is no end."""
        aimed_at = self._pages[-1] if self._pages else None
        try:
            await do()
        except Error:
            if aimed_at is None or not aimed_at.is_closed() or not self.pages:
                raise
            self._note("page_error", message="the page that was acted upon closed itself meanwhile")

    def _new_page(self, page: Page) -> None:
        def navigated(frame: Frame) -> None:
            if frame is page.main_frame:
                self._note("navigation", url=frame.url)

        def said(message: ConsoleMessage) -> None:
            if message.type == "error":
                self._note("console_error", message=message.text[:500])

        def answered(response: Response) -> None:
            hop = _hop(response, page)
            if hop is not None:
                self._note("navigation", **hop)

        if self._pages:
            self._note("popup", url=page.url)
        self._pages.append(page)
        self._traffic.watch(page)
        self.dialogs.watch(page)
        page.on("response", answered)
        page.on("framenavigated", navigated)
        page.on("console", said)
        page.on("pageerror", lambda e: self._note("page_error", message=str(e)[:500]))
        page.on("download", lambda d: self._note("download", url=d.url))

    def _dialog(self, kind: str, message: str, answer: str) -> None:
        self._note("dialog", type=kind, message=message, answer=answer)

    def _note(self, kind: EventKind, /, **data: object) -> None:
        self._events.append(Event(kind=kind, at=self.clock.now(), data=data))

    def intervene(self, what: str, why: str) -> None:
        """Keep with the next step that the walk itself did something that may change what is shown."""
        self._note("intervention", what=what, why=why)

    async def _session(self, page: Page) -> CDPSession:
        if page not in self._sessions:
            self._sessions[page] = await self._context.new_cdp_session(page)
        return self._sessions[page]

    async def _hands(self) -> Hands:
        return Hands(self.page, await self._session(self.page), touch=self._touch)

    def _seen(self) -> View:
        if self.last is None:
            raise WalkCut("nothing has been captured yet")
        return self.last

    async def _settle(self, mark: str | None, patience_s: float) -> tuple[Rested, Page]:
        for attempt in range(_TRIES):
            # Where pop-ups come and go, the page that stayed is looked at in the end.
            page = self.page
            if attempt >= _TRIES - _OF_WHAT_STAYS:
                page = self.pages[0]
            try:
                session = await self._session(page)
                rested = await self.clock.rest(
                    page, session, self._traffic, differs_from=mark, patience_s=patience_s
                )
                popup = page is not self._pages[0]
                if popup and self.glass is not None and await straighten(session, self.glass):
                    rested = await self.clock.rest(page, session, self._traffic)
                # A page that was opened meanwhile is the one to capture, in snapshot and picture alike.
                if page is self.page or attempt >= _TRIES - _OF_WHAT_STAYS:
                    return rested, page
                patience_s = 0.0
            except Error:
                # The page was closed or replaced while it was read: look at the one in front now.
                if attempt == _TRIES - 1 or self.dialogs.endless:
                    raise
                await asyncio.sleep(0.2)
        raise WalkCut("the page never held still")

    async def _picture(self, page: Page) -> bytes | None:
        try:
            session = await self._session(page)
        except Error:
            return None
        return await photograph(page, session, self.glass)

    async def _capture(self, action: Action, started: datetime, rested: Rested, page: Page) -> View:
        shot = await self._picture(page)
        captured = self.clock.captured()
        raw = json.loads(rested.snapshot)
        screen = build(raw)
        scene = read_scene(screen, self.lexicon, self.currency, action.intent)
        readings = await self._look_closer(screen, scene, shot)
        if readings is not None and readings.lines:
            screen = build(raw, readings.lines)
            scene = read_scene(screen, self.lexicon, self.currency, action.intent)
        if action.goal in _SELLING and (action.intent in _PAYS or action.verb == "wait"):
            await self._keep_codes(screen, shot)
        events = sorted([*self._events, *self._guard.events()], key=lambda e: e.at)
        self._events = []
        note = None if rested.rested else "the page did not come to rest before it was captured"
        if shot is None:
            note = "no screenshot could be taken" if note is None else f"{note}; no screenshot could be taken"
        step = Step(
            run=self.info.number,
            number=self.number,
            goal=action.goal,
            started=started,
            captured=captured,
            seen=rested.at,
            action=action,
            events=tuple(events),
            outcome=Outcome(changed=self._changed(rested), url=page.url, note=note),
            title=screen.tree.title,
            url=page.url,
            scene=scene.kind,
            interventions=self._interventions(events),
        )
        extra = {READINGS: readings.model_dump_json(indent=1).encode()} if readings is not None else None
        self._writer.add_step(step, rested.snapshot, shot, extra=extra)
        self.clock.end()
        self.last = View(step, screen, scene, rested)
        return self.last

    async def _look_closer(self, screen: Screen, scene: Scene, shot: bytes | None) -> Readings | None:
        """Read pictures where they may sell: on a layer or paywall, and where a page is drawn in them."""
        if shot is None:
            return None
        layer = screen.overlay is not None or scene.kind in {"paywall", "plea", "gate"} or bool(scene.pays)
        pictures = silent_pictures(screen.paint, screen.texts, screen.scope if layer and screen.front else 0)
        covered = sum(area(p.box) for p in pictures)
        if not layer and covered < _PICTURE_SHARE * screen.width * screen.height:
            return None
        return await self._eyes.read(shot, png_width(shot) / screen.width, pictures)

    async def _keep_codes(self, screen: Screen, shot: bytes | None) -> None:
        """Note each code that a wallet would pay by, the first time that it is shown."""
        for data in await shown_codes(screen, shot, self._guard.policy.calls):
            if data["url"] not in self._codes:
                self._codes.add(data["url"])
                self._events.append(Event(kind="payment_call", at=self.clock.now(), data=data))

    def _interventions(self, events: list[Event]) -> tuple[str, ...]:
        """What of ours may show in this capture; a form that was sent shows in all later ones."""
        new = [str(e.data.get("what", "")) for e in events if e.kind == "intervention"]
        self._lasting = tuple(dict.fromkeys((*self._lasting, *filter(None, new))))
        return self._lasting

    def _changed(self, rested: Rested) -> bool:
        if self.last is None:
            return True
        before = self.last.rest
        return rested.mark != before.mark or not still(before.edges, rested.edges)


def _hop(response: Response, page: Page) -> dict[str, object] | None:
    """What to keep of an answer to the page's own navigation: a redirect, or an error's status."""
    request = response.request
    try:
        mine = request.is_navigation_request() and request.frame is page.main_frame
    except Error:
        return None  # the frame is gone with its page
    if not mine:
        return None
    if 300 <= response.status < 400 and "location" in response.headers:  # noqa: PLR2004 - HTTP: elsewhere
        return {"url": response.url, "status": response.status, "to": response.headers["location"]}
    if response.status >= 400:  # noqa: PLR2004 - HTTP: an error
        return {"url": response.url, "status": response.status}
    return None
