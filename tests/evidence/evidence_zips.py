"""Evidence files taken apart and put together again, as a forger would."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from payaudit.errors import EvidenceError
from payaudit.evidence import layout
from payaudit.evidence.read import Evidence
from payaudit.evidence.seal.wacz import written
from payaudit.evidence.zipform import DATE, MODE, UNIX

Files = dict[str, bytes]
STEP = "payaudit/run-01-step-0002-"


def unpack(path: Path) -> Files:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def repack(path: Path, files: Files, *, forged: bool = False) -> Path:
    """Write a zip as the packer would; ``forged`` renews the list of files, as a careful forger would."""
    if forged:
        package = json.loads(files[layout.PACKAGE])
        package["resources"] = [
            {
                "name": name,
                "path": name,
                "hash": "sha256:" + hashlib.sha256(data).hexdigest(),
                "bytes": len(data),
            }
            for name, data in files.items()
            if name not in (layout.PACKAGE, layout.DIGEST)
        ]
        files[layout.PACKAGE] = written(package)
        digest = "sha256:" + hashlib.sha256(files[layout.PACKAGE]).hexdigest()
        files[layout.DIGEST] = written({"path": layout.PACKAGE, "hash": digest})
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, DATE)
            info.create_system, info.external_attr = UNIX, MODE
            archive.writestr(info, data)
    return path


def refused(path: Path) -> EvidenceError:
    with pytest.raises(EvidenceError) as error:
        Evidence.open(path)
    assert error.value.en.isascii() or str(path) in error.value.en
    assert "\n" not in error.value.en
    assert error.value.zh
    return error.value
