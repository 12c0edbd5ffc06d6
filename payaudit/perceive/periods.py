"""The period a price is per, and the period a plan is named after."""

from __future__ import annotations

import re
from typing import Literal

from payaudit.model.money import Period
from payaudit.perceive.amount_words import any_word, listed
from payaudit.perceive.normal import normalise
from payaudit.perceive.numerals import CHINESE, number
from payaudit.perceive.timewords import (
    ADVERB,
    ADVERBS,
    AMBIGUOUS,
    DAYS_OF,
    EPISODES,
    UNIT,
    period_of_days,
)
from payaudit.perceive.trials import is_trial_length

_PER = any_word([*DAYS_OF, *EPISODES], behind_number=True)
_EACH = any_word(
    ["per", "each", "every", "pro", "par", "por", "al", "le", "la", "l'", "an", "a", *listed("per")],
    apart=True,
)
_EACH_BEHIND = any_word(listed("behind_unit"))
_ASKS = (
    "(?:仅需|仅|不到|不足|只需|只要|低至|最低|约合|约|需要支付|需支付|需要|需|支付|消耗|自动扣费|自动扣款"
    "|自动续费|扣费|扣款|续费|收取|收费|价格|价|售价|花费)?"
)
_EACH_BEFORE = any_word(["per", "pro", *listed("per")], apart=True)
_ATTACHED_AFTER = re.compile(
    r"(?: ?\((?:税込|税抜|税别|含税|不含税)\))?(?: ?起)? ?"
    rf"(?:/|(?P<every>每)|{_EACH}) ?"
    rf"(?P<count>\d{{1,3}})?[ -]?个?(?P<unit>{_PER})(?!本)(?(every)(?! ?[\d¥$仅只低约需不]))"
    r"| ?[一1](?:个(?=月|季))?(?P<one>[天周月季年集话]|个月)(?![中内线])"
    rf"|,? ?(?:and )?(?:billed |charged )?(?P<adverb>{ADVERB})"
)
# Words that say the unit alone or, behind a number, count it: aylık ₺199, 12 aylık ₺999.
_COUNTING = any_word(ADVERBS.keys() & DAYS_OF.keys(), behind_number=True)
_ATTACHED_BEFORE = re.compile(
    rf"(?:每|单)个?(?P<unit>天|日|周|月|季度|季|半年|年|集|话) ?{_ASKS}[: ]{{0,2}}$"
    rf"|(?<![\d第首前月用验期享十百年后此时赠送共买仅限近])"
    rf"(?:一个?(?P<a>[天日周月季年集话])|1(?P<a1>[天日])) ?{_ASKS}[: ]{{0,2}}$"
    r"|(?P<fee>[日月周年季])(?:费|付|额|均)(?:仅|约)?[: ]{0,2}$"
    rf"|(?!(?:(?<=\d)|(?<=\d[ -])){_COUNTING})(?P<adverb>{ADVERB})"
    r"(?: (?:at|for|only|just|from|sadece|yalnizca|solo|soli)| price| fee| rate)?(?: - |[:( ]{0,3})$"
    rf"|{_EACH_BEFORE} ?(?P<per>{_PER})[: ]{{0,2}}(?:only )?$"
    rf"|(?<![\d第제.])(?:[1一] ?|한 |(?=\D))(?P<each>{_PER}) ?{_EACH_BEHIND}[: ]{{0,2}}$"
    rf"|(?<![\d第제.])1 ?(?P<single>{any_word({'话', '화', '회'})})[: ]{{0,2}}$"
    r"|(?:^|[ ,、。(])(?P<alone>[月周年])$"
    r"|(?:^|[ 매(])(?<!첫 )(?<!지난 )(?P<korean>[월주연]) $"
)
_KOREAN: dict[str, Period] = {"월": "month", "주": "week", "연": "year"}
_LOOK_BACK = 32

_PLANS: dict[Period, str] = {
    "day": "天卡 日卡 包天 包日 天会员 日会员 按天 按日 日付",
    "week": "周卡 包周 周会员 按周 周付 周度",
    "month": "月卡 包月 月会员 月度会员 按月 月付 月度",
    "quarter": "季卡 包季 季会员 季度会员 按季 季付 季度",
    "half_year": "半年卡 包半年 半年会员 按半年 半年付 半年",
    "year": "年卡 包年 年会员 年度会员 按年 年付 年度",
}
_PLAN_OF = {word: period for period, words in _PLANS.items() for word in words.split()}
_COUNTED = any_word(DAYS_OF.keys() - AMBIGUOUS | {"年"}, behind_number=True)
_NAMED = (
    re.compile(
        rf"(?P<plan>{any_word(_PLAN_OF)})|(?<![a-z])(?P<adverb>{ADVERB})"
        r"|(?<![a-z])(?P<unit>day|week|month|quarter|year) (?:pass|plan|card|member|subscri|vip)"
        rf"|(?<![\d.,:第a-z])(?P<count>\d{{1,3}}|{CHINESE})[ -]?(?P<counted>{_COUNTED})(?!庆|年| \d)"
    ),
    re.compile(
        rf"(?:/|每|{_EACH_BEFORE} ?|(?<![a-z])(?:every|each|par|por) |(?<=[\d€] )an? |매)"
        rf"(?P<unit>{UNIT})(?!本)"
        r"|(?P<fee>[月周年季])(?:费|额)"
    ),
    re.compile("[首次下]个?(?P<unit>周|月|季|年)"),
)

