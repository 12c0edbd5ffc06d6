"""Which episodes, and how many of them, a text speaks of."""

from __future__ import annotations

import re

from payaudit.perceive.normal import normalise
from payaudit.perceive.numerals import CHINESE, number

_NUMBER = rf"(?:\d{{1,4}}|{CHINESE})"
_TO = "(?:-|~|至|到|to|through|thru|bis|à|al|a|sampai|đến|ถึง)"
_LATIN = (
    r"(?:episodes?|eps?\.?|folgen?|épisodes?|episodios?|episodi|episódios?|capítulos?|puntat[ae]"
    "|bölüm(?:ler)?|tập|ตอน(?!นี้))"
)
_NO_CARD = "(?!卡|以后|之后|起)"
_RANGES = (
    re.compile(
        rf"(?<![\d.])(?P<first>{_NUMBER}) ?[集话]? ?{_TO} ?第? ?(?P<last>{_NUMBER}) ?"
        rf"(?:[集话화회]|{_LATIN}(?![a-z]))"
    ),
    re.compile(
        rf"(?<![a-z]){_LATIN} ?(?P<first>\d{{1,4}}) ?{_TO} ?(?:{_LATIN} ?)?"
        r"(?P<last>\d{1,4})(?!\d|\.\d)"
    ),
)
# 第20集 is one episode by number, 前10集 and 更新至20集 say where something ends.
_COUNTS = (
    re.compile(
        "(?:含|共|解锁|全|可看|观看|看|剩余|余下|剩|后|送|得|购买|买|享|[:/ ])前?"
        f"(?P<count>{_NUMBER}) ?集{_NO_CARD}"
    ),
    re.compile(rf"(?<![第前至到\-~\d.])(?<!{CHINESE.partition('{')[0]})(?P<count>{_NUMBER}) ?集{_NO_CARD}"),
    re.compile(
        r"(?<![\d.,\-~])(?<!to )(?<!season )(?P<count>\d{1,4}) ?(?:more |full |free )?"
        rf"{_LATIN}(?![a-z]|[ .]?\d)"
    ),
    re.compile(r"(?:全|共)(?P<count>\d{1,4}) ?(?:话|화|회)"),
)


def episode_range(text: str) -> tuple[int, int] | None:
    """Return first and last episode of a range such as 第11-20集; None if there is none."""
    plain = normalise(text).text
    for pattern in _RANGES:
        for match in pattern.finditer(plain):
            first, last = number(match["first"]), number(match["last"])
            if first is not None and last is not None and 0 < first < last:
                return int(first), int(last)
    return None


def episode_count(text: str) -> int | None:
    """Return how many episodes a text says it has or opens (含20集); None if it does not.

    The number of one episode (第20集) and the ends of a range are no counts.
    """
    plain = normalise(text).text
    for pattern in _COUNTS:
        for match in pattern.finditer(plain):
            count = number(match["count"])
            if count is not None:
                return int(count)
    return None
