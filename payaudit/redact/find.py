"""Where private values stand in bytes: under a name, by their own look, or in a header.

All of it looks at the bytes as they lie, so that a page, a script, an answer in JSON,
a form and an address are searched alike and what is found can be replaced in place.
What stands there in another writing (percent signs, escapes, JSON in JSON) is found
in a ``reading`` of the bytes, and then searched for in every writing.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

from payaudit.redact.kinds import Kind, Kinds
from payaudit.redact.placeholder import is_placeholder

# "name": "value", also escaped within a text; name = 'value' of a script; data-name="value".
_QUOTED = re.compile(
    rb"""([A-Za-z_$\x80-\xff][\w.$\x80-\xff-]{0,60})\\{0,3}["']?\s{0,3}[:=]\s{0,3}\\{0,3}["']"""
    rb"""((?:[^"'\\<>\r\n]|\\{1,3}/){3,8192})\\{0,3}["']"""
)
_NUMBERED = re.compile(
    rb"""["']([A-Za-z_][\w.-]{0,60})\\{0,3}["']\s{0,3}:\s{0,3}([0-9]{4,30})(?:[,}\]\s]|$)"""
)
_IN_ADDRESS = re.compile(rb"""[?&;]([A-Za-z_][\w.\[\]%-]{0,60})=([^&;\s"'<>#\\(){}$`,]{3,8192})""")
_IN_FORM = re.compile(rb"""(?:^|&)([^=&\s]{1,80})=([^&\s]{3,65536})""")
_TAG = re.compile(rb"""(?i)<(?:input|meta|param)\b[^<>]{0,2000}>""")
_ATTRIBUTE = re.compile(rb"""(?i)(name|property|id|value|content)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_PART = re.compile(
    rb"""(?i)content-disposition:[^\r\n]*\bname="?([^";\r\n]+)"?[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n([^\r\n]{3,8192})"""
)
_COOKIE = re.compile(rb"([^=;\s]+)=([^;]+)")
_ESCAPE = re.compile(rb"\\u([0-9a-fA-F]{4})")
_BASE64 = re.compile(rb"\b(?:eyJ|W3s|eyA|ewo)[A-Za-z0-9+/_-]{16,65536}={0,2}")
_DEPTH = 8


class Span(NamedTuple):
    """A private value in some bytes: from ``start`` to before ``end``, and what it is."""

    start: int
    end: int
    kind: Kind


def spans(data: bytes, kinds: Kinds, *, form: bool = False) -> Iterator[Span]:
    """Private values in a text; ``form``: it is the body of a form, or the query of an address."""
    for pattern, sent in ((_QUOTED, False), (_NUMBERED, False), (_IN_ADDRESS, True), (_PART, True)):
        for found in pattern.finditer(data):
            yield from _keyed(kinds, found, sent=sent)
    if form:
        for found in _IN_FORM.finditer(data):
            yield from _keyed(kinds, found, sent=True)
    for tag in _TAG.finditer(data):
        yield from _in_tag(kinds, tag)
    for kind in kinds.all:
        for text in kind.text:
            for found in text.finditer(data):
                start, end = found.span(1) if text.groups else found.span()
                value = data[start:end]
                if value and not is_placeholder(value) and kind.free(value):
                    yield Span(start, end, kind)


def header_spans(name: bytes, value: bytes, kinds: Kinds) -> Iterator[Span]:
    """Private values in the value of an HTTP header, by its name alone."""
    kind = kinds.by_header.get(name.strip().lower())
    if kind is None:
        return
    if kind.header_part == "cookies":
        pairs = list(_COOKIE.finditer(value))
        # Of Set-Cookie only the first pair is one; what follows are its attributes.
        for found in pairs[:1] if name.strip().lower() == b"set-cookie" else pairs:
            yield from _unless_done(value, *found.span(2), kind)
    elif kind.header_part == "scheme":
        at = value.strip().find(b" ") + 1
        lead = len(value) - len(value.lstrip())
        yield from _unless_done(value, lead + at, len(value.rstrip()), kind)
    else:
        yield from _unless_done(value, len(value) - len(value.lstrip()), len(value.rstrip()), kind)


def values(data: bytes, kinds: Kinds, *, form: bool = False) -> Iterator[tuple[bytes, Kind]]:
    """Private values in a text in plain writing, those in another writing too."""
    for reading in _readings(data):
        for span in spans(reading, kinds, form=form):
            yield plain(reading[span.start : span.end]), span.kind
    for found in _BASE64.finditer(data):
        # What is packed so cannot be replaced in part: all of it goes.
        inside = next(spans(_unpacked(found[0]), kinds), None)
        if inside is not None:
            yield found[0], inside.kind
    if data[:1] in (b"{", b"["):
        try:
            yield from _in_json(json.loads(data), kinds, 0)
        except (ValueError, RecursionError):
            return


def pair(name: bytes, value: bytes, kinds: Kinds, *, sent: bool = False) -> Kind | None:
    """The kind of a value that stands under a name; None where it is not private."""
    kind = kinds.named(name)
    whole = plain(value)
    if kind is None or is_placeholder(whole) or not kind.keyed(whole, sent=sent):
        return None
    return kind


def plain(value: bytes) -> bytes:
    """A value without the writing of its place: percent signs, a slash that JSON escaped."""
    value = value.replace(b"\\/", b"/")
    return unquote_to_bytes(value) if b"%" in value else value


def _keyed(kinds: Kinds, found: re.Match[bytes], *, sent: bool) -> Iterator[Span]:
    kind = pair(found[1], found[2], kinds, sent=sent)
    if kind is not None:
        yield Span(*found.span(2), kind)


def _in_tag(kinds: Kinds, tag: re.Match[bytes]) -> Iterator[Span]:
    """``<input name=… value=…>`` and ``<meta name=… content=…>``."""
    names, value = [], None
    for found in _ATTRIBUTE.finditer(tag[0]):
        which = 2 if found[2] is not None else 3
        if found[1].lower() in (b"value", b"content"):
            value = found.span(which)
        else:
            names.append(found[which])
    if value is None or value[0] == value[1]:
        return
    for name in names:
        kind = pair(name, tag[0][slice(*value)], kinds)
        if kind is not None:
            yield Span(tag.start() + value[0], tag.start() + value[1], kind)
            return


def _unless_done(value: bytes, start: int, end: int, kind: Kind) -> Iterator[Span]:
    if start < end and not is_placeholder(value[start:end]):
        yield Span(start, end, kind)


def _readings(data: bytes) -> Iterator[bytes]:
    yield data
    if b"%" in data:
        yield unquote_to_bytes(data)
    if b"\\u" in data:
        yield _ESCAPE.sub(lambda m: chr(int(m[1], 16)).encode("utf-8", "replace"), data)
    for found in _BASE64.finditer(data):
        yield _unpacked(found[0])


def _unpacked(blob: bytes) -> bytes:
    """What a text in base64 holds; nothing where it is none."""
    raw = blob.rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
    try:
        return base64.b64decode(raw + b"=" * (-len(raw) % 4))
    except ValueError:
        return b""


def _in_json(value: Any, kinds: Kinds, depth: int) -> Iterator[tuple[bytes, Kind]]:  # noqa: ANN401 - any JSON
    """Values under private names, also inside texts that are JSON."""
    if depth > _DEPTH:
        return
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, str | int) and not isinstance(inner, bool):
                told = str(inner).encode("utf-8", "replace")
                kind = pair(str(key).encode("utf-8", "replace"), told, kinds)
                if kind is not None:
                    yield told, kind
            yield from _in_json(inner, kinds, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _in_json(inner, kinds, depth + 1)
