"""Packing: the folder of a walk becomes one ``.wacz`` (WACZ 1.1.1).

The same folder always gives the same bytes: names in order, fixed dates, no "now".
Files are streamed, so that a long walk needs no more memory than a short one.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Mapping
from datetime import UTC
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from payaudit.evidence import layout
from payaudit.evidence.disk import plain_words, sync_folder
from payaudit.evidence.index import build_index
from payaudit.evidence.pages import list_pages, pages_file
from payaudit.evidence.seal.wacz import SignsWacz, digest_file, written
from payaudit.evidence.zipform import DATE, MODE, UNIX
from payaudit.model.evidence import Audit, Step

_CHUNK = 1024 * 1024


def pack(folder: Path, out: Path, keys: SignsWacz | None = None) -> Path:
    """Pack the folder of a walk into ``out``, which appears only when it is whole; signed where ``keys`` are.

    Raises EvidenceError where the disk fails; the folder is left as it is.
    """
    with plain_words(folder):
        return pack_files(walk_files(folder), out, keys)


def walk_files(folder: Path) -> dict[str, Path]:
    """Return the files of a walk's folder by the path they get inside the packed file.

    Leaves out drafts (names with a leading dot) and whatever is no plain file.
    """
    files: dict[str, Path] = {}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in inside.parts)
        if hidden or path.is_symlink() or not path.is_file():
            continue
        name = inside.as_posix()
        place = layout.place_in_folder(name)
        if place is not None:
            name = layout.packed(place)
        if place is not None or name in (layout.WARC, layout.AUDIT, layout.RECOVERY, layout.LEDGER):
            files[name] = path
    return files


def pack_files(files: Mapping[str, Path], out: Path, keys: SignsWacz | None = None) -> Path:
    """Pack files, given by their path inside, and add what WACZ demands.

    Raises OSError where the disk fails, EvidenceError where the WARC is damaged.
    """
    draft = out.with_name(f".{out.name}.tmp")
    try:
        with draft.open("wb") as file:
            _write(files, file, keys)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(out.parent)
    return out


def _write(files: Mapping[str, Path], file: IO[bytes], keys: SignsWacz | None) -> None:
    audit = Audit.model_validate_json(files[layout.AUDIT].read_bytes())
    with files[layout.WARC].open("rb") as warc:
        index = build_index(warc)
    pages = list_pages(_steps(files), index.urls)
    made = {layout.INDEX: index.text.encode(), layout.PAGES: pages_file(pages)}
    resources = []
    with zipfile.ZipFile(file, "w") as archive:
        for name in sorted(files.keys() | made.keys()):
            if name in made:
                size, digest = _add(archive, name, made[name])
            else:
                size, digest = _add(archive, name, files[name])
            resources.append(
                {
                    "name": name.replace("/", "-"),
                    "path": name,
                    "hash": f"sha256:{digest}",
                    "bytes": size,
                }
            )
        package = {
            "profile": "data-package",
            "wacz_version": "1.1.1",
            "title": f"payaudit: {audit.target}",
            "software": audit.tool,
            "created": f"{(audit.ended or audit.started).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "resources": resources,
        }
        if pages:
            package |= {"mainPageUrl": pages[0]["url"], "mainPageDate": pages[0]["ts"]}
        _, digest = _add(archive, layout.PACKAGE, written(package))
        _add(archive, layout.DIGEST, digest_file(package, digest, layout.PACKAGE, keys))


def _steps(files: Mapping[str, Path]) -> list[Step]:
    """Return the steps that can be read, in order."""
    steps = []
    for name, path in files.items():
        place = layout.place(name)
        if place is not None and place.file == layout.STEP:
            try:
                steps.append(Step.model_validate_json(path.read_bytes()))
            except ValidationError:
                continue
    return sorted(steps, key=lambda step: (step.run, step.number))


def _add(archive: zipfile.ZipFile, name: str, source: Path | bytes) -> tuple[int, str]:
    """Add a member; return its size in bytes and its SHA-256."""
    size = source.stat().st_size if isinstance(source, Path) else len(source)
    # Stored and not deflated: the same text can be deflated in many ways, and then a byte could
    # be changed without a trace.
    info = zipfile.ZipInfo(name, DATE)
    info.create_system, info.external_attr, info.file_size = UNIX, MODE, size
    digest = hashlib.sha256()
    with archive.open(info, "w") as member:
        if isinstance(source, bytes):
            member.write(source)
            digest.update(source)
        else:
            with source.open("rb") as file:
                while chunk := file.read(_CHUNK):
                    member.write(chunk)
                    digest.update(chunk)
    return size, digest.hexdigest()
