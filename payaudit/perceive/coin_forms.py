"""The forms in which normalised text writes virtual currency, as one pattern.

k_  number and name, perhaps behind a sum it is added to: 500看点, 1000+500赠币
n_  name and number: coins: 60, 看点×60, 코인 30개
g_  a coin's or gem's picture and a number
w_  a number and what is given with it, under a price: 990+送200
x_  an addition whose name stands before it: 500看点+50
v_  what is given with a pack, alone in its line or behind its coins: 加赠80, +送60
"""

from __future__ import annotations

import re

from payaudit.perceive.amount_words import LETTER, any_word, listed
from payaudit.perceive.currencies import CODES, SYMBOLS, WORDS
from payaudit.perceive.lexicon import bundled
from payaudit.perceive.normal import normalise
from payaudit.perceive.numerals import ARABIC, MULTIPLIED, STARTS

# Letters that count, link or give, and so cannot begin a coin's name: 3天送币.
_NO_NAME = "元块毛角分天集人万亿次个枚颗张月年周日折期部话位名项款送赠加得返减省满用买充付共等了就可或和及的"
_LETTER = f"(?:(?![{_NO_NAME}])[㐀-鿿])"
# 1,000点, 30 点 and 余额 0点 are no hours.
_POINTS = (
    r"(?:(?<=\d\d\d)|(?<=[3-9]\d)|(?<=2[5-9])|(?<=\d\d\d )|(?<=[3-9]\d )|(?<=2[5-9] )"
    r"|(?<=余额[ :]\d)|(?<=余额\d))点(?![赞击评播看钟半左右前后整映])"
)
_UNLISTED = (
    f"(?:(?:{_LETTER}{{0,2}}?|[a-z]{{1,3}}|(?<!个)月)[币豆钻]|{_LETTER}{{1,2}}?券"
    f"|点(?= ?/ ?[集话])|{_POINTS})"
    "(?![瓣浆腐荚沙包子制圈])"
)
_MINTED = f"(?:{_LETTER}{{1,2}}?|[a-z]{{1,3}}|(?<!个)月)[币钻]"  # 星钻×690, 月币 600 枚
_BONUS = "bonus(?! (?:episode|content|video|scene|clip|feature))(?![a-z])"  # 500 + 50 bonus
_PICTURE = "[🪙💎]"
# 60p, 100pt; a picture's height is none: 720p.
_POINT_LETTERS = r"(?<!(?<!\d)(?:144|240|360|480|540|720))(?<!1080|1440|2160)(?:pts?|p)(?![a-z\d])"
_SIGNS = "|".join(
    re.escape(sign) + (f"(?!{LETTER})" if re.match(LETTER, sign[-1]) else "")
    for sign in sorted({*SYMBOLS, *CODES, *WORDS}, key=lambda s: (-len(s), s))
)
_NO_MONEY = rf"(?! ?(?:[元块毛角%折天集円€/$¥]|rmb|{_SIGNS}))"

_GIVEN = "ボーナス|보너스|बोनस|bônus|bonus"
BONUS_NAME = re.compile(f"赠|奖励|福利|reward|free|{_GIVEN}")
BONUS_BEFORE = re.compile(
    f"(?:(?:送|赠|额外|多得|再得|另得|返|free|extra|{_GIVEN})(?:你|您|得)?"
    f"|{any_word(listed('bonus_before'))})[ :]?$"
)
BONUS_BEHIND = re.compile(rf" ?\(?(?:free|赠送|额外赠|{_GIVEN}|{any_word(listed('bonus_behind'))})(?! ?\d)")
# Thousands parted by spaces, before names whose languages do so.
_SPACED = r"\d{1,3}(?: \d{3}){1,2}(?= (?:pièces|jetons|diamants))"


def _written(name: str) -> str:
    """A name as a pattern; a single syllable (별) is one only where no longer word begins with it (별빛)."""
    alone = len(name) == 1 and "가" <= name <= "힣"
    return re.escape(name) + ("(?![가-힣])" if alone else "")


def coin_pattern(*, points: bool = False) -> str:
    """Return the pattern; names come from the lexicon's group ``currency``.

    A name that is not listed is taken for one when it ends in 币, 豆, 钻 or 券.
    ``points``: whether p and pt are points here, as in Japan and Korea; elsewhere
    they are pence, pages and print.
    """
    group = bundled().group("currency")
    names = {normalise(word).text for words in group.words.values() for word in words}
    denied = {normalise(word).text for words in group.not_when.values() for word in words}
    listed = "|".join(map(_written, sorted(names, key=len, reverse=True)))
    spared = "|".join(map(re.escape, sorted(denied)))
    initials = re.escape("".join(sorted({word[0] for word in names})))
    name = rf"(?=[{initials}])(?!{spared})(?:{listed})(?![a-z])"
    if points:
        name = rf"(?:{name}|{_POINT_LETTERS})"
    return (
        rf"(?:(?:{STARTS}(?P<k_base>{ARABIC})[ \n]?)?(?P<k_plus>\(?\+) ?|{STARTS})"
        rf"(?P<k_num>{_SPACED}|{MULTIPLIED})"
        rf"\)? ?[个枚颗张]? ?(?P<k_extra>(?:(?:bonus|free|extra)[ -]|ボーナス|보너스 ?|बोनस ))?"
        rf"(?P<k_name>{name}|{_UNLISTED}|{_PICTURE}|{_BONUS}|bônus(?![a-z]))"
        rf"|(?<![a-z])(?P<n_name>{name}|{_MINTED})(?P<n_sign> ?[:x×*])? ?(?P<n_num>{MULTIPLIED}){_NO_MONEY}"
        rf"(?(n_sign)(?=$|[ ,，)(;|\n])|(?= ?(?:개(?![월입당])|[枚個个颗](?:$|[ ,，)(;|\n]))))"
        rf"|{_PICTURE} ?(?P<g_num>{MULTIPLIED}){_NO_MONEY}"
        rf"|{STARTS}(?P<w_num>\d{{2,6}})\+ ?[送赠] ?(?P<w_bonus>\d{{1,6}})(?=$|[ ,，)(;|\n])"
        r"|(?:\+ ?|加|另|额外)[送赠] ?(?P<v_num>\d{1,6})(?![^\n ])"
        rf"|(?P<x_plus>\(?\+ ?)(?P<x_num>{MULTIPLIED}){_NO_MONEY}(?: ?(?:bonus|free|赠送|赠))?"
    )
