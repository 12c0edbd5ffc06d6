"""WXSS as CSS: rpx, imports, element names and the class names of a component's own scope."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from typing import Any

import tinycss2
from tinycss2 import ast

_WIDE = 750  # rpx: the width of any screen
_ELEMENTS = frozenset(
    {
        *("view", "text", "image", "button", "input", "textarea", "checkbox", "checkbox-group", "radio"),
        *("radio-group", "switch", "label", "form", "picker", "picker-view", "picker-view-column", "slider"),
        *("scroll-view", "swiper", "swiper-item", "video", "audio", "rich-text", "navigator", "icon"),
        *(
            "progress",
            "web-view",
            "canvas",
            "cover-view",
            "cover-image",
            "movable-area",
            "movable-view",
            "map",
        ),
        *("camera", "live-player", "live-pusher", "ad", "page-container", "root-portal", "pay-button"),
    }
)
_NESTED = frozenset({"media", "supports", "layer", "container"})


def to_css(files: Mapping[str, str], path: str, scope: str = "") -> str:
    """The sheet at ``path`` with those it imports; ``scope`` is put before class names, as glass-easel does.

    A sheet that is not there is empty.
    """
    return _sheet(files, path, scope, set())


def _sheet(files: Mapping[str, str], path: str, scope: str, seen: set[str]) -> str:
    if path in seen or path not in files:
        return ""
    seen.add(path)
    rules = tinycss2.parse_stylesheet(files[path], skip_comments=True, skip_whitespace=True)
    return _rules(rules, files, path, scope, seen)


def _rules(rules: Iterable[Any], files: Mapping[str, str], path: str, scope: str, seen: set[str]) -> str:
    made: list[str] = []
    for rule in rules:
        if rule.type == "qualified-rule":
            made.append(f"{_selector(rule.prelude, scope)}{{{_values(rule.content)}}}\n")
        elif rule.type == "at-rule":
            made.append(_at_rule(rule, files, path, scope, seen))
    return "".join(made)


def _at_rule(rule: Any, files: Mapping[str, str], path: str, scope: str, seen: set[str]) -> str:  # noqa: ANN401 - tinycss2 has no types
    name = rule.lower_at_keyword
    if name == "import":
        found = _imported(rule.prelude)
        return _sheet(files, _beside(path, found), scope, seen) if found else ""
    if rule.content is None:
        return f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)};"
    if name in _NESTED:
        inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
        return f"@{rule.at_keyword}{_values(rule.prelude)}{{{_rules(inner, files, path, scope, seen)}}}\n"
    return f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{_values(rule.content)}}}\n"


def _imported(prelude: Iterable[Any]) -> str | None:
    for token in prelude:
        if isinstance(token, (ast.StringToken, ast.URLToken)):
            return str(token.value)
        if isinstance(token, ast.FunctionBlock):
            return next((str(a.value) for a in token.arguments if isinstance(a, ast.StringToken)), None)
    return None


def _beside(path: str, other: str) -> str:
    if other.startswith("/"):
        return posixpath.normpath(other.lstrip("/"))
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), other))


def _values(tokens: Iterable[Any]) -> str:
    made: list[str] = []
    for token in tokens:
        if isinstance(token, ast.DimensionToken) and token.lower_unit == "rpx":
            made.append(f"{token.value * 100 / _WIDE:.6g}vw")
        elif isinstance(token, ast.FunctionBlock):
            made.append(f"{token.name}({_values(token.arguments)})")
        elif isinstance(token, ast.ParenthesesBlock):
            made.append(f"({_values(token.content)})")
        elif isinstance(token, ast.CurlyBracketsBlock):
            made.append(f"{{{_values(token.content)}}}")
        else:
            made.append(token.serialize())
    return "".join(made)


def _selector(tokens: Iterable[Any], scope: str) -> str:
    made: list[str] = []
    before: Any = None
    for token in tokens:
        sign = before.value if isinstance(before, ast.LiteralToken) else None
        if isinstance(token, ast.IdentToken):
            made.append(_named(token, sign, scope))
        elif isinstance(token, ast.FunctionBlock) and sign == ":":
            made.append(f"{token.name}({_selector(token.arguments, scope)})")
        else:
            made.append(token.serialize())
        before = token
    text = "".join(made)
    return text.replace(":host", f'[wx-host="{scope}"]') if scope else text


def _named(token: Any, sign: str | None, scope: str) -> str:  # noqa: ANN401 - tinycss2 has no types
    if sign == ".":
        return f"{scope}--{token.serialize()}" if scope else str(token.serialize())
    if sign == ":":
        return str(token.serialize())
    if token.value == "page":
        return "wx-page"
    return f"wx-{token.value}" if token.value in _ELEMENTS else str(token.serialize())
