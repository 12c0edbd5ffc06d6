"""Run the examples of rules: every rule carries its own test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from payaudit.judge.compiled import compile_rule
from payaudit.judge.condition import Scope, parse
from payaudit.judge.subjects import SUBJECTS, Fact
from payaudit.model.base import Frozen
from payaudit.model.facts import Legibility
from payaudit.model.rule import Example, Rule, RuleSet, Standard, StandardExample
from payaudit.model.text import Text

# An example may leave out where it was seen; no rule asks for it.
_AT = {"run": 1, "step": 1, "node": 1}


class Checked(Frozen):
    """One example and what became of it; ``problem`` is ``None`` where all is well."""

    rule: str
    example: str
    problem: Text | None


class Accounts(Frozen):
    """Every practice of the catalogue: judged by a rule, waiting for facts (some are both), or forgotten."""

    all: int
    judged: tuple[str, ...]
    waiting: tuple[str, ...]
    forgotten: tuple[str, ...]


def accounts(rules: RuleSet) -> Accounts:
    """What becomes of each practice; a retired rule judges none."""
    served = {rule.catalogue for rule in rules.rules if rule.status != "retired"}
    practices = rules.practices
    return Accounts(
        all=len(practices),
        judged=tuple(p.id for p in practices if p.id in served),
        waiting=tuple(p.id for p in practices if p.id not in served and p.waits_for),
        forgotten=tuple(p.id for p in practices if p.id not in served and not p.waits_for),
    )


def check_rules(rules: RuleSet) -> Iterator[Checked]:
    """Run every example of every standard and rule."""
    for standard in rules.standards:
        for each in standard.examples:
            problem = check_standard(standard, each)
            yield Checked(rule=standard.id, example=each.name, problem=problem)
    for rule in rules.rules:
        for example in rule.examples:
            yield Checked(rule=rule.id, example=example.name, problem=check_example(rule, example, rules))


def example_fact(rule: Rule, example: Example) -> Fact:
    """The fact of an example; ``ValueError`` tells what is wrong with it."""
    data: dict[str, Any] = {"at": _AT, **example.fact}
    return SUBJECTS[rule.subject].type.model_validate(data)


def check_example(rule: Rule, example: Example, rules: RuleSet) -> Text | None:
    """What is wrong with an example, or ``None``."""
    try:
        fact = example_fact(rule, example)
    except ValidationError as error:
        return _unreadable("fact", error)
    compiled = compile_rule(rule, rules.standards)
    verdict = compiled.verdict(fact)
    missing = compiled.not_seen(fact) if verdict == "unclear" else ()
    mistakes = [check for check in compiled.false_positives(fact) if check.tests]
    told: tuple[tuple[Text, object, object], ...] = (
        (Text(en="the verdict", zh="结论"), example.verdict, verdict),
        (Text(en="severity", zh="严重程度"), example.severity, compiled.severity(fact)),
        (Text(en="not seen", zh="未看到的"), example.not_seen, missing),
        (
            Text(en="harbours", zh="除外情形"),
            example.harbours,
            tuple(check.held for check in compiled.harbours(fact)),
        ),
        (
            Text(en="looks wrong", zh="可能误判"),
            example.looks_wrong,
            tuple(check.held for check in mistakes),
        ),
    )
    for what, expected, found in told:
        if expected is not None and expected != found:
            return Text(
                en=f"{what.en}: expected {_plain(expected)}, the rule says {_plain(found)}",
                zh=f"{what.zh}：应为 {_plain(expected)}，规则得出 {_plain(found)}",
            )
    return None


def check_standard(standard: Standard, example: StandardExample) -> Text | None:
    """What is wrong with an example of a standard, or ``None``."""
    try:
        part = Legibility.model_validate(example.of)
    except ValidationError as error:
        return _unreadable("of", error)
    thresholds = {name: each.of(None, None) for name, each in standard.thresholds.items()}
    found = parse(standard.fails, Scope(Legibility, thresholds)).truth(part)
    if found is example.fails:
        return None
    return Text(
        en=f"expected fails: {_plain(example.fails)}, the standard says {_plain(found)}",
        zh=f"fails 应为 {_plain(example.fails)}，标准得出 {_plain(found)}",
    )


def _unreadable(what: str, error: ValidationError) -> Text:
    detail = error.errors()[0]
    spot = ".".join(str(step) for step in (what, *detail["loc"]))
    return Text(en=f"{spot}: {detail['msg']}", zh=f"{spot}：{detail['msg']}")


def _plain(value: object) -> str:
    """As the rule file writes it."""
    if isinstance(value, tuple):
        return "[" + ", ".join(_plain(part) for part in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else str(value)
