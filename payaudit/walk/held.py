"""What an investigator does in a window, held until the screen before it has been captured.

A script in a world of its own (invisible to the page, in every frame, before the
page) keeps presses from the page and tells of them; the same press is then made
as any other act of a walk. While an act of ours is under way everything passes.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from payaudit.model.base import Frozen
from payaudit.walk.guard import Guard
from payaudit.walk.guard.cdp import CdpError
from payaudit.walk.guard.wire import Lookout

_SCRIPT = Path(__file__).with_name("held.js")
_GONE: dict[str, object] = {"gone": True}
_ANSWER_S = 3.0  # a frame that does not answer so long is busy or gone
_LATE_S = 1.2  # the click of a tap follows its touch within this, unless the page keeps it


class Told(Frozen):
    """One thing done in a frame: ``x``, ``y`` in CSS px of its view, ``dx``, ``dy`` within its element."""

    kind: Literal["hello", "passed", "press", "swipe", "scroll", "typed", "enter"]
    top: bool
    id: int = 0
    x: float = 0.0
    y: float = 0.0
    dx: float = 0.0
    dy: float = 0.0
    x2: float = 0.0
    y2: float = 0.0
    by: float = 0.0
    value: str = ""
    secret: bool = False
    type: str = ""
    auto: str = ""


class Deed(Frozen):
    """What was told, and in which frame."""

    told: Told
    session: str
    context: int
    at: float  # of the event loop's clock


class Held:
    """Holds input in all pages of a guarded browser. Make it before ``Guard.attach``."""

    def __init__(self, guard: Guard) -> None:
        self.deeds: asyncio.Queue[Deed | None] = asyncio.Queue()
        self._wire = guard.wire
        self._frames: set[tuple[str, int]] = set()
        self._passed = asyncio.Event()
        self._ours = False
        name = "_" + secrets.token_hex(12)
        script = _SCRIPT.read_text("utf-8").replace("__NAME__", name)
        guard.wire.look_out(Lookout(name, script, self._hear))

    @asynccontextmanager
    async def passing(self, *, click: bool) -> AsyncIterator[None]:
        """Let input through to the pages: ours. With ``click``, until one has arrived."""
        self._passed.clear()
        self._ours = True
        await self._let("click" if click else "all")
        try:
            yield
            if click:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_LATE_S):
                        await self._passed.wait()
        finally:
            await self._let("")
            self._ours = False

    async def still(self, deed: Deed) -> bool:
        """Whether what was pressed still lies under the point."""
        told = deed.told
        call = f"payauditHeld.still({told.id}, {told.x}, {told.y})"
        return (await self._run(deed.session, deed.context, call)).get("value") is True

    async def backend(self, deed: Deed) -> int | None:
        """The DOM node that was pressed, as snapshots number it; None where it is gone."""
        call = f"payauditHeld.targets.get({deed.told.id})"
        found = await self._run(deed.session, deed.context, call, by_value=False)
        if "objectId" not in found:
            return None
        try:
            node = await self._wire.cdp.send(
                "DOM.describeNode", {"objectId": found["objectId"]}, deed.session
            )
        except CdpError:
            return None
        return int(node["node"]["backendNodeId"])

    def target(self, deed: Deed) -> str:
        """The id of the page or frame process in which it was done."""
        return self._wire.target(deed.session)

    def _hear(self, session: str, context: int, text: str) -> None:
        try:
            told = Told.model_validate(json.loads(text))
        except (ValueError, ValidationError):
            return
        if told.kind == "hello":
            self._frames.add((session, context))
        elif told.kind == "passed":
            self._passed.set()
        elif not self._ours or told.kind == "typed":
            # A press told during an act of ours is that act, met by a frame that was just born.
            now = asyncio.get_running_loop().time()
            self.deeds.put_nowait(Deed(told=told, session=session, context=context, at=now))

    async def _let(self, passing: Literal["all", "click", ""]) -> None:
        frames = tuple(self._frames)
        call = f"payauditHeld.passing = {json.dumps(passing)}"
        answers = await asyncio.gather(*(self._run(session, context, call) for session, context in frames))
        self._frames -= {frame for frame, answer in zip(frames, answers, strict=True) if answer == _GONE}

    async def _run(
        self, session: str, context: int, call: str, *, by_value: bool = True
    ) -> dict[str, object]:
        """What an expression gives in a frame's own world; of no use where the frame is gone or busy."""
        params = {"expression": call, "contextId": context, "returnByValue": by_value}
        try:
            async with asyncio.timeout(_ANSWER_S):
                done = await self._wire.cdp.send("Runtime.evaluate", params, session)
        except CdpError:
            return _GONE
        except TimeoutError:
            return {}
        return _GONE if "exceptionDetails" in done else dict(done["result"])
