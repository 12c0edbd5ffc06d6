"""The sentence an investigator can quote: a template of the rule, filled from the fact.

``{price}`` is a field of the fact, ``{because}`` the tests that decided. What
stands in [square brackets] is left out when one of its fields was not seen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from payaudit.judge.field import ConditionError, names, resolve, shown, suggestion
from payaudit.model.called import channel, money, unit
from payaudit.model.finding import Because
from payaudit.model.money import Money
from payaudit.model.text import Language, Text
from payaudit.model.words import Words

_PLACE = re.compile(r"\{([^{}]*)\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_LONGEST = 120  # characters of a quoted text; the rest is in the evidence


def check(template: str, subject: type[BaseModel], loc: tuple[str | int, ...]) -> None:
    """Refuse a placeholder that no fact of this kind could fill."""
    for path in _PLACE.findall(template):
        if path == "because":
            continue
        if "." not in path and path not in names(subject):
            en, zh = suggestion(path, [*names(subject), "because"])
            raise ConditionError(f"unknown {{{path}}}{en}", f"没有 {{{path}}}{zh}", loc)
        resolve(path, subject, loc)


def fill(template: Text, subject: str, fact: BaseModel, because: Sequence[Because], words: Words) -> Text:
    """The finished sentence in both languages."""
    told = words.tells(subject, because)

    def one(template: str, language: Language) -> str:
        paths = set(_PLACE.findall(template)) - {"because"}
        values = {path: _value(fact, path, subject, words, language) for path in paths}
        return _fill(template, {**values, "because": told.in_(language) or None}, language)

    return Text(en=one(template.en, "en"), zh=one(template.zh, "zh"))


def _fill(template: str, values: Mapping[str, str | None], language: Language) -> str:
    def optional(match: re.Match[str]) -> str:
        inner = match.group(1)
        seen = all(values[path] is not None for path in _PLACE.findall(inner))
        return inner if seen else ""

    unseen = "（未看到）" if language == "zh" else "(not seen)"
    whole = _OPTIONAL.sub(optional, template)
    return _PLACE.sub(lambda match: values[match.group(1)] or unseen, whole)


def _value(fact: BaseModel, path: str, subject: str, words: Words, language: Language) -> str | None:
    """A field as the sentence says it; ``None`` where it was not seen."""
    found: Any = fact
    for name in path.split("."):
        found = None if found is None else getattr(found, name)
    if found is None or found in ("", ()):
        return None
    if isinstance(found, Money):
        return money(found).in_(language)
    if path == "channel":
        return channel(found).in_(language)
    if path == "unit":
        return unit(found).in_(language)
    if isinstance(found, tuple):
        return " / ".join(shown(part) for part in found)
    text = " ".join(words.value(subject, path, shown(found)).in_(language).split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
