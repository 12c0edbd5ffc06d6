"""What a finding is called for good: a short id from its rule and its place.

The verdict, the severity and the wording are no part of it, so that it stays when the same
evidence is judged again by newer rules.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence

from payaudit.model.report import FindingV1

_HEX = 10  # 40 bits: no two of a thousand findings meet but once in two million reports


def refs(findings: Sequence[FindingV1]) -> tuple[str, ...]:
    """The ids of a report's findings, in order; one that is there already gets ``-2``, ``-3``, …."""
    seen: Counter[str] = Counter()
    out = []
    for finding in findings:
        short = _short(finding)
        seen[short] += 1
        out.append(short if seen[short] == 1 else f"{short}-{seen[short]}")
    return tuple(out)


def _short(finding: FindingV1) -> str:
    at = finding.at
    place = [finding.rule, at.run, at.step, at.node, finding.subject]
    return hashlib.sha256(json.dumps(place, ensure_ascii=False).encode()).hexdigest()[:_HEX]