_WORD = 3  # letters of a unit that stands alone; shorter ones abbreviate
# A card that is headed by the unit alone: Mois, Month, Saal Pass.
_ALONE = re.compile(
    rf"(?P<unit>{any_word([w for w in DAYS_OF if len(w) >= _WORD and w not in AMBIGUOUS])})"
    r"(?: (?:vip|pass|plan|abo|card|access|member|membership))?"
)

# A length by which something is told or done beforehand, or within which, is no plan's.
_DEADLINE_AFTER = re.compile(
    r"s? ?(?:[以之]?前|[以之]?内(?=.{0,6}[退取通撤])|日?前まで|이내(?=.{0,8}(?:환불|취소|철회))"
    r"|전에?|before|prior|in advance|ahead|notice|or less"
    r"|antes|de antel|de antec|vor(?:her|ab| )|im voraus|avant|à l'avance|sebelum|trước"
    "|prima(?! settimana)|in anticipo|önce|içinde)"
)
_DEADLINE_BEFORE = re.compile(
    r"(?:within|in the next|innerhalb(?: von)?|binnen|dentro de|en el plazo de|sous|dans les"
    r"|dalam|trong(?: vòng)?|entro(?: i)?|nei prossimi|提前|最晚|至少) ?$"
)


def attached(before: str, after: str) -> tuple[Period | Literal["episode"] | None, int]:
    """Say what the amount between two normalised texts is per.

    ``after`` reaches into the next amount, if there is one: 每天 in ``¥199
    每天¥0.54`` is the next one's. Also returns how many letters of ``after`` say
    so. None where no unit is attached: one elsewhere is not looked for.
    """
    match = _ATTACHED_AFTER.match(after)
    led = _ATTACHED_BEFORE.fullmatch(before)
    # 一年 ¥199 一天 ¥0.54: where a unit leads, each leads its own amount.
    if match and not (match["one"] and led and (led["a"] or led["a1"])):
        if match["adverb"]:
            return ADVERBS[match["adverb"]], match.end()
        per = _per(match["one"] or match["unit"], int(match["count"] or 1))
        return (per, match.end()) if per else (None, 0)
    match = _ATTACHED_BEFORE.search(before[-_LOOK_BACK:])
    if match is None:
        return None, 0
    if match["adverb"]:
        return ADVERBS[match["adverb"]], 0
    if match["korean"]:
        return _KOREAN[match["korean"]], 0
    return _per(
        match["unit"]
        or match["a"]
        or match["per"]
        or match["each"]
        or match["single"]
        or match["alone"]
        or match["fee"],
        1,
    ), 0


def period_in(text: str) -> Period | None:
    """Return the period a plan's text names, such as 连续包月, 12个月 or weekly pass.

    Names of plans and lengths come before ``/月`` and ``per day``, and those
    before 首月. A trial's length is not a plan's period.
    """
    plain = normalise(text).text
    for pattern in _NAMED:
        for match in pattern.finditer(plain):
            period = _named(match, plain)
            if period:
                return period
    alone = _ALONE.fullmatch(plain.strip())
    return period_of_days(DAYS_OF[alone["unit"]]) if alone else None


def _per(unit: str, count: int) -> Period | Literal["episode"] | None:
    if unit in EPISODES:
        return "episode" if count == 1 else None
    return period_of_days(count * DAYS_OF[unit])


def _named(match: re.Match[str], plain: str) -> Period | None:
    said = match.groupdict()
    if said.get("plan"):
        return _PLAN_OF[said["plan"]]
    if said.get("adverb"):
        return ADVERBS[said["adverb"]]
    if said.get("counted"):
        count = number(said["count"])
        start, end = match.start("count"), match.end("counted")
        if count is None or is_trial_length(plain, start, end):
            return None
        if _DEADLINE_AFTER.match(plain, end) or _DEADLINE_BEFORE.search(plain[:start]):
            return None
        return period_of_days(int(count * DAYS_OF[said["counted"]]))
    return period_of_days(DAYS_OF[said.get("unit") or said["fee"]])
