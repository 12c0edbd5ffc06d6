"""Certificates of a cluster: one authority, one certificate that all its machines share."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from payaudit.errors import UsageError

CA, CERTIFICATE, KEY = "ca.pem", "node.pem", "node.key"


def make_certs(folder: Path, days: int) -> datetime:
    """Write the three files, new; until when they hold. The authority's own key is not kept.

    Raises ``UsageError`` where there are some already, or cryptography is missing.
    """
    try:
        from cryptography import x509  # noqa: PLC0415 - an extra
        from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
        from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415
        from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID  # noqa: PLC0415
    except ImportError as error:
        raise UsageError(
            'certificates need cryptography: pip install "payaudit[cluster]"',
            '生成证书需要 cryptography：pip install "payaudit[cluster]"',
        ) from error
    there = [name for name in (CA, CERTIFICATE, KEY) if (folder / name).exists()]
    if there:
        raise UsageError(
            f"{folder} holds {there[0]} already; a running cluster may need it: name another folder",
            f"{folder} 中已有 {there[0]}；运行中的集群可能仍在使用，请另选文件夹",
        )
    since = datetime.now(UTC) - timedelta(minutes=5)  # clocks of machines differ
    until = since + timedelta(days=days)
    pem = serialization.Encoding.PEM

    def name(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    def begun(subject: str, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        builder = x509.CertificateBuilder(name("payaudit cluster authority"), name(subject), key.public_key())
        return (
            builder.serial_number(x509.random_serial_number()).not_valid_before(since).not_valid_after(until)
        )

    authority, node = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key())
    signs = x509.KeyUsage(False, False, False, False, False, True, True, False, False)  # noqa: FBT003 - nine flags in order
    ca = (
        begun("payaudit cluster authority", authority)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(signs, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(authority.public_key()), critical=False)
        .sign(authority, hashes.SHA256())
    )
    both = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])
    certificate = (
        begun("payaudit cluster node", node)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(both, critical=False)
        .add_extension(issuer, critical=False)
        .sign(authority, hashes.SHA256())
    )
    secret = node.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / CA).write_bytes(ca.public_bytes(pem))
        (folder / CERTIFICATE).write_bytes(certificate.public_bytes(pem))
        with os.fdopen(os.open(folder / KEY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secret)
    except OSError as error:
        raise UsageError(
            f"{folder}: cannot be written ({error.strerror})", f"{folder}：无法写入（{error.strerror}）"
        ) from error
    return until
