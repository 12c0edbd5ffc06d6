"""Every reason that the walk can give is known to the list in which a reader finds it in their language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from payaudit.report.reasons import bundled, said

WALK = Path(__file__).parents[2] / "payaudit" / "walk"
# What gives a reason, as an argument: an act of a run, or what proposes one.
GIVERS = {
    "tap",
    "wait",
    "scroll",
    "swipe",
    "open",
    "back",
    "capture",
    "type",
    "outside_tap",
    "_press",
    "Proposal",
}
NAMES = {"why", "reason", "passed_over"}
FILLED = ("7", "its caption says “播放”", "age")  # what may stand in a gap: words, a reason, a kind of form


def _as_said(node: ast.expr) -> str | None:
    """A literal as the walk would say it, ``{}`` where it puts something in."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)
    return None


def _given(tree: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)) if name in GIVERS:
                yield from node.args
                yield from (k.value for k in node.keywords if k.arg in NAMES)
            case ast.Assign(targets=[ast.Name(id=name)]) if name in NAMES:
                yield node.value
            case ast.keyword(arg=str(name)) if name in NAMES:
                yield node.value


def _reasons() -> list[str]:
    found: dict[str, None] = {}
    for path in sorted(WALK.rglob("*.py")):
        for node in _given(ast.parse(path.read_text("utf-8"))):
            branches = [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]
            for text in map(_as_said, branches):
                if text is not None and len(text.split()) > 2:
                    found[text] = None
    return list(found)


REASONS = _reasons()


def test_reasons_are_found_in_the_walk() -> None:
    assert len(REASONS) > 60
    assert "the page may still be busy" in REASONS
    assert "episode {}: to see what it costs" in REASONS


@pytest.mark.parametrize("why", REASONS)
def test_a_reason_of_the_walk_is_said_in_chinese(why: str) -> None:
    assert any(said(why.replace("{}", filled), "zh") is not None for filled in FILLED)


@pytest.mark.parametrize("verb", ["up", "down", "to it"])
def test_which_way_was_scrolled_is_said_in_both(verb: str) -> None:
    assert not any(c.isascii() and c.isalpha() for c in bundled().ways[verb].zh)
