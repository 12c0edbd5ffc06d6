"""The report's own words, both languages: ``words.yaml`` beside this file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from payaudit.data import read_data
from payaudit.model import called
from payaudit.model.base import Frozen
from payaudit.model.money import Money
from payaudit.model.text import Text


class Words(Frozen):
    """The file: words by key, and names of values by the field that holds them."""

    words: dict[str, Text]
    values: dict[str, dict[str, Text]]

    def name(self, kind: str, value: object) -> Text:
        """What a value of a field is called; itself where it has no name."""
        known = self.values.get(kind, {}).get(str(value))
        return known or Text(en=str(value), zh=str(value))


@cache
def words() -> Words:
    """The words that come with the tool."""
    return read_data(Path(__file__).parent / "words.yaml", Words)


def money(amount: Money | None) -> Text:
    """``CNY 9.90``; a dash where it was not seen."""
    return Text(en="—", zh="—") if amount is None else called.money(amount)


def say(key: str, /, **values: object) -> Text:
    """A word or sentence with its slots filled; a ``Text`` fills each language with its own."""
    return fill(words().words[key], **values)


def fill(text: Text, /, **values: object) -> Text:
    """Slots such as ``{name}`` filled in both languages."""
    en = {k: v.en if isinstance(v, Text) else v for k, v in values.items()}
    zh = {k: v.zh if isinstance(v, Text) else v for k, v in values.items()}
    return Text(en=text.en.format(**en), zh=text.zh.format(**zh))
