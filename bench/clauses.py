"""How many sentences of agreements and buttons are read as a lawyer reads them: bench/corpus/clauses.

    bench/clauses.py             a table by kind and language
    bench/clauses.py --wrong     and every sentence that is read otherwise

Always ends with 0; tests/perceive/test_clause_corpus.py holds the bounds.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, TypeAdapter
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent))

from payaudit.data import from_yaml
from payaudit.extract.reminders import promised
from payaudit.perceive.lexicon import Lexicon, bundled

FOLDER = Path(__file__).with_name("corpus") / "clauses"
_GROUPS = {
    "decline_button": ("decline", "close"),
    "shame_button": ("shame",),
    "stop_renewal_control": ("stop_renewal", "manage_renewal"),
    "pay_button": ("pay", "topup", "unlock"),
}
_CLAUSES = {"price_change", "cancel", "refund", "coin_expiry", "minor"}  # a denial anywhere makes them none
WIDTH = 120  # of the table where nobody looks on


class Sentence(BaseModel):
    """A text, and whether it says what its kind is about."""

    kind: str
    positive: bool
    lang: str
    text: str


def sentences() -> list[Sentence]:
    """All files of the corpus."""
    read = TypeAdapter(list[Sentence])
    return [
        one
        for path in sorted(FOLDER.glob("*.yaml"))
        for one in read.validate_python(from_yaml(path.read_text("utf-8")))
    ]


def says(kind: str, text: str, lexicon: Lexicon) -> bool:
    """Whether the words of a text are those of a kind, by the same questions that extraction asks."""
    if kind == "notice":
        return promised(text, lexicon) is True
    if kind == "renewal":
        denied = lexicon.negated("renewal", text) or lexicon.has("one_off", text)
        return lexicon.has("renewal", text) and not denied
    if kind in _CLAUSES:
        return lexicon.has(kind, text) and not lexicon.negated(kind, text)
    return any(lexicon.has(group, text) for group in _GROUPS.get(kind, (kind,)))


def wrong(of: Iterable[Sentence]) -> list[Sentence]:
    """The sentences that are read otherwise than their label."""
    lexicon = bundled()
    return [one for one in of if says(one.kind, one.text, lexicon) != one.positive]


def table(of: list[Sentence]) -> Table:
    """By kind: positives found, and negatives left alone."""
    drawn = Table(title="Sentences by kind", title_justify="left")
    for name in ("kind", "zh and en: found", "left alone", "other languages: found", "left alone"):
        drawn.add_column(name, justify="left" if name == "kind" else "right")
    missed = Counter((o.kind, o.lang[:2] in {"zh", "en"}, o.positive) for o in wrong(of))
    stated = Counter((o.kind, o.lang[:2] in {"zh", "en"}, o.positive) for o in of)
    for kind in sorted({o.kind for o in of}):
        cells = [
            f"{stated[key] - missed[key]} of {stated[key]}" if stated[key] else "–"
            for key in ((kind, home, positive) for home in (True, False) for positive in (True, False))
        ]
        drawn.add_row(kind, *cells)
    return drawn


def main() -> int:
    """Print."""
    of = sentences()
    console = Console() if sys.stdout.isatty() else Console(width=WIDTH)
    console.print(table(of))
    if "--wrong" in sys.argv:
        for one in wrong(of):
            console.print(
                f"{'missed' if one.positive else 'false'} {one.kind} {one.lang} {one.text}", markup=False
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
