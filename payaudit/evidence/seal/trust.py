"""Whose keys and which time stamping roots the one who checks relies on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.x509 import Certificate, load_pem_x509_certificates

from payaudit.errors import UsageError
from payaudit.evidence.seal.keys import fingerprint, load_public, short


@dataclass(frozen=True)
class Trust:
    """Names of trusted keys by fingerprint, and trusted roots; empty: nobody was named."""

    keys: Mapping[str, str] = field(default_factory=dict)
    roots: tuple[Certificate, ...] = ()

    def named(self, key: str) -> tuple[str, str]:
        """How a key is told in a line, English and Chinese."""
        if key in self.keys:
            return f"{self.keys[key]} ({short(key)}…)", f"{self.keys[key]}（{short(key)}…）"
        return f"key {short(key)}…, unknown here", f"密钥 {short(key)}…（此处未知）"


def load_trust(keys: Sequence[Path], roots: Sequence[Path]) -> Trust:
    """Read public keys and root certificates (PEM). Raises UsageError."""
    named = {fingerprint(key): _name(path) for path in keys for key in load_public(path)}
    found: list[Certificate] = []
    for path in roots:
        try:
            found += load_pem_x509_certificates(path.read_bytes())
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or "no certificate in PEM"
            raise UsageError(
                f"{path} cannot be used as a root: {why}; name a PEM file of the authority's certificate",
                f"{path} 不能用作根证书：{why}；请指定时间戳机构证书的 PEM 文件",
            ) from error
    return Trust(named, tuple(found))


def _name(path: Path) -> str:
    return path.name.removesuffix(".pem").removesuffix(".pub")
