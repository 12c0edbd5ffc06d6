"""The guard of one audit: the three walls, tied so that losing one closes the rest."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from payaudit.evidence.exchange import Exchange, Missing, WebSocketLog
from payaudit.evidence.ledger import BEYOND
from payaudit.model.evidence import Event
from payaudit.model.persona import Host
from payaudit.perceive.calls import Calls
from payaudit.walk.guard.bridges import Bridges
from payaudit.walk.guard.echoes import Echoes
from payaudit.walk.guard.jumps import Jumps
from payaudit.walk.guard.policy import Orders, Policy
from payaudit.walk.guard.proxy import Proxy
from payaudit.walk.guard.sink import Sink
from payaudit.walk.guard.wire import Answers, Wire

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Request

# The browser takes one such switch, the last: Playwright's own list has to be in it.
_OFF = (
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,"
    "HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,"
    "AvoidCorsURLLoaderRestartOnRedirect,TcpPortRandomizationWin,OptimizationHints,"
    "NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch,LocalNetworkAccessChecks,"
    "LocalNetworkAccessChecksWebSockets,LocalNetworkAccessChecksWebTransport,LocalNetworkAccessChecksWebRTC,"
    "DialMediaRouteProvider,Translate,AutofillServerCommunication"
)


# In a replay no name leads anywhere.
_SEALED = ("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",)
_MOST_EVENTS = 2000  # refusals kept between two calls of ``events``


def _ignore(_: Any) -> None:  # noqa: ANN401 - stands in for any callback
    """Drop what nobody asked for."""


class Guard:
    """Stands between one browser process and everything that could move money.

    Use: ``start_proxy``, launch the browser with ``chromium_args`` and ``browser_env``, ``attach``,
    then ``protect`` each context before its first page; at the end close the
    contexts, the guard, the browser. With ``answers`` nothing leaves the browser at all: every
    request is answered from there, in the time of ``now``. ``resolve`` maps hosts to
    addresses in tests. After ``lost`` is set nothing leaves the browser any more.
    """

    def __init__(  # noqa: PLR0913 - the callbacks are one each
        self,
        calls: Calls,
        host: Host = "browser",
        orders: Orders = "few",
        *,
        on_event: Callable[[Event], None] = _ignore,
        on_exchange: Callable[[Exchange], None] = _ignore,
        on_websocket: Callable[[WebSocketLog], None] = _ignore,
        on_missing: Callable[[Missing], None] = _ignore,
        resolve: Mapping[str, str] | None = None,
        record: bool = True,
        answers: Answers | None = None,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self.lost = asyncio.Event()
        self.policy = Policy(calls, orders)
        self.sink = Sink(self._event, on_exchange, on_websocket, on_missing)
        if now is not None:
            self.sink.now = now
        self.proxy = Proxy(self.policy, self._event, resolve, sealed=answers is not None)
        self.proxy.now = self.sink.now
        self.wire = Wire(self.policy, self.sink, self.lose, record=record, answers=answers)
        self.bridges = Bridges(calls, host, self.sink)
        self.wire.listen(self.bridges.name, self.bridges.hear)
        self._jumps = Jumps()
        self._sealed = answers is not None
        self._told = on_event
        self._events: list[Event] = []
        self._echoes = Echoes()
        self._closing = False

    async def start_proxy(self) -> int:
        """Start the forward proxy; returns its port."""
        return await self.proxy.start()

    def chromium_args(self, debug_port: int) -> list[str]:
        """Command-line switches for the browser; needs ``start_proxy`` first.

        ``debug_port`` is a free loopback port (``free_port()``), the one given to
        ``attach``. The proxy refuses it to pages.
        """
        if not self.proxy.port or debug_port == self.proxy.port:
            raise ValueError("start the proxy first, and give the debugging port another port")
        self.proxy.forbidden.add(debug_port)
        return [
            f"--proxy-server=http://127.0.0.1:{self.proxy.port}",
            "--proxy-bypass-list=<-loopback>",
            f"--remote-debugging-port={debug_port}",
            "--disable-quic",
            "--webrtc-ip-handling-policy=disable_non_proxied_udp",
            "--force-webrtc-ip-handling-policy",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-domain-reliability",
            "--disable-breakpad",
            "--no-first-run",
            "--no-default-browser-check",
            f"--disable-features={_OFF}",
            *(_SEALED if self._sealed else ()),
        ]

    def browser_env(self, base: Mapping[str, str] | None = None) -> dict[str, str]:
        """The environment to launch the browser with, so that a jump to an app cannot freeze it."""
        return self._jumps.env(base)

    async def attach(self, debug_port: int | str) -> None:
        """Stand before every request of the browser on ``debug_port``; raises ``CdpError``.

        A browser that was not started by us is named by its ``ws://`` URL: it has no proxy of ours.
        """
        if isinstance(debug_port, int):
            self.proxy.forbidden.add(debug_port)
        await self.wire.attach(debug_port)

    async def protect(self, context: BrowserContext, host: Host | None = None) -> None:
        """Put our wallet APIs into every frame of a context, before its first page.

        ``host`` is the app that this context plays where it is not the guard's own.
        """
        await self.bridges.protect(context, host)
        context.on("request", self._asked)

    def _asked(self, request: Request) -> None:
        if request.is_navigation_request():
            self.wire.navigates(request.url, "driver")

    def events(self) -> list[Event]:
        """What happened since the last call, in order; each event is handed out once."""
        events, self._events = self._events, []
        return events

    def set_step(self, run: int, step: int) -> None:
        """Mark everything recorded from now on with this run and step."""
        self.wire.flush_sockets()
        self.sink.run, self.sink.step = run, step

    def arm(self, page: str | None = None) -> None:
        """A pay-like control is about to be pressed: with ``orders="none"`` only reading may leave.

        ``page`` is the address of the page in front where the press may lead to a
        cashier: until ``calm`` another site with a payment's signs is refused.
        """
        self.policy.armed = True
        if page is not None:
            self.policy.press(page)
        if self.policy.orders == "none":
            self.wire.realms.say(self.wire.cdp, self.bridges.order(held=True))

    def disarm(self) -> None:
        """The tap is over and its screen captured; what comes late of it is still watched."""
        self.policy.armed = False
        if self.policy.orders == "none":
            self.wire.realms.say(self.wire.cdp, self.bridges.order(held=False))

    def calm(self) -> None:
        """Something else is about to be pressed."""
        self.policy.calm()

    async def ready(self) -> None:
        """Wait until every page knows that it is armed; call between ``arm`` and the press."""
        await self.wire.realms.heard()

    def lose(self) -> None:
        """Fail closed: nothing leaves any more. Called by itself when the CDP connection ends."""
        if self._closing or self.lost.is_set():
            return
        self.proxy.lose()
        self.lost.set()
        self.sink.event("guard_lost", {"wall": "wire", "why": "the connection to the browser ended"})

    async def settle(self, seconds: float = 5.0) -> None:
        """Wait until the answers under way are recorded, at most so long."""
        await self.wire.settle(seconds)
        self._reconcile()

    def _reconcile(self) -> None:
        """Enter into the ledger what left by the proxy and never came before the wire.

        A browser looks by itself whether a service worker's script has changed, which no
        client of its protocol is told. Of what is encrypted the proxy sees no more than a host.
        """
        for (method, url), count in (self.proxy.passed - self.wire.let_out).items():
            for _ in range(count):
                self.sink.missing(method, url, BEYOND)
        self.proxy.passed.clear()
        self.wire.let_out.clear()

    async def close(self) -> None:
        """Take the guard down: after the contexts, before the browser.

        What is left of the browser then has no way out: its proxy is gone. Closing the
        browser first is as safe, but reads like a lost guard.
        """
        self._closing = True
        await self.settle(1.0)
        self.proxy.lose()
        await self.wire.close()
        await self.proxy.close()
        self._jumps.close()

    def _event(self, event: Event) -> None:
        if len(self._events) >= _MOST_EVENTS and event.kind in ("payment_call", "blocked"):
            return  # a page in a loop; what it does is on record often enough
        event = self._echoes.marked(event)
        self._events.append(event)
        self._told(event)


def free_port() -> int:
    """A loopback port nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
