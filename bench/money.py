"""How well amounts of money are read: every line of bench/corpus/money, by language.

    bench/money.py                       the corpus, and price-parser on the lines with one price
    bench/money.py --honest FILE         also honest shop texts that must state no renewal and no trial
    bench/money.py --wrong               also each line that is read wrong

FILE is ec-dataset.tsv of yamanalab/ec-darkpattern (not in this repository); the environment variable
PAYAUDIT_EC_DATASET names it too. Ends with 1 when fewer than 99 % of the lines are wholly right, an
amount is found where there is none, or more than 0.5 % of the honest texts state a renewal or trial.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.money_corpus import Line, corpus, invented, read, wrong
from payaudit.extract.terms import statement
from payaudit.perceive.currencies import CODES, SYMBOLS, WORDS, currency_of
from payaudit.perceive.lexicon import bundled
from payaudit.perceive.normal import normalise
from payaudit.perceive.prices import amounts, trial_days
from payaudit.perceive.texts import Run, Text

try:
    from price_parser import Price
except ImportError:  # of the extra "bench"
    Price = None

RIGHT = Decimal("0.99")
HONEST = Decimal("0.005")
WIDTH = 120


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "–"


def by_language(lines: Sequence[Line]) -> Table:
    """Lines that are wholly right: every amount with span, value, currency, role and unit, and the trial."""
    table = Table(title="Amounts of money, lines wholly right", title_justify="left")
    table.add_column("language")
    for name in ("lines", "right", "share", "held out", "share", "unseen", "share", "no amount", "invented"):
        table.add_column(name, justify="right")

    def row(name: str, of: Sequence[Line]) -> None:
        held, unseen = [line for line in of if line.held_out], [line for line in of if line.unseen]
        right, held_right, unseen_right = (
            sum(wrong(line) is None for line in some) for some in (of, held, unseen)
        )
        empty = [line for line in of if not line.labels]
        false = sum(any(True for _ in invented(line)) for line in empty)
        cells = [len(of), right, _share(right, len(of)), len(held), _share(held_right, len(held))]
        cells += [len(unseen), _share(unseen_right, len(unseen))]
        table.add_row(
            name, *map(str, [*cells, len(empty), false]), style="red" if right < len(of) or false else ""
        )

    for language in sorted({line.language for line in lines}):
        row(language, [line for line in lines if line.language == language])
    table.add_section()
    row("all", lines)
    return table


def compared(lines: Sequence[Line]) -> Table:
    """Value and currency of the lines with exactly one amount, which is money, against price-parser."""
    table = Table(title="One price: value, and value with currency", title_justify="left")
    table.add_column("language")
    for name in ("lines", "payaudit", "with currency", "price-parser", "with currency"):
        table.add_column(name, justify="right")

    def row(name: str, of: Sequence[Line]) -> None:
        ours = [_ours(line) for line in of]
        theirs = [_theirs(line) for line in of] if Price else []
        cells = [_share(sum(part), len(of)) for part in zip(*ours, strict=True)]
        cells += [_share(sum(part), len(of)) for part in zip(*theirs, strict=True)] or ["–", "–"]
        table.add_row(name, str(len(of)), *cells)

    single = [line for line in lines if len(line.labels) == 1 and line.labels[0].what in CODES.values()]
    for language in sorted({line.language for line in single}):
        row(language, [line for line in single if line.language == language])
    table.add_section()
    row("all", single)
    return table


def _ours(line: Line) -> tuple[bool, bool]:
    label, found = line.labels[0], read(line)
    value = len(found) == 1 and found[0].value == label.value
    return value, value and found[0].what == label.what


def _theirs(line: Line) -> tuple[bool, bool]:
    label, price = line.labels[0], Price.fromstring(line.text)
    value = price.amount == label.value
    sign = normalise(price.currency or "").text
    known = sign in {*CODES, *SYMBOLS, *WORDS}
    return value, value and known and currency_of(sign, line.place)[0] == label.what


def honest_texts(path: Path) -> list[str]:
    """Return the texts that the dataset labels as no dark pattern."""
    with path.open(encoding="utf-8", newline="") as file:
        return [row["text"] for row in csv.DictReader(file, delimiter="\t") if row["label"] == "0"]


def claims(text: str) -> str | None:
    """Return what a text is taken to state of a renewal or trial, if anything."""
    lexicon = bundled()
    box = (0.0, 0.0, 1.0, 1.0)
    run = Run(0, text, 0, box, 12, False, False, 1.0, None, "visible")  # noqa: FBT003 - a plain run
    renewal = statement(Text(text, (run,), 0, box), lexicon, own=False)
    if renewal is not None:
        return f"renewal: {text[slice(*renewal.fact)] if renewal.fact else text}"
    if trial_days(text) is not None or lexicon.has("trial", text):
        return "trial"
    roles = [a.role for a in amounts(text, default_currency="USD") if a.role in {"renewal", "trial", "first"}]
    return roles[0] if roles else None


def shown(lines: Sequence[Line]) -> list[Table]:
    """Both tables, as ``bench/quality.py`` prints them."""
    return [by_language(lines), compared(lines)]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--honest", type=Path, default=os.environ.get("PAYAUDIT_EC_DATASET"), metavar="FILE")
    parser.add_argument("--wrong", action="store_true", help="each line that is read wrong")
    options = parser.parse_args()
    if options.honest is not None and not Path(options.honest).is_file():
        parser.error(f"{options.honest} is no file; name ec-dataset.tsv")
    console = Console() if sys.stdout.isatty() else Console(width=WIDTH)
    lines = corpus()
    console.print(*shown(lines))
    mistakes = [(line, said) for line in lines if (said := wrong(line)) is not None]
    if options.wrong:
        for line, said in mistakes:
            console.print(f"{line.language} {line.text!r}: {said}", markup=False, highlight=False)
    failed = len(lines) - len(mistakes) < RIGHT * len(lines) or any(True for n in lines for _ in invented(n))
    if options.honest is not None:
        texts = honest_texts(Path(options.honest))
        false = [(text, said) for text in texts if (said := claims(text)) is not None]
        for text, said in false:
            console.print(f"[yellow]{escape(said)}[/] in {escape(text.strip()[:80])}", highlight=False)
        console.print(
            f"{len(texts)} honest texts: {len(false)} state a renewal or trial"
            f" ({_share(len(false), len(texts))})",
            highlight=False,
        )
        failed = failed or len(false) > HONEST * len(texts)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
