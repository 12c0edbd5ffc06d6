"""Attachments of a copy: the words that were read of them, and the regions of pictures that show them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from payaudit.errors import EvidenceError
from payaudit.evidence import layout
from payaudit.model.attachment import Attachment, Attachments
from payaudit.redact.screens import black_out, reading_regions
from payaudit.redact.traffic import Parts, media


def clean_attachments(files: dict[str, Path], parts: Callable[[str], Parts]) -> dict[str, int]:
    """Clean each and tell its new hash; returns what could not be searched, with counts.

    Raises EvidenceError where the list of attachments cannot be read.
    """
    path = files.get(layout.ATTACHMENTS)
    if path is None:
        return {}
    try:
        told = Attachments.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise EvidenceError(
            f"{layout.ATTACHMENTS} cannot be read; attach the files again to the evidence without them",
            f"{layout.ATTACHMENTS} 无法读取；请对未附材料的证据重新附加",
        ) from error
    unsearched: dict[str, int] = {}
    items = tuple(_clean(item, files, parts(item.member), unsearched) for item in told.items)
    if items != told.items:
        plain = told.model_copy(update={"items": items}).model_dump(mode="json")
        path.write_text(json.dumps(plain, ensure_ascii=False, indent=1), "utf-8")
    return unsearched


def _clean(item: Attachment, files: dict[str, Path], parts: Parts, unsearched: dict[str, int]) -> Attachment:
    before = files[item.member].read_bytes()
    if item.readings is not None:
        data = black_out(before, reading_regions(item.readings.lines, parts), 0.0, parts)
    elif media(before) is None:
        data = parts.clean(before, "text")
    else:
        what = f"attachment {item.name} ({item.media_type})"
        unsearched[what] = unsearched.get(what, 0) + 1
        return item
    if data == before:
        return item
    files[item.member].write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    return item.model_copy(update={"sha256": digest, "bytes": len(data), "redacted": True})
