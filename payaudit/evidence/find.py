"""Which file is meant by a path: the file itself, its folder, or a walk that was cut off."""

from __future__ import annotations

from pathlib import Path

from payaudit.errors import EvidenceError
from payaudit.evidence import layout
from payaudit.evidence.recover import recover

_NAME = "evidence.wacz"
_PARTIAL = ".partial"


def find_evidence(path: Path) -> Path:
    """Return the evidence file that ``path`` stands for; a killed walk is recovered first.

    Raises EvidenceError where there is none.
    """
    if path.is_file():
        return path
    if (path / layout.AUDIT).exists():
        return recover(path)
    file = path / _NAME if path.is_dir() else path
    if file.is_file():
        return file
    partial = file.with_name(file.name + _PARTIAL)
    if partial.is_dir():
        return recover(partial)
    if path.is_dir():
        raise EvidenceError(
            f"{path} holds no {_NAME}. Give a .wacz file or the folder of an audit.",
            f"{path} 中没有 {_NAME}。请提供 .wacz 文件或审计文件夹。",
        )
    raise EvidenceError(
        f"{path} does not exist. Give a .wacz file or the folder of an audit.",
        f"{path} 不存在。请提供 .wacz 文件或审计文件夹。",
    )
