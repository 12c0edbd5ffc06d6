"""The amounts in a normalised text, before anything is known around them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from payaudit.perceive.coin_forms import BONUS_BEFORE, BONUS_BEHIND, BONUS_NAME, coin_pattern
from payaudit.perceive.currencies import (
    AT_HOME,
    CAPITALS,
    CENTS,
    CODES,
    KnownBy,
    currency_of,
    is_japanese,
    style_of,
)
from payaudit.perceive.money_forms import BARE, MONEY, plausible
from payaudit.perceive.numerals import Style, number

_CENT = Decimal("0.01")
_COINS: Style = "comma"  # coins are whole: a dot before three digits parts thousands
_STARS = 5
_RATED = re.compile("estrel|stars?|별")
_TENTH = Decimal("0.1")
_ROUND = {
    letter: Decimal(value) for letter, value in zip("万千百만천백", (10_000, 1000, 100) * 2, strict=True)
}
_POINTS_AT = frozenset({"JPY", "KRW"})  # where p and pt after a number are points
_NEAR = 10  # letters before an amount that can make it a bonus or a price


class Token(NamedTuple):
    """An amount; ``currency`` is None for coins, whose name then may stand at ``name``."""

    start: int
    end: int
    value: Decimal
    currency: str | None = None
    known_by: KnownBy | None = None
    name: tuple[int, int] | None = None
    bonus: bool = False
    in_range: bool = False


def find(
    plain: str, default: str | None, place: str | None, capitals: Callable[[int, int], bool]
) -> Iterator[Token]:
    """Yield all amounts in order; bare numbers only where ``default`` gives their currency.

    ``place``: what else settles a shared sign. ``capitals`` tells of a span whether it was in capitals.
    """
    place = "JPY" if is_japanese(plain) else default or place
    last: Token | None = None
    for match in _pattern(bare=default is not None, points=place in _POINTS_AT).finditer(plain):
        said = {name: text for name, text in match.groupdict().items() if text is not None}
        if said.keys() & {"k_num", "n_num", "g_num", "w_num", "x_num", "v_num"}:
            tokens = _coins(match, said, plain, last)
        elif plausible(match, plain) and not _only_a_word(said, match, default, capitals):
            bare = next(iter(said.keys() & {"b_num", "b_per"}), None)
            tokens = _bare(match, bare, default) if bare and default else _money(match, said, place)
        else:
            continue
        for token in tokens:
            last = token
            yield token


@cache
def _pattern(*, bare: bool, points: bool) -> re.Pattern[str]:
    return re.compile("|".join([MONEY, coin_pattern(points=points), *([BARE] if bare else [])]))


def _bare(match: re.Match[str], group: str, default: str) -> Iterator[Token]:
    value = number(match[group], style_of(default))
    yield from _token(match.span(group), value, default, "default")


def _money(match: re.Match[str], said: dict[str, str], place: str | None) -> Iterator[Token]:
    if "e_num" in said:  # 9€99
        yield from _token(match.span(), Decimal(f"{said['e_num']}.{said['e_cents']}"), "EUR", "symbol")
        return
    if "h_num" in said or "h_yen" in said:  # 천원, 千円
        yield from _token(match.span(), _ROUND[match[0][0]], "KRW" if "h_num" in said else "JPY", "word")
        return
    sign = said.get("p_sign") or said.get("s_sign") or "元"
    currency, known_by = currency_of(sign, place)
    if code := said.get("p_code") or said.get("s_code"):  # $19.900 COP
        currency, known_by = CODES[code], "code"
    style = style_of(currency)
    start, end = match.span()
    ranged = bool(said.keys() & {"s_first", "y_first", "p_last"})
    for first in said.keys() & {"s_first", "y_first"}:
        yield from _token(match.span(first), number(said[first], style), currency, known_by, in_range=True)
        start = match.start(first[0] + "_num")
    if "p_last" in said:
        end = match.start("p_last") - 1
    value = _value(said, style)
    if value is not None and sign in CENTS:
        value *= _CENT
    yield from _token((start, end), value, currency, known_by, in_range=ranged)
    if "p_last" in said:
        last = number(said["p_last"], style)
        yield from _token((end + 1, match.end()), last, currency, known_by, in_range=True)


def _token(
    span: tuple[int, int],
    value: Decimal | None,
    currency: str,
    known_by: KnownBy,
    *,
    in_range: bool = False,
) -> Iterator[Token]:
    if value is not None:
        yield Token(*span, value, currency, known_by, in_range=in_range)


def _only_a_word(
    said: dict[str, str], match: re.Match[str], default: str | None, capitals: Callable[[int, int], bool]
) -> bool:
    """Whether the currency would be known by a word that means it in capitals or at its place only."""
    at_home = AT_HOME.get(said.get("s_sign") or said.get("p_sign") or "")
    return (at_home is not None and at_home != default) or any(
        said.get(group) in CAPITALS and not capitals(*match.span(group))
        for group in ("p_sign", "s_sign", "p_code", "s_code")
    )


def _value(said: dict[str, str], style: Style) -> Decimal | None:
    """Major units of what stands in the groups; None where it is no exact number."""
    if "f_num" in said:
        return _times(number(said["f_num"]), _CENT)
    if "m_num" in said:
        tenths = _times(number(said["m_num"]), _TENTH)
        return None if tenths is None else tenths + _times_digit(said.get("m_fen"), _CENT)
    main = said.get("p_num") or said.get("s_num") or said["y_num"]
    value = number(main, style)
    if value is None:
        return None
    if "y_tail" in said:  # 九块九, 9块99
        tail = number(said["y_tail"])
        return None if tail is None else value + tail.scaleb(-len(said["y_tail"]))
    return value + _times_digit(said.get("y_jiao"), _TENTH) + _times_digit(said.get("y_fen"), _CENT)


def _times(value: Decimal | None, unit: Decimal) -> Decimal | None:
    return None if value is None else value * unit


def _times_digit(digit: str | None, unit: Decimal) -> Decimal:
    value = number(digit) if digit else None
    return Decimal(0) if value is None else value * unit


def _given(match: re.Match[str], said: dict[str, str], plain: str, *, behind_coins: bool) -> Iterator[Token]:
    """A number and what is given with it, or the latter alone."""
    alone = match.start() == 0 or plain[match.start() - 1] == "\n"
    for group, given in (("w_num", False), ("w_bonus", True), ("v_num", True)):
        value = number(said[group], _COINS) if group in said else None
        if value is not None and (group != "v_num" or alone or behind_coins):
            yield Token(*match.span(group), value, bonus=given)


def _coins(match: re.Match[str], said: dict[str, str], plain: str, last: Token | None) -> Iterator[Token]:
    behind_coins = last is not None and last.currency is None and match.start() - last.end <= 1
    if "x_num" in said:
        value = number(said["x_num"], _COINS)
        if behind_coins and last and value is not None:
            yield Token(match.start("x_num"), match.end(), value, name=last.name, bonus=True)
        return
    if said.keys() & {"v_num", "w_num"}:
        yield from _given(match, said, plain, behind_coins=behind_coins)
        return
    group = next(iter(said.keys() & {"k_num", "n_num", "g_num"}))
    value = number(said[group], _COINS)
    if value is None:
        return
    named = group[0] + "_name"
    if value <= _STARS and _RATED.match(said.get(named, "")):
        return  # 4.8 estrellas is what viewers think of it
    name = match.span(named) if named in said else None
    given = bool(BONUS_NAME.match(said.get(named, "")))
    base = number(said["k_base"], _COINS) if "k_base" in said else None
    if base is not None:
        yield Token(*match.span("k_base"), base, name=None if given else name)
    start = match.start(group) if group == "k_num" else match.start()
    added = "k_plus" in said and (behind_coins or base is not None)
    bonus = (
        given
        or added
        or "k_extra" in said
        or bool(BONUS_BEFORE.search(plain[max(0, start - _NEAR) : start]))
        or bool(BONUS_BEHIND.match(plain, match.end()))
    )
    yield Token(start, match.end(), value, name=name, bonus=bonus)
