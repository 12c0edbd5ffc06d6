"""Laws of the engine, over facts that Hypothesis makes up."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any, get_args

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from payaudit.judge.compiled import compile_rule
from payaudit.judge.condition import Condition, Scope, parse
from payaudit.judge.judge import judge
from payaudit.judge.law import choose, load_law
from payaudit.judge.rules import leaves, load_rules
from payaudit.judge.subjects import SUBJECTS
from payaudit.model.evidence import Goal, GoalResult
from payaudit.model.facts import Consent, Coverage, Exit, Facts, Leaving, Legibility, Offer, PaymentCall
from payaudit.model.law import covers
from payaudit.model.rule import Rule
from payaudit.report.coverage import rule_judged
from tests.judge.worlds import facts, models, values

RULES, LAW = load_rules(), load_law()
DAY = date(2026, 11, 22)
COMPILED = {rule.id: compile_rule(rule, RULES.standards) for rule in RULES.rules}


def unseen(fact: BaseModel) -> list[tuple[str, ...]]:
    """Paths of all that is ``None`` in a fact."""
    found: list[tuple[str, ...]] = []
    for name in type(fact).model_fields:
        value = getattr(fact, name)
        if value is None:
            found.append((name,))
        elif isinstance(value, Legibility):
            found += [(name, *path) for path in unseen(value)]
    return found


def with_value(fact: BaseModel, path: tuple[str, ...], value: object) -> Any:  # noqa: ANN401 - a fact like the one given
    head, *rest = path
    inner = with_value(getattr(fact, head), tuple(rest), value) if rest else value
    return fact.model_copy(update={head: inner})


def conditions(rule: Rule) -> tuple[Condition, ...]:
    compiled = COMPILED[rule.id]
    return compiled.when, compiled.violates, compiled.unless


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.id)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_seeing_more_never_swaps_violation_and_compliant(rule: Rule, data: st.DataObject) -> None:
    fact = data.draw(models(SUBJECTS[rule.subject].type))
    paths = unseen(fact)
    if not paths:
        return
    used = {test.field.path.partition(".")[0] for test in leaves(*conditions(rule))}
    # Mostly what the rule looks at; the rest should not matter, and is tried too.
    paths = [path for path in paths if path[0] in used] or paths
    path = data.draw(st.sampled_from(paths))
    kind: Any = type(fact)
    for name in path[:-1]:
        kind = type(getattr(fact, name))
    annotation = kind.model_fields[path[-1]].annotation
    value = data.draw(values(annotation).filter(lambda found: found is not None))
    compiled = COMPILED[rule.id]
    before, after = compiled.verdict(fact), compiled.verdict(with_value(fact, path, value))
    assert {before, after} != {"violation", "compliant"}


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.id)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_unclear_always_names_what_was_not_seen(rule: Rule, data: st.DataObject) -> None:
    fact = data.draw(models(SUBJECTS[rule.subject].type))
    compiled = COMPILED[rule.id]
    assert bool(compiled.not_seen(fact)) or compiled.verdict(fact) != "unclear"


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.id)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_was_not_seen_decides_nothing(rule: Rule, data: st.DataObject) -> None:
    fact = data.draw(models(SUBJECTS[rule.subject].type))
    compiled = COMPILED[rule.id]
    verdict = compiled.verdict(fact)
    if verdict == "unclear":
        return
    if verdict == "not_applicable":
        deciding = compiled.circumstances(fact)
    elif verdict == "violation":
        deciding = (*compiled.circumstances(fact), *compiled.reasons(fact))
        assert all(check.held is False for check in compiled.harbours(fact))
    elif compiled.violates.truth(fact) is False:
        deciding = compiled.reasons(fact)
    else:
        assert any(check.held for check in compiled.harbours(fact))
        deciding = ()
    assert all(test.truth(fact) is not None for test in deciding)


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.id)
def test_a_place_not_seen_whole_holds_nothing_that_could_be_absent(rule: Rule) -> None:
    """No fact of the kind, and the goals reached or not: never “does not apply”, and never a verdict."""
    for state in ("reached", "impossible", "out_of_budget", "failed", "not_tried"):
        goals = tuple(GoalResult(goal=goal, state=state) for goal in get_args(Goal))
        seen = facts(
            offers=(),
            consents=(),
            payment_calls=(),
            leaving=(),
            coverage=Coverage(goals=goals, paywall_seen=True),
        )
        places = rule.places or ("CN",)
        found = [f for f in judge(seen, RULES, LAW, places, DAY) if f.rule == rule.id]
        judged = rule_judged(rule, seen, found, places)
        assert (found, judged.state) == ([], "not_judged")
        assert judged.reason is not None


# Any condition over what an offer was seen to be, not only those that the bundled rules are made of. A
# property that is worked out from several fields, such as ``priced_in``, may turn when one more is seen.
_TESTS = st.one_of(
    st.builds(lambda key, value: {key: value}, st.sampled_from(["auto_renews", "trial|not"]), st.booleans()),
    st.builds(
        lambda field, op, value: {f"{field}|{op}": value},
        st.sampled_from(["trial_days", "renewal_ratio", "renewal.font_px", "renewal.contrast_ratio"]),
        st.sampled_from(["lt", "lte", "gt", "gte", "is", "not"]),
        st.integers(0, 12),
    ),
    st.builds(
        lambda op, other: {f"price|{op}": {"field": other}},
        st.sampled_from(["lt", "lte", "gt", "gte", "is", "not"]),
        st.sampled_from(["first_price", "renewal_price", "charged"]),
    ),
    st.builds(lambda op: {f"claim_text|{op}": "续|I"}, st.sampled_from(["matches", "lacks"])),
    st.just({"renewal|fails": "prominence"}),
)


def _groups(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    lists = st.lists(inner, min_size=1, max_size=3)
    counted = lists.flatmap(
        lambda of: st.integers(1, len(of)).map(lambda n: {"at_least": {"n": n, "of": of}})
    )
    return st.one_of(lists, counted, st.lists(inner, max_size=2).map(_merged))


def _merged(parts: list[Any]) -> dict[str, Any]:
    return {key: value for part in parts if isinstance(part, dict) for key, value in part.items()}


CONDITIONS = st.recursive(_TESTS, _groups, max_leaves=8)
PROMINENCE = RULES.standards[0]
SCOPE = Scope(
    Offer,
    {},
    {
        PROMINENCE.id: (
            PROMINENCE.fails,
            Scope(Legibility, {name: each.of(None, None) for name, each in PROMINENCE.thresholds.items()}),
        )
    },
)


@settings(max_examples=200, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(source=CONDITIONS, fact=models(Offer), data=st.data())
def test_seeing_more_never_turns_any_condition(source: Any, fact: Offer, data: st.DataObject) -> None:  # noqa: ANN401 - a condition as YAML gives it
    condition = parse(source, SCOPE)
    paths = unseen(fact)
    before = condition.truth(fact)
    if not paths or before is None:
        return
    path = data.draw(st.sampled_from(paths))
    kind: Any = type(fact)
    for name in path[:-1]:
        kind = type(getattr(fact, name))
    annotation = kind.model_fields[path[-1]].annotation
    value = data.draw(values(annotation).filter(lambda found: found is not None))
    assert condition.truth(with_value(fact, path, value)) is before


@settings(max_examples=40, deadline=None)
@given(
    day=st.dates(date(2010, 1, 1), date(2030, 1, 1)),
    places=st.lists(st.sampled_from(LAW.jurisdictions), max_size=3, unique=True),
)
def test_a_findings_basis_is_in_force_and_was_checked(day: date, places: list[str]) -> None:
    for rule in RULES.rules:
        cited, annex = choose(LAW, rule.provisions, places, day)
        for name in (*cited, *annex):
            provision = LAW.get(name, day)
            assert provision is not None
            assert any(covers(place, provision.jurisdiction) for place in places)
            if name in cited:
                assert provision.on(day)
                assert provision.verification != "unverified"


LISTS: dict[str, type[BaseModel]] = {
    "offers": Offer,
    "consents": Consent,
    "payment_calls": PaymentCall,
    "leaving": Leaving,
    "exits": Exit,
}
SEEN = st.fixed_dictionaries(
    {name: st.lists(models(kind), max_size=3).map(tuple) for name, kind in LISTS.items()}
).map(lambda found: facts(**found))


# Without shrinking: two whole judgements for each step would take minutes.
@settings(max_examples=40, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(seen=SEEN, random=st.randoms(use_true_random=False))
def test_order_of_facts_and_rules_changes_nothing(seen: Facts, random: Random) -> None:
    def shuffled(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(random.sample(items, len(items)))

    other = seen.model_copy(update={name: shuffled(getattr(seen, name)) for name in LISTS})
    rules = RULES.model_copy(update={"rules": shuffled(RULES.rules)})
    assert judge(seen, RULES, LAW, ("CN", "UK"), DAY) == judge(other, rules, LAW, ("UK", "CN"), DAY)
