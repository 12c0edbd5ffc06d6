"""The commented template that a new rule begins as.

It reads without error, and its examples fail: nothing is violated until its
author says what violates it.
"""

from __future__ import annotations

import re
from string import Template
from typing import Any, Literal, get_args, get_origin

from payaudit.data import rules_folder
from payaudit.errors import UsageError
from payaudit.judge.field import names, suggestion
from payaudit.judge.subjects import SUBJECTS
from payaudit.model.facts import Legibility
from payaudit.model.rule import Subject
from payaudit.model.words import Words

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def template(rule: str, subject: str, words: Words) -> str:
    """The file of a rule to be; raises ``UsageError`` for an id or subject that cannot be used."""
    if not _ID.fullmatch(rule):
        raise UsageError(
            f"{rule!r} is no id; write small letters with hyphens, such as hidden-fee",
            f"{rule!r} 不能作规则名；请用小写字母加连字符，如 hidden-fee",
        )
    if subject not in get_args(Subject):
        en, zh = suggestion(subject, get_args(Subject))
        raise UsageError(
            f"no kind of fact {subject!r}{en}; there are: {', '.join(get_args(Subject))}",
            f"没有事实类别 {subject!r}{zh}；可用：{'、'.join(get_args(Subject))}",
        )
    text = Template((rules_folder() / "new-rule.template").read_text("utf-8"))
    return text.substitute(id=rule, subject=subject, fields=_fields(subject, words), fact=_least(subject))


def _fields(subject: str, words: Words) -> str:
    kind = SUBJECTS[subject].type  # type: ignore[index] # checked against Subject before
    lines = []
    for name in names(kind):
        if name != "at":
            word = words.word(subject, name)
            lines.append(f"#   {name}: {word.en} / {word.zh}")
    return "\n".join(lines)


def _least(subject: str) -> str:
    """A fact with what it must have and nothing more."""
    kind = SUBJECTS[subject].type  # type: ignore[index] # checked against Subject before
    needed = {
        name: _some(field.annotation)
        for name, field in kind.model_fields.items()
        if field.is_required() and name != "at"
    }
    return "{" + ", ".join(f"{name}: {value}" for name, value in needed.items()) + "}"


def _some(annotation: Any) -> str:  # noqa: ANN401 - the annotation of a field
    if get_origin(annotation) is Literal:
        return str(get_args(annotation)[0])
    if annotation is Legibility:
        return "{}"
    return "example" if annotation is str else "1"
