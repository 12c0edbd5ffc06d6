"""Fields: paths into a fact, resolved against its type when a rule is loaded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, JsonValue, TypeAdapter, ValidationError

from payaudit.model.money import Money

Kind = Literal["bool", "number", "money", "text", "choice", "part", "other"]
Loc = tuple[str | int, ...]


class ConditionError(ValueError):
    """A condition that cannot be read: what is wrong, in both languages, and where."""

    def __init__(self, en: str, zh: str, loc: Loc = ()) -> None:
        super().__init__(en)
        self.en, self.zh, self.loc = en, zh, loc


@dataclass(frozen=True)
class Field:
    """A path into a fact, such as ``renewal.font_px``, and the type it leads to."""

    path: str
    type: Any
    kind: Kind

    def of(self, fact: BaseModel) -> Any:  # noqa: ANN401 - of the field's type
        """Follow the path; ``None`` where the walk did not see."""
        value: Any = fact
        for name in self.path.split("."):
            value = None if value is None else getattr(value, name)
        return value

    def unseen(self, fact: BaseModel) -> str | None:
        """The first part of the path that was not seen: ``renewal``, not ``renewal.font_px``."""
        value: Any = fact
        names = self.path.split(".")
        for depth, name in enumerate(names, 1):
            value = getattr(value, name)
            if value is None:
                return ".".join(names[:depth])
        return None

    def read(self, value: JsonValue) -> Any:  # noqa: ANN401 - of the field's type
        """Turn a value of a rule file into the field's type; ``ValueError`` if it does not fit."""
        # bool is an int to Python; to a rule it is not.
        if isinstance(value, bool) != (self.kind == "bool"):
            raise ValueError(f"{value!r} does not suit {self.path}, which is a {self.kind}")
        try:
            return TypeAdapter(self.type).validate_python(
                value, strict=self.kind in ("bool", "text", "choice")
            )
        except ValidationError as error:
            raise ValueError(f"{self.path}: {error.errors()[0]['msg']}, not {value!r}") from None


def suggestion(name: str, known: Iterable[str]) -> tuple[str, str]:
    """``; did you mean 'x'?`` in both languages, or nothing."""
    close = get_close_matches(name, sorted(known), 1)
    return (f"; did you mean {close[0]!r}?", f"；是否指 {close[0]!r}？") if close else ("", "")


def names(model: type[BaseModel]) -> dict[str, Any]:
    """Fields and derived properties of a fact with their types."""
    found = {name: field.annotation for name, field in model.model_fields.items()}
    for base in model.__mro__:
        # Pydantic's own properties (model_extra, ...) are no facts.
        if issubclass(base, BaseModel) and base.__module__.startswith("payaudit."):
            for name, member in vars(base).items():
                if isinstance(member, property) and member.fget is not None:
                    found[name] = get_type_hints(member.fget)["return"]
    return found


def resolve(path: str, subject: type[BaseModel], loc: Loc = ()) -> Field:
    """Find the field a path leads to; an unknown name is an error with a suggestion."""
    here: Any = subject
    for name in path.split("."):
        if not _is_model(here):
            raise ConditionError(
                f"{path}: there is nothing inside {here.__name__} to name",
                f"{path}：{here.__name__} 之下没有字段",
                loc,
            )
        known = names(here)
        if name not in known:
            en, zh = suggestion(name, known)
            raise ConditionError(
                f"{here.__name__} has no field {name!r}{en}",
                f"{here.__name__} 没有字段 {name!r}{zh}",
                loc,
            )
        here = _seen(known[name])
    return Field(path, here, _kind(here))


def _seen(annotation: object) -> object:
    """The type without its ``None``."""
    if get_origin(annotation) in (Union, UnionType):
        return next(part for part in get_args(annotation) if part is not NoneType)
    return annotation


def _is_model(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel) and kind is not Money


def _kind(kind: object) -> Kind:
    if get_origin(kind) is Literal:
        return "choice"
    if _is_model(kind):
        return "part"
    plain: dict[object, Kind] = {
        bool: "bool",
        int: "number",
        Decimal: "number",
        Money: "money",
        str: "text",
    }
    return plain.get(kind, "other")


def shown(value: object) -> str:
    """A value as reports print it; the same value always gives the same text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        # Three decimals: enough for every ratio, and no noise of a division.
        return f"{round(value, 3).normalize() + 0:f}"
    if isinstance(value, Money):
        return f"{value.currency} {value.amount:f}"
    if isinstance(value, tuple):
        return ", ".join(shown(part) for part in value)
    return str(value)
