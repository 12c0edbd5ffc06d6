"""Time stamps read and checked by ``openssl ts``.

It takes what the library does not: tokens whose certificates are not in DER's order (as
``openssl ts`` itself writes them, with a chain), and chains that end below a root.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate, load_pem_x509_certificates

_SECONDS = 20
_TIME = re.compile(r"^Time stamp: (\w{3} +\d+ [\d:]{8})(?:\.\d+)? (\d{4}) GMT", re.MULTILINE)
_STATUS = re.compile(r"^Status: Granted\.", re.MULTILINE)
_HEX = re.compile(r"^ +[0-9a-f]{4} - ([0-9a-f -]{1,48})", re.MULTILINE)
_NONCE = re.compile(r"^Nonce: 0x([0-9A-F]+)", re.MULTILINE)


@dataclass(frozen=True)
class Read:
    """What a reply says: of which digest, when, and in answer to what."""

    digest: bytes
    time: datetime
    nonce: int | None
    certificates: tuple[Certificate, ...]


def is_there() -> bool:
    """Whether this machine has it."""
    return shutil.which("openssl") is not None


def read(reply: bytes) -> Read | None:
    """Read a reply; None where it is none, or nothing was granted."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "reply").write_bytes(reply)
        text = _run(folder, "ts", "-reply", "-in", "reply", "-text")
        _run(folder, "ts", "-reply", "-in", "reply", "-token_out", "-out", "token")
        certificates = _run(folder, "pkcs7", "-inform", "DER", "-in", "token", "-print_certs")
    found = _TIME.search(text)
    if found is None or _STATUS.search(text) is None:
        return None
    digest, _, rest = text.partition("Message data:")[2].partition("Serial number:")
    nonce = _NONCE.search(rest)
    try:
        return Read(
            bytes.fromhex("".join(line.replace("-", " ") for line in _HEX.findall(digest))),
            datetime.strptime(f"{found[1]} {found[2]}", "%b %d %H:%M:%S %Y").replace(tzinfo=UTC),
            int(nonce[1], 16) if nonce else None,
            tuple(load_pem_x509_certificates(certificates.encode())) if "BEGIN" in certificates else (),
        )
    except ValueError:
        return None


def verify(reply: bytes, digest: bytes, at: datetime, roots: Sequence[Certificate], *, partial: bool) -> bool:
    """Whether a reply is signed over this digest under one of the roots, as of its own time.

    With ``partial`` any of ``roots`` may be the end of the chain.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "reply").write_bytes(reply)
        (folder / "roots").write_bytes(b"".join(root.public_bytes(Encoding.PEM) for root in roots))
        said = _run(
            folder,
            *("ts", "-verify", "-digest", digest.hex(), "-in", "reply", "-CAfile", "roots"),
            *("-attime", str(int(at.timestamp()))),
            *(("-partial_chain",) if partial else ()),
        )
    return "Verification: OK" in said


def _run(folder: Path, *arguments: str) -> str:
    """What it prints; empty where it fails."""
    try:
        done = subprocess.run(
            ["openssl", *arguments],
            cwd=folder,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            env={"PATH": _path(), "OPENSSL_CONF": "/dev/null", "LC_ALL": "C"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return (done.stdout + done.stderr).decode("utf-8", "replace") if done.returncode == 0 else ""


def _path() -> str:
    found = shutil.which("openssl")
    return str(Path(found).parent) if found else ""
