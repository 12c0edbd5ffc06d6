"""What a journey may say: each verb with its fields, checked when the file is read.

No verb confirms a payment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal, get_args

from payaudit.errors import UsageError

Verb = Literal["open", "tap", "swipe", "type", "wait_for", "choose", "pay", "leave", "back", "capture"]
VERBS: tuple[Verb, ...] = get_args(Verb)
_PAIR = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*")

_VALUES = (
    ("nth", r"[1-9]\d*", "a number from 1"),
    ("by", r"-?\d+", "a whole number of px"),
    ("then", "enter", "enter"),
    ("answer", "accept|dismiss", "accept or dismiss"),
)


@dataclass(frozen=True)
class _Form:
    """The fields of a verb; one of ``needs`` has to be there, ``alone`` is what a bare value stands for."""

    fields: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    alone: str | None = None


_FORMS: dict[Verb, _Form] = {
    "open": _Form(alone="the address"),
    "tap": _Form(("text", "nth", "at", "answer"), ("text", "at"), "text"),
    "swipe": _Form(("from", "to", "at", "by"), ("from", "by"), "up or down"),
    "type": _Form(("into", "nth", "text", "then"), ("into", "then")),
    "wait_for": _Form(("text",), ("text",), "text"),
    "choose": _Form(("offer",), ("offer",), "offer"),
    "pay": _Form(("offer",), (), "offer"),
    "leave": _Form(),
    "back": _Form(),
    "capture": _Form(alone="what the screen is"),
}


def pair(text: str) -> tuple[float, float] | None:
    """Two numbers with a comma: shares of the view's width and height."""
    found = _PAIR.fullmatch(text)
    return (float(found[1]), float(found[2])) if found else None


def check_verb(where: tuple[str, str], verb: str) -> None:
    """Raise ``UsageError`` for a verb that there is not; ``where`` is said first, in both languages."""
    if verb in VERBS:
        return
    close = get_close_matches(verb, VERBS, 1)
    en = f"; did you mean {close[0]!r}?" if close else f"; verbs are {', '.join(VERBS)}"
    zh = f"；是否想写 {close[0]!r}？" if close else f"；可用动词：{', '.join(VERBS)}"
    raise UsageError(f"{where[0]}: no verb {verb!r}{en}", f"{where[1]}：没有动词 {verb!r}{zh}")


def check_fields(where: tuple[str, str], verb: Verb, value: str, fields: Mapping[str, str]) -> None:
    """Raise ``UsageError`` where a verb is given what it cannot be, or lacks what it needs."""
    en, zh = where
    form = _FORMS[verb]
    for name in fields:
        if name not in form.fields:
            known = ", ".join(form.fields) or "none"
            close = get_close_matches(name, form.fields, 1)
            hint = f"did you mean {close[0]!r}?" if close else f"its fields are {known}"
            hint_zh = f"是否想写 {close[0]!r}？" if close else f"可用字段：{known}"
            raise UsageError(
                f"{en}: {verb} has no field {name!r}; {hint}", f"{zh}：{verb} 没有字段 {name!r}；{hint_zh}"
            )
    alone = bool(value) and form.alone is not None
    if form.needs and not alone and not any(fields.get(n) for n in form.needs):
        wanted = " or ".join(form.needs)
        raise UsageError(f"{en}: {verb} needs {wanted}", f"{zh}：{verb} 需要字段 {wanted}")
    if value and form.alone is None:
        raise UsageError(
            f"{en}: {verb} takes no bare value; write {{}} or its fields",
            f"{zh}：{verb} 不接受单独的值；请写 {{}} 或其字段",
        )
    if verb == "swipe" and not fields and value not in {"up", "down"}:
        raise UsageError(f"{en}: swipe goes up or down, not {value!r}", f"{zh}：swipe 只能是 up 或 down")
    _check_numbers(where, fields)


def _check_numbers(where: tuple[str, str], fields: Mapping[str, str]) -> None:
    en, zh = where
    for name in ("at", "from", "to"):
        if name in fields and pair(fields[name]) is None:
            raise UsageError(
                f"{en}: {name} is two shares of the view such as 0.5,0.9, not {fields[name]!r}",
                f"{zh}：{name} 应为视口比例，如 0.5,0.9，而不是 {fields[name]!r}",
            )
    if ("from" in fields) != ("to" in fields):
        raise UsageError(f"{en}: from and to belong together", f"{zh}：from 与 to 须同时给出")
    for name, good, said in _VALUES:
        if name in fields and not re.fullmatch(good, fields[name]):
            raise UsageError(
                f"{en}: {name} is {said}, not {fields[name]!r}", f"{zh}：{name} 的值 {fields[name]!r} 无效"
            )
