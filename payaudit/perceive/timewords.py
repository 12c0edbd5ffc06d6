"""Words for stretches of time, and the period that a number of days makes."""

from __future__ import annotations

from payaudit.model.money import Period
from payaudit.perceive.amount_words import any_word, languages

# Days of one unit, by how it is written after normalising; 月 counts 30, as offers do.
_UNITS = {
    1: "天 日 day days d tag tage tagen jour jours día días hari 일",
    7: "周 星期 礼拜 week weeks wk wks w woche wochen semaine semaines semana semanas minggu 주 周间",
    30: "个月 月 month months mo mos mth m monat monate mois mes meses bulan 개월 월 ヶ月 か月 カ月",
    91: "季度 季 quarter quarters qtr quartal trimestre",
    182: "半年 half-year halbjahr",
    365: "年 year years yr yrs y jahr jahre an ans année año años tahun 년 年间",
}
_DAYS: dict[Period, int] = {"day": 1, "week": 7, "month": 30, "quarter": 91, "half_year": 182, "year": 365}
DAYS_OF = {word: days for days, words in _UNITS.items() for word in words.split()} | {
    word: _DAYS[unit]
    for language in languages()
    for unit, words in language.units.items()
    if unit != "episode"
    for word in words
}
EPISODES = {
    *("集", "话", "화", "회", "episode", "ep", "eps", "folge", "capítulo", "épisode"),
    *(word for language in languages() for word in language.units.get("episode", ())),
}
# Alone behind a number these also make dates and abbreviations: 9月, 9 m.
AMBIGUOUS = frozenset("月 日 年 m d w y an 월 일 년".split())  # noqa: SIM905 - reads as the table above

ADVERBS: dict[str, Period] = {
    "daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter",
    "semi-annually": "half_year", "semiannually": "half_year", "yearly": "year",
    "annually": "year", "annual": "year", "wöchentlich": "week", "monatlich": "month",
    "jährlich": "year", "semanal": "week", "mensual": "month", "anual": "year",
    "hebdomadaire": "week", "mensuel": "month", "annuel": "year", "mingguan": "week",
    "bulanan": "month", "tahunan": "year",
    **{
        word: unit
        for language in languages()
        for unit, words in language.adverbs.items()
        for word in words
    },
}  # fmt: skip

# 372 days: the longest cycle WeChat and Douyin let a subscription renew by.
_SPANS: dict[Period, tuple[int, int]] = {
    "day": (1, 1),
    "week": (7, 7),
    "month": (28, 31),
    "quarter": (84, 93),
    "half_year": (168, 186),
    "year": (336, 372),
}


UNIT = any_word(DAYS_OF, behind_number=True)
ADVERB = any_word(ADVERBS, behind_number=True)


def period_of_days(days: int) -> Period | None:
    """Return the period that lasts about so many days, None for other lengths."""
    return next((p for p, (low, high) in _SPANS.items() if low <= days <= high), None)
