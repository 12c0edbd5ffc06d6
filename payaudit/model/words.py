"""Plain names of fields, so that a test can be said as a person would say it."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field, field_validator

from payaudit.model.base import Frozen
from payaudit.model.finding import Because
from payaudit.model.text import Text

_OPERATORS = {
    "lt": Text(en="under", zh="低于"),
    "lte": Text(en="at most", zh="不高于"),
    "gt": Text(en="above", zh="高于"),
    "gte": Text(en="at least", zh="不低于"),
}
_OPPOSITES = {"lt": "gte", "lte": "gt", "gt": "lte", "gte": "lt"}


class Word(Frozen):
    """What a field is called; ``true`` and ``false`` say the whole clause.

    ``named`` is the name together with the text it belongs to, where "x of y"
    would not do. ``{of}`` stands for that text. ``quoted``: its value is text of a
    page, and stands in quotation marks.
    """

    en: str
    zh: str
    named: Text | None = None
    unit: Text = Text(en="", zh="")
    quoted: bool = False
    true: Text | None = None
    false: Text | None = None
    values: dict[str, Text] = Field(default_factory=dict)

    @field_validator("unit", mode="before")
    @classmethod
    def _same_in_both(cls, value: object) -> object:
        """A sign such as `` px`` is the same in both languages."""
        return {"en": value, "zh": value} if isinstance(value, str) else value


class Words(Frozen):
    """The plain names, by kind of fact and field."""

    fields: dict[str, dict[str, Word]]

    def word(self, subject: str, path: str) -> Word:
        """The word for a field; ``renewal.font_px`` is a legibility's ``font_px``."""
        head, dot, tail = path.partition(".")
        known = self.fields.get("legibility" if dot else subject, {})
        return known.get(tail or head, Word(en=path.replace("_", " "), zh=path))

    def _with(self, phrase: Text, subject: str, path: str) -> Text:
        """A phrase with ``{of}`` replaced by what the field belongs to."""
        owner = self.word(subject, path.partition(".")[0])
        return Text(en=phrase.en.replace("{of}", owner.en), zh=phrase.zh.replace("{of}", owner.zh))

    def name(self, subject: str, path: str) -> Text:
        """``font size of the text that states the renewal``."""
        word = self.word(subject, path)
        if "." not in path:
            return Text(en=word.en, zh=word.zh)
        named = word.named or Text(en=f"{word.en} of {{of}}", zh=f"{{of}}{word.zh}")
        return self._with(named, subject, path)

    def not_seen(self, subject: str, path: str) -> Text:
        """Name what was not seen; ``price|currency`` is an amount in another currency."""
        path, _, why = path.partition("|")
        name = self.name(subject, path)
        if why == "currency":
            return Text(
                en=f"{name.en}: amounts in different currencies cannot be compared",
                zh=f"{name.zh}：币种不同，无法比较",
            )
        return name

    def value(self, subject: str, path: str, shown: str) -> Text:
        """A value with its unit, or the word for a closed choice."""
        word = self.word(subject, path)
        return word.values.get(shown) or Text(en=shown + word.unit.en, zh=shown + word.unit.zh)

    def says(self, subject: str, because: Because) -> Text:
        """One test as a clause: ``font size of the text … is 9 px (under 12 px)``."""
        name = self.name(subject, because.field)
        if because.observed is None:
            return Text(en=f"{name.en}: not seen", zh=f"{name.zh}：未看到")
        whole = self._whole(subject, because)
        if whole is not None:
            return whole
        seen, word = self._measured(subject, because), self.word(subject, because.field)
        if word.quoted:
            seen = Text(en=f"“{seen.en}”", zh=f"“{seen.zh}”")
        if word.values or word.quoted:
            return Text(en=f"{name.en}: {seen.en}", zh=f"{name.zh}：{seen.zh}")
        return Text(en=f"{name.en} is {seen.en}", zh=f"{name.zh}为 {seen.zh}")

    def tells(self, subject: str, tests: Sequence[Because]) -> Text:
        """Several tests as one clause, the measurements of one text gathered behind its name.

        A field tested twice is told once, by the first test; what kind of thing
        was judged is left out, for the sentence around it says so.
        """
        first = {test.field: test for test in reversed(tests) if test.observed is not None}
        said: dict[str, list[Text]] = {}
        for field in dict.fromkeys(test.field for test in tests):
            word = self.word(subject, field)
            if field not in first or word.values:
                continue
            test = first[field]
            if "." in field and self._whole(subject, test) is None:
                seen = self._measured(subject, test)
                part = Text(en=f"{word.en} {seen.en}", zh=f"{word.zh} {seen.zh}")
                said.setdefault(field.partition(".")[0], []).append(part)
            else:
                said.setdefault(field, []).append(self.says(subject, test))
        en, zh = [], []
        for key, parts in said.items():
            of = self.name(subject, key)
            gathered = not any(key == test.field for test in tests)
            en.append((f"{of.en} has " if gathered else "") + ", ".join(p.en for p in parts))
            zh.append((of.zh if gathered else "") + "、".join(p.zh for p in parts))
        return Text(en="; ".join(en), zh="；".join(zh))

    def _whole(self, subject: str, because: Because) -> Text | None:
        """The clause of a yes-or-no field."""
        word = self.word(subject, because.field)
        clause = {"true": word.true, "false": word.false}.get(because.observed or "")
        return None if clause is None else self._with(clause, subject, because.field)

    def _measured(self, subject: str, because: Because) -> Text:
        """The value, and behind it the limit it was held against."""
        seen = self.value(subject, because.field, because.observed or "")
        if because.operator not in ("lt", "lte", "gt", "gte"):
            return seen
        # A test that did not hold is told by what did: not "under" is "at least".
        op = _OPERATORS[because.operator if because.held else _OPPOSITES[because.operator]]
        limit = self._expected(subject, because)
        return Text(en=f"{seen.en} ({op.en} {limit.en})", zh=f"{seen.zh}（{op.zh} {limit.zh}）")

    def _expected(self, subject: str, because: Because) -> Text:
        path, named, shown = because.expected.rpartition(" = ")
        if not named:
            return self.value(subject, because.field, because.expected)
        name = self.name(subject, path)
        return Text(en=f"{name.en}, {shown}", zh=f"{name.zh} {shown}")
