"""The JSON Schema of a rule file, for editors that check while one writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from payaudit.judge.condition import OPERATORS
from payaudit.judge.field import names
from payaudit.judge.subjects import SUBJECTS
from payaudit.model.rule import Rule

FILE = "rule-v1.json"


def schema() -> bytes:
    """JSON Schema (2020-12) of ``rules/<id>.yaml``, the same bytes each time."""
    data: dict[str, Any] = Rule.model_json_schema(by_alias=True)
    defs = data["$defs"]
    defs["Condition"] = _condition()
    condition = {"$ref": "#/$defs/Condition"}
    for name in ("when", "violates"):
        data["properties"][name] = condition
    for name in ("SeverityWhen", "FalsePositive"):
        defs[name]["properties"]["is"] = condition
    # A harbour is a condition, or one with a name in both languages.
    text = {"type": "string"}
    defs["Harbour"] = {
        "anyOf": [
            {
                "type": "object",
                "properties": {"en": text, "zh": text, "is": condition},
                "required": ["en", "zh", "is"],
                "additionalProperties": False,
            },
            condition,
        ]
    }
    harbour = {"$ref": "#/$defs/Harbour"}
    data["properties"]["unless"] = {"anyOf": [{"type": "array", "items": harbour}, condition]}
    # Thresholds are gathered while reading: jurisdictions stand beside the default.
    dated = {"$ref": "#/$defs/Dated"}
    number = {"type": ["number", "string"]}
    threshold = defs["Threshold"]
    del threshold["properties"]["elsewhere"]
    threshold["properties"]["default"] = number
    threshold["patternProperties"] = {
        "^[A-Z]{2}(-[A-Z]{2,3})?$": {"anyOf": [number, dated, {"type": "array", "items": dated}]}
    }
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return (json.dumps(head | data, ensure_ascii=False, indent=2) + "\n").encode()


def _condition() -> dict[str, Any]:
    """A mapping (all) or a list (any); keys are fields with an operator."""
    fields = sorted({name for kind in SUBJECTS.values() for name in names(kind.type)})
    operators = "|".join((*OPERATORS, "fails"))
    key = rf"^({'|'.join(fields)})(\.[a-z_]+)*(\|({operators}))?$"
    inner = {"$ref": "#/$defs/Condition"}
    return {
        "anyOf": [
            {"type": "array", "items": inner},
            {
                "type": "object",
                "properties": {
                    "at_least": {
                        "type": "object",
                        "properties": {
                            "n": {"type": "integer", "minimum": 1},
                            "of": {"type": "array", "items": inner, "minItems": 1},
                        },
                        "required": ["n", "of"],
                        "additionalProperties": False,
                    }
                },
                "patternProperties": {key: {}},
                "additionalProperties": False,
            },
        ]
    }


def write(folder: Path) -> Path:
    """Write it where it is published."""
    path = folder / FILE
    path.write_bytes(schema())
    return path
