"""The head of the chain, signed at each step: a walk that never ended is vouched for up to there."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from payaudit.evidence.chain import Linked
from payaudit.evidence.seal.keys import fingerprint, holds
from payaudit.evidence.seal.lines import Line
from payaudit.evidence.seal.trust import Trust
from payaudit.model.custody import Custody
from payaudit.model.evidence import Link, Signed

_PURPOSE = b"payaudit step "  # so that no other signature of the key can be shown for this one


class Signs(Protocol):
    """What signs a head."""

    @property
    def public(self) -> bytes:
        """The public half, 32 bytes."""

    def sign(self, message: bytes) -> bytes:
        """The signature, 64 bytes."""


def sign_head(link: Link, keys: Signs) -> Link:
    """The link with a signature of its hash."""
    signature = keys.sign(_PURPOSE + link.hash.encode())
    signed = Signed(
        key=base64.b64encode(keys.public).decode(), signature=base64.b64encode(signature).decode()
    )
    return link.model_copy(update={"signed": signed})


def check_heads(steps: Sequence[Linked], custody: Custody | None, trust: Trust) -> list[Line]:
    """Whose signatures the steps carry; one line where all is well."""
    lines: list[Line] = []
    keys: set[str] = set()
    signed = [found for found in steps if found.link is not None and found.link.signed is not None]
    for found in steps:
        where, wo = f"Step {found.run}/{found.step}", f"步骤 {found.run}/{found.step}"
        if found.link is None:
            continue
        if found.link.signed is None:
            if signed:
                lines.append(_fails(f"{where} is not signed, others are.", f"{wo}没有签名，其他步骤有。"))
            continue
        key = _valid(found.link, found.link.signed)
        if key is None:
            lines.append(
                _fails(
                    f"{where}: the signature is not one of the key it names.",
                    f"{wo}：签名与其所称的密钥不符。",
                )
            )
        elif custody is not None and key != custody.key:
            lines.append(
                _fails(
                    f"{where} is signed with another key than audit.json names.",
                    f"{wo}的签名密钥与 audit.json 所载不同。",
                )
            )
        else:
            keys.add(key)
    if lines:
        return lines
    if not signed:
        return [
            Line(what="steps_signed", state="absent", en="The steps are not signed.", zh="各步骤没有签名。")
        ]
    if len(keys) > 1:
        return [_fails("The steps are signed with several keys.", "各步骤由不同密钥签名。")]
    key = keys.pop()
    en, zh = trust.named(key)
    return [
        Line(
            what="steps_signed",
            state="holds" if key in trust.keys else "unknown",
            en=f"{len(signed)} of {len(steps)} steps signed while walking, by {en}.",
            zh=f"{len(steps)} 个步骤中有 {len(signed)} 个在巡查时签名，签名者：{zh}。",
            key=key,
        )
    ]


def _valid(link: Link, signed: Signed) -> str | None:
    """The fingerprint of the key whose signature it is; None where it is none."""
    try:
        public = base64.b64decode(signed.key, validate=True)
        signature = base64.b64decode(signed.signature, validate=True)
        if not holds(public, signature, _PURPOSE + link.hash.encode()):
            return None
        return fingerprint(Ed25519PublicKey.from_public_bytes(public))
    except (binascii.Error, ValueError):
        return None


def _fails(en: str, zh: str) -> Line:
    return Line(what="steps_signed", state="fails", en=en, zh=zh)
