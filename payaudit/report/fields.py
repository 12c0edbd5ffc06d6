"""What the fields of the wire formats mean, from ``fields.yaml``, and the page that says so."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import RootModel

from payaudit.data import read_data
from payaudit.model.base import Frozen
from payaudit.model.text import Text

_PLAIN = {str: "text", int: "number", float: "number", bool: "true/false"}


class Fields(RootModel[dict[str, dict[str, Text]]]):
    """Type, then field as it is written, then its meaning."""


@cache
def fields() -> dict[str, dict[str, Text]]:
    """The meanings; raises ``RuleError`` where the file cannot be read."""
    return read_data(Path(__file__).with_name("fields.yaml"), Fields).root


def meanings() -> dict[str, dict[str, str]]:
    """The meanings as a schema tells them: both languages in one line."""
    return {
        kind: {name: f"{text.en} · {text.zh}" for name, text in known.items()}
        for kind, known in fields().items()
    }


def types_of(root: type[Frozen]) -> list[type[Frozen]]:
    """The root and every type inside it, each once, in the order of their fields."""
    found = [root]
    for kind in found:
        for field in kind.model_fields.values():
            found += [inner for inner in _models(field.annotation) if inner not in found]
    return found


def _models(annotation: Any) -> list[type[Frozen]]:  # noqa: ANN401 - any annotation
    if isinstance(annotation, type) and not get_origin(annotation) and issubclass(annotation, Frozen):
        return [annotation]
    return list(dict.fromkeys(m for part in get_args(annotation) for m in _models(part)))


def written(kind: type[Frozen]) -> dict[str, Any]:
    """The fields of a type under the names that are written, with their annotations."""
    return {field.serialization_alias or name: field.annotation for name, field in kind.model_fields.items()}


def page(root: type[Frozen]) -> str:
    """A table for each type: field, what it is, meaning in both languages. Markdown."""
    lines = []
    for kind in types_of(root):
        lines += [f"### {kind.__name__}", "", "| field · 字段 | | meaning | 含义 |", "|---|---|---|---|"]
        for name, annotation in written(kind).items():
            text = fields()[kind.__name__][name]
            lines.append(f"| `{name}` | {_shape(annotation)} | {text.en} | {text.zh} |")
        lines.append("")
    return "\n".join(lines)


def _shape(annotation: Any) -> str:  # noqa: ANN401 - any annotation
    """A type in a few letters: ``text``, ``list of FindingV1``, ``number or null``."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        shape = " or ".join("null" if part is type(None) else _shape(part) for part in parts)
    elif origin is tuple:
        shape = f"list of {_shape(parts[0])}"
    elif origin is dict:
        shape = f"{_shape(parts[0])} → {_shape(parts[1])}"
    elif origin is Literal:
        shape = " · ".join(f"`{part}`" for part in parts)
    elif origin is Annotated:
        shape = _shape(parts[0])
    else:
        link = f"[{annotation.__name__}](#{annotation.__name__.lower()})"
        shape = _PLAIN.get(annotation, link)
    return shape
