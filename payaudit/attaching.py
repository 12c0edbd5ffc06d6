"""What people collected by hand, taken into a new evidence file: hashed, tagged, read where it can be."""

from __future__ import annotations

import asyncio
import hashlib
import io
import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

from payaudit.errors import UsageError
from payaudit.evidence.attachments import free_attached, member_name, write_attached
from payaudit.evidence.limits import MEMBER, MIB
from payaudit.evidence.read import Evidence
from payaudit.model.attachment import Attachment, Attachments, Placement
from payaudit.model.readings import Readings
from payaudit.model.text import Text
from payaudit.perceive.pdf import pdf_text
from payaudit.perceive.pictured import Picture

_MOST_TEXT = 2 * MIB  # of one file; what is longer is no letter or receipt
_MOST_PAGES = 100
_ENCODINGS = ("utf-8-sig", "gb18030")
_NO_ENGINE = Text(
    en="not read: reading pictures is not installed (pip install 'payaudit[ocr]')",
    zh="未读取：未安装图片文字识别（pip install 'payaudit[ocr]'）",
)
_NO_PICTURE = Text(en="not read: the picture cannot be opened", zh="未读取：图片无法打开")
_NO_TEXT = Text(en="not read: no text could be found in it", zh="未读取：其中未找到文字")
_NOT_READ = Text(
    en="not read: films, sound and other files are for a person to look at",
    zh="未读取：视频、音频及其他文件需人工查看",
)


@dataclass(frozen=True)
class Tags:
    """What is told of the files that are attached together."""

    who: str
    device: str
    when: datetime
    place: Placement
    note: str | None = None
    offer: str | None = None


@dataclass(frozen=True)
class Attached:
    """The new file, None where there was nothing new; what was added, and names of files known already."""

    out: Path | None
    added: tuple[Attachment, ...]
    known: tuple[str, ...]


def attach(files: Sequence[Path], evidence: Path, tags: Tags, out: Path | None = None) -> Attached:
    """Write a new evidence file with ``files``; one whose bytes are attached already is not added again.

    Raises UsageError for a file that cannot be read or is too large, EvidenceError for evidence that cannot.
    """
    with Evidence.open(evidence) as opened:
        source, original, before = opened.path, opened.sha256, opened.attachments
    there = {item.sha256 for item in before}
    reader = _Reader()
    added: list[Attachment] = []
    known: list[str] = []
    paths: dict[str, Path] = {}
    for path in files:
        data = _bytes(path)
        digest = hashlib.sha256(data).hexdigest()
        if digest in there:
            known.append(path.name)
            continue
        there.add(digest)
        item = reader.read(path.name, data, digest, tags)
        added.append(item)
        paths[item.member] = path
    if not added:
        return Attached(None, (), tuple(known))
    out = out or free_attached(source)
    told = Attachments(original_sha256=original, items=(*before, *added))
    write_attached(source, out, told, paths)
    return Attached(out, tuple(added), tuple(known))


def _bytes(path: Path) -> bytes:
    try:
        if path.is_file() and path.stat().st_size > MEMBER:
            raise UsageError(
                f"{path} is larger than {MEMBER // MIB} MiB; cut it into parts",
                f"{path} 超过 {MEMBER // MIB} MiB；请分段",
            )
        return path.read_bytes()
    except OSError as error:
        why = error.strerror or str(error)
        raise UsageError(f"cannot read {path}: {why}", f"无法读取 {path}：{why}") from error


class _Reader:
    """Reads what a file shows; the engine for pictures is started at the first one."""

    def __init__(self) -> None:
        self._eyes: object | None = None

    def read(self, name: str, data: bytes, digest: str, tags: Tags) -> Attachment:
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        readings: Readings | None = None
        text: str | None = None
        unread: Text | None = None
        if media_type.startswith("image/"):
            readings, unread = self._picture(data)
        elif media_type == "application/pdf" or data.startswith(b"%PDF"):
            text = pdf_text(data, _MOST_PAGES)[:_MOST_TEXT].strip()
            unread = None if text else _NO_TEXT
        elif media_type.startswith("text/") or media_type in {"application/json", "message/rfc822"}:
            text = _plain(data)
            unread = None if text else _NO_TEXT
        else:
            unread = _NOT_READ
        return Attachment(
            member=member_name(digest, name),
            name=name,
            sha256=digest,
            bytes=len(data),
            media_type=media_type,
            who=tags.who,
            device=tags.device,
            when=tags.when,
            place=tags.place,
            note=tags.note,
            offer=tags.offer,
            added=datetime.now(UTC).replace(microsecond=0),
            readings=readings,
            text=text,
            unread=unread,
        )

    def _picture(self, data: bytes) -> tuple[Readings | None, Text | None]:
        from payaudit.walk.eyes import Eyes  # noqa: PLC0415 - only a picture needs them

        try:
            with Image.open(io.BytesIO(data)) as opened:
                width, height = opened.size
                opened.verify()
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            return None, _NO_PICTURE
        eyes = self._eyes if isinstance(self._eyes, Eyes) else Eyes()
        self._eyes = eyes
        if not eyes.available:
            return None, _NO_ENGINE
        whole = Picture(owner=0, tree=0, box=(0.0, 0.0, float(width), float(height)))
        eyes.spent = 0.0  # its budget is that of a walk; here a person waits for each picture
        return asyncio.run(eyes.read(data, 1.0, (whole,))), None


def _plain(data: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            return data[:_MOST_TEXT].decode(encoding).strip()
        except UnicodeDecodeError:
            continue
    return ""
