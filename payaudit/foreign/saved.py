"""Saved HTML: one file, or all of a folder and those below it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from payaudit.errors import UsageError
from payaudit.foreign.noun import MOST_BYTES, Archive, Page, moment, sha256
from payaudit.model.text import Text

SUFFIXES = (".html", ".htm", ".xhtml")
_SAVED_FROM = re.compile(rb"saved from url=\(\d+\)(\S+)|\burl:\s*(https?://\S+)")  # Chromium, SingleFile
_SAVED_ON = re.compile(rb"saved date:\s*([^\r\n]+?)\s*(?:\(|\r|\n|-->)")


def saved(path: Path) -> Archive:
    """Read it, the page that a folder opens with first. Raises ``UsageError`` where a file cannot be read."""
    files = (
        [path]
        if path.is_file()
        else sorted(html_files(path), key=lambda f: (len(f.parts), not f.name.startswith("index."), f))
    )
    seal = hashlib.sha256()
    archive = Archive("HTML", "")
    for file in files:
        try:
            if file.stat().st_size > MOST_BYTES:
                raise UsageError(f"{file} is too large for a page", f"{file} 过大，不像网页")
            html = file.read_bytes()
            changed = datetime.fromtimestamp(file.stat().st_mtime, UTC).replace(microsecond=0)
        except OSError as error:
            why = error.strerror or str(error)
            raise UsageError(f"cannot read {file}: {why}", f"无法读取 {file}：{why}") from error
        inside = file.name if path.is_file() else file.relative_to(path).as_posix()
        seal.update(inside.encode("utf-8", "surrogateescape") + b"\0" + hashlib.sha256(html).digest())
        source, on = _SAVED_FROM.search(html[:MOST_BYTES]), _SAVED_ON.search(html)
        url = (source[1] or source[2]).decode("utf-8", "replace") if source else f"file:///{inside}"
        told = _written(on[1].decode("utf-8", "replace")) if on else None
        if told is None:
            archive.gaps.append(
                Text(
                    en=f"{inside} does not say when it was saved; the file's date is {changed:%Y-%m-%d}",
                    zh=f"{inside} 未注明保存时间；日期取自文件修改时间 {changed:%Y-%m-%d}",
                )
            )
        archive.pages.append(Page(url, told or changed, "", html, ""))
    archive.sha256 = sha256(path) if path.is_file() else seal.hexdigest()
    return archive


def html_files(folder: Path) -> Iterator[Path]:
    """Every saved page in a folder, however deep."""
    return (
        f for f in folder.rglob("*") if f.suffix.lower() in SUFFIXES and f.is_file() and not f.is_symlink()
    )


def _written(text: str) -> datetime | None:
    """A date as SingleFile writes it: ``Fri Nov 28 2025 10:15:00 GMT+0800``."""
    try:
        return datetime.strptime(text.strip(), "%a %b %d %Y %H:%M:%S GMT%z")
    except ValueError:
        return moment(text)
