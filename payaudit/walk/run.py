"""One run: a fresh browser context under one persona, and what a person would do in it.

Every act goes through ``Stage.act``; nothing is touched before it has been captured.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from playwright.async_api import Error
from playwright.async_api import TimeoutError as PlaywrightTimeout

from payaudit.model.evidence import Action, Box, Candidate, Goal, Target
from payaudit.walk.ends import Unreachable
from payaudit.walk.meaning import spends_balance
from payaudit.walk.stage import OPEN_TIMEOUT_MS, Stage, View
from payaudit.walk.weighed import weighed

if TYPE_CHECKING:
    from payaudit.perceive.controls import Control
    from payaudit.perceive.tree import Tree

Point = tuple[float, float]
_SPLASH_S = 1.0
_SPLASHES = 4  # waits for what covers a page while it starts
PATIENCE_S = 1.5  # how long a press may take to show its first effect


class Run(Stage):
    """Drives one context. Made by ``Walk.run``; ``opened`` is the last address that was gone to."""

    opened: str = ""

    async def open(self, url: str, why: str) -> View:
        """Go to a URL and capture it. Raises ``Unreachable`` when no page comes of it."""
        action = Action(verb="open", goal="enter", why=why, value=url)
        self.opened = url

        async def go() -> None:
            try:
                response = await self.page.goto(url, timeout=OPEN_TIMEOUT_MS, wait_until="commit")
            except PlaywrightTimeout as error:
                raise Unreachable("net::ERR_TIMED_OUT") from error
            except Error as error:
                raise Unreachable(error.message.partition("\n")[0]) from error
            if response is not None:
                kind = response.headers.get("content-type", "")
                self._note(
                    "navigation",
                    url=response.url,
                    status=response.status,
                    reason=response.status_text,
                    content_type=kind,
                )

        view = await self.act(action, go)
        for _ in range(_SPLASHES):
            if not _splash(view):
                break
            view = await self.wait(_SPLASH_S, "enter", "what covers the page may go by itself")
        return view

    async def tap(  # noqa: PLR0913 - an act and its reasons
        self,
        control: Control,
        goal: Goal,
        why: str,
        *,
        intent: str | None = None,
        offer: str | None = None,
        candidates: tuple[Candidate, ...] = (),
        patience_s: float = PATIENCE_S,
    ) -> View:
        """Press a control of the last screen, scrolling it into view first if need be."""
        view = self._seen()
        if self._stored and spends_balance(view.screen, control, self.lexicon):
            label = control.label[:30]
            return await self.wait(
                0.2, goal, f"“{label}” was not pressed: it would spend the account's balance"
            )
        if control.tap is None:
            view, control = await self.bring(control, goal)
        point = control.tap
        if point is None:
            return await self.wait(0.2, goal, f"“{control.label[:30]}” could not be met by a finger")
        if not await self._still_there(control, view):
            # What stood there a moment ago has moved: look again, press nothing by mistake.
            return await self.wait(0.5, goal, f"the screen changed before “{control.label[:30]}” was pressed")
        action = Action(
            verb="tap",
            goal=goal,
            why=why,
            intent=intent,
            offer=offer,
            candidates=candidates or weighed(view.screen, self.lexicon, intent, control),
            target=target_of(control),
        )

        async def press() -> None:
            await (await self._hands()).tap(*point, view.screen.tree)

        if intent in {"pay", "choose", "unlock", "shop", "tab"}:
            # An episode's lock may lead to the shop's own paywall elsewhere; a control to pay to a cashier.
            self._guard.arm(None if intent == "unlock" else self.page.url)
            await self._guard.ready()
        elif intent != "agree":
            self._guard.calm()
        try:
            return await self.act(action, press, patience_s=patience_s)
        finally:
            self._guard.disarm()

    async def _still_there(self, control: Control, view: View) -> bool:
        """Whether the point still meets what the last capture showed there; True where it cannot be told."""
        tree = view.screen.tree
        if tree.nodes[control.node].tree or control.tap is None or tree.scale != 1.0:
            return True
        x, y = control.tap
        session = await self._session(self.page)
        try:
            hit = await session.send(
                "DOM.getNodeForLocation",
                {"x": round(x), "y": round(y + tree.scroll_y), "includeUserAgentShadowDOM": True},
            )
        except Error:
            return True
        expected = view.screen.paint.hit(x, y)
        around = {tree.nodes[i].backend for i in tree.subtree(control.node)}
        around |= {tree.nodes[i].backend for i in tree.ancestors(control.node)[:3]}
        if expected is not None:
            around |= {tree.nodes[i].backend for i in tree.subtree(expected)}
        return hit["backendNodeId"] in around or not _known(hit["backendNodeId"], tree)

    async def bring(self, control: Control, goal: Goal) -> tuple[View, Control]:
        """Scroll until the control can be met; the same control again if it cannot."""
        view = self._seen()
        node = view.screen.tree.nodes[control.node]

        async def into_view() -> None:
            session = await self._session(self.page)
            with contextlib.suppress(Error):
                await session.send("DOM.scrollIntoViewIfNeeded", {"backendNodeId": node.backend})
                # What is in view already may still lie under a bar at the edge.
                held = await session.send("DOM.resolveNode", {"backendNodeId": node.backend})
                await session.send(
                    "Runtime.callFunctionOn",
                    {"objectId": held["object"]["objectId"], "functionDeclaration": _TO_THE_MIDDLE},
                )

        if node.tree == 0:
            why = f"“{control.label[:30]}” lies outside the view"
            view = await self.act(Action(verb="scroll", goal=goal, why=why, value="to it"), into_view)
        found = [
            c
            for c in view.screen.controls
            if c.label == control.label and c.role == control.role and c.words == control.words
        ]
        reachable = [c for c in found if c.tap is not None]
        same = [c for c in reachable if view.screen.tree.nodes[c.node].backend == node.backend]
        return view, next(iter(same or reachable), control)

    async def scroll(self, goal: Goal, why: str, *, up: bool = False) -> View:
        """Swipe the region in front, or the page, by most of its height."""
        view = self._seen()
        nodes = view.screen.scrollers
        region = (0.0, 0.0, view.screen.width, view.screen.height)
        if nodes:
            node = max(nodes, key=lambda n: (n.box or (0, 0, 0, 0))[2] * (n.box or (0, 0, 0, 0))[3])
            region = view.screen.paint.shown(node.index)
        action = Action(verb="scroll", goal=goal, why=why, value="up" if up else "down")

        async def move() -> None:
            hands = await self._hands()
            await (hands.swipe_down(region) if up else hands.swipe_up(region))

        return await self.act(action, move, patience_s=0.3)

    async def swipe_feed(self, goal: Goal, why: str) -> View:
        """A long swipe up over the whole screen, as to the next item of a feed."""
        view = self._seen()
        region = (0.0, view.screen.height * 0.1, view.screen.width, view.screen.height * 0.8)
        action = Action(verb="swipe", goal=goal, why=why, value="up")

        async def move() -> None:
            await (await self._hands()).swipe_up(region, 0.85)

        return await self.act(action, move, patience_s=PATIENCE_S)

    async def tap_point(self, x: float, y: float, goal: Goal, why: str) -> View:
        """Press a bare point: outside a layer, or a picture that hides its controls."""
        view = self._seen()
        action = Action(verb="outside_tap", goal=goal, why=why, value=f"{x:.0f},{y:.0f}")

        async def press() -> None:
            await (await self._hands()).tap(x, y, view.screen.tree)

        return await self.act(action, press, patience_s=PATIENCE_S)

    async def type_into(
        self, control: Control, text: str, goal: Goal, why: str, *, shown: str | None = None
    ) -> View:
        """Press a field and type; ``shown`` stands in the evidence for what is nobody's business."""
        await self.tap(control, goal, why, intent="type", patience_s=0.3)
        action = Action(verb="type", goal=goal, why=why, value=text if shown is None else shown)
        return await self.act(action, lambda: self.page.keyboard.type(text, delay=30))

    async def enter(self, goal: Goal, why: str) -> View:
        """The enter key, as after the last word of a form."""
        action = Action(verb="type", goal=goal, why=why, intent="enter", value="")
        return await self.act(action, lambda: self.page.keyboard.press("Enter"), patience_s=PATIENCE_S)

    async def drag(self, start: Point, end: Point, goal: Goal, why: str) -> View:
        """A finger from one point of the view to another."""
        action = Action(verb="swipe", goal=goal, why=why, value=f"{_pair(start)} {_pair(end)}")

        async def move() -> None:
            await (await self._hands()).drag(start, end)

        return await self.act(action, move, patience_s=PATIENCE_S)

    async def move(self, x: float, y: float, by: float, goal: Goal, why: str) -> View:
        """Move what lies at a point up by so many px."""
        action = Action(verb="scroll", goal=goal, why=why, value=f"{x:.0f},{y:.0f} {by:.0f}")

        async def turn() -> None:
            await self.page.mouse.move(x, y)
            await self.page.mouse.wheel(0, by)

        return await self.act(action, turn, patience_s=0.3)

    async def back(self, goal: Goal, why: str) -> View:
        """The device's back: leave the page, or close it when it was opened by another."""

        async def go() -> None:
            if not await self._has_history():
                if self.depth > 1:
                    await self.page.close()
                else:
                    self._note("navigation", url="", note="back would leave the site; it was not pressed")
                return
            try:
                await self.page.go_back(timeout=OPEN_TIMEOUT_MS, wait_until="commit")
            except (Error, PlaywrightTimeout):
                self._note("request_failed", message="there was nothing to go back to")

        return await self.act(Action(verb="back", goal=goal, why=why), go, patience_s=PATIENCE_S)

    async def can_go_back(self) -> bool:
        """Whether a page of the site, or the page that opened this one, lies behind."""
        return self.depth > 1 or await self._has_history()

    async def _has_history(self) -> bool:
        session = await self._session(self.page)
        history = await session.send("Page.getNavigationHistory")
        before = history["entries"][: int(history["currentIndex"])]
        return any(not str(e["url"]).startswith("about:") for e in before)

    async def wait(self, seconds: float, goal: Goal, why: str, intent: str | None = None) -> View:
        """Let time pass, then capture; ``intent`` is that of the press whose effect is awaited."""
        action = Action(verb="wait", goal=goal, why=why, value=f"{seconds:g} s", intent=intent)
        return await self.act(action, lambda: self.clock.sleep(seconds))

    async def point_out(self, target: Target, goal: Goal, why: str, *, intent: str, value: str) -> View:
        """Capture the screen with something on it that is found and not pressed."""
        action = Action(verb="capture", goal=goal, why=why, intent=intent, target=target, value=value)
        return await self.act(action, lambda: asyncio.sleep(0))


def _splash(view: View) -> bool:
    """Whether something without a control covers the page and all that can be pressed on it."""
    strong = [c for c in view.screen.controls if c.strong]
    return any(c.reach == "blocked" for c in strong) and not any(c.tap is not None for c in strong)


def target_of(control: Control) -> Target:
    """A control as it is kept with an act."""
    box = Box(x=control.box[0], y=control.box[1], width=control.box[2], height=control.box[3])
    return Target(node=control.node, label=control.label[:200], role=control.role, box=box)


def _known(backend: int, tree: Tree) -> bool:
    """Whether the last capture holds the node; a new one may have been drawn in the place of the old."""
    return any(n.backend == backend for n in tree.nodes)


_TO_THE_MIDDLE = """function () {
  const element = this instanceof Element ? this : this.parentElement;
  element?.scrollIntoView({block: 'center', behavior: 'instant'});
}"""


def _pair(point: Point) -> str:
    return f"{point[0]:.0f},{point[1]:.0f}"
