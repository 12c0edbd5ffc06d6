"""Films by parts: what was recorded of one, and the part that a player asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from payaudit.evidence.exchange import Exchange, Headers
from payaudit.walk.guard.reply import Reply

_WANTED = re.compile(r"bytes=(\d+)-(\d*)")
_GIVEN = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
_MEASURES = frozenset({"content-range", "content-length", "content-encoding", "transfer-encoding"})


@dataclass
class Film:
    """The parts of one file that were kept whole, by where they begin."""

    size: int = 0
    parts: list[tuple[int, bytes]] = field(default_factory=list)
    headers: Headers = ()

    def add(self, exchange: Exchange) -> None:
        """Take one answer of status 206; one that was cut short is left out."""
        headers = {name.lower(): value for name, value in exchange.response_headers}
        given = _GIVEN.fullmatch(headers.get("content-range", "").strip())
        if given is None or exchange.truncated is not None:
            return
        self.size = int(given[3])
        self.parts.append((int(given[1]), exchange.response_body))
        self.headers = exchange.response_headers


def part(film: Film, wanted: str) -> Reply | None:
    """The part that a Range header asks for, as far as it was recorded; None where its beginning was not."""
    asked = _WANTED.fullmatch(wanted.strip())
    if asked is None:
        return None
    first = int(asked[1])
    last = int(asked[2]) if asked[2] else film.size - 1
    # The longest of the parts that hold the place: a player that asks for all is to get all there is.
    holding = [(b, d) for b, d in film.parts if b <= first < b + len(d)]
    if not holding:
        return None
    begin, data = max(holding, key=lambda each: each[0] + len(each[1]))
    body = data[first - begin : last - begin + 1]
    kept = tuple((n, v) for n, v in film.headers if n.lower() not in _MEASURES)
    measures = (
        ("Content-Range", f"bytes {first}-{first + len(body) - 1}/{film.size}"),
        ("Content-Length", str(len(body))),
    )
    return Reply(206, "Partial Content", (*kept, *measures), body)
