"""A new evidence file with what people collected by hand; the one it is made from is not touched.

The list of files of the walk's own file and its digest, signed where it was signed, are
kept inside (``original-list.gz``, ``original-list-digest.gz``): packing is
the same each time, so every file of the walk is still the one that was vouched for.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

from payaudit.evidence import layout
from payaudit.evidence.container import Container
from payaudit.evidence.copy import check_out, unpack
from payaudit.evidence.disk import plain_words
from payaudit.evidence.pack import pack_files
from payaudit.evidence.read import Evidence
from payaudit.evidence.vouched import vouchers
from payaudit.model.attachment import Attachments

_PREFIX = "payaudit/attachment-"


def member_name(sha256: str, name: str) -> str:
    """Where an attachment lies: by its hash, with the end of its name where that is a plain one."""
    end = Path(name).suffix.lower().lstrip(".")
    return f"{_PREFIX}{sha256[:16]}.{end if end.isascii() and end.isalnum() and len(end) <= 8 else 'bin'}"  # noqa: PLR2004 - no ending is longer


def free_attached(source: Path) -> Path:
    """The name of the new file beside the old one: ``evidence-attached.wacz``, then ``-attached-2``."""
    stem = source.stem.partition("-attached")[0]
    number = 1
    while True:
        out = source.with_name(f"{stem}-attached{'' if number == 1 else f'-{number}'}{source.suffix}")
        if not out.exists():
            return out
        number += 1


def write_attached(source: Path, out: Path, attachments: Attachments, added: Mapping[str, Path]) -> None:
    """Write ``out``: all of ``source``, the list of attachments, and the files ``added`` by their member.

    Steps and their chain stay as they are. Raises EvidenceError where the evidence cannot be
    read or the disk fails, ``UsageError`` where ``out`` is there already.
    """
    check_out(out, source)
    container = Container.open(source)
    folder = out.absolute().parent
    try:
        with plain_words(folder), tempfile.TemporaryDirectory(prefix=".attach-", dir=folder) as scratch:
            files = unpack(container, Path(scratch), (layout.ATTACHMENTS,)) | dict(added)
            files[layout.ATTACHMENTS] = Path(scratch, "attachments")
            plain = json.dumps(attachments.model_dump(mode="json"), ensure_ascii=False, indent=1)
            files[layout.ATTACHMENTS].write_text(plain, "utf-8")
            if layout.ORIGINAL_PACKAGE not in files:
                files |= vouchers(container, Path(scratch))
            packed = pack_files(files, Path(scratch, "packed.wacz"))
            with Evidence.open(packed):
                packed.replace(out)
    finally:
        container.close()
