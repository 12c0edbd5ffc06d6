"""The middle wall: a second CDP client that stands before every request of the whole browser.

Fetch is enabled on the browser itself, not on its targets: a popup's first request,
which starts before any client can attach to the popup, is paused like any other. Each
request and each redirect hop is failed where the policy refuses it, else recorded.
Sessions are attached only for what Fetch does not see: WebSocket frames, and frames on
their way to a custom scheme. When this client is gone the browser runs on unguarded,
so its loss is reported at once and the proxy closes.
"""

from __future__ import annotations

import asyncio
import base64
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any, Protocol

from payaudit.evidence.ledger import UNRECORDED
from payaudit.perceive.urls import outside
from payaudit.walk.guard.bodies import Body, request_body, response_body
from payaudit.walk.guard.cdp import Cdp, CdpError
from payaudit.walk.guard.echoes import Twins
from payaudit.walk.guard.exchanges import Begun, exchange, hints, location
from payaudit.walk.guard.loads import Loads
from payaudit.walk.guard.policy import Leads, Policy, called
from payaudit.walk.guard.realms import Realms
from payaudit.walk.guard.reply import Reply
from payaudit.walk.guard.served import Origin
from payaudit.walk.guard.sink import Sink
from payaudit.walk.guard.sockets import Sockets

