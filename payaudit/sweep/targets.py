"""A list of targets: one audit per row, from CSV, JSON lines or plain text.

    target,persona,jurisdiction,tags,journey,platform
    https://drama.example/1,wechat-iphone,CN,"rank,week-48",,

``target`` alone is needed. A text file holds one address per line; lines that begin with ``#``
are remarks. ``platform`` is the site of the address where nothing else is said.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TextIO
from urllib.parse import urlsplit

from payaudit.entry import address_of
from payaudit.errors import UsageError
from payaudit.perceive.urls import site

COLUMNS = ("target", "persona", "jurisdiction", "tags", "journey", "platform")
# An address that needs no second look; whatever else it may be is read with care.
_PLAIN = re.compile(
    r"https?://(?P<host>[A-Za-z0-9][A-Za-z0-9.-]*(?::(?P<port>[0-9]{1,5}))?)(?:[/?#][^\s\\]*)?"
)
_ID = 16  # hex digits: of ten million targets, two share one with a chance of 3 in a million


class Target(NamedTuple):
    """One row; a plain tuple, as there may be a hundred thousand.

    ``id`` is made from what is walked and how, so that it is the same in every sweep.

    ``host`` is the name and port that politeness counts; ``unreadable`` says why nothing can be walked.
    """

    id: str
    row: int
    address: str
    host: str
    platform: str
    persona: str
    jurisdiction: str = ""
    tags: str = ""
    journey: str = ""
    unreadable: str | None = None


@dataclass(frozen=True)
class Frame:
    """All rows of a list; ``sha256`` is over the file, ``repeated`` counts rows that say the same twice."""

    name: str
    sha256: str
    targets: tuple[Target, ...]
    repeated: int


def read_targets(path: Path, persona: str, jurisdiction: str = "") -> Frame:
    """Read a list; ``persona`` and ``jurisdiction`` stand in where a row says nothing.

    Raises ``UsageError`` for a file that is no list, or in which no row can be walked.
    """
    found: list[Target] = []
    known: set[str] = set()
    repeated = 0
    try:
        with path.open("rb") as raw:
            sha256 = hashlib.file_digest(raw, "sha256").hexdigest()
        with path.open(encoding="utf-8-sig", newline="") as file:
            for number, row in _rows(path, file):
                target = _target(number, row, persona, jurisdiction)
                if target.id in known:
                    repeated += 1
                    continue
                known.add(target.id)
                found.append(target)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{path}: cannot be read as UTF-8 text ({error})", f"{path}：无法按 UTF-8 文本读取（{error}）"
        ) from error
    if not any(target.unreadable is None for target in found):
        raise UsageError(
            f"{path}: holds no web address; give one per line, or a column `target`",
            f"{path}：没有网址；请每行写一个，或提供 target 列",
        )
    return Frame(path.name, sha256, tuple(found), repeated)


def _rows(path: Path, file: TextIO) -> Iterator[tuple[int, dict[str, str]]]:
    kind = path.suffix.lower()
    if kind == ".csv":
        return _csv(path, file)
    if kind == ".jsonl":
        return _json_lines(path, file)
    if kind == ".txt":
        lines = enumerate(map(str.strip, file), 1)
        return ((number, {"target": line}) for number, line in lines if line and not line.startswith("#"))
    raise UsageError(
        f"{path}: what kind of list is this? name it .csv, .jsonl or .txt",
        f"{path}：无法判断列表类型；请使用 .csv、.jsonl 或 .txt",
    )


def _csv(path: Path, file: TextIO) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(file)
    try:
        columns = [name.strip().lower() for name in next(reader, [])]
        _check_columns(path, columns)
        for row in reader:
            if any(map(str.strip, row)):
                yield reader.line_num, dict(zip(columns, row, strict=False))
    except csv.Error as error:
        where = f"{path}:{reader.line_num}"
        raise UsageError(
            f"{where}: no readable CSV ({error})", f"{where}：CSV 无法读取（{error}）"
        ) from error


def _json_lines(path: Path, file: TextIO) -> Iterator[tuple[int, dict[str, str]]]:
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            row, why = None, str(error)
        else:
            why = "not an object"
        if not isinstance(row, dict):
            raise UsageError(
                f"{path}:{number}: no JSON object ({why})", f"{path}:{number}：不是 JSON 对象（{why}）"
            )
        _check_columns(path, list(row))
        yield number, {name: _plain(value) for name, value in row.items()}


def _plain(value: object) -> str:
    if value is None:
        return ""
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _check_columns(path: Path, columns: Iterable[str]) -> None:
    known, told = set(COLUMNS), set(columns)
    if "target" not in told or told - known:
        odd = ", ".join(sorted(told - known)) or "no target"
        raise UsageError(
            f"{path}: columns are {', '.join(COLUMNS)}, and target is needed; here: {odd}",
            f"{path}：列名应为 {'、'.join(COLUMNS)}，其中 target 必填；此处：{odd}",
        )


def _target(number: int, row: dict[str, str], persona: str, jurisdiction: str) -> Target:
    told = row["target"].strip() if row.get("target") else ""
    plain = _PLAIN.fullmatch(told)
    unreadable = None
    if plain is not None and int(plain["port"] or 0) < 65536:  # noqa: PLR2004 - the highest port
        address, host = told, plain["host"].lower()
    else:
        try:
            address = address_of(told)
            host = urlsplit(address).netloc.rpartition("@")[2].lower()
        except UsageError as error:
            address, host, unreadable = told, "", error.en
    who = sys.intern((row.get("persona") or "").strip() or persona)
    place = sys.intern((row.get("jurisdiction") or "").strip().upper() or jurisdiction)
    journey = sys.intern((row.get("journey") or "").strip())
    made_of = f"{address}\n{who}\n{place}\n{journey}"
    return Target(
        id=hashlib.sha256(made_of.encode()).hexdigest()[:_ID],
        row=number,
        address=address,
        host=sys.intern(host),
        platform=sys.intern((row.get("platform") or "").strip() or _platform(host)),
        persona=who,
        jurisdiction=place,
        tags=sys.intern((row.get("tags") or "").strip()),
        journey=journey,
        unreadable=unreadable,
    )


@lru_cache(maxsize=4096)
def _platform(host: str) -> str:
    return site(urlsplit(f"//{host}").hostname or host) if host else ""
