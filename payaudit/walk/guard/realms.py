"""The script worlds of the pages, frame by frame, and the line of script that all of them are told.

No CDP command pauses a WebSocket frame: the page script ends it, and has to know when.
"""

from __future__ import annotations

import asyncio
from typing import Any

from payaudit.walk.guard.cdp import Cdp

_SECONDS = 1.0  # a page that is busy for longer is told when it is done


class Realms:
    """Main worlds by session, kept from ``Runtime.executionContext*`` events."""

    def __init__(self) -> None:
        self._known: dict[str, set[int]] = {}
        self._said = ""
        self._answers: list[asyncio.Future[dict[str, Any]]] = []

    def take(self, cdp: Cdp, session: str, method: str, params: dict[str, Any]) -> None:
        """Take one event; a world that begins is told what the others were."""
        match method:
            case "Runtime.executionContextCreated":
                context = params["context"]
                if context.get("auxData", {}).get("isDefault"):
                    self._known.setdefault(session, set()).add(int(context["id"]))
                    if self._said:
                        self._tell(cdp, session, int(context["id"]))
            case "Runtime.executionContextDestroyed":
                self._known.get(session, set()).discard(int(params["executionContextId"]))
            case "Runtime.executionContextsCleared":
                self._known.pop(session, None)

    def forget(self, session: str) -> None:
        """The session has ended."""
        self._known.pop(session, None)

    def say(self, cdp: Cdp, script: str) -> None:
        """Have every page run ``script``, also those that come later."""
        self._said, self._answers = script, []
        for session, contexts in self._known.items():
            for context in sorted(contexts):
                self._tell(cdp, session, context)

    async def heard(self) -> None:
        """Wait until the pages have run it."""
        if self._answers:
            await asyncio.wait(self._answers, timeout=_SECONDS)

    def _tell(self, cdp: Cdp, session: str, context: int) -> None:
        told = {"expression": self._said, "contextId": context}
        self._answers = [each for each in self._answers if not each.done()]
        self._answers.append(cdp.start("Runtime.evaluate", told, session))
