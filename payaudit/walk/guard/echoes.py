"""One attempt, seen by two walls: kept twice, the second marked, so that nobody counts it twice."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

from payaudit.model.evidence import Event
from payaudit.perceive.urls import address

_SPAN = timedelta(seconds=1)
_TWIN_SPAN = timedelta(seconds=5)  # two clients of one browser, on a machine that is busy


class Echoes:
    """Remembers the refusals of the last second."""

    def __init__(self) -> None:
        self._recent: deque[tuple[datetime, str, str, str]] = deque(maxlen=200)

    def marked(self, event: Event) -> Event:
        """The event, with ``data["echo"]`` true where another wall has reported the same attempt."""
        if event.kind not in ("payment_call", "blocked"):
            return event
        wall, url = str(event.data.get("wall", "")), str(event.data.get("url", "")).partition("#")[0]
        host = address(url).host or ""
        # For a form to a custom scheme the walls disagree on whether the fields are in the query yet.
        url = url if host else url.partition("?")[0]
        connect = event.data.get("api") == "CONNECT"
        echo = any(
            event.at - at < _SPAN and ((connect and host == of) or (wall != by and url == what))
            for at, by, what, of in self._recent
        )
        self._recent.append((event.at, wall, url, host))
        return event.model_copy(update={"data": {**event.data, "echo": True}}) if echo else event


class Twins:
    """One navigation, told by two clients of the browser: the first to tell it counts.

    A popup runs on as soon as one client lets it, and the other may not be listening by then.
    """

    def __init__(self) -> None:
        self._lone: deque[tuple[datetime, str, str]] = deque(maxlen=50)

    def new(self, at: datetime, client: str, url: str) -> bool:
        """Whether ``client`` tells of a navigation that no other client has told of."""
        for told in self._lone:
            if at - told[0] < _TWIN_SPAN and told[1] != client and told[2] == url:
                self._lone.remove(told)
                return False
        self._lone.append((at, client, url))
        return True
