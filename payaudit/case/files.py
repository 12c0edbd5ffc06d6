"""The files of a case: read whole, with the disk's troubles in plain words."""

from __future__ import annotations

import hashlib
from pathlib import Path

from payaudit.errors import UsageError

_CHUNK = 1 << 20


def read_file(path: Path) -> bytes:
    """The file's bytes; raises ``UsageError`` where there is none that can be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"cannot read {path}: {error.strerror or error}", f"无法读取 {path}：{error.strerror or error}"
        ) from None


def sha256_of(path: Path) -> str:
    """SHA-256 of a file in hex, however large; raises ``UsageError`` as ``read_file`` does."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while part := file.read(_CHUNK):
                digest.update(part)
    except OSError as error:
        raise UsageError(
            f"cannot read {path}: {error.strerror or error}", f"无法读取 {path}：{error.strerror or error}"
        ) from None
    return digest.hexdigest()
