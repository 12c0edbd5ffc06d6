"""Which single episode a screen or a caption speaks of."""

from __future__ import annotations

import re
from collections import Counter

from payaudit.perceive.screen import Screen

BEFORE_NUMBER = (
    r"ep(?:isode|s)?\.?|e(?=\d)|folge|cap[ií]tulo|épisode|episodio|epis[óo]dio|puntata|tập|bölüm|ตอน(?:ที่)?|сери[яи]|эпизод"
    r"|एपिसोड|भाग|الحلقة|odcinek|aflevering|avsnitt"
)
"""What stands before the number of an episode, by language, as a pattern."""

_NUMBER = re.compile(
    r"第\s*0*(\d{1,3})\s*[集话話回]"
    rf"|(?<![a-z])(?:{BEFORE_NUMBER})\s*\.?\s*0*(\d{{1,3}})(?![\d.,])"
    r"|エピソード\s*0*(\d{1,3})|(?<![\d~\-])0*(\d{1,3})\s*[화회](?![비원])",
    re.IGNORECASE,
)
_SPAN = re.compile(r"\d\s*[-~–—至到]\s*第?\s*\d")


def episode_shown(screen: Screen) -> int | None:
    """The number of the episode that the screen speaks of; None where it speaks of none or of several."""
    front = [t.text for t in screen.front]
    behind = [t.text for t in screen.texts if t.sight in {"visible", "covered"}]
    for texts in (front, behind):
        numbers = Counter(
            int(next(filter(None, match.groups())))
            for text in texts
            if not _SPAN.search(text)
            for match in _NUMBER.finditer(text)
        )
        if len(numbers) == 1:
            return next(iter(numbers))
    return None


def number_in(label: str) -> int | None:
    """The episode that a caption names; None where it names none or several."""
    found = {int(next(filter(None, m.groups()))) for m in _NUMBER.finditer(label)}
    return found.pop() if len(found) == 1 and not _SPAN.search(label) else None
