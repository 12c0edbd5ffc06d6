"""The reviewer's key: an Ed25519 private key in a PEM file (PKCS#8), locked by a password or not."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from payaudit.case.files import read_file
from payaudit.errors import UsageError

_BLOCK = re.compile(rb"-----BEGIN ((?:ENCRYPTED )?PRIVATE KEY)-----.+?-----END \1-----", re.DOTALL)


class Signer:
    """A private key that signs decisions."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @property
    def public(self) -> str:
        """The public half, 32 bytes in base64."""
        raw = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return base64.b64encode(raw).decode()

    def sign(self, message: bytes) -> str:
        """The signature, 64 bytes in base64."""
        return base64.b64encode(self._key.sign(message)).decode()


def load(path: Path, password: Callable[[], bytes]) -> Signer:
    """Read the Ed25519 key of a file; ``password`` is asked only where the file is locked.

    Raises ``UsageError`` where there is no such key or the password is another.
    """
    secret: bytes | None = None
    for found in _BLOCK.finditer(read_file(path)):
        if found[1].startswith(b"ENCRYPTED") and secret is None:
            secret = password()
        try:
            key = load_pem_private_key(
                found[0] + b"\n", secret if found[1].startswith(b"ENCRYPTED") else None
            )
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise UsageError(
                f"the key in {path} cannot be opened: the password is another, or the file is damaged",
                f"无法打开 {path} 中的密钥：密码不对，或文件已损坏",
            ) from None
        if isinstance(key, Ed25519PrivateKey):
            return Signer(key)
    raise UsageError(
        f"{path} holds no Ed25519 private key (PEM, PKCS#8); `openssl genpkey -algorithm ed25519` makes one",
        f"{path} 中没有 Ed25519 私钥（PEM，PKCS#8）；可用 openssl genpkey -algorithm ed25519 生成",
    )


def holds(key: str, signature: str, message: bytes) -> bool:
    """Whether a signature is one of this key over this message."""
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
        public.verify(base64.b64decode(signature, validate=True), message)
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


def fingerprint(key: str) -> str:
    """What a key is told by: SHA-256 of its DER form, in hex; empty where it is no key."""
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
    except (ValueError, binascii.Error):
        return ""
    return hashlib.sha256(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()
