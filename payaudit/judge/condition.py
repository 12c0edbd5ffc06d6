"""Conditions: three-valued tests over one fact.

A mapping holds when all of its tests hold, a list when any of its parts does,
``at_least: {n: 2, of: [...]}`` when so many do. A test names a field and, after
``|``, an operator: ``renewal.font_px|lt: 12``. ``None`` means *not seen* and
makes a test neither true nor false; there is no test for ``None`` and no
negation of a group, hence seeing more never turns true into false.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import re2
from pydantic import BaseModel, JsonValue

from payaudit.judge.field import (
    ConditionError,
    Field,
    Kind,
    Loc,
    resolve,
    shown,
    suggestion,
)
from payaudit.model.finding import Because
from payaudit.model.money import Money
from payaudit.model.text import Text

Truth = bool | None

_SCALAR: tuple[Kind, ...] = ("bool", "number", "money", "text", "choice")
_ORDERED: tuple[Kind, ...] = ("number", "money")
OPERATORS: dict[str, tuple[Callable[[Any, Any], bool], tuple[Kind, ...]]] = {
    "is": (operator.eq, _SCALAR),
    "not": (operator.ne, _SCALAR),
    "lt": (operator.lt, _ORDERED),
    "lte": (operator.le, _ORDERED),
    "gt": (operator.gt, _ORDERED),
    "gte": (operator.ge, _ORDERED),
    "in": (lambda value, choices: value in choices, ("number", "text", "choice")),
    "matches": (lambda value, pattern: pattern.search(value) is not None, ("text",)),
    "lacks": (lambda value, pattern: pattern.search(value) is None, ("text",)),
}
PATTERNS = ("matches", "lacks")  # their right side is a regular expression


@dataclass(frozen=True)
class Test:
    """One comparison of a field with a value or with another field."""

    field: Field
    op: str
    expected: Any
    source: Text | None = None  # where a threshold comes from

    def truth(self, fact: BaseModel) -> Truth:
        """Compare; ``None`` where a side was not seen or the currencies differ."""
        seen, expected = self.field.of(fact), self._expected(fact)
        if seen is None or expected is None:
            return None
        if isinstance(seen, Money):
            if seen.currency != expected.currency:
                return None
            seen, expected = seen.amount, expected.amount
        return OPERATORS[self.op][0](seen, expected)

    def reasons(self, fact: BaseModel) -> Iterator[Test]:  # noqa: ARG002 - as Group.reasons
        """Itself: a test is its own reason."""
        yield self

    def because(self, fact: BaseModel) -> Because:
        """The test with the value it met."""
        seen, expected = self.field.of(fact), self.expected
        if isinstance(expected, Field):
            other = expected.of(fact)
            text = f"{expected.path} = {'?' if other is None else shown(other)}"
        else:
            text = expected.pattern if self.op in PATTERNS else shown(expected)
        return Because(
            field=self.field.path,
            operator=self.op,
            expected=text,
            observed=None if seen is None else shown(seen),
            held=self.truth(fact),
            threshold_source=self.source,
        )

    def unseen(self, fact: BaseModel) -> Iterator[str]:
        """What would have to be seen to decide the test."""
        sides = [self.field, *([self.expected] if isinstance(self.expected, Field) else [])]
        missing = [path for side in sides if (path := side.unseen(fact)) is not None]
        yield from missing or [f"{self.field.path}|currency"]

    def _expected(self, fact: BaseModel) -> Any:  # noqa: ANN401 - of the field's type
        return self.expected.of(fact) if isinstance(self.expected, Field) else self.expected


@dataclass(frozen=True)
class Group:
    """Conditions of which at least ``needed`` must hold: all, any, or k of them."""

    needed: int
    parts: tuple[Condition, ...]

    def truth(self, fact: BaseModel) -> Truth:
        """True or false as soon as what is unseen could no longer change it."""
        truths = [part.truth(fact) for part in self.parts]
        if truths.count(True) >= self.needed:
            return True
        return False if len(truths) - truths.count(False) < self.needed else None

    def reasons(self, fact: BaseModel) -> Iterator[Test]:
        """The tests that made it what it is."""
        own = self.truth(fact)
        for part in self.parts:
            if part.truth(fact) is own:
                yield from part.reasons(fact)


Condition = Test | Group


@dataclass(frozen=True)
class Scope:
    """What a condition may speak of."""

    subject: type[BaseModel]
    thresholds: Mapping[str, tuple[Decimal, Text]] = field(default_factory=dict)
    standards: Mapping[str, tuple[JsonValue, Scope]] = field(default_factory=dict)
    prefix: str = ""  # path of the part that a standard is applied to


def parse(source: JsonValue, scope: Scope, loc: Loc = ()) -> Condition:
    """Read a condition; every field, operator and value is checked here."""
    if isinstance(source, dict):
        parts = tuple(_entry(key, value, scope, (*loc, key)) for key, value in source.items())
        return Group(len(parts), parts)
    if isinstance(source, list):
        return Group(1, tuple(parse(part, scope, (*loc, i)) for i, part in enumerate(source)))
    raise ConditionError(
        f"write a mapping (all) or a list (any), not {source!r}",
        f"应为映射（全部满足）或列表（任一满足），而不是 {source!r}",
        loc,
    )


def _entry(key: str, value: JsonValue, scope: Scope, loc: Loc) -> Condition:
    if key == "at_least":
        return _at_least(value, scope, loc)
    path, _, op = key.partition("|")
    found = resolve(scope.prefix + path, scope.subject, loc)
    if op == "fails":
        return _fails(found, value, scope, loc)
    return _test(found, op or "is", value, scope, loc)


def _at_least(value: JsonValue, scope: Scope, loc: Loc) -> Group:
    match value:
        case {"n": int(n), "of": list(parts), **rest} if not rest and type(n) is int and 0 < n <= len(parts):
            read = (parse(part, scope, (*loc, "of", i)) for i, part in enumerate(parts))
            return Group(n, tuple(read))
    raise ConditionError(
        "at_least wants {n: 2, of: [two or more conditions]}",
        "at_least 应写作 {n: 2, of: [两个以上的条件]}",
        loc,
    )


def _fails(part: Field, value: JsonValue, scope: Scope, loc: Loc) -> Condition:
    if value not in scope.standards:
        en, zh = suggestion(str(value), scope.standards)
        raise ConditionError(f"no shared standard {value!r}{en}", f"没有共用标准 {value!r}{zh}", loc)
    source, inner = scope.standards[str(value)]
    if part.type is not inner.subject:
        raise ConditionError(
            f"{part.path}: standard {value!r} measures a {inner.subject.__name__}",
            f"{part.path}：标准 {value!r} 只适用于 {inner.subject.__name__}",
            loc,
        )
    return parse(source, Scope(scope.subject, inner.thresholds, {}, f"{part.path}."), loc)


def _test(found: Field, op: str, value: JsonValue, scope: Scope, loc: Loc) -> Test:
    if op not in OPERATORS:
        known = " ".join((*OPERATORS, "fails"))
        raise ConditionError(
            f"no operator {op!r}; there are: {known}", f"没有运算 {op!r}；可用：{known}", loc
        )
    if found.kind not in OPERATORS[op][1]:
        raise ConditionError(
            f"{op!r} does not suit {found.path}, which is a {found.kind}",
            f"{found.path}（{found.kind}）不能用 {op!r}",
            loc,
        )
    if isinstance(value, dict) and set(value) == {"field"} and op not in ("in", *PATTERNS):
        return Test(found, op, _other(found, str(value["field"]), scope, loc))
    source = None
    if isinstance(value, str) and value.startswith("$"):
        name = value[1:]
        if name not in scope.thresholds:
            en, zh = suggestion(name, scope.thresholds)
            raise ConditionError(f"no threshold {name!r}{en}", f"没有阈值 {name!r}{zh}", loc)
        number, source = scope.thresholds[name]
        # An int field may be held against 1.5; comparison needs no conversion.
        if found.kind == "number":
            return Test(found, op, number, source)
        value = str(number)
    try:
        return Test(found, op, _expected(found, op, value), source)
    except ValueError as error:
        raise ConditionError(str(error.args[0]), str(error.args[-1]), loc) from None


def _expected(found: Field, op: str, value: JsonValue) -> object:
    if op in PATTERNS:
        quiet = re2.Options()
        quiet.log_errors = False  # a broken pattern is told in the rule's own line
        try:
            return re2.compile(found.read(value), quiet)
        except re2.error as error:
            why = error.args[0].decode("utf-8", "replace") if isinstance(error.args[0], bytes) else error
            raise ValueError(
                f"{found.path}: {value!r} is no RE2 pattern ({why}); RE2 knows no (?!…), (?=…) or \\1",
                f"{found.path}：{value!r} 不是有效的 RE2 表达式（{why}）；RE2 不支持 (?!…)、(?=…) 与 \\1",
            ) from None
    if op == "in":
        if not isinstance(value, list) or not value:
            raise ValueError(f"{found.path}|in wants a list of values, not {value!r}")
        return tuple(found.read(choice) for choice in value)
    return found.read(value)


def _other(found: Field, path: str, scope: Scope, loc: Loc) -> Field:
    other = resolve(scope.prefix + path, scope.subject, loc)
    if other.kind != found.kind:
        raise ConditionError(
            f"{found.path} is a {found.kind}, {other.path} a {other.kind}; compare like with like",
            f"{found.path}（{found.kind}）与 {other.path}（{other.kind}）类型不同，不能比较",
            loc,
        )
    return other
