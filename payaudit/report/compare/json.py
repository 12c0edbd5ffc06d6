"""ComparisonV1 as bytes: always the same bytes for the same comparison."""

from __future__ import annotations

import json

from payaudit.model.comparison import ComparisonV1


def to_json(comparison: ComparisonV1) -> bytes:
    """UTF-8 in the model's order, two spaces, one line end at the end."""
    data = comparison.model_dump(mode="json", by_alias=True)
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()
