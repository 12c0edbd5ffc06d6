"""What reviewers decided on the findings of a case: the lines of ``review.jsonl``."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Literal

from payaudit.model.base import Frozen
from payaudit.model.report import Name, Ordinal, Sha256

Verb = Literal["confirm", "reject", "needs_more"]

BEGINNING = "0" * 64
"""What the first line names as the one before it."""

_PURPOSE = b"payaudit review "  # so that no other signature of the key can be shown for this one


class Decision(Frozen):
    """One line: what one reviewer decided on one finding, signed; ``signature`` covers all the rest.

    ``previous`` is the SHA-256 of the line before, ``evidence`` and ``report`` of the files that
    the reviewer had; ``at`` is by the clock of the reviewer's machine; ``key`` and ``signature``
    are Ed25519, raw, in base64.
    """

    format: Literal["payaudit-review/1"] = "payaudit-review/1"
    number: Ordinal
    previous: Sha256
    evidence: Sha256
    report: Sha256
    finding: Name
    rule: Name
    decision: Verb
    reason: Name
    reply: str | None = None  # what the trader answered; None: nothing is told of an answer
    reviewer: Name
    at: datetime
    key: Name
    signature: str = ""

    def message(self) -> bytes:
        """What is signed."""
        plain = self.model_dump(mode="json", exclude={"signature"})
        return _PURPOSE + json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()

    def line(self) -> bytes:
        """As it is written, without the line end."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, separators=(",", ":")).encode()

    def digest(self) -> str:
        """What the next line names as the one before it."""
        return hashlib.sha256(self.line()).hexdigest()
