"""A zip file opened with suspicion: it may come from the other side, or half of it.

What is refused here would hurt before any hash could be checked: names that leave the
folder, one name twice, sizes that fill the memory. Everything else is for ``verify``.
"""

from __future__ import annotations

import hashlib
import re
import stat
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Self

from payaudit.errors import EvidenceError
from payaudit.evidence import limits
from payaudit.evidence.chain import Problem
from payaudit.evidence.zipform import form_problem

_CHUNK = 1024 * 1024
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\\:]|^/|(^|/)\.{0,2}(/|$)")
_KNOWN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


class Container:
    """The members of a zip file. Stays on the file it opened, even if that is replaced."""

    def __init__(self, path: Path, file: IO[bytes], archive: zipfile.ZipFile) -> None:
        self.path = path
        self._file = file
        self._archive = archive
        self.names = tuple(archive.namelist())

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a zip file. Raises EvidenceError where it is none or not safe to read."""
        try:
            file = path.open("rb")
        except OSError as error:
            why = error.strerror or str(error)
            raise EvidenceError(f"Cannot open {path}: {why}.", f"无法打开 {path}：{why}。") from error
        try:
            archive = zipfile.ZipFile(file)
            _check(path, archive.infolist())
        except _BROKEN as error:
            file.seek(0)
            start = file.read(2)
            file.close()
            raise _no_zip(path, cut=start == b"PK") from error
        except EvidenceError:
            file.close()
            raise
        return cls(path, file, archive)

    def stream(self, name: str) -> IO[bytes]:
        """Open a member for reading, with ``seek``. Raises EvidenceError."""
        try:
            return self._archive.open(name)
        except (*_BROKEN, KeyError) as error:
            raise _damaged(self.path, name) from error

    def read(self, name: str, limit: int) -> bytes:
        """Read a member of at most ``limit`` bytes. Raises EvidenceError."""
        if self._archive.getinfo(name).file_size > limit:
            raise _bomb(self.path, name)
        with self.stream(name) as member:
            try:
                return member.read()
            except _BROKEN as error:
                raise _damaged(self.path, name) from error

    def digest(self, name: str, cuts: Iterable[int] = ()) -> tuple[str, dict[int, str]]:
        """Return the SHA-256 of a member, and of its first n bytes for each n in ``cuts``.

        A cut beyond the end is left out. Raises EvidenceError where the member is damaged.
        """
        ahead = sorted(set(cuts), reverse=True)
        whole, prefixes, at = hashlib.sha256(), dict[int, str](), 0
        with self.stream(name) as member:
            try:
                while True:
                    while ahead and ahead[-1] == at:
                        prefixes[ahead.pop()] = whole.hexdigest()
                    chunk = member.read(min(_CHUNK, ahead[-1] - at) if ahead else _CHUNK)
                    if not chunk:
                        return whole.hexdigest(), prefixes
                    whole.update(chunk)
                    at += len(chunk)
                    if at > limits.MEMBER:
                        raise _bomb(self.path, name)
            except _BROKEN as error:
                raise _damaged(self.path, name) from error

    def form_problem(self) -> Problem | None:
        """Say where the zip is not as our packer writes one; None where every byte is accounted for."""
        try:
            return form_problem(self._file, self._archive.infolist())
        except _BROKEN:
            return Problem("The zip was altered.", "zip 被改动。")

    @property
    def size(self) -> int:
        """Length of the zip file in bytes."""
        return self._file.seek(0, 2)

    def whole_digest(self) -> str:
        """Return the SHA-256 of the zip file itself."""
        self._file.seek(0)
        return hashlib.file_digest(self._file, "sha256").hexdigest()  # type: ignore[arg-type] # IO[bytes] is all that is told of the zip's file

    def close(self) -> None:
        """Let go of the file."""
        self._archive.close()
        self._file.close()


def _check(path: Path, members: list[zipfile.ZipInfo]) -> None:
    names = [member.filename for member in members]
    if len(names) > limits.MEMBERS:
        raise _bomb(path, f"{len(names)}")
    for name in names:
        if _UNSAFE.search(name):
            shown = ascii(name)
            raise EvidenceError(
                f"{path} holds a file named {shown}, which would lie outside of it; not opened.",
                f"{path} 中有名为 {shown} 的文件，路径会越出证据文件；未打开。",
            )
    if len({name.casefold() for name in names}) < len(names):
        raise EvidenceError(
            f"{path} holds two files of one name, so nobody can say which one counts; not opened.",
            f"{path} 中有重名文件，无法确定以哪个为准；未打开。",
        )
    for member in members:
        if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG):
            shown = ascii(member.filename)
            raise EvidenceError(
                f"{path} holds a link or device named {shown}, which is no file; not opened.",
                f"{path} 中有名为 {shown} 的链接或设备，不是文件；未打开。",
            )
        if member.flag_bits & _ENCRYPTED or member.compress_type not in _KNOWN:
            raise _damaged(path, member.filename)
        long = member.file_size > limits.DEFLATE
        if member.file_size > limits.MEMBER or (
            long and member.file_size > limits.RATIO * member.compress_size
        ):
            raise _bomb(path, member.filename)
    if sum(member.file_size for member in members) > limits.TOTAL:
        raise _bomb(path, "*")


def _no_zip(path: Path, *, cut: bool) -> EvidenceError:
    if cut:
        return EvidenceError(
            f"{path} is damaged or not all there: its end is missing. Fetch it again.",
            f"{path} 已损坏或不完整：缺少结尾部分。请重新获取该文件。",
        )
    return EvidenceError(
        f"{path} is not an evidence file (no zip). Give a .wacz that payaudit recorded.",
        f"{path} 不是证据文件（不是 zip）。请提供由 payaudit 记录的 .wacz 文件。",
    )


def _damaged(path: Path, name: str) -> EvidenceError:
    return EvidenceError(
        f"{path} is damaged or was altered: {name!a} cannot be read. Use another copy.",
        f"{path} 已损坏或被改动：无法读取 {name!a}。请使用另一份副本。",
    )


def _bomb(path: Path, name: str) -> EvidenceError:
    return EvidenceError(
        f"{path} would unpack to more than an audit ever records ({name!a}); not opened.",
        f"{path} 解压后远超一次审计可能记录的数据量（{name!a}）；未打开。",
    )
