"""The bundled rules and provisions: every example, every name, every word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from bench.rule_mutation import survivors
from fixtures import truth
from payaudit.data import rules_folder
from payaudit.errors import RuleError
from payaudit.judge.check import accounts, check_example, check_standard, example_fact
from payaudit.judge.field import names
from payaudit.judge.judge import judge
from payaudit.judge.law import load_law
from payaudit.judge.page import pages
from payaudit.judge.rules import load_rules
from payaudit.judge.subjects import SUBJECTS
from payaudit.model.facts import Facts, Legibility
from payaudit.model.rule import Example, Rule

ROOT = Path(__file__).parent.parent
LAW = load_law()
RULES = load_rules(law=LAW)
EXAMPLES = [(rule, example) for rule in RULES.rules for example in rule.examples]
DAY = date(2026, 11, 22)
FILES = sorted(rules_folder().glob("*.yaml"))
# Words that would pass judgment; only courts and authorities do.
VERDICTS = re.compile(
    r"(?i)illegal|unlawful|against the law|violates the law|guilty|违法|非法|违规|不合法|犯罪"
)


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=[f"{r.id}: {e.name}" for r, e in EXAMPLES])
def test_example(rule: Rule, example: Example) -> None:
    assert check_example(rule, example, RULES) is None


def test_examples_of_standards() -> None:
    for standard in RULES.standards:
        assert {example.fails for example in standard.examples} == {True, False, None}
        for example in standard.examples:
            assert check_standard(standard, example) is None, example.name


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.id)
def test_every_rule_shows_each_verdict_and_is_known_in_both_languages(rule: Rule) -> None:
    told = {example.verdict for example in rule.examples}
    assert {"violation", "compliant", "unclear"} <= told
    assert len({example.name for example in rule.examples}) == len(rule.examples)
    assert rule.false_positives
    assert rule.sentence.en.startswith("Observed: ")
    assert rule.sentence.zh.startswith("观察到：")
    assert set(re.findall(r"{([^{}]*)}", rule.sentence.en)) == set(
        re.findall(r"{([^{}]*)}", rule.sentence.zh)
    )


def test_every_field_has_a_plain_name_and_every_name_a_field() -> None:
    for subject, kind in [
        *((name, kind.type) for name, kind in SUBJECTS.items()),
        ("legibility", Legibility),
    ]:
        known = set(names(kind)) - {"at", "leans_on"}
        assert set(RULES.words.fields[subject]) == known, subject


def test_a_stable_rule_has_sites_with_and_without_its_practice() -> None:
    seen: dict[str, set[bool]] = {}
    for path in (ROOT / "fixtures" / "sites").glob("*/truth.yaml"):
        for practice, stated in yaml.safe_load(path.read_text("utf-8"))["practices"].items():
            seen.setdefault(practice, set()).add(bool(stated["present"]))
    for rule in RULES.rules:
        if rule.status == "stable":
            assert seen.get(rule.catalogue) == {True, False}, rule.id


# Stable before walks were gathered by bench/verdicts.py, which has met no doubt of theirs so far.
NO_DOUBT_SEEN = {"preset-autobuy", "unconfirmed-charge"}


def test_walks_have_shown_what_a_stable_rule_says() -> None:
    """Compliance is shown too by honest sites where the rule does not apply, which the truth alone tells."""
    shown = yaml.safe_load((ROOT / "fixtures" / "shown.yaml").read_text("utf-8"))
    stable = [rule for rule in RULES.rules if rule.status == "stable"]
    for rule in stable:
        for walk in shown[rule.id]["violation"]:
            assert truth.load(walk)["practices"][rule.catalogue]["present"] is True, (rule.id, walk)
        for walk in (w.split()[0] for sites in shown[rule.id].values() for w in sites):
            assert walk in truth.names(), (rule.id, walk)
    assert [rule.id for rule in stable if not shown[rule.id]["violation"]] == []
    assert {rule.id for rule in stable if not shown[rule.id]["unclear"]} == NO_DOUBT_SEEN


def test_what_needs_a_purchase_or_history_is_not_stable() -> None:
    needing = {practice.id for practice in RULES.practices if practice.needs}
    assert needing == {"R12", "R20", "R25", "R27", "R31"}
    assert not any(rule.status == "stable" and rule.catalogue in needing for rule in RULES.rules)


def test_a_stable_rule_on_what_no_walk_can_show_is_refused(tmp_path: Path) -> None:
    name = "locked-again.yaml"
    text = (rules_folder() / name).read_text("utf-8").replace("status: experimental", "status: stable")
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(RuleError, match=r"status: R20 needs purchase"):
        load_rules(tmp_path)


def test_every_practice_is_accounted_for() -> None:
    told = accounts(RULES)
    assert [practice.id for practice in RULES.practices] == [f"R{n:02}" for n in range(1, 45)]
    assert told.forgotten == ()
    assert len(told.judged) + len(told.waiting) == 44


def test_the_pages_are_current() -> None:
    folder = ROOT / "docs" / "rules"
    written = {path.name: path.read_text("utf-8") for path in folder.glob("*.md")}
    assert written == pages(RULES, LAW), "run scripts/rule_pages.py"


def test_every_change_of_a_rule_is_noticed_by_an_example() -> None:
    done = list(survivors(RULES))
    assert len(done) > 200
    assert [(owner, said) for owner, said, survived in done if survived] == []


def test_an_example_that_notices_nothing_is_told() -> None:
    rule = RULES.get("retention-layers")
    assert rule is not None
    loose = rule.model_copy(update={"examples": rule.examples[2:3]})
    left = {said for _, said, survived in survivors(RULES.model_copy(update={"rules": (loose,)})) if survived}
    assert "$layers moved to 3" in left


def spoken(value: object) -> Iterator[str]:
    """Every text of a file, but for the official names of instruments."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from spoken(part)
    elif isinstance(value, dict):
        for key, part in value.items():
            if key != "instrument":
                yield from spoken(part)


