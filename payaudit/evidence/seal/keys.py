"""Keys: an Ed25519 key for steps and seals, and an ECDSA key for the signature inside the WACZ.

The two belong together and lie in one PEM file. The ECDSA key is on P-384 and not P-256: of
a signature without a certificate, ReplayWeb.page takes every key for one on that curve.
A key is told by the SHA-256 of its public half (DER, SubjectPublicKeyInfo).
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_public_key,
    load_pem_private_key,
    load_pem_public_key,
)

from payaudit.errors import UsageError

Public = Ed25519PublicKey | ec.EllipticCurvePublicKey

_BLOCK = re.compile(rb"-----BEGIN ([A-Z ]+)-----.+?-----END \1-----", re.DOTALL)
_HALF = 48  # bytes of r and of s on P-384
_MOST = 100_000  # bytes of a key file


@dataclass(frozen=True)
class Keys:
    """A pair of private keys that belong to one person or machine."""

    ed25519: Ed25519PrivateKey
    ecdsa: ec.EllipticCurvePrivateKey

    @property
    def id(self) -> str:
        """What the Ed25519 key is told by."""
        return fingerprint(self.ed25519.public_key())

    @property
    def ecdsa_id(self) -> str:
        """What the ECDSA key is told by."""
        return fingerprint(self.ecdsa.public_key())

    @property
    def public(self) -> bytes:
        """The Ed25519 key's public half, 32 bytes."""
        return self.ed25519.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def ecdsa_spki(self) -> bytes:
        """The ECDSA key's public half as DER."""
        return spki(self.ecdsa.public_key())

    def sign(self, message: bytes) -> bytes:
        """Sign with Ed25519: 64 bytes."""
        return self.ed25519.sign(message)

    def sign_wacz(self, message: bytes) -> bytes:
        """Sign with ECDSA and SHA-256: r and s, 96 bytes; the same message gives the same bytes."""
        made = self.ecdsa.sign(message, ec.ECDSA(SHA256(), deterministic_signing=True))
        r, s = decode_dss_signature(made)
        return r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")


def generate() -> Keys:
    """New keys."""
    return Keys(Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP384R1()))


def fingerprint(key: Public) -> str:
    """SHA-256 of the public key, in hex."""
    return hashlib.sha256(spki(key)).hexdigest()


def spki(key: Public) -> bytes:
    """The public key as DER."""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def short(name: str) -> str:
    """The first of a fingerprint, for a line that a person reads."""
    return name[:16]


def holds(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether an Ed25519 signature is one of this key over this message."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def wacz_holds(der: bytes, signature: bytes, message: bytes) -> bool:
    """The same for the ECDSA signature inside a WACZ."""
    try:
        key = load_der_public_key(der)
        if not isinstance(key, ec.EllipticCurvePublicKey) or len(signature) != 2 * _HALF:
            return False
        made = encode_dss_signature(
            int.from_bytes(signature[:_HALF], "big"), int.from_bytes(signature[_HALF:], "big")
        )
        key.verify(made, message, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError, UnsupportedAlgorithm):
        return False
    return True


def private_pem(keys: Keys, password: bytes | None) -> bytes:
    """Both private keys in PKCS#8; ``password`` None leaves them open."""
    lock = BestAvailableEncryption(password) if password else NoEncryption()
    both: tuple[Ed25519PrivateKey | ec.EllipticCurvePrivateKey, ...] = (keys.ed25519, keys.ecdsa)
    return b"".join(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock) for key in both)


def public_pem(keys: Keys) -> bytes:
    """Both public keys: what is handed to whoever is to check."""
    both: tuple[Public, ...] = (keys.ed25519.public_key(), keys.ecdsa.public_key())
    return b"".join(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo) for key in both)


def load(path: Path, password: Callable[[], bytes]) -> Keys:
    """Read both private keys; ``password`` is asked only where they are locked.

    Raises UsageError where the file is no such file or the password is another.
    """
    blocks = _blocks(path)
    secret = password() if any(kind.startswith(b"ENCRYPTED") for kind, _ in blocks) else None
    ed25519: Ed25519PrivateKey | None = None
    ecdsa: ec.EllipticCurvePrivateKey | None = None
    for kind, pem in blocks:
        if not kind.endswith(b"PRIVATE KEY"):
            continue
        try:
            key = load_pem_private_key(pem, secret if kind.startswith(b"ENCRYPTED") else None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise UsageError(
                f"the key in {path} cannot be opened: the password is another, or the file is damaged",
                f"无法打开 {path} 中的密钥：密码不对，或文件已损坏",
            ) from error
        if isinstance(key, Ed25519PrivateKey):
            ed25519 = key
        elif isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP384R1):
            ecdsa = key
    if ed25519 is None or ecdsa is None:
        raise UsageError(
            f"{path} does not hold the two private keys that `payaudit keygen` writes; name that file",
            f"{path} 中没有 payaudit keygen 生成的两把私钥；请指定该文件",
        )
    return Keys(ed25519, ecdsa)


def load_public(path: Path) -> tuple[Public, ...]:
    """Read the public keys of a file. Raises UsageError where there are none."""
    found: list[Public] = []
    for kind, pem in _blocks(path):
        if kind != b"PUBLIC KEY":
            continue
        with suppress(ValueError, UnsupportedAlgorithm):
            key = load_pem_public_key(pem)
            if isinstance(key, Ed25519PublicKey | ec.EllipticCurvePublicKey):
                found.append(key)
    if not found:
        raise UsageError(
            f"{path} holds no public key (PEM); name the .pub.pem that `payaudit keygen` wrote",
            f"{path} 中没有公钥（PEM）；请指定 payaudit keygen 生成的 .pub.pem",
        )
    return tuple(found)


def of_machine(folder: Path) -> Keys | None:
    """The keys of this machine, made where there are none yet; None where it can keep none."""
    path = folder / "machine-key.pem"
    try:
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError):  # another walk has just made them
                write_private(path, private_pem(generate(), None))
        return load(path, lambda: b"")
    except (OSError, UsageError):
        return None


def write_private(path: Path, data: bytes) -> None:
    """Write a new file that only its owner may read. Raises OSError, also where it is there."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _blocks(path: Path) -> list[tuple[bytes, bytes]]:
    """The PEM blocks of a file by kind."""
    try:
        with path.open("rb") as file:
            data = file.read(_MOST)
    except OSError as error:
        why = error.strerror or str(error)
        raise UsageError(f"cannot read {path}: {why}", f"无法读取 {path}：{why}") from error
    return [(found[1], found[0] + b"\n") for found in _BLOCK.finditer(data)]
