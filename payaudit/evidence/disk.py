"""Files that are whole or not there, and the disk's troubles in plain words."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from payaudit.errors import EvidenceError


@contextmanager
def plain_words(folder: Path) -> Iterator[None]:
    """Turn an OSError into an EvidenceError that says what to do.

    ``folder`` is where the recording so far lies; it is never removed on the way.
    """
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise EvidenceError(
                f"The disk is full. What was recorded so far is kept in {folder}; "
                "free some space and open that folder.",
                f"磁盘已满。已记录的内容保存在 {folder}；请腾出空间后打开该文件夹。",
            ) from error
        raise EvidenceError(
            f"Cannot write evidence ({why}). What was recorded so far is kept in {folder}.",
            f"无法写入证据（{why}）。已记录的内容保存在 {folder}。",
        ) from error


def write_file(path: Path, data: bytes) -> None:
    """Write a new file and wait until the disk has it. Raises OSError."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def replace_file(path: Path, data: bytes) -> None:
    """Write a file so that a reader sees the old or the new one, never half. Raises OSError."""
    draft = path.with_name(f".{path.name}.tmp")
    write_file(draft, data)
    draft.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the disk knows the names in ``folder``, where the system can do that."""
    with suppress(OSError):  # Windows opens no folders
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def lock(file: IO[bytes]) -> bool:
    """Say that this process is recording into ``file``; False when another one is.

    The system drops the lock when the process ends, however it ends. Where there are
    no locks (Windows, some network drives) the answer is True.
    """
    if sys.platform == "win32":
        return True
    import fcntl  # noqa: PLC0415 - not on Windows

    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def is_locked(path: Path) -> bool:
    """Say whether some process is recording into ``path`` right now."""
    try:
        with path.open("rb") as file:
            return not lock(file)
    except OSError:
        return False


def free_name(path: Path) -> Path:
    """Return the first of ``evidence-1.wacz``, ``evidence-2.wacz``, … that is not taken."""
    number = 1
    while (free := path.with_name(f"{path.stem}-{number}{path.suffix}")).exists():
        number += 1
    return free
