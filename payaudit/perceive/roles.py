"""What an amount is, by the words of its own clause."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from payaudit.perceive.amount_words import any_word, languages, listed
from payaudit.perceive.timewords import UNIT

Role = Literal[
    "price",
    "reference",  # a price to compare with: 原价, was
    "saving",  # 立省, off
    "renewal",  # what is charged later: 次月起, then
    "first",  # what the first period costs: 首月, first week
    "per_unit",  # the same price, put as a smaller one: 每天仅0.3元
    "trial",
    "fee",
    "other",  # nobody is asked to pay it: a balance, the threshold of a coupon
]

_PERIOD = "(?:days?|weeks?|months?|years?)"
# Before an amount the nearest word decides, but a renewal word decides over any other.
_BEFORE: dict[str, str] = {
    "later": (
        "次[月周季年日期]|下个?[月周季年期](?!待)|[此随其]后"
        "|第 ?(?:[2-9二两三四五六]|1[0-3]) ?个?[月周季年期](?!内|限时)"
        "|(?<!充值)(?<!支付)(?<!购买)[之以]后|到期(?=后|自动|将|按|以|续|恢复|扣|[: ]{0,2}$)|期满|期后|结束后"
        "|(?:试用|体验)后|[天日周月年]后|(?<![a-z])then(?![a-z])|thereafter|afterwards?"
        "|after (?:that|trial|(?:the |your |a )?(?:first|intro|initial|free|trial|promo"
        f"|\\d{{1,3}}[- ]?{_PERIOD}))"
        f"|subsequent|following {_PERIOD}|danach|anschließend|luego|después|puis |ensuite"
        "|kemudian|setelah itu|その後|以降|翌月|이후|다음 달|체험 ?후"
        "|(?<![a-z])(?:from|as of|starting|beginning) (?:the )?"
        f"(?:{_PERIOD} [2-9]|(?:second|third|2nd|3rd) {_PERIOD})"
        "|(?<![a-z])(?:ab (?:dem|der) (?:2|zweiten)|a partir d(?:el|o|a) (?:2[°oa]?|segund[oa])"
        "|à partir d(?:u|e la) (?:2e|2ème|deuxième|second)|d(?:al|alla) (?:2[°oa]?|second[oa])"
        "|mulai (?:bulan|minggu) (?:ke-?2|kedua)|từ (?:tháng|tuần) thứ (?:2|hai))(?![a-z])"
        "|(?<![a-z])(?<!ödemeden )(?<!ödedikten )(?<!aldiktan )(?<!alimdan )sonra(?![a-z])"
        "|2[ヶか]?[月週]目から|[2둘](?:째|번째)? ?(?:개월|달|주)(?:차|째)?부터"
    ),
    "renewal": "续费|续订|续期|续约|恢复原?价|按原价|原价续|renew",
    "reference": (
        "原价|划线价|门市价|市场价|官方价|官网价|日常价|正常价|标准价|零售价|非会员价|建议售价|价值"
        "|(?<![a-z])(?:was|were|regular(?:ly)?(?: price)?|original(?:ly| price)|list price|rrp|msrp"
        "|full price|usual(?:ly)?|normal price|worth|valued? at|compare at|instead of|statt|uvp"
        "|au lieu de|antes(?! d[eoa]s? ))(?![a-z])|通常|定価|정가|harga (?:normal|asli)"
    ),
    "saving": (
        "(?:立省|可省|最高省|为您省|已省|节省|共省|立减|直降|直减|再减|抵扣|返现|[已共]优惠"
        "|[省减](?=[了: ]{0,2}$)|(?<![时享人别日])优惠(?=[: ]{0,2}$)"
        "|(?<![a-z])(?:saved?|saves|savings?|discount(?: of)?)(?![a-z])"
        "|économisez|sparen|ahorra|hemat"
        "|(?<![a-z])(?:risparmia|sconto)(?![a-z])(?! (?:fino al? |del |di |il )?\\d{1,3} ?%)"
        "|割引|할인(?!가))(?! ?(?:up to )?\\d{1,3} ?%)"
    ),
    "first": (
        "首个?[月周季年期]|首[次开单充]|首[13一三]个?月|第[一1]个?[月周年期]"
        "|前[1一3三7七]个?[月周天年]|新人|新用户|新客"
        f"|(?<![a-z])(?:first|1st)(?: \\d{{1,2}})? (?:{_PERIOD}|period|billing|time|payment)"
        "|introductory|(?<![a-z])intro(?![a-z])|初月|初回|첫 ?달"
        "|(?<![a-z])(?:erste[nmrs]?|premi(?:er|ère)s?|primer[ao]?s?|primeir[ao]s?)"
        f" (?:\\d{{1,2}} )?{UNIT}|{UNIT} pertama"
    ),
    "trial": (
        "试用|试看|尝鲜|尝新|[天日周月]体验|体验[价卡期]|体验(?=[: ]{0,2}(?:仅|只|需|$))"
        "|(?<![a-z])trial(?![a-z])|(?<![a-z])try(?![a-z])|probe(?:abo|zeit)|essai|prueba|お試し|体験|체험"
    ),
    "fee": (
        "手续费|(?<!会员)服务费|渠道费|通道费|平台费|处理费|加收|另收"
        "|(?:processing|service|convenience|transaction|handling|platform|booking) fee"
        "|(?<!incl\\. )(?<!incl )(?<!including )(?<![a-z])(?:tax|vat|gst)(?=[: ]{0,2}$)"
        "|surcharge|plus tax|手数料|수수료|biaya (?:layanan|admin)"
    ),
    "other": (
        "余额(?!不足|支付|抵扣|付款|充足|足够)|结余|满(?=$)|[送赠返](?=[: ]{0,2}$)"
        "|(?<![a-z])(?:balance|you have)(?![a-z])"
    ),
    "price": (
        "现价|现仅|到手|券后|特价|优惠价|会员价|活动价|秒杀价|实付|合计|余额不足"
        "|(?<![a-z])(?:now|today)(?![a-z])"
    ),
}
_ROLE_OF: dict[str, Role] = {
    "later": "renewal", "renewal": "renewal", "reference": "reference", "saving": "saving",
    "first": "first", "trial": "trial", "fee": "fee", "other": "other", "price": "price",
}  # fmt: skip
# Behind an amount a word counts only when it follows at once.
_BEHIND: dict[str, str] = {
    "first": (
        "首个?[月周季年期]|首[次开单充]|前[1一3三7七]个?[月周天年]"
        f"|(?:first|1st)(?: \\d{{1,2}})? {_PERIOD}|intro"
    ),
    "renewal": "续费|续订|thereafter|afterwards?|after(?![a-z])|(?:per |at |on |each )?renewal",
    "trial": (
        "(?:免费)?(?:试用|体验|尝鲜|试看)|(?:\\d{1,2}|[一三七])[- ]?(?:天|日|周|days?|weeks?)"
        "(?:vip|会员)?[- ]?(?:免费|free )?(?:试用|体验|尝鲜|试看|trial)|trial"
    ),
    "saving": (
        "(?:无门槛)?(?:优惠|代金|抵扣|立减|满减)?券|(?:无门槛|现金)?红包"
        "|off(?![a-z])|saved?(?![a-z])|discount|rabatt|de réduction|de descuento|オフ|引き|할인"
    ),
    "reference": (
        "(?:regular|original|list|full|normal) price|rrp|msrp|value(?![a-z])"
        # 79,99 € war unser Preis bis 30.11.
        "|(?:was|were) (?:our|the|its) (?:\\w+ )?price|(?:war|waren) (?:unser|der|unsere) (?:\\w+ )?preis"
        "|(?:était|etait) (?:notre|le) prix|era (?:nuestro|el|o nosso|o|il nostro|il) (?:precio|preço|prezzo)"
        "|(?:曾是|曾为|是此前|为此前|是原来)[^,，。]{0,8}价|でした(?=[。 ]|$)"
    ),
    "fee": (
        "手续费|服务费|渠道费|surcharge|(?:processing |service |convenience |transaction )?fees?(?![a-z])"
    ),
}


def _pattern(words: dict[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{role}>{alternatives})" for role, alternatives in words.items()))


def _with_data(words: dict[str, str], field: Literal["before", "behind"]) -> dict[str, str]:
    """Add the plain words of all languages to the forms above."""
    found: dict[str, str] = {}
    for role in _ROLE_OF:
        listed_words = any_word(
            word for language in languages() for word in getattr(language, field).get(role, ())
        )
        # Guthaben: 20, and not: Guthaben aufladen 20
        at_once = "(?=[: ]{0,3}$)" if role == "other" and field == "before" else ""
        found[role] = "|".join(filter(None, [words.get(role), listed_words + at_once]))
    return found


_WORDS_BEFORE = _pattern(_with_data(_BEFORE, "before"))
_MARKS = re.compile("[ (/]{0,3}")
_BRIDGE = re.compile(rf"[ (/]{{0,3}}(?:(?:for|on|the|your|of|in)(?= ) ?|的|{any_word(listed('bridges'))} ?)*")
_WORDS_BEHIND = _pattern(_with_data(_BEHIND, "behind"))
_POSTPOSED = re.compile(any_word({"yerine", "değerinde"}))  # ₺99 yerine ₺49: said of what stands before
_WAS_NOW = tuple(
    (re.compile(f"{any_word([was])} ?$"), re.compile(f"[ ,，]{{0,2}}{any_word([now])}"))
    for language in languages()
    for was, now in language.was_now
)
_CLAUSE = re.compile(r"[,，、;。!?()\[\]【】「」|·•→\n]|(?<!reg)(?<!incl)\.(?= |$)|(?<= )[-+](?= )")
_DEDUCTED = re.compile(r"[\s(:：]-$")
_SENTENCE_ENDS = frozenset(";。!?\n.")
_HANDED_ON = frozenset({"later", "first"})  # may stand in a clause before, without an amount
_LITTLE = 3  # characters beside a role word that name nothing
_LEAVES_OPEN = frozenset({"first", "trial", "fee"})  # 首月特价9.9 is still the first month's


def roles(text: str, spans: Sequence[tuple[int, int]]) -> tuple[Role, ...]:
    """Return the role of each amount of a normalised text.

    ``spans`` are the amounts in order, with the words that say what they are
    per. ``per_unit`` is not among the answers: it depends on the other amounts.
    """
    found: list[Role] = []
    free = 0
    for at, (start, end) in enumerate(spans):
        until = spans[at + 1][0] if at + 1 < len(spans) else len(text)
        before = text[free:start] if free else f" {text[:start]}"
        role, used = _role(before, text[end:until], followed=at + 1 < len(spans))
        if at + 1 < len(spans) and any(
            was.search(before) and now.match(text[end:until]) for was, now in _WAS_NOW
        ):
            role, used = "reference", 0
        found.append(role)
        free = end + used
    return tuple(found)


def _role(before: str, behind: str, *, followed: bool) -> tuple[Role, int]:
    """Role, and how many letters of ``behind`` belong to it."""
    if _DEDUCTED.search(before):
        return "saving", 0
    earlier, own = _clauses(before)
    said = _said(own)
    if said:
        return _ROLE_OF[said], 0
    match = _behind(behind)
    leads_on = match and followed and not behind[match.end() :].strip(" :")
    if match and (not leads_on or _POSTPOSED.fullmatch(match[0])):
        return _ROLE_OF[str(match.lastgroup)], match.end()
    handed = _said(earlier)
    return (_ROLE_OF[handed] if handed in _HANDED_ON else "price"), 0


def _behind(text: str) -> re.Match[str] | None:
    """The word right behind an amount; before bridges, which may be its beginning: di sconto."""
    near = _MARKS.match(text)
    bridge = _BRIDGE.match(text)
    ends = [found.end() for found in (near, bridge) if found]
    return next((match for end in ends if (match := _WORDS_BEHIND.match(text, end))), None)


def says_only_role(words: str) -> bool:
    """Whether words beside an amount only say what it is (首月, then, 原价), and name nothing."""
    match = _WORDS_BEFORE.search(words)
    rest = len(words) - (match.end() - match.start()) if match else len(words)
    return match is not None and rest <= _LITTLE


def _clauses(before: str) -> tuple[str, str]:
    """Part the text before an amount: earlier clauses of its sentence, and its own."""
    marks = list(_CLAUSE.finditer(before))
    own = marks[-1].end() if marks else 0
    ended = next((m.end() for m in reversed(marks) if m[0] in _SENTENCE_ENDS), 0)
    return before[ended : max(ended, own - 1)], before[own:]


def _said(clause: str) -> str | None:
    """Name the word group of ``_BEFORE`` that decides, if any."""
    words = [str(match.lastgroup) for match in _WORDS_BEFORE.finditer(clause)]
    if "later" in words:
        return "later"
    if "renewal" in words and words[-1] != "first":  # 自动续费：首月9.9 is the first month's
        return "renewal"
    if words and words[-1] == "price":
        return next((word for word in words if word in _LEAVES_OPEN), "price")
    return words[-1] if words else None
