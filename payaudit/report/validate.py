"""Whether a file is what its schema says: each departure with its path and its reason."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from payaudit.errors import UsageError
from payaudit.model.text import Text
from payaudit.report.counted import miscounted
from payaudit.report.schema import FORMATS, schema_of

_SHOWN = 60  # characters of a wrong value that a line repeats


class Departure(NamedTuple):
    """One thing wrong with a file: where (``$.findings[0].at``) and why."""

    path: str
    reason: Text


def departures(data: bytes) -> tuple[Departure, ...]:
    """All that is wrong with a report or a comparison, in the file's order; empty where it is valid.

    The schema is the one that the file's own ``format`` names. A file that has the form is
    also held against itself: its counts are those of its findings. Raises ``UsageError``
    where the data is no JSON.
    """
    value = _parsed(data)
    if not isinstance(value, dict) or value.get("format") not in FORMATS:
        told = " or ".join(FORMATS), "或".join(FORMATS)
        return (
            Departure(
                "$.format",
                Text(
                    en=f"is not {told[0]}: made by another tool?", zh=f"不是 {told[1]}：是否由其他工具生成？"
                ),
            ),
        )
    errors = sorted(_validator(value["format"]).iter_errors(value), key=_order)
    wrong = tuple(dict.fromkeys(found for error in errors for found in _told(error)))
    if wrong or value["format"] != "payaudit/1":
        return wrong
    return tuple(Departure(path, reason) for path, reason in miscounted(value))


@cache
def _validator(form: str) -> Any:  # noqa: ANN401 - jsonschema comes without types
    return Draft202012Validator(
        json.loads(schema_of(form)), format_checker=Draft202012Validator.FORMAT_CHECKER
    )


def _parsed(data: bytes) -> object:
    try:
        return json.loads(data, parse_constant=_no_number, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        said = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise UsageError(
            f"this is no JSON ({said}); name a report.json", f"这不是 JSON（{said}），请指定 report.json"
        ) from None


def _no_number(word: str) -> object:
    raise ValueError(f"{word} is no number")


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the field {twice!r} stands twice in one object")
    return found


def _order(error: ValidationError) -> tuple[str, ...]:
    return tuple(f"{part:06}" if isinstance(part, int) else part for part in error.absolute_path)


def _told(error: ValidationError) -> Iterator[Departure]:
    """One line for each reason; of several choices, what the only real one has against it."""
    if error.validator == "anyOf":
        real = [i for i, choice in enumerate(error.validator_value) if choice != {"type": "null"}]
        if len(real) == 1:
            for inner in error.context:
                if inner.schema_path[0] == real[0]:
                    yield from _told(inner)
            return
    for reason in _reasons(error):
        yield Departure(_path(error.absolute_path), reason)


def _path(parts: Iterable[str | int]) -> str:
    return "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)


def _shown(value: object) -> str:
    """The value as JSON, cut where it is long; one line, nothing that a terminal would obey."""
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


_KINDS = {
    "string": Text(en="a text", zh="文本"),
    "integer": Text(en="a whole number", zh="整数"),
    "number": Text(en="a number", zh="数字"),
    "boolean": Text(en="true or false", zh="true 或 false"),
    "null": Text(en="null", zh="null"),
    "array": Text(en="a list", zh="列表"),
    "object": Text(en="an object", zh="对象"),
}


def _reasons(error: ValidationError) -> Iterator[Text]:
    make = _WORDS.get(error.validator)
    if make is None:
        yield Text(en=f"breaks {error.validator}: {_shown(error.instance)}", zh=f"不符合 {error.validator}")
    else:
        yield from make(error)


def _missing(error: ValidationError) -> Iterator[Text]:
    # jsonschema yields one error per missing name, which only its message tells.
    for name in error.validator_value:
        if name not in error.instance and error.message.startswith(repr(name)):
            yield Text(en=f"lacks the field {_shown(name)}", zh=f"缺少字段 {_shown(name)}")


def _unknown(error: ValidationError) -> Iterator[Text]:
    for name in error.instance:
        if name not in error.schema.get("properties", {}):
            yield Text(en=f"has an unknown field {_shown(name)}", zh=f"有未知字段 {_shown(name)}")


def _one(en: str, zh: str) -> Callable[[ValidationError], Iterator[Text]]:
    """A reason from the value and what the schema wants of it."""

    def make(error: ValidationError) -> Iterator[Text]:
        value, wanted = _shown(error.instance), error.validator_value
        if error.validator == "type":
            kind = _KINDS[wanted]
            yield Text(en=en.format(value=value, wanted=kind.en), zh=zh.format(value=value, wanted=kind.zh))
            return
        told = ", ".join(map(str, wanted)) if isinstance(wanted, list) else str(wanted)
        yield Text(en=en.format(value=value, wanted=told), zh=zh.format(value=value, wanted=told))

    return make


_WORDS: dict[str, Callable[[ValidationError], Iterator[Text]]] = {
    "required": _missing,
    "additionalProperties": _unknown,
    "type": _one("is {value}, and has to be {wanted}", "为 {value}，应为{wanted}"),
    "enum": _one("is {value}, and has to be one of {wanted}", "为 {value}，应为其中之一：{wanted}"),
    "const": _one("is {value}, and has to be {wanted}", "为 {value}，应为 {wanted}"),
    "pattern": _one("is {value}, which has not the form {wanted}", "为 {value}，格式应为 {wanted}"),
    "format": _one("is {value}, which is no {wanted}", "为 {value}，不是有效的 {wanted}"),
    "minimum": _one("is {value}, and has to be {wanted} or more", "为 {value}，不得小于 {wanted}"),
    "minLength": _one("is empty", "为空"),
    "minItems": _one("has too few entries, at least {wanted} are needed", "条目过少，至少 {wanted} 条"),
    "maxItems": _one("has too many entries, at most {wanted} are possible", "条目过多，至多 {wanted} 条"),
}
