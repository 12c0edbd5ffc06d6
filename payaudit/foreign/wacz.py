"""WACZ of any recorder: its list of pages, some with the words that its browser showed, and its WARCs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from payaudit.errors import EvidenceError
from payaudit.evidence import layout
from payaudit.evidence.container import Container
from payaudit.evidence.limits import SNAPSHOT
from payaudit.foreign.noun import Archive, Page, loads, moment, sha256
from payaudit.foreign.pages import read_warcs
from payaudit.model.text import Text

WARCS = (".warc", ".warc.gz")
_HASHES = {"sha256": "sha256", "md5": "md5", "sha-256": "sha256"}


def wacz(path: Path) -> Archive:
    """Read all of it. Raises EvidenceError where a file is not the one listed, or is damaged."""
    archive = Archive("WACZ", sha256(path))
    with closing(Container.open(path)) as container:
        _check_list(container, archive)
        lists = [n for n in container.names if n.startswith("pages/") and n.endswith(".jsonl")]
        # pages.jsonl holds what was asked for; what was met on the way comes after it.
        lists.sort(key=lambda n: (n != layout.PAGES, n))
        listed = [page for name in lists for page in _listed(container.read(name, SNAPSHOT))]
        warcs = sorted(filter(is_warc, container.names))
        read_warcs(archive, ((name, container.stream(name)) for name in warcs), path, listed)
    return archive


def _check_list(container: Container, archive: Archive) -> None:
    """Hold the files against the list of them. Raises EvidenceError where one is not the one listed."""
    there = layout.PACKAGE in container.names
    package = loads(container.read(layout.PACKAGE, SNAPSHOT)) if there else None
    listed = package.get("resources") if isinstance(package, dict) else None
    told = {r["path"]: str(r.get("hash")) for r in listed or () if isinstance(r, dict) and "path" in r}
    archive.software = str(package.get("software", "")) if isinstance(package, dict) else ""
    unsure = []
    for name in container.names:
        if name in (layout.PACKAGE, layout.DIGEST):
            continue
        method, _, wanted = told.get(name, "").partition(":")
        if method not in _HASHES:
            unsure.append(name)
            continue
        with container.stream(name) as member:
            found = hashlib.file_digest(member, _HASHES[method]).hexdigest()  # type: ignore[arg-type] # IO[bytes] is all that is told of a zip's member
        if found != wanted.lower():
            raise EvidenceError(
                f"{container.path} is damaged or was altered: {name} is not as packed. Fetch it again.",
                f"{container.path} 已损坏或被改动：{name} 与清单不符。请重新获取。",
            )
    missing = sorted(told.keys() - set(container.names))
    if unsure or missing:
        names = ", ".join(sorted([*unsure, *missing])[:6])
        archive.gaps.append(
            Text(
                en=f"its list of files does not vouch for these: {names}",
                zh=f"其文件清单不能证明以下文件：{names}",
            )
        )


def _listed(data: bytes) -> Iterator[Page]:
    for line in data.decode("utf-8", "replace").splitlines():
        told = loads(line.encode())
        if isinstance(told, dict) and isinstance(told.get("url"), str):
            at = moment(str(told.get("ts") or ""))
            if at is not None:
                title, text = told.get("title"), told.get("text")
                yield Page(
                    told["url"],
                    at,
                    title if isinstance(title, str) else "",
                    None,
                    text if isinstance(text, str) else "",
                )


def is_warc(name: str) -> bool:
    """Whether a file inside holds traffic."""
    return name.startswith("archive/") and name.endswith(WARCS)
