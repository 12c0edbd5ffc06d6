"""The signature inside the packed file: the anonymous form of the WACZ auth spec 0.1.0.

``datapackage-digest.json`` names the hash of ``datapackage.json``, which lists every file;
``signedData`` signs the text of that hash. Nothing in this file is covered by another hash, so
it is held to the one way in which these values can be written.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from typing import Any, Protocol

from payaudit.evidence.chain import Problem
from payaudit.evidence.seal.keys import short, wacz_holds
from payaudit.evidence.seal.lines import Line, State
from payaudit.evidence.seal.trust import Trust
from payaudit.model.custody import Custody

_VERSION = "0.1.0"
_FIELDS = ("hash", "created", "software", "version", "signature", "publicKey")


class SignsWacz(Protocol):
    """What signs the packed file."""

    @property
    def ecdsa_spki(self) -> bytes:
        """The public half as DER."""

    def sign_wacz(self, message: bytes) -> bytes:
        """The signature, 96 bytes."""


def digest_file(package: dict[str, Any], digest: str, path: str, keys: SignsWacz | None) -> bytes:
    """The bytes of ``datapackage-digest.json``; ``digest`` is the SHA-256 of the package file."""
    head: dict[str, Any] = {"path": path, "hash": f"sha256:{digest}"}
    if keys is not None:
        head["signedData"] = {
            "hash": head["hash"],
            "created": package["created"],
            "software": package["software"],
            "version": _VERSION,
            "signature": base64.b64encode(keys.sign_wacz(head["hash"].encode())).decode(),
            "publicKey": base64.b64encode(keys.ecdsa_spki).decode(),
        }
    return written(head)


def written(value: object) -> bytes:
    """JSON as the packer writes it."""
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def digest_problems(data: bytes, package: dict[str, Any], path: str) -> list[Problem]:
    """What of the digest file is not as it can be; its ``hash`` is compared by whoever knows the file's."""
    head = _head(data)
    signed = head.get("signedData", {}) if head is not None else {}
    strange = (
        head is None
        or written(head) != data
        or head.keys() - {"path", "hash", "signedData"}
        or head.get("path") != path
        or not isinstance(signed, dict)
        or (
            "signedData" in head
            and (
                tuple(signed) != _FIELDS
                or signed["hash"] != head.get("hash")
                or signed["created"] != package.get("created")
                or signed["software"] != package.get("software")
                or signed["version"] != _VERSION
                or not all(_is_base64(signed[name]) for name in ("signature", "publicKey"))
            )
        )
    )
    if not strange:
        return []
    return [Problem("datapackage-digest.json was altered.", "datapackage-digest.json 被改动。")]


def check_wacz(data: bytes, custody: Custody | None, trust: Trust, *, ended: bool) -> list[Line]:
    """Whose signature the packed file carries."""
    head = _head(data) or {}
    signed = head.get("signedData")
    if not isinstance(signed, dict):
        if custody is not None and ended:
            return [
                _line(
                    "fails",
                    "The signature of the packed file was removed.",
                    "打包文件的签名已被删除。",
                )
            ]
        return [_line("absent", "The packed file is not signed.", "打包文件没有签名。")]
    try:
        public = base64.b64decode(str(signed.get("publicKey")), validate=True)
        signature = base64.b64decode(str(signed.get("signature")), validate=True)
    except (binascii.Error, ValueError):
        public = signature = b""
    if not wacz_holds(public, signature, str(head.get("hash")).encode()):
        return [
            _line(
                "fails",
                "The signature of the packed file is not one of the key it names.",
                "打包文件的签名与其所称的密钥不符。",
            )
        ]
    key = hashlib.sha256(public).hexdigest()
    if custody is not None and key != custody.wacz_key:
        return [
            _line(
                "fails",
                f"The packed file is signed with another key ({short(key)}…) than audit.json names.",
                f"打包文件的签名密钥（{short(key)}…）与 audit.json 所载不同。",
            )
        ]
    en, zh = trust.named(key)
    return [
        Line(
            what="wacz_signature",
            state="holds" if key in trust.keys else "unknown",
            en=f"The packed file is signed (WACZ auth {_VERSION}, ECDSA) by {en}.",
            zh=f"打包文件已签名（WACZ auth {_VERSION}，ECDSA），签名者：{zh}。",
            key=key,
        )
    ]


def _line(state: State, en: str, zh: str) -> Line:
    return Line(what="wacz_signature", state=state, en=en, zh=zh)


def _head(data: bytes) -> dict[str, Any] | None:
    try:
        head = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return head if isinstance(head, dict) else None


def _is_base64(text: object) -> bool:
    """Whether a text is base64 with no bit that means nothing."""
    try:
        return (
            isinstance(text, str) and base64.b64encode(base64.b64decode(text, validate=True)).decode() == text
        )
    except (binascii.Error, ValueError):
        return False
