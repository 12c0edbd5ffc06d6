"""Snapshots and pictures of screens: private words in the one, the regions that show them in the other."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from PIL import Image, ImageDraw

from payaudit.errors import EvidenceError
from payaudit.evidence.limits import SNAPSHOT
from payaudit.evidence.members import gunzip
from payaudit.model.readings import Reading
from payaudit.perceive.screen import build
from payaudit.perceive.texts import Text
from payaudit.perceive.tree import Rect
from payaudit.redact.find import Span, pair, spans
from payaudit.redact.kinds import Kind
from payaudit.redact.placeholder import is_placeholder
from payaudit.redact.traffic import Parts

_LEVEL = 6  # as the recorder packs
_FIELDS = {"tel": "phone", "email": "email", "password": "password"}
_MARGIN = 2.0  # CSS px around a region, for what anti-aliasing paints beside it
_UNSEEN = frozenset({"hidden", "clipped", "off_screen"})

Region = tuple[Rect, Kind]


def gather_snapshot(packed: bytes, parts: Parts) -> None:
    """Remember what a snapshot holds that is private: in its words, attributes and fields."""
    text = gunzip(packed, SNAPSHOT)
    parts.gather(text)
    raw = _parsed(text)
    for entry, index, kind in _named(raw, parts):
        parts.secrets.add(entry["strings"][index].encode("utf-8", "replace"), kind)


def clean_snapshot(packed: bytes, parts: Parts) -> bytes:
    """The snapshot without its private words, of the same length unpacked; itself where it has none."""
    text = gunzip(packed, SNAPSHOT)
    raw, edited = _parsed(text), text
    named = list(_named(raw, parts))
    for entry, index, kind in named:
        value = entry["strings"][index].encode("utf-8", "replace")
        clean = parts.secrets.erase(value, [Span(0, len(value), kind)], parts.member, "field")
        entry["strings"][index] = clean.decode("utf-8", "replace")
    if named:
        edited = json.dumps(raw, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    edited = parts.clean(edited, "words")
    return packed if edited == text else gzip.compress(edited, _LEVEL, mtime=0)


def regions(packed: bytes, readings: tuple[Reading, ...], parts: Parts) -> tuple[list[Region], float]:
    """Where the screen shows private words, in CSS px of the viewport, and the viewport's width.

    A text split over several elements is searched as it is read, in one.
    """
    try:
        screen = build(_parsed(gunzip(packed, SNAPSHOT)), readings)
    except EvidenceError:
        return [], 0.0
    found: list[Region] = []
    for text in screen.texts:
        for start, end, kind in _in_words(text.text, parts):
            found += [(box, kind) for box in _boxes(text, start, end)]
    for node in screen.tree.nodes:
        if node.value and node.box is not None:
            name = node.attrs.get("name", "") or node.attrs.get("id", "")
            field = _field_kind(node.tag, node.attrs.get("type", ""), name, node.value, parts)
            field = field or next((k for _, _, k in _in_words(node.value, parts)), None)
            if field is not None:
                found.append((node.box, field))
    return found, screen.width


def reading_regions(lines: Iterable[Reading], parts: Parts) -> list[Region]:
    """Where lines that were read from a picture hold private words, in their own measure."""
    return [
        ((line.box.x, line.box.y, line.box.width, line.box.height), kind)
        for line in lines
        for _, _, kind in _in_words(line.raw if line.text == line.raw else f"{line.text}\n{line.raw}", parts)
    ]


def black_out(picture: bytes, found: list[Region], width: float, parts: Parts) -> bytes:
    """The picture with these regions black, in the format it came in; ``width`` is what boxes count in.

    One that cannot be opened but shows something private becomes a black square.
    """
    if not found:
        return picture
    parts.secrets.blacked((kind for _, kind in found), parts.member)
    out = io.BytesIO()
    try:
        with Image.open(io.BytesIO(picture)) as opened:
            form, image = opened.format or "PNG", opened.convert("RGB")
    except (OSError, ValueError, Image.DecompressionBombError):
        Image.new("RGB", (1, 1)).save(out, "PNG")
        return out.getvalue()
    scale = image.width / width if width else 1.0
    draw = ImageDraw.Draw(image)
    for (x, y, wide, high), _ in found:
        left, top = (x - _MARGIN) * scale, (y - _MARGIN) * scale
        draw.rectangle(
            (left, top, (x + wide + _MARGIN) * scale, (y + high + _MARGIN) * scale), fill=(0, 0, 0)
        )
    image.save(out, form)
    return out.getvalue()


def _in_words(words: str, parts: Parts) -> Iterator[tuple[int, int, Kind]]:
    """Private stretches of a text, in characters."""
    data = words.encode("utf-8", "replace")
    for start, end, kind in (*parts.secrets.spans(data), *spans(data, parts.kinds)):
        yield len(data[:start].decode("utf-8", "ignore")), len(data[:end].decode("utf-8", "ignore")), kind


def _boxes(text: Text, start: int, end: int) -> list[Rect]:
    return [run.box for run in text.runs_at(start, end) if run.sight not in _UNSEEN]


def _parsed(text: bytes) -> dict[str, Any]:
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return raw if isinstance(raw, dict) else {}


def _named(raw: dict[str, Any], parts: Parts) -> Iterator[tuple[dict[str, Any], int, Kind]]:
    """Strings that stand under a private name: attributes, and what was typed into fields."""
    told: set[tuple[int, int]] = set()
    for number, tree in enumerate(raw.get("trees", ())):
        entry = tree["snapshot"]
        strings: list[str] = entry["strings"]
        for document in entry["documents"]:
            nodes = document["nodes"]
            typed = dict(zip(nodes["inputValue"]["index"], nodes["inputValue"]["value"], strict=True))
            longer = nodes.get("textValue", {"index": (), "value": ()})
            typed |= dict(zip(longer["index"], longer["value"], strict=True))
            for i, flat in enumerate(nodes["attributes"]):
                held = dict(zip(flat[::2], flat[1::2], strict=True))
                attrs = {strings[k].lower(): v for k, v in held.items() if k >= 0 and v >= 0}
                told_as = {name: strings[v] for name, v in attrs.items()}
                name = told_as.get("name", "") or told_as.get("property", "") or told_as.get("id", "")
                asked = list(attrs.items())
                asked += [(name, attrs[key]) for key in ("value", "content") if key in attrs]
                if typed.get(i, -1) >= 0:
                    asked.append((name, typed[i]))
                for key, v in asked:
                    tag = strings[nodes["nodeName"][i]] if i < len(nodes["nodeName"]) else ""
                    kind = (
                        _field_kind(tag, told_as.get("type", ""), key, strings[v], parts)
                        if v == typed.get(i) or key == name
                        else pair(_bytes(key.removeprefix("data-")), _bytes(strings[v]), parts.kinds)
                    )
                    if kind is not None and (number, v) not in told:
                        told.add((number, v))
                        yield entry, v, kind


def _field_kind(tag: str, typed: str, name: str, value: str, parts: Parts) -> Kind | None:
    """The kind of what stands in a field: by its name, or by what it is for."""
    found = pair(_bytes(name), _bytes(value), parts.kinds)
    wanted = _FIELDS.get(typed.lower()) if tag.upper() == "INPUT" else None
    if found is None and wanted is not None and len(value) > 3 and not is_placeholder(_bytes(value)):  # noqa: PLR2004 - a prefix such as +86 tells nothing
        return next((kind for kind in parts.kinds.all if kind.id == wanted), None)
    return found


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")
