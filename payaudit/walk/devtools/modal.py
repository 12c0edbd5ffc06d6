"""A question of the host (``wx.showModal``, ``wx.showActionSheet``), kept until it is answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Modal:
    """``answers`` are the words of its buttons; the number is what the page is told by, -1 for leaving."""

    id: str
    kind: str
    title: str
    text: str
    answers: tuple[tuple[str, int], ...]


LEAVE = -1


def modal_of(identity: str, kind: str, told: dict[str, Any]) -> Modal:
    """From the arguments of its call; defaults as WeChat documents them."""
    if kind == "showActionSheet":
        items = [str(item) for item in told.get("itemList") or ()]
        ways = (*((words, number) for number, words in enumerate(items)), ("取消", LEAVE))
        return Modal(identity, kind, str(told.get("alertText") or ""), "", ways)
    yes = (str(told.get("confirmText") or "确定"), 1)
    no = (str(told.get("cancelText") or "取消"), LEAVE)
    ways = (yes,) if told.get("showCancel") is False else (no, yes)
    return Modal(identity, kind, str(told.get("title") or ""), str(told.get("content") or ""), ways)
