"""The forms in which normalised text writes money, as patterns with named groups.

p_  sign or code before the number: ¥9.9, US$ 4.99, ¥9.9-19.9
s_  sign, code or word behind it: 9,99 €, 4.99 USD, 99¢
y_  元 and 块 with what may follow: 9块9毛, 九块九, 5元8角
m_  毛 and 角; f_ 分: 一毛, 三分钱
b_  no currency at all; only where the place's currency is known
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from payaudit.perceive.amount_words import LETTER, any_word, languages
from payaudit.perceive.currencies import CENTS, CODES, SYMBOLS, WORDS
from payaudit.perceive.numerals import ARABIC, CHINESE, CHINESE_STARTS, KOREAN, MULTIPLIED, STARTS

# A number parted by the spans that draw it: 9 . 9, 9 .9, 9. 9, 1 9 . 9
_PARTED = (
    r"(?:\d{1,5} \. ?\d{1,2}(?!\d)|\d{1,5}\. \d{1,2}(?!\d|[.,]\d| ?[a-z集天个人次部])"
    r"|\d(?: \d){1,4} ?\. ?\d(?: ?\d)?(?!\d))"
)
_LONE_DIGITS = r"(?<=[ \n])\d(?: \d){1,4}(?! ?\d|[.,]\d| ?[集天个人次部折%])"
_SPACE_GROUPED = (
    r"(?:\d{1,3}(?: \d{3}){1,3}(?:,\d{1,2})?(?= ?(?:€|eur|₽|₴|₸|zł|kč|₫|đ|\$))"
    r"|\d{1,3}(?: \d{3}){1,3},\d\d(?!\d))"
)
_NO_CENTS = r"(?:[.,]-{1,2}(?!\d))?"  # 19,- €
_DIGIT = r"[\d一二两三四五六七八九]"
_COUNTED = "(?![\\d.集天个月年周日折人次部话小分元块毛角%点万千百张位季期款名件岁段号钟])"
_NO_YUAN = (
    "宝|旦|里(?![面含程])|素|气|老|首|件|婴|神|凶|勋|年(?![卡费度会包])|二次|论|方程|化|一次方程|宇宙|复始"
)
_NO_YEN = "ショップ|均一|玉|札|硬"  # coins, notes and shops named by them
_RANGE = " ?[-~至到] ?"
# A number that follows has the sign before it, unless it has the same one behind it (39,99 € 59,99 €) or is
# a count that stands apart (9 € 12 Monate).
_NO_NUMBER = r"(?! ?\d(?!(?:[\d.,' ]{0,12}\d)? ?(?P=s_sign))(?<! \d(?=\d{0,3}(?![\d.,]))))"
_END = r"(?= ?(?:$|[,，。;)/\n]|元|起))"


def _signs(words: Iterable[str], *, before: bool) -> str:
    """Any of the signs; each branch starts with what lets it fail at once."""
    listed = sorted(words, key=len, reverse=True)
    lettered = [word for word in listed if _LETTERED.match(word if before else word[-1])]
    other = "|".join(re.escape(word) for word in listed if word not in lettered)
    initials = re.escape("".join(sorted({word[0] for word in listed})))
    latin = "|".join(map(re.escape, lettered))
    edges = (f"(?<!{LETTER})", "") if before else ("", f"(?!{LETTER})")
    return f"(?=[{initials}])(?:{edges[0]}(?:{latin}){edges[1]}|{other})"


_LETTERED = re.compile(LETTER)


_IDEOGRAPHIC = [word for word in WORDS if "㐀" <= word[0] <= "鿿" and len(word) > 1]
_ONLY_BEHIND = {"đ", "zł", "kč"}
_ONLY_BEFORE = {"rp", "rp.", "rs", "rs.", "rm", "rmb¥", "fr."}
_BEFORE = _signs({*SYMBOLS, *CODES, *_IDEOGRAPHIC} - _ONLY_BEHIND, before=True)
_BEHIND = _signs({*SYMBOLS, *CODES, *WORDS, *CENTS} - _ONLY_BEFORE, before=False)

_PREFIXED = (
    rf"(?<!\d(?=€\d\d(?!\d)))(?P<p_sign>{_BEFORE})[: \n]{{0,2}}(?:(?<=[㐀-鿿b])[¥$] ?)?"
    rf"(?P<p_num>{_PARTED}|{_LONE_DIGITS}|{MULTIPLIED}|\.\d{{1,2}}(?!\d)){_NO_CENTS}"
    rf"(?: (?P<p_code>{'|'.join(CODES)})(?![a-z]))?"
    rf"(?: ?[元円](?!{_NO_YUAN}))?(?:[-~至到](?P<p_last>{ARABIC}){_END}(?:元)?)?"
)
_SUFFIXED = (
    rf"{STARTS}(?P<e_num>\d{{1,4}})(?P<e_sign>€)(?P<e_cents>\d\d)(?![\d.,])|{STARTS}(?:(?P<s_first>{ARABIC}){_RANGE})?"
    rf"(?P<s_num>{_SPACE_GROUPED}|{KOREAN}(?= ?원)|{MULTIPLIED}){_NO_CENTS} ?"
    rf"(?P<s_sign>{_BEHIND})(?:(?<=\$) (?P<s_code>{'|'.join(CODES)})(?![a-z]))?{_NO_NUMBER}(?!{_NO_YEN})"
    r"|(?<![가-힣])(?P<h_num>[만천백])(?P<h_sign>원)|(?<![㐀-鿿\d.,])(?P<h_yen>[万千百])円"
    rf"(?!{_NO_YEN})"
)
_YUAN = (
    rf"(?:{STARTS}(?P<y_first>{ARABIC}){_RANGE})?"
    rf"(?P<y_num>{STARTS}(?:{_PARTED}|{MULTIPLIED})|{CHINESE_STARTS}{CHINESE}) ?"
    rf"(?P<y_unit>[元块圆])(?!{_NO_YUAN})(?:"
    rf"(?P<y_jiao>{_DIGIT}) ?[毛角](?:(?P<y_fen>{_DIGIT})分?{_COUNTED})?"
    rf"|(?<=块)(?P<y_tail>\d{{1,2}}|{_DIGIT}{{1,2}}){_COUNTED})?(?P<y_plain>钱)?"
)
_SMALL = (
    rf"(?P<m_num>{STARTS}{ARABIC}|{CHINESE_STARTS}{CHINESE}) ?(?P<m_unit>[毛角])"
    rf"(?:(?P<m_fen>{_DIGIT})分?{_COUNTED})?(?P<m_plain>钱)?"
    rf"|(?P<f_num>{STARTS}{ARABIC}|{CHINESE_STARTS}{CHINESE}) ?分(?:钱|(?=购))"
)
MONEY = f"{_PREFIXED}|{_SUFFIXED}|{_YUAN}|{_SMALL}"

_CUE = (
    "仅需|只需|只要|现价|原价|售价|特价|优惠价|会员价|到手价|券后价?|首[月周季年期]|次[月周年]起?|续费|立省|立减|充值?"
    "|支付|实付|合计|总价|(?<![a-z])(?:price|only|was|now|just)(?![a-z])"
)
_SAID_TO_COST = [word for language in languages() for word in language.before.get("price", ())]
_UNITS = "月|周|年|季|天|集|week|month|year|day|episode|wk|mo|yr|ep"
BARE = (
    rf"(?:{_CUE}|{any_word(_SAID_TO_COST)})[: ]{{0,2}}(?P<b_num>{ARABIC}k?)"
    r"(?=$|[,，。;!)(/\n|]|(?<=\.\d\d) |起|送|看|解锁|开通|充)(?!/\d)"
    rf"|{STARTS}(?P<b_per>{ARABIC})(?= ?/ ?(?:{_UNITS})(?![a-z]))"
)

# 块 毛 角 also count pieces, fur and corners: 一块看, 羊毛, 三角恋.
_PRICE_ENDS = re.compile(
    r" ?(?:$|[,，。;!?)(|/·~+\n\-]|钱|每|[一1]个?[集天月周部]|起|看|解锁|开通|充|买|包|得|就|全集|封顶|以内)"
)
_PRICE_CUE = re.compile("(?:仅需?|只要|只需|需|花|付|充|价|每集|每天|低至|省|减|约|送)[了: ]?$")


def plausible(match: re.Match[str], plain: str) -> bool:
    """Tell whether 块, 毛 or 角 is money here and not a piece, fur or a corner."""
    unit = match["y_unit"] or match["m_unit"]
    if unit not in ("块", "毛", "角"):
        return True
    if any(match[group] for group in ("y_plain", "m_plain", "y_jiao", "y_tail")):
        return True
    if match["m_fen"] and match["m_num"][0].isdecimal():
        return True
    cued = bool(_PRICE_CUE.search(plain[max(0, match.start() - 4) : match.start()]))
    amount = match["y_num"] or match["m_num"]
    thing = unit == "角" or amount == ("一" if unit == "块" else "三")  # 三角, 一块, 三毛
    if thing and not amount[0].isdecimal():
        return cued
    return cued or bool(_PRICE_ENDS.match(plain, match.end()))
