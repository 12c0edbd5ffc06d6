"""The fictitious viewer's data: ``rules/walk/viewer.yaml``."""

from __future__ import annotations

from datetime import date
from functools import cache

from payaudit.data import read_data, rules_folder
from payaudit.model.base import Frozen
from payaudit.perceive.fields import Field
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.prices import amounts

_COMMITTING = ("pay", "unlock", "renewal", "consent")


class Viewer(Frozen):
    """Who logs in; ``phones`` by language."""

    email: str
    name: str
    password: str
    code: str
    born: date
    phones: dict[str, str]

    def phone(self, language: str) -> str:
        """A number in the form of the language's country."""
        return self.phones.get(language, self.phones["en"])


@cache
def viewer() -> Viewer:
    """The one that comes with the tool."""
    return read_data(rules_folder() / "walk" / "viewer.yaml", Viewer)


def entry(field: Field, language: str, code: str | None) -> str | None:
    """What to type into a field; None for one that nothing is known for. ``code`` is one shown on screen."""
    who = viewer()
    text = {
        "phone": who.phone(language),
        "email": who.email,
        "password": who.password,
        "name": who.name,
        "code": code or who.code,
        "birth": _birth(field),
    }.get(field.kind)
    return text if text is None or field.length is None else text[: field.length]


def asked_for(message: str, lexicon: Lexicon, language: str) -> str | None:
    """What to type where a dialog asks in these words; None where it asks for nothing that is known."""
    if amounts(message) or any(lexicon.has(group, message) for group in _COMMITTING):
        return None  # a name or a code typed there may sign or pay
    who = viewer()
    known = {
        "field_code": who.code,
        "field_email": who.email,
        "field_phone": who.phone(language),
        "field_name": who.name,
    }
    return next((text for group, text in known.items() if lexicon.has(group, message)), None)


def _birth(field: Field) -> str:
    born = viewer().born
    if field.date:
        return born.strftime("%m%d%Y")  # as Chromium's own date field takes keys
    if field.length is not None and field.length <= 2:  # noqa: PLR2004 - an age, a day or a month
        return "30"
    if field.length == 4 or field.control.role == "select":  # noqa: PLR2004 - a year
        return str(born.year)
    return born.isoformat()
