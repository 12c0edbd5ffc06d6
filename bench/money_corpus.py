"""The labelled texts of bench/corpus/money; its README says how they are written."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from payaudit.perceive.prices import Amount, amounts, trial_days

FOLDER = Path(__file__).with_name("corpus") / "money"
PLACES = {
    "zh-Hans": "CNY", "zh-Hant": "TWD", "en": "USD", "ja": "JPY", "ko": "KRW", "es": "EUR", "pt": "BRL",
    "fr": "EUR", "de": "EUR", "id": "IDR", "th": "THB", "vi": "VND", "hi": "INR", "it": "EUR", "tr": "TRY",
}  # fmt: skip

_LINE = re.compile(r"(?:@(?P<place>[A-Z]{3}) )?(?P<marked>.*?)(?: ## trial (?P<trial>\d+))?")
_MARK = re.compile(r"\{(?P<span>[^|}]+)\|(?P<label>[^}]+)\}")
_ROLES = frozenset("reference saving renewal first per_unit trial fee other".split())  # noqa: SIM905 - as in the README
# A name is its coin's: "50 bonus coins" are coins.
_BONUS = re.compile(r"(?i)(?:bonus|ボーナス|보너스|बोनस)[ -]?(?=\S)| bonus$")
_UNITS = frozenset("episode day week month quarter half_year year".split())  # noqa: SIM905 - as in the README
_FLAGS = frozenset({"once", "from", "range", "bonus"})


@dataclass(frozen=True, order=True)
class Label:
    """One amount as a person reads it; ``what`` is a currency code or a coin's name, "-" for none."""

    span: str
    value: Decimal
    what: str
    role: str
    unit: str
    flags: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """A text with its amounts.

    ``place`` is the currency of the place where that is known. ``unseen``: written after the
    reader was made, and never a reason to change it.
    """

    language: str
    text: str
    labels: tuple[Label, ...]
    trial: int | None
    place: str | None
    unseen: bool

    @property
    def held_out(self) -> bool:
        """Whether it stood aside until the reader was first measured."""
        return not self.unseen and hashlib.sha256(self.text.encode()).digest()[0] % 2 == 1


def corpus(folder: Path = FOLDER) -> tuple[Line, ...]:
    """Return every line, by language; raises ValueError for a label that cannot be read."""
    return tuple(
        _line(path.stem, written, unseen=path.parent.name == "unseen")
        for path in sorted(folder.rglob("*.txt"))
        for written in path.read_text("utf-8").splitlines()
        if written and not written.startswith("# ")
    )


def _line(language: str, written: str, *, unseen: bool) -> Line:
    match = _LINE.fullmatch(written)
    assert match
    marked = match["marked"].replace("⏎", "\n")
    return Line(
        language,
        _MARK.sub(lambda mark: mark["span"], marked),
        tuple(_label(mark["span"], mark["label"]) for mark in _MARK.finditer(marked)),
        int(match["trial"]) if match["trial"] else None,
        match["place"],
        unseen,
    )


def _label(span: str, label: str) -> Label:
    value, *words = label.split()
    role, unit, flags = "price", "", []
    while len(words) > 1:
        if words[-1] in _ROLES and role == "price":
            role = words.pop()
        elif words[-1] in _UNITS and not unit:
            unit = words.pop()
        elif words[-1] in _FLAGS and words[-1] not in flags:
            flags.append(words.pop())
        else:
            break
    if not words or (len(words) > 1 and value not in span):
        raise ValueError(f"{{{span}|{label}}}: not read; see the corpus's README")
    return Label(span, Decimal(value), _BONUS.sub("", " ".join(words)), role, unit, tuple(sorted(flags)))


def read(line: Line, place: str | None = None) -> tuple[Label, ...]:
    """Return what the reader says of a line, in the corpus's words."""
    return tuple(_said(line.text, one) for one in amounts(line.text, default_currency=place or line.place))


def _said(text: str, one: Amount) -> Label:
    flags = {"once": one.once, "from": one.is_from, "range": one.in_range, "bonus": one.bonus}
    return Label(
        text[one.start : one.end],
        one.money.amount if one.money else Decimal(str(one.coins)),
        one.money.currency if one.money else _BONUS.sub("", one.coin_name or "-"),
        one.role,
        one.per or "",
        tuple(sorted(flag for flag, said in flags.items() if said)),
    )


def wrong(line: Line) -> str | None:
    """Say what the reader gets wrong of a line; None where nothing is."""
    found = read(line)
    if found != line.labels:
        return f"read {found}, labelled {line.labels}"
    days = trial_days(line.text)
    if days != line.trial:
        return f"trial of {days} days, labelled {line.trial}"
    return None


def invented(line: Line) -> Iterator[str]:
    """Yield what is found in a line without amounts, also where the place's currency is known."""
    if line.labels:
        return
    for place in (line.place, PLACES[line.language]):
        yield from (label.span for label in read(line, place))
    days = trial_days(line.text)
    if days is not None and line.trial is None:
        yield f"trial of {days} days"
