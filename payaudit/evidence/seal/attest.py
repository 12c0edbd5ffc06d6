"""What holds of an evidence file, line by line."""

from __future__ import annotations

from collections.abc import Sequence

from payaudit.errors import EvidenceError
from payaudit.evidence import layout
from payaudit.evidence.chain import Problem
from payaudit.evidence.container import Container
from payaudit.evidence.limits import SNAPSHOT
from payaudit.evidence.load import Walk
from payaudit.evidence.seal.heads import check_heads
from payaudit.evidence.seal.lines import Line, failing
from payaudit.evidence.seal.sidecar import SEAL, check_seals, sidecars
from payaudit.evidence.seal.stamp_check import check_stamps
from payaudit.evidence.seal.trust import Trust
from payaudit.evidence.seal.wacz import check_wacz
from payaudit.evidence.verify import Checked
from payaudit.evidence.vouched import original_digest
from payaudit.model.evidence import Audit

_WHOLE = ("wacz_signature", "seal")  # what speaks for all of a file


def attest(
    container: Container, audit: Audit, checked: Checked, walk: Walk, trust: Trust
) -> tuple[Line, ...]:
    """Form, files, chain, signatures and sidecars, in this order. Never raises."""
    form = container.form_problem()
    ended = audit.ended is not None
    own = original_digest(container, checked.hashes)
    lines = [
        *_told(
            "form",
            [form] if form is not None else [],
            "Every byte of the zip is accounted for.",
            "zip 的每个字节都有归属。",
        ),
        *_told(
            "files",
            checked.problems,
            f"All {len(checked.hashes)} files are those listed in datapackage.json (SHA-256).",
            f"全部 {len(checked.hashes)} 个文件与 datapackage.json 清单一致（SHA-256）。",
        ),
        *_told(
            "chain",
            walk.problems,
            f"{len(walk.steps)} steps of {len(walk.runs)} runs follow one another, each with its traffic.",
            f"{len(walk.runs)} 次会话的 {len(walk.steps)} 个步骤依次相连，流量记录完整。",
        ),
        *check_heads(walk.linked, audit.custody, trust),
        *check_wacz(own or _digest(container), audit.custody, trust, ended=ended),
        *_added(own),
        *_beside(container, trust),
    ]
    return (*lines, *_trusted(lines, trust, ended=ended))


def _added(own: bytes | None) -> list[Line]:
    """That a signature of a file with attachments speaks for the walk alone."""
    if own is None:
        return []
    return [
        Line(
            what="attachments",
            state="unknown",
            en="All files of the walk are as they were packed; attachments were added later, and no signature"
            " inside speaks for them.",
            zh="巡查的全部文件与打包时一致；附件为事后添加，内部签名不涵盖附件。",
        )
    ]


def _beside(container: Container, trust: Trust) -> list[Line]:
    """The sidecars; the whole file is hashed only where there are any."""
    path = container.path
    if not any(sidecars(path, kind) for kind in (SEAL, "tsr", "tsq")):
        return []
    sha256 = container.whole_digest()
    return [*check_seals(path, sha256, container.size, trust), *check_stamps(path, sha256, trust)]


def _trusted(lines: Sequence[Line], trust: Trust, *, ended: bool) -> list[Line]:
    """Where keys were named, one of them must speak for the file, or for the steps of a walk cut off."""
    if not trust.keys:
        return []
    speak = _WHOLE if ended else (*_WHOLE, "steps_signed")
    if any(line.what in speak and line.state == "holds" for line in lines):
        return []
    return failing(
        "trust",
        [Problem("No key that you trust has signed this file.", "本文件没有您信任的密钥的签名。")],
    )


def _told(what: str, found: Sequence[Problem], en: str, zh: str) -> list[Line]:
    return failing(what, found) or [Line(what=what, state="holds", en=en, zh=zh)]


def _digest(container: Container) -> bytes:
    try:
        return container.read(layout.DIGEST, SNAPSHOT) if layout.DIGEST in container.names else b""
    except EvidenceError:
        return b""
