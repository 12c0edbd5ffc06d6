"""Frames on their way to a new document, as the pages tell: from the wish to go there until all is loaded."""

from __future__ import annotations

from typing import Any


class Loads:
    """What the sessions of a wire say of their frames. One that loads for ever can be passed over."""

    def __init__(self) -> None:
        self._under_way: set[tuple[str, str]] = set()

    @property
    def busy(self) -> bool:
        """Whether a frame is on its way."""
        return bool(self._under_way)

    def take(self, session: str, method: str, params: dict[str, Any]) -> None:
        """Hear ``Page.frameStartedLoading``, ``frameStoppedLoading`` or ``frameDetached``."""
        place = session, str(params.get("frameId", ""))
        if method == "Page.frameStartedLoading":
            self._under_way.add(place)
        else:
            self._under_way.discard(place)

    def forget(self, session: str) -> None:
        """The page is gone."""
        self._under_way = {place for place in self._under_way if place[0] != session}

    def pass_over(self) -> None:
        """Wait no longer for what is on its way now."""
        self._under_way.clear()
