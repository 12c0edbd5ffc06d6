"""Provisions as a lawyer cites them: the instrument by its name, its articles together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from payaudit.model.report import ProvisionV1
from payaudit.model.text import Text


def cited(provisions: Sequence[ProvisionV1]) -> tuple[Text, ...]:
    """``Advertising Law, art 28``, ``广告法 第28条``: one for each instrument, in the order given."""
    articles: dict[tuple[str, str], list[Text]] = defaultdict(list)
    for each in provisions:
        articles[each.instrument.en, each.instrument.original].append(each.article)
    return tuple(
        Text(en=f"{en}, {', '.join(a.en for a in own)}", zh=f"{original} {'、'.join(a.zh for a in own)}")
        for (en, original), own in articles.items()
    )
