"""A run in WeChat DevTools: what a person would do, by the automation protocol."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast

from payaudit.model.evidence import Action, Goal, RunInfo
from payaudit.walk.devtools.hands import ProtocolHands
from payaudit.walk.devtools.protocol import Refused
from payaudit.walk.devtools.window import Window
from payaudit.walk.ends import Unreachable
from payaudit.walk.run import PATIENCE_S, Run
from payaudit.walk.stage import Crew, View

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page

    from payaudit.perceive.controls import Control
    from payaudit.walk.hands import Hands
    from payaudit.walk.rest import Rested

NOT_SHOWN = ("paint_order", "text_places", "traffic", "host_bars", "notes")
"""What the protocol never tells: the names of the gaps; ``extract.coverage`` has their words."""


class _Front:
    """Stands where a browser's page stands: nothing is asked of it but its address."""

    frames = ()

    def __init__(self, window: Window) -> None:
        self._window = window

    @property
    def url(self) -> str:
        """Of the mini-program's page in front."""
        return self._window.url

    def is_closed(self) -> bool:
        """A mini-program has a page as long as it runs."""
        return False


class DevToolsRun(Run):
    """Drives one window; made by ``DevToolsWorld.run``."""

    def __init__(self, info: RunInfo, window: Window, crew: Crew) -> None:
        super().__init__(info, cast("BrowserContext", None), crew, touch=True)
        self.window = window
        self._gaps: set[str] = set()

    async def start(self, page: Page | None = None) -> None:
        """Take the window as it is."""
        self._pages.append(page or cast("Page", _Front(self.window)))
        for name in NOT_SHOWN:
            self._gap(name)

    def stop(self) -> None:
        """Nothing was listened to."""

    async def open(self, url: str, why: str) -> View:
        """Start the mini-program's first page anew and capture it. Raises ``Unreachable``."""
        action = Action(verb="open", goal="enter", why=why, value=url)
        self.opened = url

        async def go() -> None:
            self.window.walls.forget()
            path = url.split("/", 3)[-1]
            try:
                await self.window.automation.wx("reLaunch", {"url": f"/{path}"})
            except Refused as said:
                raise Unreachable(f"WeChat DevTools: {said}") from said
            self._note("navigation", url=url)

        return await self.act(action, go, patience_s=PATIENCE_S)

    async def bring(self, control: Control, goal: Goal) -> tuple[View, Control]:
        """Scroll until the control can be met; the same control again if it cannot."""
        view = self._seen()
        why = f"“{control.label[:30]}” lies outside the view"
        hands = self._fingers()
        action = Action(verb="scroll", goal=goal, why=why, value="to it")
        view = await self.act(action, lambda: hands.bring(control.node))
        same = [
            c
            for c in view.screen.controls
            if c.label == control.label and c.role == control.role and c.words == control.words
        ]
        return view, next((c for c in same if c.tap is not None), control)

    async def back(self, goal: Goal, why: str) -> View:
        """The device's back: leave a question of the host, else the page."""

        async def go() -> None:
            if self.window.walls.modals:
                await self.window.walls.answer(-1)
            elif self.window.stack > 1:
                await self._wx("navigateBack", {"delta": 1})
            else:
                self._note("navigation", url="", note="back would leave the mini-program; it was not pressed")

        return await self.act(Action(verb="back", goal=goal, why=why), go, patience_s=PATIENCE_S)

    async def type_into(
        self, control: Control, text: str, goal: Goal, why: str, *, shown: str | None = None
    ) -> View:
        """Fill a field in; ``shown`` stands in the evidence for what is nobody's business."""
        hands = self._fingers()
        handle = hands.handle(control.node)
        action = Action(verb="type", goal=goal, why=why, value=text if shown is None else shown)
        tag = self._seen().screen.tree.nodes[control.node].tag

        async def fill() -> None:
            if isinstance(handle, dict):
                await hands.fill(handle, tag, text)

        return await self.act(action, fill)

    async def enter(self, goal: Goal, why: str) -> View:
        """The protocol has no keys: nothing is pressed."""
        action = Action(verb="type", goal=goal, why=why, intent="enter", value="")
        return await self.act(action, lambda: asyncio.sleep(0))

    async def _wx(self, method: str, argument: dict[str, Any]) -> None:
        try:
            await self.window.automation.wx(method, argument)
        except Refused as said:
            self._note("request_failed", message=f"wx.{method}: {said}")

    async def _has_history(self) -> bool:
        return self.window.stack > 1 or bool(self.window.walls.modals)

    async def _still_there(self, control: Control, view: View) -> bool:  # noqa: ARG002 - elements are named, not met at a point
        return True

    def _fingers(self) -> ProtocolHands:
        def note(message: str) -> None:
            self._note("page_error", message=message)

        return ProtocolHands(self.window, self._seen().screen, note)

    async def _hands(self) -> Hands:
        return cast("Hands", self._fingers())

    async def _settle(self, mark: str | None, patience_s: float) -> tuple[Rested, Page]:  # noqa: ARG002 - the window knows what it showed last
        rested = await self.window.rest(patience_s)
        window = self.window
        seen = {"tap_handlers": window.guessed, "elements": window.cut, "places": window.unplaced}
        for name, lacks in seen.items():
            if lacks:
                self._gap(name)
        return rested, self.page

    async def _picture(self, page: Page) -> bytes | None:  # noqa: ARG002 - there is one window
        return await self.window.picture()

    def _gap(self, name: str) -> None:
        if name not in self._gaps:
            self._gaps.add(name)
            self._note("runtime_gap", kind="devtools", name=name, detail="", page=self.window.url)
