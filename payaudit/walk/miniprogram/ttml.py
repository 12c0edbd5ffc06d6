"""Douyin's TTML, TTSS and SJS, read as the WXML, WXSS and WXS that they are twins of; Kuaishou's alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

Twin = Literal["tt", "ks"]

_ENDINGS: dict[Twin, dict[str, str]] = {
    "tt": {".ttml": ".wxml", ".ttss": ".wxss", ".sjs": ".wxs"},
    "ks": {".ksml": ".wxml", ".css": ".wxss"},
}
_SCRIPT = re.compile(r"<(/?)sjs\b")


def dialect_of(names: Mapping[str, str] | list[str]) -> Literal["wx", "tt", "ks"]:
    """Which host's language a package is written in, by the names of its files."""
    if any(name.endswith(".ttml") for name in names):
        return "tt"
    return "ks" if any(name.endswith(".ksml") for name in names) else "wx"


def as_wxml(files: Mapping[str, str], twin: Twin) -> dict[str, str]:
    """The same files under the names and with the directives that the template compiler knows."""
    endings = _ENDINGS[twin]
    made: dict[str, str] = {}
    for name, text in files.items():
        ending = next((e for e in endings if name.endswith(e)), None)
        if ending is None:
            # A page brought over from WeChat may keep its file's name and have the other host's directives.
            made[name] = _directives(text, twin) if name.endswith(".wxml") else text
            continue
        renamed = text
        for old, new in endings.items():
            renamed = re.sub(rf"{re.escape(old)}(?=[\"'\s;)]|$)", new, renamed)
        if ending in {".ttml", ".ksml"}:
            renamed = _directives(renamed, twin)
        made[name.removesuffix(ending) + endings[ending]] = renamed
    return made


def _directives(text: str, twin: Twin) -> str:
    return _SCRIPT.sub(r"<\1wxs", re.sub(rf"(?<=\s){twin}:(?=[a-z])", "wx:", text))
