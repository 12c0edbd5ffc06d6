"""A drama's licence or record number, where a text shows one.

Forms and their confidence follow the catalogue of forms in the law register's
notes; numbers of other permits (ICP, 网文, 制作经营) are none.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from payaudit.extract.walked import Walked
from payaudit.model.facts import Coverage, Licence
from payaudit.perceive.episode_number import episode_shown
from payaudit.perceive.grid import cell_number

_REGION = r"(?:总局|内蒙古|兵团|[京津沪渝冀晋蒙辽吉黑苏浙皖闽赣鲁豫鄂湘粤桂琼川蜀贵黔云滇藏陕秦甘陇青宁新兵])"
_YEAR = r"\(20[12]\d\)"
_NO = r"第?\d{1,8}号"
_LICENCES = "微短剧发行许可证|网络剧片发行许可证|发行许可证|批准文件编号|节目编号"
_FORMS: tuple[tuple[str, re.Pattern[str], Decimal], ...] = (
    (
        "issue licence",
        re.compile(rf"\(?{_REGION}?\)?网(?:络)?(?:微短剧|微剧|微|剧|影|动漫|动画|动|纪)审字{_YEAR}{_NO}"),
        Decimal("0.9"),
    ),
    (
        "platform record",
        re.compile(rf"\((?!{_REGION}\))[^()第号]{{1,16}}\)网微(?:短)?剧备(?:案)?字{_YEAR}{_NO}"),
        Decimal("0.9"),
    ),
    (
        "regional record",
        re.compile(rf"\(?{_REGION}?\)?网微(?:短)?剧(?:备(?:案)?|上)字{_YEAR}{_NO}"),
        Decimal("0.7"),
    ),
    (
        "16-character record",
        re.compile(r"(?<![0-9A-Za-z])V\d{15}(?![0-9A-Za-z])"),
        Decimal("0.9"),
    ),
    (
        "labelled number",
        re.compile(rf"(?:{_LICENCES})(?:编)?号?[::]?[^,。;、]{{0,24}}?\d{{1,8}}号?"),
        Decimal("0.5"),
    ),
)
_EPISODES = 2  # whose screens are looked at: the first and a later one
# A text that speaks of such a number in a form that is none of these: it may be there.
_NAMES_IT = re.compile(r"审字|備案|备案号|备案编号|许可证号|微短剧备|网微剧|网标|节目编号|剧集编号|登记号")
_BRACKETS = str.maketrans("〔〕[]【】", "()()()")


def licence(walked: Walked, seen: Coverage) -> Licence | None:
    """The first number seen, in the order of trust of the forms; None where no drama was seen."""
    for form, pattern, confidence in _FORMS:
        for step in walked.seen:
            for text in step.screen.texts:
                if "号" not in text.text and "V" not in text.text:
                    continue
                plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text.text)).translate(_BRACKETS)
                match = pattern.search(plain)
                if match:
                    return Licence(
                        found=True,
                        number=match.group(),
                        form=form,
                        confidence=confidence,
                        at=step.source(text.node, text.text, text.box),
                    )
    asked = (
        s for s in walked.seen if s.events("dialog")
    )  # where the paywall is a question of the browser's own
    paywall = next(iter(walked.untouched()), None) or next(asked, None)
    if paywall is None:
        return None
    return Licence(found=False if _looked_everywhere(walked, seen) else None, at=paywall.source())


def _looked_everywhere(walked: Walked, seen: Coverage) -> bool:
    """Whether all places were seen where a number is shown: law and practices §4 R42."""
    opening = any(g.goal == "credits" and g.state == "reached" for g in seen.goals)
    numbers = {n for s in walked.seen if (n := episode_shown(s.screen)) is not None} | _pressed(walked)
    unread = any(_NAMES_IT.search(t.text) for s in walked.seen for t in s.screen.texts)
    return opening and len(numbers) >= _EPISODES and seen.paywall_seen_whole and not unread


def _pressed(walked: Walked) -> set[int]:
    """Episodes whose cell in the list was pressed: what came up stands in their place."""
    targets = (
        s.step.action.target
        for s in walked.seen
        if s.step.action.intent in {"episode", "first"} and s.step.action.target is not None
    )
    return {number for target in targets if (number := cell_number(target.label)) is not None}
