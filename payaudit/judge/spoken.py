"""What a sentence calls the thing that was judged: its own words in quotation marks, else what it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from payaudit.model.rule import Subject
from payaudit.model.text import Text

# Kinds of facts that may have no words of their own on a page.
_NAMELESS: dict[Subject, Callable[[Any], Text | None]] = {
    "payment_call": lambda c: (
        None if c.offer or c.tapped_label else Text(en="a payment call", zh="一次支付调用")
    ),
    "leaving": lambda x: (
        None
        if x.at.text
        else Text(en=f"the way out in visit {x.at.run}", zh=f"第 {x.at.run} 次进入时的离开过程")
    ),
    "exit": lambda e: None if e.label else Text(en="a way out without words", zh="没有文字的退出方式"),
    "episode": lambda e: Text(en=f"episode {e.number}", zh=f"第 {e.number} 集"),
    "licence": lambda x: None if x.number else Text(en="the licence or record number", zh="许可或备案编号"),
    "merchant": lambda m: None if m.companies else Text(en="the seller", zh="销售者"),
    "coin_plan": lambda _: Text(en="the coin packs", zh="充值档位"),
    "series_cost": lambda _: Text(en="the cost of the series", zh="整剧费用"),
    "minor_guard": lambda m: None if m.text else Text(en="the notice for minors", zh="未成年人提示"),
    "ladder": lambda x: Text(
        en=f"the prices of episodes {x.first_number} to {x.last_number}",
        zh=f"第 {x.first_number} 至 {x.last_number} 集的价格",
    ),
    "cancel": lambda x: None if x.label else Text(en="the way to stop the renewal", zh="停止续费的途径"),
    "persona_pair": lambda x: Text(en=f"“{x.name}”", zh=f"“{x.name}”"),
}


def spoken(subject: Subject, fact: object, label: str) -> Text:
    """``“连续包月会员”``, ``第 9 集``; ``label`` is the fact's own words."""
    nameless = _NAMELESS.get(subject, lambda _: None)(fact)
    return nameless or Text(en=f"“{label}”", zh=f"“{label}”")
