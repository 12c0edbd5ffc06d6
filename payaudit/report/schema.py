"""The published JSON Schemas: of the report, and of a comparison of two."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from payaudit.model.base import Frozen
from payaudit.model.comparison import ComparisonV1
from payaudit.model.report import ReportV1
from payaudit.report.fields import meanings

FILE = "report-v1.json"
COMPARISON_FILE = "comparison-v1.json"
FORMATS: dict[str, type[Frozen]] = {"payaudit/1": ReportV1, "payaudit-comparison/1": ComparisonV1}


def schema() -> bytes:
    """JSON Schema (2020-12) of ReportV1, the same bytes each time."""
    return schema_of("payaudit/1")


def schema_of(form: str) -> bytes:
    """JSON Schema of the format of that name, every field with its meaning in both languages."""
    data = FORMATS[form].model_json_schema(mode="serialization", by_alias=True)
    known = meanings()
    _describe(data, known[FORMATS[form].__name__])
    for name, part in data["$defs"].items():
        _describe(part, known.get(name, {}))
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return (json.dumps(head | data, ensure_ascii=False, indent=2) + "\n").encode()


def _describe(part: dict[str, Any], meaning: dict[str, str]) -> None:
    for field, schema in part.get("properties", {}).items():
        if field in meaning:
            schema["description"] = meaning[field]


def write(folder: Path) -> tuple[Path, ...]:
    """Write them where they are published."""
    paths = (folder / FILE, folder / COMPARISON_FILE)
    for path, form in zip(paths, FORMATS, strict=True):
        path.write_bytes(schema_of(form))
    return paths
