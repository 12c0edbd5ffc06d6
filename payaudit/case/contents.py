"""What a bundle may hold: each kind of file of a case, what it is and how it is checked."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pydantic import RootModel

from payaudit.data import read_data
from payaudit.model.base import Frozen
from payaudit.model.text import Text


class Kind(Frozen):
    """Files of one kind; ``pattern`` is a glob in the folder of the case."""

    pattern: str
    what: Text
    check: Text | None = None


class Kinds(RootModel[tuple[Kind, ...]]):
    """All kinds, in order."""


@cache
def kinds() -> tuple[Kind, ...]:
    """What ``contents.yaml`` says; raises ``RuleError`` where it cannot be read."""
    return read_data(Path(__file__).with_name("contents.yaml"), Kinds).root


def contents(folder: Path) -> Iterator[tuple[Path, Kind]]:
    """The files of a case that a bundle holds, in the order in which a reader wants them."""
    taken: set[Path] = set()
    for kind in kinds():
        for path in sorted(folder.glob(kind.pattern)):
            if path.is_file() and path not in taken:
                taken.add(path)
                yield path, kind
