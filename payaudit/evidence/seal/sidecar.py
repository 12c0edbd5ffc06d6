"""Files beside the evidence that speak for the whole of it.

``FILE.ed25519.json``      a seal: Ed25519 over the file's SHA-256, and when, by the host's clock
``FILE.tsr``, ``FILE.tsq``  a time stamp (RFC 3161) and the request that it answers

Further ones are numbered: ``FILE.2.tsr``, ``FILE.2.ed25519.json``.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import ValidationError

from payaudit.errors import EvidenceError
from payaudit.evidence.disk import free_name, replace_file
from payaudit.evidence.seal.heads import Signs
from payaudit.evidence.seal.keys import fingerprint, holds
from payaudit.evidence.seal.lines import Line
from payaudit.evidence.seal.trust import Trust
from payaudit.model.base import Frozen

SEAL, REPLY, REQUEST = "ed25519.json", "tsr", "tsq"
_PURPOSE = b"payaudit seal "
_MOST = 1_000_000  # bytes of a sidecar


class Seal(Frozen):
    """``FILE.ed25519.json``; the signature covers everything above it."""

    format: Literal["payaudit-seal/1"] = "payaudit-seal/1"
    sha256: str
    size: int  # in bytes
    sealed: datetime  # by the clock of the machine that sealed
    key: str  # 32 bytes in base64
    signature: str = ""

    def message(self) -> bytes:
        """What is signed."""
        plain = self.model_dump(mode="json", exclude={"signature"})
        return _PURPOSE + json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()


def write_seal(path: Path, sha256: str, size: int, sealed: datetime, keys: Signs) -> Path:
    """Seal a file; a seal by the same key that holds is left as it is. Raises OSError."""
    for known in sidecars(path, SEAL):
        seal = _read_seal(known)
        if seal is not None and _valid(seal, sha256, size) == _public_id(keys.public):
            return known
    seal = Seal(sha256=sha256, size=size, sealed=sealed, key=base64.b64encode(keys.public).decode())
    signature = base64.b64encode(keys.sign(seal.message())).decode()
    out = free_sidecar(path, SEAL)
    replace_file(out, _written(seal.model_copy(update={"signature": signature})))
    return out


def check_seals(path: Path, sha256: str, size: int, trust: Trust) -> list[Line]:
    """Whose seals lie beside the file."""
    return [_check(found, sha256, size, trust) for found in sidecars(path, SEAL)]


def sidecars(path: Path, kind: str) -> list[Path]:
    """The sidecars of a kind that lie beside a file, in order of their number."""
    form = re.compile(rf"{re.escape(path.name)}(?:\.([2-9]|[1-9]\d+))?\.{re.escape(kind)}")
    found: dict[int, Path] = {}
    with suppress(OSError):
        for other in path.absolute().parent.iterdir():
            if (match := form.fullmatch(other.name)) is not None:
                found[int(match[1] or 1)] = other
    return [found[number] for number in sorted(found)]


def free_sidecar(path: Path, kind: str) -> Path:
    """The first name for a sidecar that is not taken, also not by a time stamp's other half."""
    both = {REPLY, REQUEST} if kind in (REPLY, REQUEST) else {kind}
    number = 1
    while any(_numbered(path, number, each).exists() for each in both):
        number += 1
    return _numbered(path, number, kind)


def move_aside(path: Path) -> None:
    """Give a file that is in the way, or sidecars that one has left behind, a free name. Raises OSError."""
    beside = [each for kind in (SEAL, REPLY, REQUEST) for each in sidecars(path, kind)]
    if not path.exists() and not beside:
        return
    free = free_name(path)
    if path.exists():
        path.rename(free)
    for each in beside:
        each.rename(each.with_name(free.name + each.name.removeprefix(path.name)))


def read_sidecar(path: Path) -> bytes:
    """The bytes of a sidecar. Raises EvidenceError where it cannot be read or is too large for one."""
    try:
        with path.open("rb") as file:
            data = file.read(_MOST + 1)
    except OSError as error:
        why = error.strerror or str(error)
        raise EvidenceError(f"Cannot read {path}: {why}.", f"无法读取 {path}：{why}。") from error
    if len(data) > _MOST:
        raise EvidenceError(f"{path} is too large for a sidecar.", f"{path} 过大，不是附属文件。")
    return data


def _numbered(path: Path, number: int, kind: str) -> Path:
    return path.with_name(f"{path.name}.{kind}" if number == 1 else f"{path.name}.{number}.{kind}")


def _check(found: Path, sha256: str, size: int, trust: Trust) -> Line:
    seal = _read_seal(found)
    if seal is None:
        return _fails(f"{found.name} cannot be read.", f"{found.name} 无法读取。")
    if (seal.sha256, seal.size) != (sha256, size):
        return _fails(
            f"{found.name} seals another file, or this one was altered since.",
            f"{found.name} 封存的是另一个文件，或本文件在封存后被改动。",
        )
    key = _valid(seal, sha256, size)
    if key is None:
        return _fails(
            f"{found.name}: the signature is not one of the key it names.",
            f"{found.name}：签名与其所称的密钥不符。",
        )
    en, zh = trust.named(key)
    at = f"{seal.sealed:%Y-%m-%d %H:%M:%S %Z}"
    return Line(
        what="seal",
        state="holds" if key in trust.keys else "unknown",
        en=f"{found.name}: the whole file is sealed (Ed25519) by {en}, at {at} by that machine's clock.",
        zh=f"{found.name}：整个文件已封存（Ed25519），封存者：{zh}，时间 {at}（以封存机器的时钟为准）。",
        key=key,
        clock=seal.sealed,
    )


def _read_seal(path: Path) -> Seal | None:
    try:
        data = read_sidecar(path)
        seal = Seal.model_validate_json(data)
    except (EvidenceError, ValidationError):
        return None
    # No byte of it may mean nothing; and a time without its zone is no time.
    return seal if _written(seal) == data and seal.sealed.tzinfo is not None else None


def _written(seal: Seal) -> bytes:
    return json.dumps(seal.model_dump(mode="json"), indent=1).encode() + b"\n"


def _valid(seal: Seal, sha256: str, size: int) -> str | None:
    """The fingerprint of the key that sealed these bytes; None where none did."""
    try:
        public = base64.b64decode(seal.key, validate=True)
        signature = base64.b64decode(seal.signature, validate=True)
    except binascii.Error:
        return None
    exact = base64.b64encode(signature).decode() == seal.signature
    if (
        (seal.sha256, seal.size) != (sha256, size)
        or not exact
        or not holds(public, signature, seal.message())
    ):
        return None
    return _public_id(public)


def _public_id(public: bytes) -> str:
    return fingerprint(Ed25519PublicKey.from_public_bytes(public))


def _fails(en: str, zh: str) -> Line:
    return Line(what="seal", state="fails", en=en, zh=zh)


def every(path: Path) -> Iterator[Path]:
    """All sidecars of a file."""
    for kind in (SEAL, REPLY, REQUEST):
        yield from sidecars(path, kind)
