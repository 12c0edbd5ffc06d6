"""Judge: facts and rules to findings; no clock, no order of sets, no opinion of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from payaudit.judge import sentence
from payaudit.judge.compiled import Compiled, compile_rule
from payaudit.judge.confidence import confidence
from payaudit.judge.law import choose
from payaudit.judge.spoken import spoken
from payaudit.judge.subjects import SUBJECTS, Fact
from payaudit.model.facts import Episode, Facts, Ladder, Leaning, Offer, PersonaPair, Scarcity
from payaudit.model.finding import SEVERITIES, Because, Check, Finding, Verdict
from payaudit.model.law import Law
from payaudit.model.rule import Rule, RuleSet, Standard
from payaudit.model.text import Text

_VERDICTS: tuple[Verdict, ...] = ("violation", "unclear", "compliant", "not_applicable")
_NAMED = 6  # subjects that an unclear finding names; it counts the others


def judge(
    facts: Facts,
    rules: RuleSet,
    law: Law,
    jurisdictions: Sequence[str],
    on: date,
) -> tuple[Finding, ...]:
    """Every rule on every fact it speaks of, gravest first.

    Doubts are kept, one per rule and reason; what a rule does not concern is
    left out.
    """
    findings = {
        finding.model_dump_json(): finding
        for rule in rules.rules
        if rule.status != "retired"
        for compiled, places in _variants(rule, rules.standards, jurisdictions, on)
        for found in _of_rule(compiled, places, facts, rules)
        for finding in [_with_law(found, rule, law, on)]
    }
    # Two runs may show the very same; it is told once.
    return tuple(sorted(findings.values(), key=_order))


def _variants(
    rule: Rule, standards: Sequence[Standard], jurisdictions: Sequence[str], on: date
) -> Iterator[tuple[Compiled, tuple[str, ...]]]:
    """The rule once for each set of thresholds, with the jurisdictions that share it."""
    if not jurisdictions and not rule.places:
        yield compile_rule(rule, standards, None, on), ()
        return
    tables = [rule.thresholds, *(standard.thresholds for standard in standards)]
    places: dict[tuple[Any, ...], list[str]] = {}
    for place in sorted(place for place in set(jurisdictions) if rule.concerns(place)):
        values = tuple(t.of(place, on)[0] for table in tables for t in table.values())
        places.setdefault(values, []).append(place)
    for same in places.values():
        yield compile_rule(rule, standards, same[0], on), tuple(same)


def _of_rule(compiled: Compiled, places: tuple[str, ...], facts: Facts, rules: RuleSet) -> Iterator[Finding]:
    """The findings of one rule, its doubts gathered by their reason."""
    found = [
        (
            _finding(compiled, fact, places, rules, simulated=facts.simulated_host or facts.seen_in_devtools),
            fact,
        )
        for fact in SUBJECTS[compiled.rule.subject].of(facts)
        if compiled.verdict(fact) != "not_applicable"
    ]
    yield from (finding for finding, _ in found if finding.verdict != "unclear")
    doubts = [
        (finding, spoken(compiled.rule.subject, fact, finding.subject))
        for finding, fact in found
        if finding.verdict == "unclear"
    ]
    doubts.sort(key=lambda doubt: doubt[0].not_seen)
    for _, same in groupby(doubts, key=lambda doubt: doubt[0].not_seen):
        yield _one_doubt(list(same), compiled.rule, rules)


def _finding(
    compiled: Compiled,
    fact: Fact,
    places: tuple[str, ...],
    rules: RuleSet,
    *,
    simulated: bool = False,
) -> Finding:
    rule, kind = compiled.rule, SUBJECTS[compiled.rule.subject]
    verdict = compiled.verdict(fact)
    when = [test.because(fact) for test in compiled.circumstances(fact)]
    # While it is open whether the rule applies at all, its tests decide nothing.
    asked = compiled.when.truth(fact) is not None or verdict != "unclear"
    decisive = [test.because(fact) for test in compiled.reasons(fact)] if asked else []
    harbours, mistakes = compiled.harbours(fact), compiled.false_positives(fact)
    used = [test.field for test in (*when, *decisive)]
    subject = " ".join(kind.label(fact).split())
    if verdict == "violation":
        said = sentence.fill(rule.sentence, rule.subject, fact, decisive, rules.words)
    else:
        said = _in_order(spoken(rule.subject, fact, subject), rule, decisive, harbours, rules)
    return Finding(
        rule=rule.id,
        catalogue=rule.catalogue,
        verdict=verdict,
        severity=compiled.severity(fact),
        confidence=confidence(
            fact,
            used,
            "probable" if simulated and rule.confidence_at_most == "confirmed" else rule.confidence_at_most,
            on_screen=kind.on_screen,
            mistaken=verdict == "violation" and any(check.held for check in mistakes),
        ),
        status=rule.status,
        subject=subject,
        sentence=said,
        because=tuple(dict.fromkeys((*when, *decisive))),
        harbours=harbours,
        false_positives=mistakes,
        not_seen=compiled.not_seen(fact) if verdict == "unclear" else (),
        jurisdictions=places,
        leans_on=tuple(each for each in _leanings(fact) if set(each.tells) & set(used)),
        at=fact.at,
    )


def _leanings(fact: Fact) -> tuple[Leaning, ...]:
    return fact.leans_on if isinstance(fact, Offer | Episode | Ladder | Scarcity | PersonaPair) else ()


def _in_order(
    subject: Text,
    rule: Rule,
    decisive: Sequence[Because],
    harbours: Sequence[Check],
    rules: RuleSet,
) -> Text:
    """The sentence where nothing is to be said against the fact."""
    held = next((check for check in harbours if check.held), None)
    en, zh = "what the rule looks for was not met", "未出现本规则所指情形"
    if held is not None and any(test.held is not False for test in decisive):
        told = held.title or rules.words.tells(rule.subject, held.tests)
        en, zh = f"a safe harbour held: {told.en}", f"符合除外情形：{told.zh}"
    return Text(en=f"Observed for {subject.en}: {en}.", zh=f"观察到{subject.zh}：{zh}。")


def _with_law(finding: Finding, rule: Rule, law: Law, on: date) -> Finding:
    cited, annex = choose(law, rule.provisions, finding.jurisdictions, on)
    return finding.model_copy(update={"provisions": cited, "annex_provisions": annex})


def _one_doubt(same: list[tuple[Finding, Text]], rule: Rule, rules: RuleSet) -> Finding:
    """One finding for all subjects that could not be judged for the same reason."""
    first = min((finding for finding, _ in same), key=_order)
    subjects = sorted({finding.subject for finding, _ in same})
    names = sorted({(finding.subject, called.en, called.zh) for finding, called in same})
    more = len(subjects) - len(subjects[:_NAMED])
    unnamed = len(names) - len(names[:_NAMED])
    missing = [rules.words.not_seen(rule.subject, path) for path in first.not_seen]
    en = ", ".join(en for _, en, _ in names[:_NAMED]) + (f" and {unnamed} more" if unnamed else "")
    zh = "、".join(zh for _, _, zh in names[:_NAMED]) + (f"等 {len(names)} 项" if unnamed else "")
    return first.model_copy(
        update={
            "subject": " · ".join(subjects[:_NAMED]) + (f" +{more}" if more else ""),
            "sentence": Text(
                en=f"Unclear for {en}; not seen: {'; '.join(text.en for text in missing)}.",
                zh=f"{zh}无法判断；未看到：{'；'.join(text.zh for text in missing)}。",
            ),
        }
    )


def _order(finding: Finding) -> tuple[Any, ...]:
    """Gravest first; the last key makes the order total."""
    at = finding.at
    return (
        _VERDICTS.index(finding.verdict),
        SEVERITIES.index(finding.severity),
        finding.rule,
        at.run,
        at.step,
        -1 if at.node is None else at.node,
        finding.subject,
        finding.model_dump_json(),
    )
