"""Whether the time stamps beside a file speak of it, and under whose root."""

from __future__ import annotations

from pathlib import Path

from cryptography.x509 import Certificate, load_der_x509_certificate
from rfc3161_client import TimeStampResponse, VerificationError, VerifierBuilder, decode_timestamp_response
from rfc3161_client._rust import parse_timestamp_request

from payaudit.errors import EvidenceError
from payaudit.evidence.seal import openssl
from payaudit.evidence.seal.lines import Line, State
from payaudit.evidence.seal.sidecar import REPLY, REQUEST, read_sidecar, sidecars
from payaudit.evidence.seal.trust import Trust


def check_stamps(path: Path, sha256: str, trust: Trust) -> list[Line]:
    """What the time stamps beside a file say of it."""
    lines = [_check(found, bytes.fromhex(sha256), trust) for found in sidecars(path, REPLY)]
    replies = {found.name.removesuffix(REPLY) for found in sidecars(path, REPLY)}
    return lines + [
        _line(
            "absent",
            f"{asked.name}: a time stamp was asked for, the reply is not here.",
            f"{asked.name}：已申请时间戳，但没有回复文件。",
        )
        for asked in sidecars(path, REQUEST)
        if asked.name.removesuffix(REQUEST) not in replies
    ]


def _check(found: Path, digest: bytes, trust: Trust) -> Line:
    try:
        reply = read_sidecar(found)
    except EvidenceError as error:
        return _line("fails", error.en, error.zh)
    told = read(reply)
    wrong = _wrong(found, told, digest)
    if told is None or wrong is not None:
        return wrong or _line("fails", "", "")
    return _under(found.name, reply, told, trust)


def _wrong(found: Path, told: openssl.Read | None, digest: bytes) -> Line | None:
    """What keeps a stamp from being one of this file."""
    name = found.name
    if told is None and not openssl.is_there():
        return _line(
            "unknown",
            f"{name} cannot be read without openssl, which this machine lacks.",
            f"本机没有 openssl，无法读取 {name}。",
        )
    if told is None:
        return _line("fails", f"{name} is no time stamp, or is damaged.", f"{name} 不是时间戳或已损坏。")
    if told.digest != digest:
        return _line(
            "fails",
            f"{name} is the time stamp of another file, or this one was altered since.",
            f"{name} 是另一个文件的时间戳，或本文件在加盖时间戳后被改动。",
        )
    asked = _asked(found)
    if asked is not None and asked != (digest, told.nonce):
        return _line(
            "fails", f"{name} does not answer the request beside it.", f"{name} 与旁边的请求文件不符。"
        )
    return None


def _under(name: str, reply: bytes, told: openssl.Read, trust: Trust) -> Line:
    """Under whose root it is signed."""
    who, at = _authority(told), f"{told.time:%Y-%m-%d %H:%M:%S} UTC"
    en = f"{name}: the whole file was there at {at}, by the clock of {who}"
    zh = f"{name}：整个文件在 {at} 已存在（时钟：{who}"
    if trust.roots:
        if not _is_under(reply, told, trust.roots):
            return _line(
                "fails",
                f"{name}: the time stamp is not signed under a root that you trust, or was altered.",
                f"{name}：时间戳不是由您信任的根证书签发，或已被改动。",
            )
        return Line(
            what="timestamp",
            state="holds",
            en=f"{en}, under a root that you trust.",
            zh=f"{zh}；根证书受您信任）。",
            clock=told.time,
        )
    ends = told.certificates
    if ends and openssl.is_there() and not openssl.verify(reply, told.digest, told.time, ends, partial=True):
        return _line("fails", f"{name}: the time stamp was altered.", f"{name}：时间戳被改动。")
    return Line(
        what="timestamp",
        state="unknown",
        en=f"{en}; to check who that is, name its root with --tsa-root.",
        zh=f"{zh}）；请用 --tsa-root 指定其根证书以核实身份。",
        clock=told.time,
    )


def read(reply: bytes) -> openssl.Read | None:
    """Read a reply with the library, or with openssl where the library will not."""
    decoded = _decode(reply)
    if decoded is None:
        return openssl.read(reply)
    try:
        info = decoded.tst_info
        return openssl.Read(
            bytes(info.message_imprint.message),
            info.gen_time,
            info.nonce,
            tuple(load_der_x509_certificate(each) for each in sorted(decoded.signed_data.certificates)),
        )
    except ValueError:
        return openssl.read(reply)


def _decode(reply: bytes) -> TimeStampResponse | None:
    try:
        return decode_timestamp_response(reply)
    except ValueError:
        return None


def _is_under(reply: bytes, told: openssl.Read, roots: tuple[Certificate, ...]) -> bool:
    decoded = _decode(reply)
    if decoded is not None:
        try:
            return VerifierBuilder(roots=list(roots)).build().verify(decoded, told.digest)
        except (VerificationError, ValueError):
            pass  # what it cannot follow, openssl may
    return openssl.verify(reply, told.digest, told.time, roots, partial=False)


def _authority(told: openssl.Read) -> str:
    """Who stamped, by the certificate that may do so."""
    names = [cert.subject.rfc4514_string() for cert in told.certificates if not _is_root(cert)]
    return names[0] if names else "an unnamed authority"


def _is_root(certificate: Certificate) -> bool:
    return certificate.subject == certificate.issuer


def _asked(reply: Path) -> tuple[bytes, int | None] | None:
    """Digest and nonce of the request beside a reply; None where there is none that can be read."""
    beside = reply.with_name(reply.name.removesuffix(REPLY) + REQUEST)
    if not beside.exists():
        return None
    try:
        asked = parse_timestamp_request(read_sidecar(beside))
        return bytes(asked.message_imprint.message), asked.nonce
    except (EvidenceError, ValueError):
        return b"", None


def _line(state: State, en: str, zh: str) -> Line:
    return Line(what="timestamp", state=state, en=en, zh=zh)
