"""The plain words around amounts, kept as data: ``rules/amounts/``, one file per language.

What needs a form and not a word (9块9, 1/2, 首月) is in the code that reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field, ValidationError

from payaudit.data import from_yaml, rules_folder
from payaudit.errors import RuleError
from payaudit.model.base import Frozen
from payaudit.model.money import Period
from payaudit.perceive.normal import normalise

Unit = Period | Literal["episode"]
Said = Literal["later", "renewal", "reference", "saving", "first", "trial", "fee", "other", "price"]
Words = tuple[str, ...]

# No word of these scripts begins or ends beside such a letter: Latin and Devanagari part their words.
LETTER = "[a-zà-öø-ɏḀ-ỿ\u0900-\u0963]"
_PARTS_WORDS = re.compile(LETTER)
ANY_NUMBER = "#"  # in a word


class AmountWords(Frozen):
    """One language. Every field may be left out."""

    units: dict[Unit, Words] = Field(default_factory=dict)
    per: Words = ()  # before a unit: per, pro, 毎
    behind_unit: Words = ()  # behind a unit and before the amount: あたり, 당, ละ
    adverbs: dict[Period, Words] = Field(default_factory=dict)  # say the unit alone: weekly, hàng tháng
    before: dict[Said, Words] = Field(default_factory=dict)  # make an amount behind them what it is
    behind: dict[Said, Words] = Field(default_factory=dict)
    bridges: Words = ()  # little words between an amount and what is said of it
    from_before: Words = ()
    from_behind: Words = ()
    once: Words = ()
    trial_before: Words = ()  # before a length
    trial_behind: Words = ()
    currencies: dict[str, str] = Field(default_factory=dict)
    cents: dict[str, str] = Field(default_factory=dict)  # words for a hundredth of the currency
    multipliers: dict[str, int] = Field(default_factory=dict)
    was_now: tuple[tuple[str, str], ...] = ()  # stand before the old and before the new price: de … por …
    bonus_before: Words = ()
    bonus_behind: Words = ()


Listed = Literal[
    "per", "behind_unit", "bridges", "from_before", "from_behind", "once", "trial_before", "trial_behind",
    "bonus_before", "bonus_behind",
]  # fmt: skip


@cache
def languages() -> tuple[AmountWords, ...]:
    """Load all files, words normalised; raises RuleError for one that cannot be read."""
    return tuple(_load(path) for path in sorted((rules_folder() / "amounts").glob("*.yaml")))


def listed(field: Listed) -> list[str]:
    """Return the field's words of all languages."""
    return [word for language in languages() for word in getattr(language, field)]


def any_word(words: Iterable[str], *, apart: bool = False, behind_number: bool = False) -> str:
    """Return a pattern for any of the words, the longest first, whole where their script parts words.

    ``apart``: a word of such a script must also be followed by a space.
    ``behind_number``: letters may stand before it, as in ``3x7days``. Without words
    the pattern matches nothing.
    """
    groups: dict[tuple[str, str], list[str]] = {}
    for word in sorted(set(words), key=lambda word: (-len(word), word)):
        first, last = _PARTS_WORDS.match(word), _PARTS_WORDS.match(word[-1])
        before = f"(?<!{LETTER})" if first and not behind_number else ""
        behind = ("(?= )" if apart else f"(?!{LETTER})") if last else ""
        said = re.escape(word).replace(re.escape(ANY_NUMBER), r"\d{1,3}")
        groups.setdefault((before, behind), []).append(said)
    # One edge for all words of a kind: with one for each the pattern takes seconds to compile.
    parts = [f"{before}(?:{'|'.join(said)}){behind}" for (before, behind), said in groups.items()]
    return f"(?:{'|'.join(parts)})" if parts else "(?!)"


def _load(path: Path) -> AmountWords:
    try:
        read = AmountWords.model_validate(from_yaml(path.read_text("utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise _refusal(path, f"is no readable YAML ({error}); save it as UTF-8 YAML") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise _refusal(path, f"{where}: {first['msg']}; see AmountWords for the fields") from None
    return read.model_copy(update={name: _normal(value) for name, value in read})


def _refusal(path: Path, problem: str) -> RuleError:
    problem = " ".join(problem.split())
    return RuleError(f"{path}: {problem}.", f"{path}：金额词库文件有误，请按提示修改：{problem}。")


def _normal(value: object) -> object:
    """Normalise the words of a field, which may be the values of a mapping."""
    if isinstance(value, str):
        return normalise(value).text
    if isinstance(value, tuple):
        return tuple(_normal(part) for part in value)
    if isinstance(value, dict):
        by_word = any(not isinstance(part, tuple) for part in value.values())  # word → meaning
        return {
            _normal(key) if by_word else key: part if by_word else _normal(part)
            for key, part in value.items()
        }
    return value
