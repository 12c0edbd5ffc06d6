"""What the kinds of change are called, in both languages; for text and HTML alike."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from payaudit.model.called import money
from payaudit.model.comparison import ComparisonV1, EpisodeChangeV1
from payaudit.model.money import Money
from payaudit.model.text import Language, Text

_SUM = re.compile(r"([A-Z]{3}) (-?\d+(?:\.\d+)?)")
CHANGES: dict[str, Text] = {
    "repriced": Text(en="repriced", zh="调价"),
    "changed": Text(en="changed", zh="变化"),
    "added": Text(en="added", zh="新增"),
    "removed": Text(en="removed", zh="取消"),
    "newly_seen": Text(en="newly seen", zh="新见到"),
    "not_reobserved": Text(en="not re-observed", zh="未再观察到"),
    "same": Text(en="unchanged", zh="未变"),
    "new": Text(en="new", zh="新增"),
    "persists": Text(en="persists", zh="仍然存在"),
    "remedied": Text(en="remedied", zh="已改正"),
}
GRADES: dict[str, Text] = {
    "critical": Text(en="critical", zh="严重"),
    "high": Text(en="high", zh="高"),
    "medium": Text(en="medium", zh="中"),
    "low": Text(en="low", zh="低"),
    "info": Text(en="info", zh="提示"),
}
VALUES: dict[str, Text] = {
    "true": Text(en="yes", zh="是"),
    "false": Text(en="no", zh="否"),
    "day": Text(en="day", zh="天"),
    "week": Text(en="week", zh="周"),
    "month": Text(en="month", zh="月"),
    "quarter": Text(en="quarter", zh="季"),
    "half_year": Text(en="half a year", zh="半年"),
    "year": Text(en="year", zh="年"),
}


def value(text: str, language: Language) -> str:
    """A value as a person would say it: ``是``, ``9.90 元``."""
    if text in VALUES:
        return VALUES[text].in_(language)
    if sum_ := _SUM.fullmatch(text):
        return money(Money(amount=Decimal(sum_[2]), currency=sum_[1])).in_(language)
    return text.replace(" coins", " 币") if language == "zh" and text.endswith(" coins") else text


def runs(episodes: Sequence[EpisodeChangeV1]) -> list[tuple[str, EpisodeChangeV1]]:
    """Episodes in a row that changed alike, as ``9-12``, with the first of them."""
    out: list[list[EpisodeChangeV1]] = []
    for each in episodes:
        last = out[-1][-1] if out else None
        if last and last.number + 1 == each.number and _alike(last, each):
            out[-1].append(each)
        else:
            out.append([each])
    return [(str(g[0].number) if len(g) == 1 else f"{g[0].number}-{g[-1].number}", g[0]) for g in out]


def _alike(one: EpisodeChangeV1, other: EpisodeChangeV1) -> bool:
    return (one.before, one.after) == (other.before, other.after)


def summary(comparison: ComparisonV1, language: Language) -> str:
    """One line: ``offers: 1 repriced, 2 unchanged; 9 episodes repriced; findings: 1 remedied``."""
    zh = language == "zh"
    comma, colon = ("，", "：") if zh else (", ", ": ")

    def told(counts: Mapping[Any, int]) -> str:
        some = [f"{n} {CHANGES[change].in_(language)}" for change, n in counts.items() if n]
        return comma.join(some) or ("无" if zh else "none")

    parts = []
    if comparison.offers is not None:
        parts.append(("项目" if zh else "offers") + colon + told(comparison.offer_counts))
    if comparison.episodes:
        count = len(comparison.episodes)
        parts.append(f"{count} 集调价" if zh else f"{count} episode{'' if count == 1 else 's'} repriced")
    parts.append(("线索" if zh else "findings") + colon + told(comparison.finding_counts))
    return ("；" if zh else "; ").join(parts)
