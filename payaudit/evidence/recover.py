"""Saving what a killed walk left: its folder becomes a file like any other, minus the torn end.

The folder itself is not touched. What was left out is told in ``payaudit/recovery.json``.
"""

from __future__ import annotations

import filecmp
import glob
import hashlib
import re
import shutil
import tempfile
from pathlib import Path

from pydantic import ValidationError

from payaudit.errors import EvidenceError
from payaudit.evidence import layout
from payaudit.evidence.disk import free_name, is_locked, plain_words
from payaudit.evidence.pack import pack_files, walk_files
from payaudit.evidence.traffic import records
from payaudit.model.base import Frozen
from payaudit.model.evidence import Audit, Link, RunInfo, Step

_CHUNK = 1024 * 1024


class Recovery(Frozen):
    """What was done to save an unfinished recording: ``payaudit/recovery.json``."""

    warc_kept: int  # bytes of whole records
    warc_tail: int = 0  # bytes after them, left out
    warc_tail_sha256: str | None = None  # None: nothing was left out
    dropped: tuple[str, ...] = ()  # paths in the folder that were torn
    missing: tuple[str, ...] = ()  # paths that should have been there


def recover(path: Path) -> Path:
    """Pack the folder of a killed walk next to it and return the packed file.

    ``audit.ended`` becomes None, unless the walk had ended and only its packing was cut
    off. The same folder always gives the same bytes, and a file that is there already is
    never replaced. Raises EvidenceError where the walk is still running, ``audit.json``
    cannot be read, or the disk fails.
    """
    if is_locked(path / layout.WARC):
        raise EvidenceError(
            f"A walk is still recording into {path}; wait until it ends.",
            f"巡查仍在写入 {path}；请等待其结束。",
        )
    audit = _audit(path)
    with (
        plain_words(path),
        tempfile.TemporaryDirectory(prefix=".recover-", dir=path.absolute().parent) as scratch,
    ):
        files = walk_files(path)
        files[layout.WARC], recovery = _whole_warc(path / layout.WARC, Path(scratch))
        torn = _torn(path, files)
        missing = [name for name in (layout.WARC,) if not (path / name).exists()]
        missing += _missing_runs(files)
        recovery = recovery.model_copy(update={"dropped": torn, "missing": tuple(missing)})
        if torn or missing or recovery.warc_tail:
            audit = audit.model_copy(update={"ended": None, "end_reason": None})
            files[layout.AUDIT] = Path(scratch, "audit.json")
            files[layout.AUDIT].write_text(audit.model_dump_json(indent=1), encoding="utf-8")
        files[layout.RECOVERY] = Path(scratch, "recovery.json")
        files[layout.RECOVERY].write_text(recovery.model_dump_json(indent=1), encoding="utf-8")
        packed = pack_files(files, Path(scratch, "packed.wacz"))
        return _settle(packed, path.with_name(_final_name(path.name)))


def _audit(path: Path) -> Audit:
    try:
        return Audit.model_validate_json((path / layout.AUDIT).read_bytes())
    except (OSError, ValidationError) as error:
        raise EvidenceError(
            f"{path} has no readable audit.json, so nothing says what was audited; "
            "is this the folder of a walk?",
            f"{path} 中没有可读的 audit.json，无法得知审计对象；这是巡查的文件夹吗？",
        ) from error


def _whole_warc(warc: Path, scratch: Path) -> tuple[Path, Recovery]:
    """Return the WARC up to its last whole record: itself, or a shorter copy."""
    copy = scratch / "data.warc.gz"
    if not warc.is_file():
        copy.touch()
        return copy, Recovery(warc_kept=0)
    kept = 0
    with warc.open("rb") as file:
        try:
            for record in records(file):
                kept = record.offset + record.length
        except EvidenceError:
            pass  # damaged from here on: the tail begins
        file.seek(kept)
        tail = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.tell()
        if size == kept:
            return warc, Recovery(warc_kept=kept)
        file.seek(0)
        left = kept
        with copy.open("wb") as whole:
            while chunk := file.read(min(_CHUNK, left)):
                whole.write(chunk)
                left -= len(chunk)
    return copy, Recovery(warc_kept=kept, warc_tail=size - kept, warc_tail_sha256=tail)


def _torn(folder: Path, files: dict[str, Path]) -> tuple[str, ...]:
    """Take torn steps and runs out of ``files``; return them and the steps in flight."""
    steps = folder.glob("payaudit/runs/*/steps/*")
    runs = folder.glob("payaudit/runs/*/run.json")
    torn = {path for path in steps if path.name.startswith(".") or not _step_is_whole(path)}
    torn |= {path for path in runs if not _parses(RunInfo, path)}
    for name, path in list(files.items()):
        if path in torn or path.parent in torn:
            del files[name]
    return tuple(sorted(path.relative_to(folder).as_posix() for path in torn))


def _step_is_whole(folder: Path) -> bool:
    """Say whether a step's files are those that its link names."""
    try:
        link = Link.model_validate_json((folder / layout.CHAIN).read_bytes())
        found = {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in folder.iterdir()
            if path.name != layout.CHAIN and not path.name.startswith(".")
        }
    except (OSError, ValidationError):
        return False
    listed = {name: digest for name, digest in link.files.items() if name != layout.RUN}
    return found == listed and _parses(Step, folder / layout.STEP)


def _parses(model: type[Frozen], path: Path) -> bool:
    try:
        model.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return False
    return True


def _missing_runs(files: dict[str, Path]) -> list[str]:
    places = [place for name in files if (place := layout.place(name)) is not None]
    there = {place.run for place in places if place.step is None}
    absent = {place.run for place in places} - there
    return [f"{layout.run_folder(run)}/{layout.RUN}" for run in sorted(absent)]


def _final_name(partial: str) -> str:
    name = re.sub(r"\.partial(-\d+)?$", "", partial)
    return name if name.endswith(".wacz") else f"{name}.wacz"


def _settle(packed: Path, out: Path) -> Path:
    """Give the packed file its name, or find that it is there already."""
    taken = sorted(out.parent.glob(f"{glob.escape(out.stem)}-*{out.suffix}"))
    for known in (out, *taken):
        if known.is_file() and filecmp.cmp(packed, known, shallow=False):
            return known
    target = free_name(out) if out.exists() else out
    shutil.move(packed, target)
    return target
