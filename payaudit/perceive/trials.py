"""How long a trial lasts, as its text says."""

from __future__ import annotations

import re

from payaudit.perceive.amount_words import any_word, listed
from payaudit.perceive.normal import normalise
from payaudit.perceive.numerals import CHINESE, number
from payaudit.perceive.timewords import DAYS_OF, UNIT

_LENGTH = rf"(?P<count>\d{{1,3}}|{CHINESE})[ -]?(?P<unit>{UNIT})"
_WORDS = "免费|试用|体验|尝鲜|试看|无料|무료"
_LATIN = "free|trial|gratis|gratuits?|kostenlos|testen|d'essai|de prueba"
_WORD_AFTER = f"(?:{_WORDS}|{_LATIN}|{any_word(listed('trial_behind'))})(?!.{{0,3}}集)"
_WORD_BEFORE = (
    # 全站短剧免费看365天 says what a membership opens, no trial.
    "(?:(?<!短剧)(?<!剧集)(?<!全站)(?<!全场)(?<!全部)(?<!所有)(?<!片库)免费看|免费(?:试用|体验|领)?|试用期?|体验期?|尝鲜|试看|无料)"
    "(?:会员|vip|时长|为)?[: ]?"
    "|(?<![a-z])(?:trial|free)(?: trial)?(?: period)?(?: access)?(?: for| of|:| \\(| -)? "
    "(?:the )?(?:first )?|(?:essai|prueba)(?: gratuit| gratis| gratuita)?(?: de)? "
    f"|{any_word(listed('trial_before'))}[: ]{{0,2}}"
)
_TRIALS = (
    re.compile(rf"(?<![\d.,第]){_LENGTH}[ -]?(?:的|间|会员|vip|premium)? ?{_WORD_AFTER}"),
    re.compile(rf"(?:{_WORD_BEFORE}){_LENGTH}"),
)
_LONGEST = 92  # days; what is free for longer is no trial (screening heuristic: a quarter)
_BESIDE = 6  # letters between an amount and the length it is for (7 Tage 0,00 €; $0 for 7 days)
_AROUND = 16  # letters on each side of a length that can make it a trial's


def trial_days(text: str) -> int | None:
    """Return the days of the trial a text offers (一周试用: 7); None if it names none."""
    plain = normalise(text).text
    for pattern in _TRIALS:
        match = pattern.search(plain)
        count = number(match["count"]) if match else None
        if match and count:
            days = int(count * DAYS_OF[match["unit"]])
            if days <= _LONGEST:
                return days
    return None


def days_beside(plain: str, start: int, end: int) -> int | None:
    """Return the length told directly before or after ``start:end`` of a normalised text, in days."""
    for match in re.finditer(rf"(?<![\d.,第]){_LENGTH}", plain):
        count = number(match["count"])
        near = 0 <= start - match.end() <= _BESIDE or 0 <= match.start() - end <= _BESIDE
        if count and near:
            return int(count * DAYS_OF[match["unit"]])
    return None


def is_trial_length(plain: str, start: int, end: int) -> bool:
    """Tell whether the length at ``start:end`` of a normalised text is a trial's."""
    first = max(0, start - _AROUND)
    around = plain[first : end + _AROUND]
    return any(
        first + match.start("count") <= start and end <= first + match.end("unit")
        for pattern in _TRIALS
        for match in pattern.finditer(around)
    )
