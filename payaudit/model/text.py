"""Words that a person reads, in both languages of the tool."""

from __future__ import annotations

from typing import Literal

from payaudit.model.base import Frozen

Language = Literal["en", "zh"]


class Text(Frozen):
    """The same thing said in English and in Chinese."""

    en: str
    zh: str

    def in_(self, language: Language) -> str:
        """The text in one language."""
        return self.zh if language == "zh" else self.en
