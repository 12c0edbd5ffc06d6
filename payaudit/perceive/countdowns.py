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
# 2027年6月30日24:00, 28.02.2027, 24:00, 今晚24:00: when something ends, and not what is left.
_OF_DAY = re.compile(
    r"(?:\d{1,2}\s?[日号號]|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|(?<!\d)\d{1,2}\.\d{1,2}\.|(?:19|20)\d\d|\d(?:st|nd|rd|th)"
    r"|[今明当當][天日晚夜]|[早晚午]上?|よる|午後|午前|오전|오후|밤|tonight|midnight|today|tomorrow"
    r"|january|february|march|april|may|june|july|august|september|october|november|december"
    r"|(?<![a-z])(?:at|until|till|by|before|um|bis|à|jusqu'à|às|até|a las|hasta|alle|fino|pukul|jam|lúc|saat)"
    r"|เวลา)[\s,]{0,3}(?:(?:at|um|à|às|a las|alle|pukul|lúc|เวลา)\s{0,2})?$",
    re.IGNORECASE,
)
_LAST_MINUTE = {(24, 0), (23, 59)}  # as a time of day
_MIDNIGHT = {(24, 0, 0), (23, 59, 59), (0, 0, 0)}
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
        match = _running(joined)
        if match is None:
            continue
        said = joined.replace(_JOINT, " ")
        days, hours, minutes, seconds = (int(match[k] or 0) for k in "dhms")
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


def _running(line: str) -> re.Match[str] | None:
    """The first time in a line that may be one left, rather one of three parts than of two."""
    found = [m for m in _CLOCK.finditer(line) if _may_run(m, line)]
    found.sort(key=lambda m: m["h"] is None)
    return next((m for m in (*found, *_WORDED.finditer(line)) if _within(m)), None)


def _may_run(match: re.Match[str], line: str) -> bool:
    if match["h"] is not None:
        # 6月30日23:59:59 is when it ends, though its day reads as a number of days.
        ends = (int(match["h"]), int(match["m"]), int(match["s"])) in _MIDNIGHT
        return not ends or _OF_DAY.search(line[: match.start("h")]) is None
    end = (int(match["m"]), int(match["s"]))
    return end not in _LAST_MINUTE and _OF_DAY.search(line[: match.start("m")]) is None


def _within(match: re.Match[str]) -> bool:
    """Whether no part is more than a clock shows."""
    return int(match["s"]) <= 59 and (int(match["m"] or 0) <= 59 or not match["h"])  # noqa: PLR2004 - of minutes and seconds


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
