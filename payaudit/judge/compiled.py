"""A rule made ready for one jurisdiction and day, and its verdict on a fact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel

from payaudit.judge.condition import Condition, Group, Scope, Test, parse
from payaudit.judge.subjects import SUBJECTS
from payaudit.model.facts import Legibility
from payaudit.model.finding import Check, Severity, Verdict
from payaudit.model.rule import FalsePositive, Rule, Standard
from payaudit.model.text import Text


@dataclass(frozen=True)
class Compiled:
    """A rule whose conditions can be asked."""

    rule: Rule
    when: Condition
    violates: Condition
    unless: Group
    severities: tuple[tuple[Severity, Condition], ...]
    mistakes: tuple[tuple[FalsePositive, Condition | None], ...]

    def verdict(self, fact: BaseModel) -> Verdict:
        """What the rule says of a fact; seeing more never swaps violation and compliant."""
        when = self.when.truth(fact)
        if when is False:
            return "not_applicable"
        violates = self.violates.truth(fact)
        unless = self.unless.truth(fact)
        if violates is False or unless is True:
            return "compliant"
        if when and violates and unless is False:
            return "violation"
        return "unclear"

    def severity(self, fact: BaseModel) -> Severity:
        """The first severity whose condition holds, else the rule's own."""
        for severity, condition in self.severities:
            if condition.truth(fact):
                return severity
        return self.rule.severity

    def circumstances(self, fact: BaseModel) -> tuple[Test, ...]:
        """The tests that made the rule apply."""
        return tuple(self.when.reasons(fact))

    def reasons(self, fact: BaseModel) -> tuple[Test, ...]:
        """The tests that made ``violates`` true, false or open."""
        return tuple(self.violates.reasons(fact))

    def harbours(self, fact: BaseModel) -> tuple[Check, ...]:
        """Every safe harbour with its result."""
        pairs = zip(self.rule.unless, self.unless.parts, strict=True)
        return tuple(_check(harbour.title, part, fact) for harbour, part in pairs)

    def false_positives(self, fact: BaseModel) -> tuple[Check, ...]:
        """Every way the rule could be wrong, with its result where a fact can tell."""
        return tuple(
            _check(Text(en=known.en, zh=known.zh), condition, fact) for known, condition in self.mistakes
        )

    def not_seen(self, fact: BaseModel) -> tuple[str, ...]:
        """What would have to be seen for a verdict, each once."""
        if self.when.truth(fact) is None:
            # Whether the rule applies comes first; the rest may never matter.
            open_tests: Sequence[Test] = self.circumstances(fact)
        else:
            open_tests = [
                test
                for part in (self.violates, self.unless)
                if part.truth(fact) is None
                for test in part.reasons(fact)
            ]
        return tuple(dict.fromkeys(path for test in open_tests for path in test.unseen(fact)))


def _check(title: Text | None, condition: Condition | None, fact: BaseModel) -> Check:
    if condition is None:
        return Check(title=title, held=None)
    tests = tuple(test.because(fact) for test in condition.reasons(fact))
    return Check(title=title, held=condition.truth(fact), tests=tests)


def compile_rule(
    rule: Rule,
    standards: Sequence[Standard],
    jurisdiction: str | None = None,
    on: date | None = None,
) -> Compiled:
    """Read a rule's conditions with the thresholds of a jurisdiction and day.

    Raises ``ConditionError`` with the place inside the rule.
    """
    shared = {
        standard.id: (
            standard.fails,
            Scope(
                Legibility,
                {name: t.of(jurisdiction, on) for name, t in standard.thresholds.items()},
            ),
        )
        for standard in standards
    }
    own = {name: t.of(jurisdiction, on) for name, t in rule.thresholds.items()}
    scope = Scope(SUBJECTS[rule.subject].type, own, shared)
    return Compiled(
        rule=rule,
        when=parse(rule.when, scope, ("when",)),
        violates=parse(rule.violates, scope, ("violates",)),
        unless=Group(1, tuple(parse(each.holds, scope, ("unless", i)) for i, each in enumerate(rule.unless))),
        severities=tuple(
            (case.severity, parse(case.holds, scope, ("severity_when", i, "is")))
            for i, case in enumerate(rule.severity_when)
        ),
        mistakes=tuple(
            (
                known,
                None
                if known.looks_so is None
                else parse(known.looks_so, scope, ("false_positives", i, "is")),
            )
            for i, known in enumerate(rule.false_positives)
        ),
    )
