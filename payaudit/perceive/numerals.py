"""Numbers as prices write them: grouped, with either decimal sign, or in Chinese."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from payaudit.perceive.amount_words import any_word, languages

# How a currency writes numbers: 1,299.00 or 1.299,00; in East Asian texts a
# comma before one or two digits may part a list, and is not read.
Style = Literal["dot", "comma", "east_asian"]

# Patterns to build grammars from; each quantifier is bounded, so none backtracks far.
ARABIC = (
    r"(?:\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,4})?"
    r"|\d{1,2}(?:,\d{2}){1,4},\d{3}(?:\.\d{1,2})?"  # ₹1,49,900
    r"|\d{1,3}(?:'\d{3}){1,3}(?:\.\d{1,2})?"  # CHF 1'299.00
    r"|\d{1,3}(?:\.\d{3}){1,4}(?:,\d{1,2})?"
    r"|\d{1,9}[.,]\d{1,4}|\d{1,12})(?!\d|[.,]\d)"
)
_FACTORS = {word: factor for language in languages() for word, factor in language.multipliers.items()}
MULTIPLIED = ARABIC + f"(?:[百千万亿](?![人次众名])|[kw](?![a-z币豆])| ?{any_word(_FACTORS)})?"
# 1만 9천, 5천, 1만 9,900; Korean counts in 만 as Chinese does in 万.
KOREAN = r"(?:\d{1,4}만(?: ?\d천| ?\d{1,3},\d{3}| ?\d{1,4})?|\d{1,2}천(?: ?\d{1,3})?)"
CHINESE = "[零〇一二两三四五六七八九十百千万半壹贰叁肆伍陆柒捌玖拾佰仟]{1,9}"
# Nothing before it that it would be the tail of, such as 12:30, 1 000, 几十 or 第十.
STARTS = r"(?<!\d)(?<!\d[.,:])(?<!\d (?=000))"
CHINESE_STARTS = "(?<![几数第好多零〇一二两三四五六七八九十百千万])"

_DIGITS = {
    **{letter: value for value, letter in enumerate("零一二三四五六七八九")},
    **{letter: value for value, letter in enumerate("壹贰叁肆伍陆柒捌玖", 1)},
    "〇": 0,
    "两": 2,
}
_HANGUL = {"만": 10_000, "천": 1000, "백": 100}
_KOREAN_PART = re.compile(r"([\d,]*)([만천백]?)")
_PLACES = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_MULTIPLIERS = {
    "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000,
    "k": 1000, "w": 10_000, **_FACTORS,
}  # fmt: skip


def number(text: str, style: Style = "east_asian") -> Decimal | None:
    """Read Arabic or Chinese digits, with ``万``, ``k`` and their like behind them.

    Spaces do not count. None where the text can be read in two ways, or is no
    number.
    """
    text = text.replace(" ", "").replace("'", "")
    if any(letter in _HANGUL for letter in text):
        return _korean(text)
    for unit, factor in _MULTIPLIERS.items():
        if text.endswith(unit) and text[:1].isdecimal():
            value = _arabic(text.removesuffix(unit), style)
            return None if value is None else _plain(value * factor)
    if text[:1].isdecimal() or text[:1] == ".":
        return _arabic(text, style)
    return chinese(text)


def chinese(text: str) -> Decimal | None:
    """Read Chinese numerals below 100,000,000; None for vague ones such as 百 or 万."""
    if text == "半":
        return Decimal("0.5")
    if all(letter in _DIGITS for letter in text) and text:
        return Decimal("".join(str(_DIGITS[letter]) for letter in text))
    upper, ten_thousand, lower = text.rpartition("万")
    parts = [_below_ten_thousand(part) for part in (upper, lower) if part]
    if not parts or (ten_thousand and not upper) or None in parts:
        return None
    if ten_thousand:
        rest = parts[1] if lower else 0
        return Decimal((parts[0] or 0) * 10_000 + (rest or 0))
    return Decimal(parts[0] or 0)


def _korean(text: str) -> Decimal:
    parts = [part for part in _KOREAN_PART.findall(text) if any(part)]
    return Decimal(sum(int(digits.replace(",", "") or 1) * _HANGUL.get(unit, 1) for digits, unit in parts))


def _below_ten_thousand(text: str) -> int | None:
    total, digit, seen = 0, None, 10_000
    for at, letter in enumerate(text):
        if letter in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[letter]
        elif letter in _PLACES and _PLACES[letter] < seen:
            seen = _PLACES[letter]
            if digit is None and not (at == 0 and seen == 10):  # noqa: PLR2004 - 十二 needs no 一
                return None
            total, digit = total + (1 if digit is None else digit) * seen, None
        else:
            return None
    return total + (digit or 0)


def _arabic(text: str, style: Style) -> Decimal | None:
    at = max(text.rfind("."), text.rfind(","))
    whole, sign, decimals = (text, "", "") if at < 0 else (text[:at], text[at], text[at + 1 :])
    if sign and (sign in whole or _groups(whole, sign, decimals, style)):
        whole, decimals = whole + decimals, ""
    elif sign == "," and style == "east_asian":
        return None
    digits = whole.replace(".", "").replace(",", "") or "0"
    return Decimal(f"{digits}.{decimals}" if decimals else digits)


def _groups(whole: str, sign: str, decimals: str, style: Style) -> bool:
    """Whether the only ``sign`` parts thousands, not decimals."""
    if len(decimals) != 3 or not 1 <= len(whole) <= 3 or whole == "0":  # noqa: PLR2004 - 1,299
        return False
    return sign == "," or style == "comma"


def _plain(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value
