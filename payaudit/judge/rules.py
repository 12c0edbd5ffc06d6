"""Rules: a folder of YAML files, each checked whole before any is used.

    rules/<id>.yaml              one practice each
    rules/shared/standards.yaml  conditions that several rules share
    rules/shared/fields.yaml     plain names of fields, in both languages
    rules/shared/catalogue.yaml  every practice, and what those without a rule wait for

A folder without ``shared/`` uses the bundled one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from payaudit.data import rules_folder
from payaudit.errors import RuleError
from payaudit.judge import sentence
from payaudit.judge.compiled import Compiled, compile_rule
from payaudit.judge.condition import Condition, Test
from payaudit.judge.field import ConditionError, suggestion
from payaudit.judge.subjects import SUBJECTS
from payaudit.judge.yamlfile import Document, both, digest, read
from payaudit.model.law import Law
from payaudit.model.rule import Practice, Rule, RuleSet, Standard
from payaudit.model.words import Word, Words

_Listed = TypeVar("_Listed", Standard, Practice)


def load_rules(folder: Path | None = None, law: Law | None = None, *, added: Path | None = None) -> RuleSet:
    """Read and check a folder of rules; the bundled ones without one.

    With ``law``, provisions that the register does not know are refused too.
    ``added`` is a folder whose rules, standards, names and practices add to
    those, or override the ones of the same id; it may hold ``law/`` only.
    """
    folder = folder or rules_folder()
    common = _shared(folder) or _shared(rules_folder())
    if common is None:
        raise RuleError(
            f"{folder}: has no shared/standards.yaml; install payaudit again",
            f"{folder}：缺少 shared/standards.yaml，请重新安装 payaudit",
        )
    files = {path.name: path for path in _paths(folder, needed=True)}
    if added is not None:
        own = _shared(added)
        common = common if own is None else common.overridden(own)
        files |= {path.name: path for path in _paths(added, needed=not (own or (added / "law").is_dir()))}
    rules = tuple(_rule(read(files[name]), common, law) for name in sorted(files))
    if law is not None:
        _provisions_exist([name for practice in common.practices for name in practice.provisions], law)
    hashes = [digest(path.parent, [path]) for _, path in sorted(files.items())]
    return RuleSet(
        rules=rules,
        standards=common.standards,
        words=common.words,
        practices=common.practices,
        sha256=both([*hashes, common.sha256]),
    )


def _paths(folder: Path, *, needed: bool) -> list[Path]:
    paths = sorted(folder.glob("*.yaml"))
    if not paths and needed:
        raise RuleError(
            f"{folder}: holds no *.yaml; name a folder with rules",
            f"{folder}：没有 *.yaml 文件，请指定规则所在的文件夹",
        )
    return paths


@dataclass(frozen=True)
class _Shared:
    """What the rules of a folder share: standards, plain names, the catalogue."""

    standards: tuple[Standard, ...]
    words: Words
    practices: tuple[Practice, ...]
    sha256: str

    def overridden(self, own: _Shared) -> _Shared:
        """With what another folder adds, or says otherwise."""
        fields = dict(self.words.fields)
        for kind, names in own.words.fields.items():
            fields[kind] = {**fields.get(kind, {}), **names}
        return _Shared(
            tuple({each.id: each for each in (*self.standards, *own.standards)}.values()),
            Words(fields=fields),
            tuple({each.id: each for each in (*self.practices, *own.practices)}.values()),
            both([self.sha256, own.sha256]),
        )


def _shared(folder: Path) -> _Shared | None:
    """What stands in ``shared/``; ``None`` where there is no such folder."""
    inside = folder / "shared"
    if not inside.is_dir():
        return None

    def listed(name: str, kind: type[_Listed]) -> tuple[_Listed, ...]:
        if not (inside / name).is_file():
            return ()
        document = read(inside / name)
        if not isinstance(document.data, list):
            raise document.error((), "write a list", "应为列表")
        return tuple(document.validate(kind, entry, (i,)) for i, entry in enumerate(document.data))

    fields = inside / "fields.yaml"
    return _Shared(
        listed("standards.yaml", Standard),
        _words(read(fields)) if fields.is_file() else Words(fields={}),
        listed("catalogue.yaml", Practice),
        digest(inside, sorted(inside.glob("*.yaml"))),
    )


def _words(document: Document) -> Words:
    if not isinstance(document.data, dict):
        raise document.error((), "write kinds of facts with their fields", "应为事实类别及其字段")
    fields: dict[str, dict[str, Word]] = {}
    for kind, entries in document.data.items():
        if not isinstance(entries, dict):
            raise document.error((kind,), "write fields with their names", "应为字段及其名称")
        fields[kind] = {name: document.validate(Word, entry, (kind, name)) for name, entry in entries.items()}
    return Words(fields=fields)


def _provisions_exist(names: Sequence[str], law: Law) -> None:
    known = {provision.id for provision in law.provisions}
    for name in names:
        if name not in known:
            en, zh = suggestion(name, known)
            raise RuleError(
                f"shared/catalogue.yaml: no provision {name!r}{en}",
                f"shared/catalogue.yaml：没有条款 {name!r}{zh}",
            )


def _rule(document: Document, common: _Shared, law: Law | None) -> Rule:
    rule = document.validate(Rule, document.data)
    if rule.id != document.path.stem:
        raise document.error(
            ("id",),
            f"is {rule.id!r}, but the file is {document.path.name!r}; make them the same",
            f"为 {rule.id!r}，而文件名为 {document.path.name!r}，两者须一致",
        )
    try:
        compiled = compile_rule(rule, common.standards)
        subject = SUBJECTS[rule.subject].type
        sentence.check(rule.sentence.en, subject, ("sentence", "en"))
        sentence.check(rule.sentence.zh, subject, ("sentence", "zh"))
    except ConditionError as error:
        raise document.condition_error(error) from None
    _thresholds_are_used(document, rule)
    _fields_have_names(document, compiled, common.words)
    _catalogue_knows(document, rule, common.practices)
    _single_walk_suffices(document, rule, common.practices)
    _examples_suffice(document, rule)
    if law is not None:
        known = [provision.id for provision in law.provisions]
        for i, name in enumerate(rule.provisions):
            if name not in known:
                en, zh = suggestion(name, known)
                raise document.error(
                    ("provisions", i), f"no provision {name!r}{en}", f"没有条款 {name!r}{zh}"
                )
    return rule


def _thresholds_are_used(document: Document, rule: Rule) -> None:
    conditions = [
        rule.when,
        rule.violates,
        *(harbour.holds for harbour in rule.unless),
        *(case.holds for case in rule.severity_when),
        *(known.looks_so for known in rule.false_positives),
    ]
    used = set(_dollars(conditions))
    for name in rule.thresholds:
        if name not in used:
            raise document.error(
                ("thresholds", name),
                f"is used by no condition; remove it or write ${name}",
                f"没有条件使用它，请删除或写作 ${name}",
            )


def _dollars(source: object) -> list[str]:
    """The names written as ``$name`` anywhere inside."""
    if isinstance(source, str):
        return [source[1:]] if source.startswith("$") else []
    if isinstance(source, dict):
        return _dollars(list(source.values()))
    return [name for part in source for name in _dollars(part)] if isinstance(source, list) else []


def _fields_have_names(document: Document, compiled: Compiled, words: Words) -> None:
    conditions = (compiled.when, compiled.violates, compiled.unless)
    severities = (condition for _, condition in compiled.severities)
    mistakes = (condition for _, condition in compiled.mistakes if condition is not None)
    for test in leaves(*conditions, *severities, *mistakes):
        head, dot, tail = test.field.path.partition(".")
        subject = compiled.rule.subject
        for kind, name in [(subject, head), *([("legibility", tail)] if dot else [])]:
            if name not in words.fields.get(kind, {}):
                raise document.error(
                    ("subject",),
                    f"field {kind}.{name} has no plain name; add it to shared/fields.yaml",
                    f"字段 {kind}.{name} 没有通俗名称，请补进 shared/fields.yaml",
                )


def _catalogue_knows(document: Document, rule: Rule, practices: Sequence[Practice]) -> None:
    """``R`` and two digits is a number of the bundled catalogue; others are the author's own."""
    known = [practice.id for practice in practices]
    if re.fullmatch(r"R\d\d", rule.catalogue) and rule.catalogue not in known:
        raise document.error(
            ("catalogue",),
            f"there is no {rule.catalogue}; the catalogue runs from {known[0]} to {known[-1]},"
            " and a number of your own begins otherwise, such as X01",
            f"没有 {rule.catalogue}；目录为 {known[0]} 至 {known[-1]}，自编号请用其他字母开头，如 X01",
        )


def _single_walk_suffices(document: Document, rule: Rule, practices: Sequence[Practice]) -> None:
    """What only a purchase or other recordings show is shown by no walk of a fixture site."""
    practice = next((each for each in practices if each.id == rule.catalogue), None)
    if rule.status == "stable" and practice is not None and practice.needs is not None:
        raise document.error(
            ("status",),
            f"{rule.catalogue} needs {practice.needs}, which no single walk has; leave it experimental",
            f"{rule.catalogue} 需要单次巡查无法取得的资料（{practice.needs}），请保持 experimental",
        )


def _examples_suffice(document: Document, rule: Rule) -> None:
    told = {example.verdict for example in rule.examples}
    for verdict in ("violation", "compliant", "unclear"):
        if rule.status == "stable" and verdict not in told:
            raise document.error(
                ("examples",),
                f"a stable rule needs an example of {verdict!r}",
                f"stable 规则须有 {verdict!r} 的示例",
            )


def leaves(*conditions: Condition) -> list[Test]:
    """Every test inside conditions."""
    return [
        test
        for condition in conditions
        for test in ([condition] if isinstance(condition, Test) else leaves(*condition.parts))
    ]
