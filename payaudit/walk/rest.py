"""When a page has come to rest: structure, layout and network quiet, with a cap.

The snapshot that finds the page unchanged is the one kept as evidence. Digits
and small shifts do not count as change, so a ticking countdown rests; a page
that never does is captured at the cap and the step says so.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from payaudit.perceive.style import STYLES
from payaudit.walk.snapshot import capture

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Page, Request

POLL_S = 0.12
QUIET_S = 0.25  # unchanged this long is rest
MOVING_S = 1.2  # same structure this long is rest though something still moves
CAP_S = 6.0
_REQUEST_S = 2.5  # a request open longer than this is a poll or a stream
_SHIFT_PX = 6.0  # a digit more or less moves its neighbours this far
_OPACITY = STYLES.index("opacity")
_DIGITS = re.compile(r"[\d:：.\s]+")
_WAITED_FOR = frozenset({"document", "xhr", "fetch", "script", "stylesheet"})


@dataclass(frozen=True)
class Rested:
    """The snapshot at rest, how long that took, and whether it ever came."""

    snapshot: bytes
    mark: str
    edges: list[float]
    rested: bool
    seconds: float
    at: datetime  # when the snapshot was taken


class Traffic:
    """Requests of a page that a viewer would be waiting for."""

    def __init__(self) -> None:
        self._open: dict[Request, float] = {}

    def watch(self, page: Page) -> None:
        """Follow a page's requests from now on."""
        page.on("request", self._started)
        page.on("requestfinished", self._ended)
        page.on("requestfailed", self._ended)

    def _started(self, request: Request) -> None:
        if request.resource_type in _WAITED_FOR:
            self._open[request] = time.monotonic()

    def _ended(self, request: Request) -> None:
        self._open.pop(request, None)

    def busy(self) -> bool:
        """Whether something young is still on its way."""
        now = time.monotonic()
        return any(now - since < _REQUEST_S for since in self._open.values())


def fingerprint(snapshot: bytes) -> tuple[str, list[float]]:
    """Hash of structure and words without digits, and all edges of boxes."""
    raw: dict[str, Any] = json.loads(snapshot)
    parts = hashlib.sha256()
    edges: list[float] = []
    for tree in raw["trees"]:
        strings = tree["snapshot"]["strings"]
        for document in tree["snapshot"]["documents"]:
            layout = document["layout"]
            names = document["nodes"]["nodeName"]
            for row, node in enumerate(layout["nodeIndex"]):
                text = layout["text"][row]
                word = _DIGITS.sub("", strings[text]) if text >= 0 else ""
                parts.update(f"{strings[names[node]]}|{word};".encode())
                if text < 0:
                    edges += layout["bounds"][row]
                    styles = layout["styles"][row]
                    if len(styles) > _OPACITY and strings[styles[_OPACITY]] != "1":
                        edges.append(float(strings[styles[_OPACITY]] or 1) * 100)
    parts.update(raw["url"].encode())
    return parts.hexdigest(), edges


def still(before: list[float], after: list[float]) -> bool:
    """Whether no edge moved further than a digit more or less would move it."""
    return len(before) == len(after) and all(
        abs(a - b) <= _SHIFT_PX for a, b in zip(before, after, strict=True)
    )


async def settle(
    page: Page,
    session: CDPSession,
    traffic: Traffic,
    *,
    differs_from: str | None = None,
    patience_s: float = 0.0,
) -> Rested:
    """Wait for rest; with ``differs_from``, up to ``patience_s`` for a change first.

    Raises Playwright's ``Error`` when the page is gone and ``TimeoutError`` when
    it does not answer at all.
    """
    began = time.monotonic()
    mark, edges, snapshot = "", [0.0], b""
    same_since = still_since = began
    while True:
        cost, at = time.monotonic(), datetime.now(UTC)
        async with asyncio.timeout(20):
            snapshot = await capture(page, session)
        now = time.monotonic()
        new_mark, new_edges = fingerprint(snapshot)
        if new_mark != mark:
            same_since = still_since = now
        elif not still(edges, new_edges):
            still_since = now
        mark, edges = new_mark, new_edges
        spent = now - began
        waiting = differs_from is not None and mark == differs_from and spent < patience_s
        quiet = now - still_since >= QUIET_S or now - same_since >= MOVING_S
        if quiet and not waiting and not traffic.busy():
            return Rested(snapshot, mark, edges, rested=True, seconds=spent, at=at)
        if spent >= CAP_S:
            return Rested(snapshot, mark, edges, rested=False, seconds=spent, at=at)
        # Looked at again once it can have been unchanged for long enough; sooner where it is not about that.
        pause = POLL_S if waiting or quiet else QUIET_S - (now - cost)
        await asyncio.sleep(max(POLL_S, pause, min(1.0, now - cost)))
