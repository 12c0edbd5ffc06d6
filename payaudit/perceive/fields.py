"""Fields that a page wants filled, and what they ask for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from payaudit.perceive.controls import Control
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.screen import Screen
from payaudit.perceive.tree import Node

FieldKind = Literal["phone", "email", "code", "password", "name", "birth", "other"]

_BY_TYPE: dict[str, FieldKind] = {
    "tel": "phone", "email": "email", "password": "password", "date": "birth", "month": "birth",
}  # fmt: skip
_BY_WORDS: tuple[tuple[str, FieldKind], ...] = (
    ("field_code", "code"),
    ("field_phone", "phone"),
    ("field_email", "email"),
    ("field_birth", "birth"),
    ("field_name", "name"),
)
_NO_TEXT = frozenset({"search", "range", "color", "file", "hidden", "checkbox", "radio", "button", "submit"})
_HINTS = ("placeholder", "aria-label", "autocomplete", "name", "id")
_BOX_PX = 72.0  # a narrower field holds one digit of a code
_BOXES = 4  # such fields side by side


@dataclass(frozen=True, slots=True)
class Field:
    """One field; ``length`` is the most characters it takes, ``value`` what it holds."""

    control: Control
    kind: FieldKind
    value: str
    length: int | None
    date: bool = False


def fields(screen: Screen, lexicon: Lexicon, pool: Iterable[Control]) -> tuple[Field, ...]:
    """Fields to type into, in document order; one-digit boxes count as one code, the first of them."""
    found = []
    for control in pool:
        node = screen.tree.nodes[control.node]
        kind = node.attrs.get("type", "text").lower()
        if control.role in {"input", "select"} and kind not in _NO_TEXT and "readonly" not in node.attrs:
            asks = _kind(node, control, lexicon)
            found.append(Field(control, asks, node.value, _length(node), date=kind == "date"))
    digits = [f for f in found if f.control.box[2] <= _BOX_PX and f.length in {1, None}]
    if len(digits) >= _BOXES:
        first = digits[0]
        rest = {f.control.node for f in digits[1:]}
        code = Field(first.control, "code", "".join(f.value for f in digits), len(digits))
        found = [code if f is first else f for f in found if f.control.node not in rest]
    return tuple(found)


def _kind(node: Node, control: Control, lexicon: Lexicon) -> FieldKind:
    hints = " ".join(
        node.attrs.get(a, "") for a in ("placeholder", "aria-label", "autocomplete", "name", "id")
    )
    said = f"{control.label} {hints.replace('-', ' ').replace('_', ' ')}"
    kind = _BY_TYPE.get(node.attrs.get("type", "").lower())
    if "one-time-code" in hints or (kind == "phone" and lexicon.has("field_code", control.label)):
        return "code"
    if kind is not None:
        return kind
    for group, named in _BY_WORDS:
        if lexicon.has(group, control.label):
            return named
    for group, named in _BY_WORDS:
        if lexicon.has(group, said):
            return named
    return "other"


def _length(node: Node) -> int | None:
    told = node.attrs.get("maxlength", "")
    return int(told) if told.isdigit() and int(told) > 0 else None
