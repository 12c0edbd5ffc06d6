"""The private values of one file, in every writing, and what was replaced where.

A value that nothing else could be is replaced wherever it stands, whatever stands
around it; a short or common one only where its name or its look gave it away, since
"1990" is a user's number in one place and a price in another.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from html import escape
from urllib.parse import quote, quote_plus

import ahocorasick

from payaudit.model.redaction import Removed, RemovedPlace
from payaudit.redact.find import Span, plain
from payaudit.redact.kinds import Kind
from payaudit.redact.placeholder import is_placeholder, placeholder

_LEAST = 8  # bytes; a shorter value may stand elsewhere for something else, as a price does
_LONG_NUMBER = 9  # digits; shorter numbers are amounts and dates
_TIME = re.compile(rb"1[4-9][0-9]{8}(?:[0-9]{3})?")  # seconds or milliseconds since 1970, from 2014 to 2033
_LONG_WORD = 20
_MARK = 4  # hex digits in a placeholder
_LETTER = re.compile(rb"[A-Za-z]")
_DIGIT = re.compile(rb"[0-9]")


def is_distinct(value: bytes) -> bool:
    """Whether a value can be told from all else by itself."""
    if len(value) < _LEAST or len(set(value)) < 4 or b" " in value.strip():  # noqa: PLR2004 - "00000000" is no one's
        return b"@" in value
    if value.isdigit():
        return len(value) >= _LONG_NUMBER and not _TIME.fullmatch(value)
    return bool(_DIGIT.search(value) and _LETTER.search(value)) or len(value) >= _LONG_WORD


class Secrets:
    """Gathers values with ``add``; after ``close`` finds them anywhere.

    ``salt`` keeps their hashes unguessable.
    """

    def __init__(self, salt: bytes) -> None:
        self._salt = salt
        self._kinds: dict[bytes, Kind] = {}
        self._search = ahocorasick.Automaton()
        self._places: dict[tuple[str, str, int], Counter[RemovedPlace]] = defaultdict(Counter)
        self._about: dict[str, Kind] = {}

    def add(self, value: bytes, kind: Kind) -> None:
        """Remember a value in plain writing, if it is one that can be searched for."""
        if is_distinct(value) and not is_placeholder(value):
            self._kinds.setdefault(value, kind)

    def close(self) -> None:
        """No more values: make ready to search."""
        for value, kind in self._kinds.items():
            for form in _writings(value):
                self._search.add_word(form.decode("latin-1"), (len(form), kind))
        if self._kinds:
            self._search.make_automaton()

    def spans(self, data: bytes) -> Iterator[Span]:
        """Every place where a gathered value stands, in any writing."""
        if self._kinds:
            for last, (length, kind) in self._search.iter(data.decode("latin-1")):
                yield Span(last + 1 - length, last + 1, kind)

    def erase(self, data: bytes, found: Iterable[Span], member: str, part: str) -> bytes:
        """Replace what was found, and remember that it was; as many bytes come back."""
        pieces, at = list[bytes](), 0
        for start, end, kind in _apart(found):
            value = plain(data[start:end])
            if is_placeholder(data[start:end]):
                continue
            seal = self.seal(value)
            pieces += [
                data[at:start],
                placeholder(data[start:end], kind.id, seal[:_MARK], email=kind.shape == "email"),
            ]
            at = end
            self._about[kind.id] = kind
            self._places[kind.id, seal, len(value)][RemovedPlace(member=member, part=part)] += 1
        return b"".join([*pieces, data[at:]]) if pieces else data

    def blacked(self, kinds: Iterable[Kind], member: str) -> None:
        """Remember that a picture's regions were blacked out, each for its kind."""
        for kind in kinds:
            self._about[kind.id] = kind
            self._places[kind.id, "", 0][RemovedPlace(member=member, part="region of a picture")] += 1

    def seal(self, value: bytes) -> str:
        """HMAC-SHA-256 of a value in hex."""
        return hmac.new(self._salt, value, hashlib.sha256).hexdigest()

    def removed(self) -> tuple[Removed, ...]:
        """All that was replaced, in a fixed order."""
        return tuple(
            Removed(
                kind=kind,
                about=self._about[kind].about,
                hash=seal or None,
                bytes=size,
                count=sum(places.values()),
                places=tuple(
                    place.model_copy(update={"count": count})
                    for place, count in sorted(places.items(), key=lambda p: (p[0].member, p[0].part))
                ),
            )
            for (kind, seal, size), places in sorted(self._places.items(), key=lambda each: each[0])
        )


def _writings(value: bytes) -> set[bytes]:
    """A value as it may stand in an address, a form, JSON and HTML."""
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return {value}
    forms = {
        text,
        quote(text, safe=""),
        quote(text),
        quote_plus(text),
        escape(text),
        escape(text, quote=False),
    }
    forms |= {quote(quote(text, safe=""), safe=""), text.replace("/", "\\/"), text.replace("/", "\\\\/")}
    forms |= {json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]}
    forms |= {re.sub(r"%[0-9A-F]{2}", lambda m: m[0].lower(), quote(text, safe=""))}
    return {form.encode() for form in forms}


def _apart(found: Iterable[Span]) -> list[Span]:
    """Spans that do not overlap; of two that do, one that covers both, of the longer one's kind."""
    apart: list[Span] = []
    for span in sorted(found, key=lambda s: (s.start, -s.end, s.kind.id)):
        if apart and span.start < apart[-1].end:
            last = apart[-1]
            longer = last.kind if last.end - last.start >= span.end - span.start else span.kind
            apart[-1] = Span(last.start, max(last.end, span.end), longer)
        else:
            apart.append(span)
    return apart
