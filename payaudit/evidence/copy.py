"""A new evidence file made from another: its files taken out, changed, linked and packed anew.

The other file is never touched. What packing makes (index, pages, list of files) is made
again; the chain is linked again from what the files now are, in the same order of steps.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from payaudit.errors import UsageError
from payaudit.evidence import layout
from payaudit.evidence.chain import build_link, genesis
from payaudit.evidence.container import Container
from payaudit.model.evidence import Audit, Link

MADE = frozenset({layout.INDEX, layout.PAGES, layout.PACKAGE, layout.DIGEST})
"""Members that packing makes."""


def unpack(container: Container, folder: Path, leave_out: Iterable[str] = ()) -> dict[str, Path]:
    """Take the files out of an evidence file, numbered, by their path inside it.

    Leaves out what packing makes. Raises EvidenceError where one cannot be read, OSError
    where the disk fails.
    """
    files: dict[str, Path] = {}
    for number, name in enumerate(sorted(set(container.names) - MADE - set(leave_out))):
        files[name] = folder / f"{number:06d}"
        with container.stream(name) as member, files[name].open("wb") as file:
            shutil.copyfileobj(member, file)
    return files


def relink(files: Mapping[str, Path], cuts: Mapping[int, tuple[int, str]]) -> None:
    """Link the steps anew; ``cuts`` says for a length of the old traffic its length and SHA-256 now.

    A link that comes out as it was is left as it lies. Raises ``KeyError`` for a length that
    is not in ``cuts`` and ``ValidationError`` for a link that cannot be read.
    """
    previous = genesis(Audit.model_validate_json(files[layout.AUDIT].read_bytes()))
    steps = sorted({(p.run, p.step) for name in files if (p := layout.place(name)) and p.step is not None})
    hashes = {name: _sha256(path) for name, path in files.items() if layout.place(name)}
    for run, step in steps:
        here = {
            p.file: digest
            for name, digest in hashes.items()
            if (p := layout.place(name)) and (p.run, p.step) == (run, step)
        }
        path = files[layout.packed(layout.Place(run, step, layout.CHAIN))]
        old = Link.model_validate_json(path.read_bytes())
        run_hash = hashes[layout.packed(layout.Place(run, None, layout.RUN))]
        named = {name: {**here, layout.RUN: run_hash}[name] for name in old.files}
        link = build_link(named, previous, cuts[old.warc_offset])
        if link != old:
            path.write_bytes(json.dumps(link.model_dump(mode="json"), ensure_ascii=False, indent=1).encode())
        previous = link.hash


def check_out(out: Path, source: Path) -> None:
    """Raise UsageError where a new file would replace something."""
    if out.exists():
        same = source.exists() and out.samefile(source)
        raise UsageError(
            f"{out} is the evidence itself, which is never changed; name another file"
            if same
            else f"{out} is there already; name a file that is not",
            f"{out} 就是原证据，原证据不会被改动；请另取文件名" if same else f"{out} 已存在；请另取文件名",
        )
    if not out.absolute().parent.is_dir():
        raise UsageError(
            f"{out.parent} is no folder; make it, or name another place",
            f"{out.parent} 不是文件夹；请先创建，或另选位置",
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
