"""Finds the words of all groups in one pass over a text, in linear time.

Three Aho-Corasick automata: plain words, words in which ``#`` stands for any
number, searched in a copy of the text whose numbers are all ``#``, and the words of
wordings with a gap (``gapped``).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import ahocorasick

from payaudit.perceive.gapped import Gapped
from payaudit.perceive.normal import Normal, normalise

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_GAP = re.compile(r"(?<=[㐀-鿿]) (?=[a-z0-9])|(?<=[a-z0-9]) (?=[㐀-鿿])")
_MARKS = ".,:"  # stand inside numbers
ANY_NUMBER = "#"


class Hit(NamedTuple):
    """A word found: its span in the original text, as listed, and its language."""

    start: int
    end: int
    word: str
    language: str


class Entry(NamedTuple):
    """A word to look for; ``keys`` are its parts between gaps, one or more, normalised and not empty."""

    group: str
    language: str
    word: str
    keys: tuple[tuple[str, ...], ...]  # of each part the words that it may be
    denies: bool
    spares: bool = False  # a wording in which the words of the group mean something else

    @property
    def key(self) -> str:
        """The first word of the first part: the whole of a word without a gap."""
        return self.keys[0][0]


class Found(NamedTuple):
    """What a text holds of one group; ``negated``: it also states the negative."""

    hits: tuple[Hit, ...]
    negated: bool


class _Match(NamedTuple):
    start: int
    end: int
    entry: Entry


class Search:
    """Words of many groups, ready to be found."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Build the automata."""
        by_key: defaultdict[str, list[Entry]] = defaultdict(list)
        self._wide: list[tuple[Gapped, Entry]] = []
        for entry in entries:
            if len(entry.keys) > 1:
                self._wide.append((Gapped(entry.keys), entry))
            else:
                by_key[entry.key].append(entry)
        self._plain, self._numbered = ahocorasick.Automaton(), ahocorasick.Automaton()
        for key, same in by_key.items():
            (self._numbered if ANY_NUMBER in key else self._plain).add_word(key, tuple(same))
        self._parts = ahocorasick.Automaton()
        first: defaultdict[str, list[int]] = defaultdict(list)
        for number, (gapped, _) in enumerate(self._wide):
            for word in (w for part in gapped.parts for w in part):
                first[word] += [number] if word in gapped.parts[0] else []
        for word, numbers in first.items():
            self._parts.add_word(word, (word, tuple(numbers)))
        for automaton in (self._plain, self._numbered, self._parts):
            automaton.make_automaton()

    def read(self, text: str) -> Mapping[str, Found]:
        """Read every group of which ``text`` holds a word or a denial."""
        normal = normalise(text)
        letters = normal.text.replace("\n", " ")
        by_group: defaultdict[str, list[_Match]] = defaultdict(list)
        for match in (*self._matches(letters), *self._closed_up(letters), *self._gapped(normal.text)):
            by_group[match.entry.group].append(match)
        return {group: _settle(matches, normal) for group, matches in by_group.items()}

    def _gapped(self, text: str) -> Iterator[_Match]:
        at: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        begun: set[int] = set()
        for start, end, word, begins in _words(self._parts, text.replace("\n", " ")):
            at[word].append((start, end))
            begun.update(begins)
        for number in sorted(begun):
            gapped, entry = self._wide[number]
            yield from (_Match(start, end, entry) for start, end in gapped.spans(at, text))

    def _matches(self, text: str) -> Iterator[_Match]:
        yield from _whole_words(self._plain, text)
        numbers = list(_NUMBER.finditer(text))
        if numbers:
            masked, at = _mask(text, numbers)
            for start, end, entry in _whole_words(self._numbered, masked):
                yield _Match(at[start], at[end], entry)

    def _closed_up(self, text: str) -> Iterator[_Match]:
        """Words of a text that is set with spaces between ideographs and numbers or Latin letters."""
        at = [i for i in range(len(text)) if not _GAP.match(text, i)]
        if len(at) == len(text):
            return
        for start, end, entry in self._matches("".join(text[i] for i in at)):
            yield _Match(at[start], at[end - 1] + 1, entry)


def _whole_words(automaton: ahocorasick.Automaton, text: str) -> Iterator[_Match]:
    if automaton.kind != ahocorasick.AHOCORASICK:  # holds no word at all
        return
    for last, entries in automaton.iter(text):
        end = last + 1
        start = end - len(entries[0].key)
        if _whole(text, start, end):
            yield from (_Match(start, end, entry) for entry in entries)


def _words(automaton: ahocorasick.Automaton, text: str) -> Iterator[tuple[int, int, str, tuple[int, ...]]]:
    if automaton.kind != ahocorasick.AHOCORASICK:
        return
    for last, (word, begins) in automaton.iter(text):
        start, end = last + 1 - len(word), last + 1
        if _whole(text, start, end):
            yield start, end, word, begins


def _whole(text: str, start: int, end: int) -> bool:
    return not any(_inside_word(text, at) or _inside_number(text, at) for at in (start, end))


def _inside_word(text: str, at: int) -> bool:
    """Whether letters with case (Latin, Cyrillic, Greek) stand on both sides of ``at``.

    Digits do not count, so that ``500coins`` holds the word ``coins``.
    """
    return 0 < at < len(text) and text[at - 1].islower() and text[at].islower()


def _inside_number(text: str, at: int) -> bool:
    """Whether a number goes on across ``at``: 0元 is no word of 12.90元, nor of 30元."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if after.isdigit():
        return before.isdigit() or (before in _MARKS and text[max(0, at - 2)].isdigit())
    return before.isdigit() and after in _MARKS and text[at + 1 : at + 2].isdigit()


def _mask(text: str, numbers: list[re.Match[str]]) -> tuple[str, list[int]]:
    """``text`` with ``#`` for each number, and where in ``text`` each letter began."""
    masked: list[str] = []
    at: list[int] = []
    last = 0
    for number in numbers:
        masked += [text[last : number.start()], ANY_NUMBER]
        at += [*range(last, number.start()), number.start()]
        last = number.end()
    return "".join([*masked, text[last:]]), [*at, *range(last, len(text) + 1)]


def _settle(matches: list[_Match], normal: Normal) -> Found:
    """Leftmost and longest words, without those that lie inside a denial, and wordings that meet one."""
    hits: list[Hit] = []
    free = denied_until = 0
    negated = False
    denials = _merged((m.start, m.end) for m in matches if m.entry.denies or m.entry.spares)
    for start, end, entry in sorted(
        matches, key=lambda m: (m.start, not (m.entry.denies or m.entry.spares), -m.end)
    ):
        if (entry.denies or entry.spares) and end <= free:
            continue  # within a word of the group that begins before it: no refund is given
        if entry.denies or entry.spares:
            denied_until = max(denied_until, end)
            negated = negated or entry.denies
        elif (
            end > denied_until and start >= free and not (len(entry.keys) > 1 and _meets(start, end, denials))
        ):
            free = end
            hits.append(Hit(*normal.span(start, end), entry.word, entry.language))
    return Found(tuple(hits), negated=negated)


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same stretches of text, in order and apart from each other."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _meets(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    """Whether a stretch shares any letter with others that are in order and apart."""
    at = bisect_left(spans, (end, 0))  # those before begin before its end
    return at > 0 and start < spans[at - 1][1]
