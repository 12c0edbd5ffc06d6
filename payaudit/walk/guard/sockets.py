"""WebSockets: their frames, gathered per connection; Fetch cannot pause them, the proxy refuses them."""

from __future__ import annotations

from typing import Any

from payaudit.evidence.exchange import Direction, Frame, WebSocketLog
from payaudit.walk.guard.policy import Policy, called
from payaudit.walk.guard.sink import Sink

_MOST_BYTES = 8 * 1024 * 1024  # kept per log; the rest is counted as cut off


class Sockets:
    """The open WebSockets of all sessions."""

    def __init__(self, sink: Sink, policy: Policy) -> None:
        self._sink = sink
        self._policy = policy
        self._urls: dict[tuple[str, str], str] = {}
        self._frames: dict[tuple[str, str], list[Frame]] = {}
        self._size: dict[tuple[str, str], int] = {}
        self._cut: set[tuple[str, str]] = set()

    def take(self, session: str, method: str, params: dict[str, Any]) -> None:
        """Take one ``Network.webSocket*`` event."""
        key = (session, str(params["requestId"]))
        match method:
            case "Network.webSocketCreated":
                self._created(key, str(params["url"]))
            case "Network.webSocketFrameSent":
                self._frame(key, "out", params["response"])
            case "Network.webSocketFrameReceived":
                self._frame(key, "in", params["response"])
            case "Network.webSocketClosed":
                self._hand_over(key)
                self._urls.pop(key, None)

    def flush(self, session: str | None = None) -> None:
        """Hand over what was said since the last log: of one session, or of all."""
        for key in [key for key in self._urls if session in (None, key[0])]:
            self._hand_over(key)

    def _created(self, key: tuple[str, str], url: str) -> None:
        self._urls[key] = url
        match = self._policy.calls.match_url("GET", url)
        if match is not None and match.kind != "order":
            self._sink.event("payment_call", called(match, "WebSocket", url, "proxy"))

    def _frame(self, key: tuple[str, str], direction: Direction, frame: dict[str, Any]) -> None:
        data = str(frame.get("payloadData", ""))
        if self._size.get(key, 0) + len(data) > _MOST_BYTES:
            self._cut.add(key)
            return
        self._size[key] = self._size.get(key, 0) + len(data)
        said = Frame(self._sink.now(), direction, int(frame.get("opcode", 1)), data)
        self._frames.setdefault(key, []).append(said)

    def _hand_over(self, key: tuple[str, str]) -> None:
        frames = tuple(self._frames.pop(key, ()))
        self._size.pop(key, None)
        cut = "length" if key in self._cut else None
        self._cut.discard(key)
        if frames:
            log = WebSocketLog(self._urls.get(key, ""), frames, self._sink.run, self._sink.step, cut)
            self._sink.on_websocket(log)
