"""A small walk, signed while it was recorded."""

from __future__ import annotations

from pathlib import Path

from payaudit.evidence.seal.keys import Keys
from payaudit.evidence.write import EvidenceWriter
from payaudit.model.custody import Case, Custody
from tests.evidence.evidence_walks import audit, record


def custody(keys: Keys) -> Custody:
    return Custody(
        case=Case(number="2026-17", officers=("李 0815",)),
        signer="investigator",
        key=keys.id,
        wacz_key=keys.ecdsa_id,
        tool_sha256="ab" * 32,
        rules_sha256="cd" * 32,
        law_sha256="ef" * 32,
        command=("payaudit", "audit", "https://drama.example/"),
    )


def unfinished(folder: Path, keys: Keys, **more: int) -> EvidenceWriter:
    """Record a walk that has not ended, as a kill would leave it once the writer is closed."""
    return record(folder, audit(ended=None, end_reason=None, custody=custody(keys)), keys=keys, **more)


def signed_walk(folder: Path, keys: Keys, **more: int) -> Path:
    """Record a walk and finish it."""
    writer = record(folder / "evidence.wacz.partial", audit(custody=custody(keys)), keys=keys, **more)
    return writer.finish(folder / "evidence.wacz")
