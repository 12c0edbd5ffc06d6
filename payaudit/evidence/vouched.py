"""What vouched for a walk's own file, kept in a file that attachments were added to.

The list of files as it was packed, and the digest of that list, which carries the signature.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from payaudit.errors import EvidenceError
from payaudit.evidence import layout
from payaudit.evidence.container import Container
from payaudit.evidence.limits import SNAPSHOT
from payaudit.evidence.members import gunzip


def vouchers(container: Container, scratch: Path) -> dict[str, Path]:
    """The list of files of the walk's own file and its digest file, packed."""
    files = {
        name: scratch / name.rpartition("/")[2] for name in (layout.ORIGINAL_PACKAGE, layout.ORIGINAL_DIGEST)
    }
    listed = container.read(layout.PACKAGE, SNAPSHOT)
    files[layout.ORIGINAL_PACKAGE].write_bytes(gzip.compress(listed, mtime=0))
    digest = container.read(layout.DIGEST, SNAPSHOT)
    files[layout.ORIGINAL_DIGEST].write_bytes(gzip.compress(digest, mtime=0))
    return files


def original_digest(container: Container, hashes: Mapping[str, str]) -> bytes | None:
    """The digest file of the walk's own file, where what it vouches for is all here as it was.

    ``hashes`` are the SHA-256 of the members by name. None where there is no such file, where
    its list is not the one it names, or a file of that list is missing or another.
    """
    if layout.ORIGINAL_PACKAGE not in hashes or layout.ORIGINAL_DIGEST not in hashes:
        return None
    try:
        digest = gunzip(container.read(layout.ORIGINAL_DIGEST, SNAPSHOT), SNAPSHOT)
        named = json.loads(digest)["hash"]
        package = gunzip(container.read(layout.ORIGINAL_PACKAGE, SNAPSHOT), SNAPSHOT)
        listed = json.loads(package)["resources"]
        vouched = {str(each["path"]): str(each["hash"]).removeprefix("sha256:") for each in listed}
    except (EvidenceError, ValueError, KeyError, TypeError, RecursionError):
        return None
    whole = named == f"sha256:{hashlib.sha256(package).hexdigest()}"
    return digest if whole and all(hashes.get(path) == want for path, want in vouched.items()) else None
