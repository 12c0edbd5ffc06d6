"""Ready questions to the catalogue: ``rules/questions/*.yaml``, one SQL that both databases understand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from pydantic import Field

from payaudit.data import read_data, rules_folder
from payaudit.errors import UsageError
from payaudit.model.base import Frozen
from payaudit.model.text import Text


class Parameter(Text):
    """What may be filled in; without a default it must be."""

    default: str | None = None


class Question(Frozen):
    """A question by its id. All values are texts; an empty one means *any*."""

    title: Text
    note: Text | None = None
    parameters: dict[str, Parameter] = Field(default_factory=dict)
    sql: str

    @property
    def at_most(self) -> int | None:
        """Rows that an answer has at most; ``None`` where it is not cut."""
        last = re.search(r"\bLIMIT (\d+)\s*$", self.sql)
        return int(last[1]) if last else None

    def values(self, told: Iterable[str]) -> dict[str, str]:
        """Values from ``NAME=VALUE``; raises ``UsageError`` for one unknown, or one that is needed."""
        given: dict[str, str] = {}
        for each in told:
            name, mark, value = each.partition("=")
            if not mark or name not in self.parameters:
                known = ", ".join(self.parameters) or "none"
                raise UsageError(
                    f"{each!r} is no value of this question; write NAME=VALUE, names are: {known}",
                    f"{each!r} 不是此查询的参数；请写 名称=值，可用名称：{known}",
                )
            given[name] = value
        for name, parameter in self.parameters.items():
            if name not in given and parameter.default is None:
                raise UsageError(
                    f"this question needs {name}=… ({parameter.en})", f"此查询需要 {name}=…（{parameter.zh}）"
                )
            given.setdefault(name, parameter.default or "")
        return given


def questions(folder: Path | None = None) -> dict[str, Question]:
    """All, by id. Raises ``RuleError`` for a file that cannot be read."""
    paths = sorted((folder or rules_folder() / "questions").glob("*.yaml"))
    return {path.stem: read_data(path, Question) for path in paths}


def question(name: str) -> Question:
    """One by its id; raises ``UsageError`` naming those there are."""
    known = questions()
    if name not in known:
        close = get_close_matches(name, known, 1)
        meant = (f", did you mean {close[0]}?", f"，是否指 {close[0]}？") if close else ("", "")
        raise UsageError(
            f"no question {name!r}{meant[0]}; there are: {', '.join(known)}",
            f"没有查询 {name!r}{meant[1]}；可用：{'、'.join(known)}",
        )
    return known[name]
