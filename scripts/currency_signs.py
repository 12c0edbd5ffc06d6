"""Write rules/currencies/cldr.yaml anew: signs and decimal marks of currencies from Unicode's locale data."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import babel
import yaml
from babel import Locale, UnknownLocaleError
from babel.numbers import get_currency_symbol

sys.path.insert(0, str(Path(__file__).parent.parent))

from payaudit.perceive.currencies import ISO
from payaudit.perceive.normal import normalise

FILE = Path(__file__).parent.parent / "rules" / "currencies" / "cldr.yaml"
LOCALES = ("en", "zh_Hans", "zh_Hant", "ja", "ko", "es", "pt", "fr", "de", "id", "th", "vi", "hi", "it", "tr")
HEAD = f"""\
# What Unicode's locale data (CLDR, as Babel {babel.__version__} has it) says of currencies.
# Written by scripts/currency_signs.py: what CLDR does not know stands in payaudit/perceive/currencies.py
# and in rules/amounts/.
# signs: as locales write their own and other currencies; letters alone are words (R, kr) and left out.
# decimal: the mark in the country that the code is named after; none for a currency of several (EUR).
"""


@cache
def _home(code: str) -> Locale | None:
    """The locale of the country that a code is named after."""
    try:
        return Locale.parse(f"und_{code[:2]}")
    except UnknownLocaleError:  # EUR
        return None


def _signs() -> Iterator[tuple[str, str]]:
    for code in ISO:
        home = _home(code)
        locales: list[Locale | str] = [*([home] if home else []), *LOCALES]
        for locale in locales:
            sign = normalise(get_currency_symbol(code, locale)).text
            if any(unicodedata.category(letter) == "Sc" for letter in sign):
                yield sign, code


def text() -> str:
    """The file as it has to be."""
    homes = {code: home for code in ISO if (home := _home(code)) is not None}
    found = {
        "signs": dict(sorted(dict(reversed(list(_signs()))).items())),  # the first that uses a sign has it
        "decimal": {code: str(home.number_symbols["latn"]["decimal"]) for code, home in homes.items()},
    }
    return HEAD + yaml.safe_dump(found, allow_unicode=True, sort_keys=False)


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(text(), encoding="utf-8")
