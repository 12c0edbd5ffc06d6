"""Signs, codes and words of currencies, and which currency they mean where.

Signs and the way numbers are written come from Unicode's locale data, kept in
``rules/currencies/cldr.yaml``; what that does not know, such as RMB, 块 or the letters
Rs., stands here and in ``rules/amounts/``.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from payaudit.data import read_data, rules_folder
from payaudit.model.base import Frozen
from payaudit.perceive.amount_words import languages
from payaudit.perceive.numerals import Style

KnownBy = Literal["symbol", "code", "word", "default"]

ISO = (
    "CNY", "USD", "EUR", "GBP", "JPY", "HKD", "TWD", "KRW", "IDR", "INR", "THB", "VND", "MYR",
    "SGD", "AUD", "CAD", "NZD", "BRL", "MXN", "CHF", "PLN", "SEK", "NOK", "DKK", "CZK", "HUF",
    "RON", "PHP", "RUB", "UAH", "TRY", "KZT", "ILS", "AED", "SAR", "QAR", "KWD", "EGP", "NGN",
    "KES", "ZAR", "MOP", "COP", "ARS", "CLP", "PEN", "UYU", "PKR", "BDT", "LKR", "NPR", "KHR",
    "LAK", "MMK", "MNT",
)  # fmt: skip
CODES = {code.lower(): code for code in ISO} | {"rmb": "CNY", "ntd": "TWD"}
_COMMON = {
    "cny", "usd", "eur", "gbp", "jpy", "hkd", "twd", "krw", "idr", "inr", "thb", "vnd", "myr", "sgd", "aud",
    "cad", "nzd", "brl", "mxn", "chf", "pln", "rmb", "ntd", "czk", "aed", "egp",
}  # fmt: skip
# Texts come casefolded; the other codes may be words (try, pen, ils) and count in capitals only.
CAPITALS = frozenset(CODES) - _COMMON
# Words that are money only where their currency is that of the place: 50 Cent sings, Fr. 12.12. is a Friday.
AT_HOME = {"cent": "EUR", "ct": "EUR", "won": "KRW", "fr.": "CHF"}


class Cldr(Frozen):
    """``rules/currencies/cldr.yaml``."""

    signs: dict[str, str]
    decimal: dict[str, str]


@cache
def _cldr() -> Cldr:
    return read_data(rules_folder() / "currencies" / "cldr.yaml", Cldr)


# Written before or after the number. "$" and "¥" depend on where they stand.
_OWN_SIGNS = {
    "$": "USD", "¥": "CNY", "£": "GBP", "us$": "USD", "nt$": "TWD", "s$": "SGD", "a$": "AUD", "au$": "AUD",
    "c$": "CAD", "ca$": "CAD", "rmb¥": "CNY", "mop$": "MOP", "đ": "VND", "zł": "PLN", "kč": "CZK",
    "rp.": "IDR", "rp": "IDR", "rs.": "INR", "rs": "INR", "rm": "MYR", "s/.": "PEN", "s/": "PEN",
    "fr.": "CHF", "रु.": "INR", "रु": "INR",
}  # fmt: skip
SYMBOLS = _cldr().signs | _OWN_SIGNS
_OWN_WORDS = {
    "人民币": "CNY", "美元": "USD", "美金": "USD", "港元": "HKD", "港币": "HKD", "欧元": "EUR",
    "日元": "JPY", "日圆": "JPY", "円": "JPY", "韩元": "KRW", "韩币": "KRW", "원": "KRW",
    "英镑": "GBP", "新台币": "TWD", "台币": "TWD", "澳元": "AUD", "澳币": "AUD", "加元": "CAD",
    "泰铢": "THB", "越南盾": "VND", "卢比": "INR", "马币": "MYR", "dollars": "USD",
    "dollar": "USD", "bucks": "USD", "cents": "USD", "euros": "EUR", "euro": "EUR",
    "yuan": "CNY", "yen": "JPY", "baht": "THB", "ringgit": "MYR", "rupiah": "IDR",
    "rupees": "INR", "reais": "BRL",
}  # fmt: skip
_CENT_WORDS = {word: code for language in languages() for word, code in language.cents.items()}
WORDS = _OWN_WORDS | {w: c for language in languages() for w, c in language.currencies.items()} | _CENT_WORDS
CENTS = frozenset({"¢", "cents", *_CENT_WORDS})

DOLLARS = frozenset({"HKD", "TWD", "SGD", "AUD", "CAD", "NZD", "MXN", "MOP", "COP", "ARS", "CLP", "UYU"})
_YUAN = frozenset({"TWD", "HKD", "MOP"})
# Signs that several currencies share, and those that a place may mean by them.
_SHARED: dict[str, frozenset[str]] = {
    "$": DOLLARS, "dollars": DOLLARS, "dollar": DOLLARS, "¥": frozenset({"JPY"}),
    "¢": DOLLARS | {"EUR"}, "cents": DOLLARS | {"EUR"}, "centavos": DOLLARS,
    "元": _YUAN, "块": _YUAN, "毛": _YUAN, "角": _YUAN, "分": _YUAN,
}  # fmt: skip
_EAST_ASIAN = {"CNY", "JPY", "KRW", "TWD", "HKD", "MOP"}
_JAPANESE = re.compile(
    "円|税込|税抜|税別|[ぁ-ゖ]{2}|[ァ-ヺ]{3}|[ぁ-ねは-ゖ][㐀-鿿]|[㐀-鿿][ぁ-ねは-ゖ]"
)  # の alone also decorates Chinese


def currency_of(sign: str, default: str | None) -> tuple[str, KnownBy]:
    """Return the ISO 4217 code that ``sign`` means, and how one knows.

    ``sign`` is a key of the tables above or one of 元 块 毛 角 分. ``default``
    is the currency of the place, where that is known: it settles $, ¥, ¢ and 元.
    """
    local = default is not None and default in _SHARED.get(sign, ())
    if sign in CODES:
        return CODES[sign], "code"
    if sign in SYMBOLS or sign == "¢":
        return default if local and default else SYMBOLS.get(sign, "USD"), "symbol"
    return default if local and default else WORDS.get(sign, "CNY"), "word"


def is_japanese(plain: str) -> bool:
    """Tell whether a normalised text makes its ¥ yen."""
    return _JAPANESE.search(plain) is not None


@cache
def style_of(currency: str) -> Style:
    """Return how the currency's numbers are written at home; the euro's as most of its countries do."""
    if currency in _EAST_ASIAN:
        return "east_asian"
    return "comma" if _cldr().decimal.get(currency, ",") == "," else "dot"