@pytest.mark.parametrize(
    "path",
    [
        *FILES,
        *sorted((rules_folder() / "law").glob("*.yaml")),
        *sorted((rules_folder() / "shared").glob("*.yaml")),
    ],
    ids=lambda path: path.name,
)
def test_no_text_passes_judgment(path: Path) -> None:
    for text in spoken(yaml.safe_load(path.read_text("utf-8"))):
        assert not VERDICTS.search(text), text


SINGLE = frozenset(  # kinds of which there is one fact at most
    {"licence", "ladder", "cancel", "merchant", "coin_plan", "series_cost", "minor_guard"}
)


def attribute(subject: str) -> str:
    """Where the facts of a kind lie."""
    if subject in SINGLE or subject == "leaving":
        return subject
    return {"scarcity": "scarcities", "urgency": "urgencies", "identity": "identities"}.get(
        subject, f"{subject}s"
    )


def test_no_finding_passes_judgment() -> None:
    for rule, example in EXAMPLES:
        fact = example_fact(rule, example)
        seen = Facts.model_validate(
            {
                "target": "x",
                "persona": "p",
                "captured": "2026-11-22",
                attribute(rule.subject): fact if rule.subject in SINGLE else (fact,),
            }
        )
        for finding in judge(seen, RULES, LAW, ("CN", "US", "EU", "KR"), DAY):
            for text in (finding.sentence.en, finding.sentence.zh):
                assert not VERDICTS.search(text), text
                assert not re.search(r"[{}]", text), text


def misspelt(source: object) -> Iterator[Any]:
    """The condition with one field wrong, once for each."""
    if isinstance(source, list):
        for i, part in enumerate(source):
            for wrong in misspelt(part):
                yield [*source[:i], wrong, *source[i + 1 :]]
    elif isinstance(source, dict):
        for key, value in source.items():
            rest = {k: v for k, v in source.items() if k != key}
            if key == "at_least":
                for wrong in misspelt(value["of"]):
                    yield {**rest, key: {**value, "of": wrong}}
            else:
                path, bar, op = key.partition("|")
                yield {**rest, f"{path}x{bar}{op}": value}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_misspelt_field_is_refused_with_a_suggestion(path: Path, tmp_path: Path) -> None:
    rule = yaml.safe_load(path.read_text("utf-8"))
    named = [each.get("is", each) for each in rule.get("unless", [])]
    mistakes = [each for each in rule["false_positives"] if "is" in each]
    for key, source in (
        ("when", rule.get("when", {})),
        ("violates", rule["violates"]),
        ("unless", named),
        *(("false_positives", each["is"]) for each in mistakes),
    ):
        for wrong in misspelt(source):
            put = [{**mistakes[0], "is": wrong}] if key == "false_positives" else wrong
            text = yaml.safe_dump({**rule, key: put}, allow_unicode=True)
            (tmp_path / path.name).write_text(text, "utf-8")
            with pytest.raises(RuleError, match=rf"{re.escape(path.name)}:\d+: {key}.*did you mean"):
                load_rules(tmp_path)
