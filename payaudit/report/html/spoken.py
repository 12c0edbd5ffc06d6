"""A text in both languages as markup; the page shows one of them."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from payaudit.model.text import Text
from payaudit.report.html.shown import shown

# Hebrew, Arabic and their kin: what is quoted in them must not reorder the sentence around it.
_LEFTWARD = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_QUOTED = re.compile("“([^“”]*)”")


def spoken(text: Text) -> Markup:
    """Two elements with their ``lang``, or one where both are the same."""
    if text.en == text.zh:
        return _isolated(text.en)
    en, zh = _isolated(text.en), _isolated(text.zh)
    return Markup('<span class="t" lang="en">{}</span><span class="t" lang="zh">{}</span>').format(en, zh)


def _isolated(text: str) -> Markup:
    """Escaped, with quotations in a script that runs leftward set apart."""
    safe = escape(shown(text))
    if not _LEFTWARD.search(text):
        return safe
    return Markup(_QUOTED.sub(r"“<bdi>\1</bdi>”", str(safe)))  # noqa: S704 - what goes in is escaped
