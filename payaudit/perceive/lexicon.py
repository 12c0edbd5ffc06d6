"""Words that mark something about paying, kept as data: ``rules/lexicon/``.

Each file is a Group. Traditional Chinese is folded letter by letter
(``normal``), so ``zh-Hant`` lists only what differs by more than letters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field, ValidationError

from payaudit.data import from_yaml, rules_folder
from payaudit.errors import RuleError
from payaudit.model.base import Frozen
from payaudit.perceive.gapped import EITHER, GAP
from payaudit.perceive.normal import folded
from payaudit.perceive.wordsearch import ANY_NUMBER, Entry, Found, Hit, Search

Language = Literal[
    "zh", "zh-Hant", "en", "ja", "ko", "de", "es", "fr", "id", "pt", "th", "vi", "hi", "it", "tr"
]
Words = dict[Language, tuple[str, ...]]

_NOTHING = Found((), negated=False)


class LexiconError(RuleError):
    """A lexicon file cannot be read, or a group was asked for that no file has."""


class About(Frozen):
    """What the words of a group mark, for an investigator."""

    en: str
    zh: str


class Group(Frozen):
    """One file: words by language, the wordings that deny them, and those that only sound like them.

    ``#`` in a word stands for any number, ``…`` for a few words of the same sentence, and in a
    wording with ``…`` a ``|`` parts words of which either may stand. ``tokens`` are class names of a page,
    compared as they are and never searched for in text.
    """

    id: str
    about: About
    words: Words = Field(default_factory=dict)
    not_when: Words = Field(default_factory=dict)
    spare: Words = Field(default_factory=dict)
    tokens: tuple[str, ...] = ()


class Lexicon:
    """All groups of a folder. Immutable; answers are cached by text."""

    def __init__(self, groups: Mapping[str, Group]) -> None:
        """Take groups by id, as ``load`` reads them."""
        self._groups = dict(groups)
        search = Search(entry for group in groups.values() for entry in _entries(group))
        self._read = lru_cache(maxsize=4096)(search.read)

    @classmethod
    def load(cls, folder: Path) -> Lexicon:
        """Read every ``*.yaml`` of ``folder``; raises LexiconError naming file and remedy."""
        files = sorted(folder.glob("*.yaml"))
        if not files:
            raise LexiconError(
                f"{folder}: no lexicon here. Name a folder that holds *.yaml word groups.",
                f"{folder}：没有词库。请指定含有 *.yaml 词组文件的文件夹。",
            )
        groups: dict[str, Group] = {}
        for path in files:
            group = _group(path)
            if group.id in groups:
                raise _refusal(path, f"id {group.id!r} is taken; give each file its own id")
            if group.id != path.stem:
                raise _refusal(path, f"id {group.id!r} must be the file's name, {path.stem!r}")
            groups[group.id] = group
        return cls(groups)

    def group(self, name: str) -> Group:
        """Return the group as listed; raises LexiconError for a name that no file has."""
        if name not in self._groups:
            near = get_close_matches(name, self._groups, 1)
            raise LexiconError(
                f"no word group {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""),
                f"没有词组 {name!r}" + (f"；是否想用 {near[0]!r}？" if near else ""),
            )
        return self._groups[name]

    def find(self, group: str, text: str) -> tuple[Hit, ...]:
        """Find the group's words, leftmost and longest, except where denied."""
        return self._found(group, text).hits

    def has(self, group: str, text: str) -> bool:
        """Tell whether ``find`` finds anything."""
        return bool(self._found(group, text).hits)

    def negated(self, group: str, text: str) -> bool:
        """Tell whether ``text`` states the negative, such as 不自动续费."""
        return self._found(group, text).negated

    def _found(self, group: str, text: str) -> Found:
        return self._read(text).get(self.group(group).id, _NOTHING)


@cache
def bundled() -> Lexicon:
    """Load the lexicon that comes with the tool, once."""
    return Lexicon.load(rules_folder() / "lexicon")


def _group(path: Path) -> Group:
    try:
        group = Group.model_validate(from_yaml(path.read_text("utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise _refusal(path, f"is no readable YAML ({error}); save it as UTF-8 YAML") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        fields = ", ".join(Group.model_fields)
        raise _refusal(path, f"{where}: {first['msg']}; a group has {fields}") from None
    if not group.words and not group.tokens:
        raise _refusal(path, "lists no words and no tokens; list some or delete the file")
    for field, lists in (("words", group.words), ("not_when", group.not_when), ("spare", group.spare)):
        for language, words in lists.items():
            _check(path, f"{field}.{language}", words)
    return group


def _check(path: Path, where: str, words: tuple[str, ...]) -> None:
    if not words:
        raise _refusal(path, f"{where} is empty; list words or leave it out")
    twice = [word for word, times in Counter(words).items() if times > 1]
    if twice:
        raise _refusal(path, f"{where} lists {twice[0]!r} twice; delete one")
    for word in words:
        if not any(map(str.isalnum, word)) and not _key(word):
            raise _refusal(path, f"{where} holds a word without letters ({word!r}); delete it")
        if GAP in word and not all(key for part in _keys(word) for key in part):
            raise _refusal(path, f"{where}: {word!r} lacks a word beside … or |; write one on each side")
        if GAP in word and ANY_NUMBER in word:
            raise _refusal(path, f"{where}: {word!r} mixes … and #; list it with one of them")
        if ANY_NUMBER in word and any(letter.isdigit() for letter in word):
            raise _refusal(path, f"{where}: {word!r} mixes # and digits; write # for each number")


def _refusal(path: Path, problem: str) -> LexiconError:
    return LexiconError(f"{path}: {problem}.", f"{path}：词库文件有误，请按提示修改：{problem}。")


def _entries(group: Group) -> Iterator[Entry]:
    for field, lists in (("words", group.words), ("not_when", group.not_when), ("spare", group.spare)):
        for language, words in lists.items():
            for word in words:
                denies, spares = field == "not_when", field == "spare"
                yield Entry(group.id, language, word, _keys(word), denies, spares)


@cache
def _keys(word: str) -> tuple[tuple[str, ...], ...]:
    """The parts between gaps, each with the words of which either may stand."""
    if GAP not in word:
        return ((_key(word),),)
    return tuple(tuple(_key(either) for either in part.split(EITHER)) for part in word.split(GAP))


@cache  # each word is looked at twice, and there are ten thousand
def _key(word: str) -> str:
    return folded(word).replace("\n", " ").strip()