_ATTACH = {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": True}
_FETCH = {"patterns": [{"urlPattern": "*", "requestStage": "Request"}]}
_LOADS = ("Page.frameStartedLoading", "Page.frameStoppedLoading", "Page.frameDetached")
_WANTED = (
    "Fetch.",
    "Target.attachedToTarget",
    "Target.detachedFromTarget",
    "Page.frameRequestedNavigation",
    *_LOADS,
    "Runtime.bindingCalled",
    "Runtime.executionContext",
    "Network.webSocket",
)
_NETWORK = {"maxTotalBufferSize": 1, "maxResourceBufferSize": 1}  # bodies come by Fetch: nothing to keep
_PAGES = frozenset({"page", "iframe"})
_ANSWERS = frozenset({"XHR", "Fetch"})
_ASK_SECONDS = 1.0


@dataclass(frozen=True)
class Lookout:
    """A script in a world of its own in every frame, which no page can see, and the ear it speaks to.

    ``hear(session, context, text)`` is told in which frame: evaluate there with ``Wire.cdp``.
    """

    name: str
    script: str
    hear: Callable[[str, int, str], None]


class Answers(Protocol):
    """Where the answers come from when nothing may leave the browser: a recording."""

    def reply(  # noqa: PLR0913, PLR0917 - a request, told whole
        self, run: int, method: str, url: str, body: bytes, wanted: str = "", kind: str = ""
    ) -> Reply | None:
        """The answer to a request: ``wanted`` is its Range, ``kind`` CDP's; None where there is none."""


class Wire:
    """The interception of one browser process."""

    def __init__(
        self,
        policy: Policy,
        sink: Sink,
        on_lost: Callable[[], None],
        *,
        record: bool = True,
        answers: Answers | None = None,
    ) -> None:
        self._policy = policy
        self._sink = sink
        self._on_lost = on_lost
        self._record = record
        self._answers = answers
        self._cdp: Cdp | None = None
        self._targets: dict[str, list[str]] = {}  # target → its sessions, the working one first
        self._sessions: dict[str, dict[str, Any]] = {}
        self._let_out: Counter[tuple[str, str]] = Counter()
        self._begun: dict[str, Begun] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._sockets = Sockets(sink, policy)
        self._twins = Twins()
        self._ears: dict[str, Callable[[str], None]] = {}
        self.realms = Realms()
        self.loads = Loads()
        self._lookout: Lookout | None = None
        self.origin: Origin | None = None  # set before the first page

    @property
    def cdp(self) -> Cdp:
        """The connection; raises ``CdpError`` before ``attach``."""
        if self._cdp is None:
            raise CdpError("the guard is not attached to a browser", "防护尚未连接到浏览器")
        return self._cdp

    @property
    def let_out(self) -> Counter[tuple[str, str]]:
        """How often each request (method, URL) was let out of the browser."""
        return self._let_out

    def listen(self, name: str, ear: Callable[[str], None]) -> None:
        """Give every page a native function ``name`` that speaks to ``ear``; call before ``attach``."""
        self._ears[name] = ear

    def look_out(self, lookout: Lookout) -> None:
        """Put a script of our own into every frame before its page; call before ``attach``."""
        self._lookout = lookout

    def listening(self, kinds: frozenset[str]) -> list[str]:
        """The working session of each target of these kinds that is there."""
        return [
            sessions[0]
            for sessions in self._targets.values()
            if sessions and self._sessions.get(sessions[0], {}).get("type") in kinds
        ]

    def target(self, session: str) -> str:
        """The id of the page or frame that a session is attached to; empty where it is gone."""
        return str(self._sessions.get(session, {}).get("targetId", ""))

    async def attach(self, place: int | str) -> None:
        """Connect to the debugging port and stand before everything; raises ``CdpError``."""
        self._cdp = await Cdp.open(place, self._take, _WANTED)
        self._cdp.on_closed = self._on_lost
        await self._cdp.send("Fetch.enable", _FETCH)
        await self._cdp.send("Target.setAutoAttach", _ATTACH)

    async def settle(self, seconds: float = 5.0) -> None:
        """Wait until the answers under way are recorded, at most so long."""
        if self._tasks:
            await asyncio.wait(tuple(self._tasks), timeout=seconds)

    @property
    def busy(self) -> bool:
        """Whether requests are being answered, or frames on their way to a new document."""
        return bool(self._tasks) or self.loads.busy

    def flush_sockets(self) -> None:
        """Hand over what WebSockets said so far."""
        self._sockets.flush()

    async def close(self) -> None:
        """Hand over what is left and disconnect; the browser should be closed before."""
        await self.settle(1.0)
        self._sockets.flush()
        for begun in self._begun.values():
            self._sink.missing(begun.method, begun.url, "unanswered", begun.place)
        self._begun.clear()
        if self._cdp is not None:
            await self._cdp.close()
        for task in tuple(self._tasks):
            task.cancel()

    def _take(self, session: str, method: str, params: dict[str, Any]) -> None:
        match method:
            case "Fetch.requestPaused":
                self._paused(params)
            case "Target.attachedToTarget":
                self._attached(params)
            case "Target.detachedFromTarget":
                self._detached(params["sessionId"])
            case "Runtime.bindingCalled" if params["name"] in self._ears:
                self._ears[params["name"]](str(params["payload"]))
            case "Runtime.bindingCalled" if self._lookout and params["name"] == self._lookout.name:
                self._lookout.hear(session, int(params["executionContextId"]), str(params["payload"]))
            case _ if method.startswith("Runtime.executionContext"):
                self.realms.take(self.cdp, session, method, params)
            case _ if method in _LOADS:
                self.loads.take(session, method, params)
            case "Page.frameRequestedNavigation":
                self._navigating(params)
            case _ if method.startswith("Network.webSocket"):
                self._sockets.take(session, method, params)

    def _attached(self, params: dict[str, Any]) -> None:
        session, target = params["sessionId"], params["targetInfo"]
        self._sessions[session] = target
        sessions = self._targets.setdefault(target["targetId"], [])
        sessions.append(session)
        if (
            len(sessions) == 1
        ):  # service workers come three times: one session listens, the others only let it run
            self._listen(session, target)
        self.cdp.start("Target.setAutoAttach", _ATTACH, session)
        self.cdp.start("Runtime.runIfWaitingForDebugger", {}, session)

    def _listen(self, session: str, target: dict[str, Any]) -> None:
        self.cdp.start("Network.enable", _NETWORK, session)
        if target["type"] in _PAGES:
            self.cdp.start("Page.enable", {}, session)
            for name in self._ears:
                self.cdp.start("Runtime.enable", {}, session)
                self.cdp.start("Runtime.addBinding", {"name": name}, session)
            if self._lookout is not None:
                name = self._lookout.name
                binding = {"name": name, "executionContextName": name}
                watch: dict[str, Any] = {"source": self._lookout.script, "worldName": name}
                watch["runImmediately"] = True
                self.cdp.start("Runtime.addBinding", binding, session)
                self.cdp.start("Page.addScriptToEvaluateOnNewDocument", watch, session)

    def _detached(self, session: str) -> None:
        target = self._sessions.pop(session, None)
        self.realms.forget(session)
        self.loads.forget(session)
        self._sockets.flush(session)
        if target is None:
            return
        sessions = self._targets.get(target["targetId"], [])
        working = sessions[:1] == [session]
        if session in sessions:
            sessions.remove(session)
        if not sessions:
            self._targets.pop(target["targetId"], None)
        elif working:
            self._listen(sessions[0], target)

    def _navigating(self, params: dict[str, Any]) -> None:
        """Record a frame on its way to a custom scheme, which Fetch does not see; see ``jumps.py``."""
        self.navigates(str(params.get("url", "")), "wire")

    def navigates(self, url: str, client: str) -> None:
        """Hear a client of the browser tell of a navigation; one to a custom scheme is recorded, once."""
        if outside(url) and self._twins.new(self._sink.now(), client, url):
            self.scheme(url, "navigation")

    def scheme(self, url: str, via: str) -> None:
        """Record a jump out of the browser that was, or will be, cancelled."""
        match = self._policy.calls.match_url("GET", url)
        if match is not None:
            self._sink.event("payment_call", called(match, "scheme", url, "wire") | {"via": via})
        else:
            self._sink.event(
                "blocked", {"url": url, "method": "GET", "reason": "scheme", "wall": "wire", "via": via}
            )

    def _paused(self, params: dict[str, Any]) -> None:
        answered = "responseStatusCode" in params or "responseErrorReason" in params
        self._spawn(self._answered(params) if answered else self._asked(params))

    async def _asked(self, params: dict[str, Any]) -> None:
        request, number = params["request"], {"requestId": params["requestId"]}
        body = await request_body(self.cdp, self._pages(params.get("frameId")), params)
        if self.origin is not None and self.origin.serves(request["url"]):
            await self._serve(self.origin, params, body)
            return
        leads = await self._leads(params)
        if self.origin is not None and self._kept_in(self.origin, params, leads):
            return
        refusal = self._policy.refuse(request["method"], request["url"], "wire", body=body, leads=leads)
        if refusal is not None:
            kind = params.get("resourceType", "")
            # An aborted navigation leaves the page as it was; any other error would replace it.
            reason = "Aborted" if kind == "Document" else "BlockedByClient"
            self.cdp.start("Fetch.failRequest", {**number, "errorReason": reason})
            self._sink.event(
                refusal.kind, {**refusal.data, "method": request["method"], "resource_type": kind}
            )
            return
        if self._answers is not None:
            await self._answer(self._answers, params, body)
            return
        self._let_out[request["method"], request["url"]] += 1
        if self._record:
            self._begun[params["requestId"]] = Begun.of(params, body, self._sink)
        await self._let("Fetch.continueRequest", {**number, "interceptResponse": self._record})

    async def _answer(self, answers: Answers, params: dict[str, Any], body: bytes) -> None:
        """Answer from a recording, or not at all."""
        begun, number = Begun.of(params, body, self._sink), {"requestId": params["requestId"]}
        wanted = next((value for name, value in begun.headers if name.lower() == "range"), "")
        reply = answers.reply(begun.run, begun.method, begun.url, body, wanted, begun.resource_type)
        if reply is None or reply.failed is not None:
            reason = "ConnectionRefused" if reply is None else str(reply.failed)
            self._sink.missing(begun.method, begun.url, UNRECORDED if reply is None else reason)
            await self._let("Fetch.failRequest", {**number, "errorReason": reason})
            return
        if reply.held is not None:
            self._sink.missing(begun.method, begun.url, reply.held)
            return
        head = [{"name": name, "value": value} for name, value in reply.headers]
        params = {**params, "responseStatusCode": reply.status, "responseHeaders": head}
        params["responseStatusText"] = reply.reason
        away = location(params)
        if away and outside(away):
            self.cdp.start("Fetch.failRequest", {**number, "errorReason": "Aborted"})
            self.scheme(away, "redirect")
        else:
            if begun.resource_type in _ANSWERS:
                self._policy.hear(reply.body)
            filled = {"responseCode": reply.status, "responseHeaders": head}
            if reply.reason:
                filled["responsePhrase"] = reply.reason
            filled["body"] = base64.b64encode(reply.body).decode()
            if hints(params):
                await self._let("Fetch.failRequest", {**number, "errorReason": "Aborted"})
            else:
                await self._let("Fetch.fulfillRequest", {**number, **filled})
        answered = begun if reply.at is None else replace(begun, at=reply.at)
        self._sink.on_exchange(exchange(answered, params, Body(reply.body)))

    async def _serve(self, origin: Origin, params: dict[str, Any], body: bytes) -> None:
        request, begun = params["request"], Begun.of(params, body, self._sink)
        served = await origin.answer(request["method"], request["url"], body, begun.resource_type)
        await self._let("Fetch.fulfillRequest", served.fulfilling(params["requestId"]))
        if self._record and served.kept:
            self._sink.on_exchange(served.exchange(begun))

    def _kept_in(self, origin: Origin, params: dict[str, Any], leads: Leads) -> bool:
        """Stop a request by which the page of an address of ours would get out of it."""
        request, kind = params["request"], params.get("resourceType", "")
        why = origin.refuses(request["url"], kind, leads)
        if why is None:
            return False
        number = {"requestId": params["requestId"]}
        self.cdp.start("Fetch.failRequest", {**number, "errorReason": "Aborted"})
        said = {"url": request["url"], "method": request["method"], "reason": why, "wall": "wire"}
        self._sink.event("blocked", {**said, "resource_type": kind})
        return True

    async def _answered(self, params: dict[str, Any]) -> None:
        begun = self._begun.pop(params["requestId"], None) or Begun.of(params, b"", self._sink)
        number = {"requestId": params["requestId"]}
        if "responseErrorReason" in params:
            self._sink.missing(begun.method, begun.url, params["responseErrorReason"], begun.place)
            await self._let("Fetch.continueResponse", number)
            return
        away = location(params)
        if away and outside(away):
            # A redirect out of the browser ends here, so that the page stays and takes taps.
            self.cdp.start("Fetch.failRequest", {**number, "errorReason": "Aborted"})
            self.scheme(away, "redirect")
            self._sink.on_exchange(exchange(begun, params, Body(b"")))
            return
        body = await response_body(self.cdp, params)
        if begun.resource_type in _ANSWERS:
            self._policy.hear(body.data)
        if hints(params):
            await self._let("Fetch.failRequest", {**number, "errorReason": "Aborted"})
        else:
            await self._let("Fetch.continueResponse", number)
        self._sink.on_exchange(exchange(begun, params, body))

    async def _leads(self, params: dict[str, Any]) -> Leads:
        """Whether a paused request fetches a document, and whether that is the one in front."""
        if params.get("resourceType") != "Document":
            return "nowhere"
        frame = params.get("frameId", "")
        known = {target["targetId"]: target["type"] for target in self._sessions.values()}
        if frame in known or (self._policy.pressed_on is None and self.origin is None):
            return "frame" if known.get(frame) == "iframe" else "page"
        # A popup's first request comes before the popup is known; a frame is in the tree of its page.
        for session in self._pages(None):
            try:
                told = await asyncio.wait_for(self.cdp.send("Page.getFrameTree", {}, session), _ASK_SECONDS)
            except (CdpError, TimeoutError):
                continue
            if frame in _frames(told["frameTree"]):
                return "frame"
        return "page"

    async def _let(self, method: str, params: dict[str, Any]) -> None:
        try:
            await self.cdp.send(method, params)
        except CdpError:
            return  # the page went away meanwhile, and the request with it

    def _pages(self, frame: str | None) -> list[str]:
        """Sessions that may know a request's body: the frame's own first."""
        known = [session for session, target in self._sessions.items() if target["type"] in _PAGES]
        return sorted(known, key=lambda session: self._sessions[session]["targetId"] != frame)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (problem := task.exception()) and not isinstance(problem, CdpError):
            self._sink.missing("", "", f"recorder: {problem!r}")


def _frames(tree: dict[str, Any]) -> set[str]:
    """The ids of the frames inside a page's document."""
    inner = tree.get("childFrames", [])
    return {each["frame"]["id"] for each in inner}.union(*map(_frames, inner))
