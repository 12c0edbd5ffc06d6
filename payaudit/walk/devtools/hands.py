"""Fingers by the protocol: an element is tapped, a page or a list is moved, a field is filled in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from payaudit.walk.devtools.protocol import Refused
from payaudit.walk.devtools.window import Window

if TYPE_CHECKING:
    from payaudit.perceive.screen import Screen
    from payaudit.perceive.tree import Rect, Tree
    from payaudit.walk.devtools.placed import Handle

_WHOLE = 0.5  # of the window's height; what is swiped over more of it is the page


class ProtocolHands:
    """Acts on one window as its last capture showed it; ``note`` is told what did not work."""

    def __init__(self, window: Window, screen: Screen, note: Callable[[str], None]) -> None:
        self._window = window
        self._screen = screen
        self._note = note

    async def tap(self, x: float, y: float, tree: Tree) -> None:
        """Press what is painted at the point. Raises ``Unwalled`` and ``Lost``."""
        node = self._screen.paint.hit(x, y)
        handle = (
            next((h for i in tree.ancestors(node) if (h := self.handle(i)) is not None), None)
            if node is not None
            else None
        )
        if self._window.walls.modals:
            await self._answer(handle)
        elif handle is None or isinstance(handle, int):
            self._note("nothing that DevTools has a name for lies at the point")
        else:
            await self.press(handle, tree.nodes[node].tag if node is not None else "")

    async def _answer(self, handle: Handle | int | None) -> None:
        """The question of the host takes every tap; beside its buttons it stays."""
        if isinstance(handle, int):
            await self._window.walls.answer(handle)

    async def press(self, handle: Handle, tag: str = "") -> None:
        """Tap an element, as soon as the walls are known to stand."""
        await self._window.walls.stand()
        automation = self._window.automation
        try:
            if tag == "WX-SWITCH":
                await automation.send("Element.callFunction", functionName="switch.tap", args=[], **handle)
            else:
                await automation.send("Element.tap", **handle)
        except Refused as said:
            self._note(f"DevTools did not tap: {said}")

    def handle(self, node: int) -> Handle | int | None:
        """What the node of the last capture is pressed by."""
        # The first node is the document, which the tree has too.
        return self._window.handles.get(node)

    async def fill(self, handle: Handle, tag: str, text: str) -> None:
        """Type into a field."""
        name = "textarea.input" if tag == "TEXTAREA" else "input.input"
        try:
            await self._window.automation.send(
                "Element.callFunction", functionName=name, args=[text], **handle
            )
        except Refused as said:
            self._note(f"DevTools did not type: {said}")

    async def swipe_up(self, region: Rect, share: float = 0.6) -> None:
        """Move what lies in the region up by a share of its height."""
        await self._move(region, share)

    async def swipe_down(self, region: Rect, share: float = 0.6) -> None:
        """Move what lies in the region down."""
        await self._move(region, -share)

    async def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Move what lies at the start by the way of the finger."""
        await self._move(
            (start[0], start[1], 1.0, abs(start[1] - end[1])), 1.0 if start[1] > end[1] else -1.0
        )

    async def _move(self, region: Rect, share: float) -> None:
        tree = self._screen.tree
        x, y = region[0] + region[2] / 2, region[1] + region[3] / 2
        at = self._screen.paint.hit(x, y)
        for index in tree.ancestors(at) if at is not None else ():
            node, handle = tree.nodes[index], self.handle(index)
            if not isinstance(handle, dict):
                continue
            if node.scrolls:
                await self._call(
                    "scroll-view.scrollTo", handle, 0, max(0.0, node.scroll_top + region[3] * share)
                )
                return
            if node.tag == "WX-SWIPER" and region[3] >= tree.height * _WHOLE:
                await self._turn(handle, 1 if share > 0 else -1)
                return
        await self._window.scrolled_to(tree.scroll_y + region[3] * share)

    async def _turn(self, handle: Handle, by: int) -> None:
        try:
            told = await self._window.automation.send("Element.getProperties", names=["current"], **handle)
            current = int((told.get("properties") or [0])[0] or 0)
        except (Refused, TypeError, ValueError):
            current = 0
        await self._call("swiper.swipeTo", handle, max(0, current + by))

    async def _call(self, name: str, handle: Handle, *arguments: float) -> None:
        try:
            await self._window.automation.send(
                "Element.callFunction", functionName=name, args=list(arguments), **handle
            )
        except Refused as said:
            self._note(f"DevTools did not move the page: {said}")

    async def bring(self, node: int) -> None:
        """Scroll until the node stands in the middle of what scrolls it."""
        tree = self._screen.tree
        box = next((b for i in tree.ancestors(node) if (b := tree.nodes[i].box)), None)
        if box is None:
            return
        for index in tree.ancestors(node)[1:]:
            held, handle = tree.nodes[index], self.handle(index)
            if held.scrolls and held.box is not None and isinstance(handle, dict):
                to = held.scroll_top + box[1] - held.box[1] - (held.box[3] - box[3]) / 2
                await self._call("scroll-view.scrollTo", handle, 0, max(0.0, to))
                break
        else:
            await self._window.scrolled_to(tree.scroll_y + box[1] - (tree.height - box[3]) / 2)
