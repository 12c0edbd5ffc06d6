"""What decides what an audit comes to: compared between machines before the first task."""

from __future__ import annotations

import hashlib
import platform
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from payaudit import __version__
from payaudit.data import rules_folder
from payaudit.judge.law import load_law
from payaudit.judge.rules import load_rules


@dataclass(frozen=True)
class Versions:
    """``data`` is a SHA-256 over all bundled rules, words and signatures; ``python`` is major.minor."""

    tool: str
    python: str
    rules: str
    law: str
    data: str

    def unlike(self, other: Versions) -> tuple[str, ...]:
        """What differs, with both values, shortened to be read."""
        mine, theirs = asdict(self), asdict(other)
        return tuple(
            f"{name} {theirs[name][:12]} ≠ {mine[name][:12]}" for name in mine if mine[name] != theirs[name]
        )


@lru_cache(maxsize=4)
def versions(rules: Path | None = None) -> Versions:
    """Those of this machine, with a folder of own rules. Raises ``RuleError`` for one that cannot be read."""
    law = load_law(None, rules and rules / "law")
    book = load_rules(None, law, added=rules)
    data = hashlib.sha256()
    folder = rules_folder()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        data.update(
            file.relative_to(folder).as_posix().encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest()
        )
    return Versions(
        f"payaudit/{__version__}",
        ".".join(platform.python_version_tuple()[:2]),
        book.sha256,
        law.sha256,
        data.hexdigest(),
    )
