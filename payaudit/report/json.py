"""ReportV1 as bytes: always the same bytes for the same report."""

from __future__ import annotations

import json

from payaudit.errors import UsageError
from payaudit.model.report import ReportV1


def to_json(report: ReportV1) -> bytes:
    """UTF-8 in the model's order, two spaces, one line end at the end."""
    data = report.model_dump(mode="json", by_alias=True)
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()


def from_json(data: bytes) -> ReportV1:
    """Read a report back."""
    try:
        return ReportV1.model_validate_json(data)
    except ValueError as error:
        first = str(error).splitlines()[0]
        raise UsageError(
            f"this is no payaudit/1 report ({first}); name a report.json",
            f"这不是 payaudit/1 报告（{first}），请指定 report.json",
        ) from None
