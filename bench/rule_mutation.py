"""How tight the rules' examples are: each rule changed in one place, and whether an example notices.

    bench/rule_mutation.py               all rules and standards; prints what no example noticed
    bench/rule_mutation.py hidden-renewal overcharged-call

A change is a comparison turned round (`lt` to `gte`, `is` to `not`), its edge moved (`lt` to `lte`), a number
moved by a fifth either way, a choice or a part left out, one more or one less asked for by `at_least`.
Ends with 1 where one survives, else with 0.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from payaudit.judge.check import check_example, check_standard
from payaudit.judge.rules import load_rules
from payaudit.model.rule import Harbour, Rule, RuleSet, Standard

TURNED = {
    "lt": "gte",
    "lte": "gt",
    "gt": "lte",
    "gte": "lt",
    "is": "not",
    "not": "is",
    "matches": "lacks",
    "lacks": "matches",
}
EDGE = {"lt": "lte", "lte": "lt", "gt": "gte", "gte": "gt"}
MOVES = (Decimal("0.8"), Decimal("1.25"))

Source = Any  # a condition as it stands in the file
Change = tuple[str, Any]


def changes(source: Source) -> Iterator[Change]:
    """Every change of a condition, with what was done."""
    if isinstance(source, list):
        for i, part in enumerate(source):
            rest = [*source[:i], *source[i + 1 :]]
            yield f"without {part}", rest
            yield from ((said, [*source[:i], new, *source[i + 1 :]]) for said, new in changes(part))
    elif isinstance(source, dict):
        for key, value in source.items():
            if len(source) > 1:
                yield f"without {key}", {k: v for k, v in source.items() if k != key}
            for said, new_key, new in entry(key, value):
                # In its place, for the order of what was not seen is told.
                yield (
                    said,
                    {(new_key if k == key else k): (new if k == key else v) for k, v in source.items()},
                )


def entry(key: str, value: Source) -> Iterator[tuple[str, str, Source]]:
    """Every change of one test or count."""
    if key == "at_least":
        yield from ((said, key, new) for said, new in counted(value))
        return
    path, _, op = key.partition("|")
    op = op or "is"
    if op in TURNED:
        yield f"{key} turned round", f"{path}|{TURNED[op]}", value
    if op in EDGE:
        yield f"{key} with the other edge", f"{path}|{EDGE[op]}", value
    if op == "in" and len(value) > 1:
        for choice in value:
            yield f"{key} without {choice}", key, [each for each in value if each != choice]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        for new in moved(Decimal(str(value))):
            yield f"{key} moved to {new:f}", key, f"{new:f}"


def counted(value: Source) -> Iterator[Change]:
    """One more or one less, and the changes inside."""
    for n in (value["n"] - 1, value["n"] + 1):
        if 0 < n <= len(value["of"]):
            yield f"at_least {n}", {**value, "n": n}
    for said, new in changes(value["of"]):
        if len(new) >= value["n"]:
            yield said, {**value, "of": new}


def moved(number: Decimal) -> list[Decimal]:
    """A fifth less and a quarter more; a whole number by one at least."""
    if number == number.to_integral_value():
        return [number - max(Decimal(1), number // 5), number + max(Decimal(1), number // 5)]
    return [number * move for move in MOVES]


def of_thresholds(owner: Rule | Standard) -> Iterator[Change]:
    """The owner with each threshold moved."""
    for name, threshold in owner.thresholds.items():
        for number in moved(threshold.default):
            other = threshold.model_copy(update={"default": number})
            said = f"${name} moved to {number.normalize():f}"
            yield said, owner.model_copy(update={"thresholds": {**owner.thresholds, name: other}})


def of_rule(rule: Rule) -> Iterator[Change]:
    """Every change of a rule."""
    for part in ("when", "violates"):
        for said, new in changes(getattr(rule, part)):
            yield f"{part}: {said}", rule.model_copy(update={part: new})
    parts = (("unless", "holds"), ("severity_when", "holds"), ("false_positives", "looks_so"))
    for part, inner in parts:
        owners = getattr(rule, part)
        for i, owner in enumerate(owners):
            source = getattr(owner, inner)
            for said, new in changes(source) if source is not None else ():
                changed = owner.model_copy(update={inner: new})
                update = {part: (*owners[:i], changed, *owners[i + 1 :])}
                yield f"{part}.{i}: {said}", rule.model_copy(update=update)
            if not isinstance(owner, Harbour):
                continue
            rest = (*owners[:i], owner.model_copy(update={inner: []}), *owners[i + 1 :])
            yield f"{part}.{i}: never", rule.model_copy(update={part: rest})
    yield from of_thresholds(rule)


def of_standard(standard: Standard) -> Iterator[Change]:
    """Every change of a standard."""
    for said, new in changes(standard.fails):
        yield said, standard.model_copy(update={"fails": new})
    yield from of_thresholds(standard)


def survivors(book: RuleSet, only: frozenset[str] = frozenset()) -> Iterator[tuple[str, str, bool]]:
    """Each change with its owner, and whether it survived."""
    for rule in book.rules:
        for said, other in of_rule(rule) if not only or rule.id in only else ():
            yield rule.id, said, all(check_example(other, each, book) is None for each in other.examples)
    for standard in book.standards:
        for said, other in of_standard(standard) if not only or standard.id in only else ():
            yield standard.id, said, all(check_standard(other, each) is None for each in other.examples)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rules", nargs="*", help="ids of rules and standards; all when left out")
    done = list(survivors(load_rules(), frozenset(parser.parse_args().rules)))
    left = [(owner, said) for owner, said, survived in done if survived]
    for owner, said in left:
        print(f"{owner}: {said}: no example notices")
    print(f"{len(done)} changes, {len(done) - len(left)} noticed, {len(left)} survived")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
