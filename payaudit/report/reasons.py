"""The walk's own reasons in the reader's language: ``rules/walk/reasons.yaml``."""

from __future__ import annotations

import re
from functools import cache

from payaudit.data import read_data, rules_folder
from payaudit.model.base import Frozen
from payaudit.model.text import Language, Text

_SLOT = re.compile(r"\{(\w+)\}")
_NESTED = frozenset({"why", "more"})
_DEEP = 6  # reasons within reasons


class Reasons(Frozen):
    """The file: reasons, and names of scenes, of acts and of the ways to scroll."""

    reasons: tuple[Text, ...]
    scenes: dict[str, Text]
    ways: dict[str, Text]
    acts: dict[str, Text]


@cache
def bundled() -> Reasons:
    """The reasons that come with the tool."""
    return read_data(rules_folder() / "walk" / "reasons.yaml", Reasons)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], Text], ...]:
    """Exact sentences first, then those with fewer free words."""
    ordered = sorted(bundled().reasons, key=lambda r: (len(_SLOT.findall(r.en)), -len(_SLOT.sub("", r.en))))
    return tuple((re.compile(_as_pattern(reason.en), re.DOTALL), reason) for reason in ordered)


def _as_pattern(sentence: str) -> str:
    """The sentence with a group for each slot."""
    parts = _SLOT.split(sentence)
    return "".join(f"(?P<{part}>.*)" if i % 2 else re.escape(part) for i, part in enumerate(parts))


def said(why: str, language: Language, depth: int = 0) -> str | None:
    """A reason in the reader's language; None in Chinese for one that the list does not know."""
    if language == "en":
        return why
    for pattern, reason in _patterns():
        match = pattern.fullmatch(why)
        if match is None:
            continue
        slots: dict[str, str] = {}
        for name, value in match.groupdict().items():
            inner = said(value, language, depth + 1) if name in _NESTED and depth < _DEEP else value
            if inner is None:
                break
            slots[name] = inner
        else:
            return _SLOT.sub(lambda m, s=slots: s[m[1]], reason.in_(language))  # type: ignore[misc] # a default binds the loop's value
    return None
