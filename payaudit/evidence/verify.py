"""Is every file of the evidence the one that was packed? Compared with ``datapackage.json``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from payaudit.errors import EvidenceError
from payaudit.evidence import layout
from payaudit.evidence.chain import Problem
from payaudit.evidence.container import Container
from payaudit.evidence.limits import SNAPSHOT
from payaudit.evidence.seal.wacz import digest_problems


@dataclass(frozen=True, slots=True)
class Checked:
    """SHA-256 of each file by path, of the WARC's prefixes by length, and what is wrong."""

    hashes: Mapping[str, str]
    prefixes: Mapping[int, str]
    problems: tuple[Problem, ...]


def check_package(container: Container, cuts: Iterable[int]) -> Checked:
    """Hash every member and compare; ``cuts`` are the lengths to hash the WARC up to.

    Never raises: what cannot be read is a problem too.
    """
    hashes: dict[str, str] = {}
    prefixes: dict[int, str] = {}
    problems: list[Problem] = []
    for name in container.names:
        try:
            hashes[name], found = container.digest(name, cuts if name == layout.WARC else ())
        except EvidenceError:
            hashes[name], found = "unreadable", {}
        prefixes |= found
    package = _package(container)
    listed = _listed(package)
    if listed is None:
        problems.append(
            Problem(
                "datapackage.json, the list of all files, is missing or cannot be read.",
                "缺少文件清单 datapackage.json，或其无法读取。",
            )
        )
        listed = {}
    if _digest(container) != hashes.get(layout.PACKAGE):
        problems.append(
            Problem(
                "datapackage.json is not the one named in datapackage-digest.json.",
                "datapackage.json 与 datapackage-digest.json 中的摘要不符。",
            )
        )
    elif package is not None:
        problems += digest_problems(container.read(layout.DIGEST, SNAPSHOT), package, layout.PACKAGE)
    there = hashes.keys() - {layout.PACKAGE, layout.DIGEST}
    for name in sorted(there | listed.keys()):
        if name not in there:
            problems.append(Problem(f"{name} is missing.", f"缺少 {name}。"))
        elif name not in listed:
            problems.append(Problem(f"{name} was added.", f"多出 {name}。"))
        elif listed[name] != hashes[name]:
            problems.append(Problem(f"{name} was altered.", f"{name} 被改动。"))
    return Checked(hashes, prefixes, tuple(problems))


def _package(container: Container) -> dict[str, Any] | None:
    try:
        package = json.loads(container.read(layout.PACKAGE, SNAPSHOT))
    except (EvidenceError, ValueError, KeyError, RecursionError):
        return None
    return package if isinstance(package, dict) else None


def _listed(package: dict[str, Any] | None) -> dict[str, str] | None:
    try:
        return {
            str(entry["path"]): str(entry["hash"]).removeprefix("sha256:")
            for entry in (package or {})["resources"]
        }
    except (KeyError, TypeError):
        return None


def _digest(container: Container) -> str | None:
    try:
        head = json.loads(container.read(layout.DIGEST, SNAPSHOT))
        return str(head["hash"]).removeprefix("sha256:")
    except (EvidenceError, ValueError, KeyError, TypeError, RecursionError):
        return None
