"""The inner wall: the page's wallet APIs are ours; they record the call and answer *cancelled*."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

from payaudit.model.persona import Host
from payaudit.perceive.calls import Calls
from payaudit.perceive.urls import WEB, address
from payaudit.walk.guard.policy import called
from payaudit.walk.guard.sink import Sink

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext

_FOLDER = Path(__file__).parent
# Put into bridges.js, in whose closure they live.
_PARTS = {
    "__HOSTS__": "hosts.js",
    "__JUMPS__": "jumps.js",
    "__FRAMES__": "frames.js",
    "__HINTS__": "hints.js",
}
_LONGEST = 65536  # characters of one report taken from a page


class Bridges:
    """The script put into every frame, and the ear that listens to it."""

    def __init__(self, calls: Calls, host: Host, sink: Sink) -> None:
        self._calls = calls
        self._host = host
        self._sink = sink
        # Names a page that knew them could forge reports with: ``name`` is the wire's, native and
        # beyond a page's reach; ``spare`` is Playwright's, for a frame the wire came to too late.
        self.name = "_" + secrets.token_hex(12)
        self._spare = "_" + secrets.token_hex(12)
        self._mark = "_" + secrets.token_hex(12)
        self._word = secrets.token_hex(12)  # without it a page that finds the mark cannot use it

    def script(self, host: Host | None = None) -> str:
        """The init script with this audit's settings filled in; ``host`` where it is not the audit's own."""
        apis = sorted({entry for signature in self._calls.signatures for entry in signature.bridges})
        settings = {
            "bind": self.name,
            "spare": self._spare,
            "mark": self._mark,
            "host": host or self._host,
            "apis": apis,
            "web": sorted(WEB),
            "word": self._word,
            "frames": list(self._calls.frames),
        }
        script = (_FOLDER / "bridges.js").read_text("utf-8")
        for place, name in _PARTS.items():
            script = script.replace(place, (_FOLDER / name).read_text("utf-8"))
        return script.replace("__SETTINGS__", json.dumps(settings))

    async def protect(self, context: BrowserContext, host: Host | None = None) -> None:
        """Install binding and script; call before the context's first page."""
        await context.expose_binding(self._spare, lambda _, text: self.hear(text))
        await context.add_init_script(self.script(host))

    def order(self, *, held: bool) -> str:
        """A line of script that holds, or frees, what the WebSockets of a page send."""
        return f"globalThis.{self._mark}?.hold({json.dumps(self._word)},{json.dumps(held)})"

    def hear(self, text: object) -> None:
        """Take one report of a page; what is no report is dropped."""
        if not isinstance(text, str) or len(text) > _LONGEST:
            return
        try:
            said = json.loads(text)
        except ValueError:
            return
        if isinstance(said, dict):
            self._take(said)

    def _take(self, said: dict[str, Any]) -> None:
        api, url, page = (str(said.get(name) or "") for name in ("api", "url", "page"))
        arguments = said.get("arguments")
        match = self._calls.match_url("GET", url) if url else self._calls.match_bridge(api)
        if api == "WebSocket.send":
            frame = {"url": url, "method": "SEND", "reason": "armed", "wall": "page", "page": page}
            self._sink.event("blocked", frame | {"frame": arguments})
            return
        jump = bool(url) and address(url).host is None
        if match is not None and match.kind == "payment":
            data = called(match, "scheme" if jump else api, url or page, "page")
            data["arguments"] = (data["arguments"] if url else {}) | (
                arguments if isinstance(arguments, dict) else {}
            )
            self._sink.event("payment_call", data | ({"via": api} if jump else {}) | {"page": page})
        elif jump:
            said = {"url": url, "method": "GET", "reason": "scheme", "wall": "page", "via": api, "page": page}
            self._sink.event("blocked", said)
