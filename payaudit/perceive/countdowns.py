"""Clocks that run down and counts of what is left, as a screen shows them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.screen import Screen
from payaudit.perceive.texts import Text
from payaudit.perceive.tree import Rect

_LINE_PX = 12.0  # middles of the texts of one line differ by less
_GAP_PX = 28.0  # between digits and their colons set in boxes of their own
# A space behind a colon alone is a list's: Episode 9: 40 coins.
_CLOCK = re.compile(
    r"(?<![\d:./])(?:(?P<d>\d{1,2})\s*(?:天|日|days?|d|giorn[io]|gün)\s*)?"
    r"(?:(?P<h>\d{1,2})(?:[:：]\u2009*|\s+[:：]\s*))?(?P<m>\d{1,2})(?:[:：]\u2009*|\s+[:：]\s*)(?P<s>\d{2})(?:[.:：]\d{1,3})?(?![\d:：/])"
)
_WORDED = re.compile(
    r"(?<!\d)(?:(?P<d>\d{1,2})\s*(?:天|日|days?|d|tage?|jours?|días?|dias?|hari|일|giorn[io]|gün|ngày|วัน)\s*)?"
    r"(?:(?P<h>\d{1,2})\s*(?:小时|小時|时|時|時間|hours?|hrs?|h|std\.?|stunden?|heures?|horas?|jam|시간|or[ae]|saat|giờ|ชั่วโมง|ชม\.?)\s*)?"
    r"(?:(?P<m>\d{1,2})\s*(?:分钟|分鐘|分|minutes?|mins?|min|m|minuten|minutos?|menit|분|minut[io]|dakika|dk|phút|นาที)\s*)?"
    r"(?P<s>\d{1,2})\s*(?:秒钟|秒鐘|秒|seconds?|secs?|sec|s|sekunden?|secondes?|segundos?|detik|초|second[io]|saniye|sn|giây|วินาที)(?![a-z])",
    re.IGNORECASE,
)
_JOINT = "\u2009"  # between texts of one line: a space that no text writes behind a colon
_PLAYED = re.compile(r"\d:\d{2}\s*/\s*\d")  # a player's own clock
_NUMBER = re.compile(r"\d[\d,]*")
_BEHIND = re.compile(r"[ :：]*(?:\d[\d,]*)")
_DIGITS = re.compile(r"[\d:：.]+")
_CAPTION = 80  # characters kept around a clock


@dataclass(frozen=True, slots=True)
class Clock:
    """A time left in seconds; ``caption`` is its line without digits, to know it again."""

    seconds: int
    caption: str
    text: str
    urgent: bool  # a word beside it presses to decide
    node: int
    box: Rect


@dataclass(frozen=True, slots=True)
class Count:
    """A number of what is left or of others who look, in words that press to decide."""

    number: int
    caption: str
    text: str
    node: int
    box: Rect


def clocks(screen: Screen, lexicon: Lexicon) -> tuple[Clock, ...]:
    """Every time in front that may be running down, in reading order."""
    found = []
    lines = _lines(screen)
    for at, line in enumerate(lines):
        joined = _JOINT.join(t.text.strip() for t in line)
        if _PLAYED.search(joined):
            continue
        match = _CLOCK.search(joined) or _WORDED.search(joined)
        if match is None:
            continue
        said = joined.replace(_JOINT, " ")
        days, hours, minutes, seconds = (int(match[k] or 0) for k in "dhms")
        if seconds > 59 or (minutes > 59 and match["h"]):  # noqa: PLR2004 - no time of day
            continue
        around = " ".join(t.text.strip() for near in lines[max(0, at - 1) : at + 2] for t in near)
        found.append(
            Clock(
                ((days * 24 + hours) * 60 + minutes) * 60 + seconds,
                _caption(said),
                said[:_CAPTION],
                lexicon.has("urgency", around),
                line[0].node,
                line[0].box,
            )
        )
    return tuple(found)


def counts(screen: Screen, lexicon: Lexicon) -> tuple[Count, ...]:
    """Every number that stands within words of urgency (仅剩3个名额, only 3 left)."""
    found = []
    for text in screen.front:
        told: set[int] = set()
        for hit in lexicon.find("urgency", text.text):
            number = _NUMBER.search(text.text, hit.start, hit.end) or _BEHIND.match(text.text, hit.end)
            if number is None or _CLOCK.search(text.text) or _WORDED.search(text.text):
                continue
            if number.end() in told:
                continue
            value = int(number.group().strip(" :：").replace(",", ""))
            said = text.text.strip()
            # A text may tell two: 已抢97% 今日仅剩6个名额.
            caption = _caption(said) + (f" ({len(told) + 1})" if told else "")
            told.add(number.end())
            found.append(Count(value, caption, said[:_CAPTION], text.node, text.box))
    return tuple(found)


def _caption(said: str) -> str:
    return " ".join(_DIGITS.sub(" ", said).split())[:_CAPTION]


def _lines(screen: Screen) -> list[list[Text]]:
    """Front texts by line, joined where they stand close."""
    lines: list[list[Text]] = []
    for text in sorted(screen.front, key=lambda t: (round(_middle(t.box) / _LINE_PX), t.box[0])):
        last = lines[-1][-1].box if lines else None
        if (
            last is not None
            and abs(_middle(last) - _middle(text.box)) < _LINE_PX
            and -_LINE_PX < text.box[0] - (last[0] + last[2]) < _GAP_PX
        ):
            lines[-1].append(text)
        else:
            lines.append([text])
    return lines


def _middle(box: Rect) -> float:
    return box[1] + box[3] / 2
