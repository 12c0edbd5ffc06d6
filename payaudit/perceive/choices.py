"""Answers to a question that stands before the offers, as quizzes ask: alike, short, and without a price."""

from __future__ import annotations

import re

from payaudit.perceive.controls import Control
from payaudit.perceive.intents import guesses
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.pressables import alike
from payaudit.perceive.prices import amounts
from payaudit.perceive.screen import Screen
from payaudit.perceive.taboo import taboo
from payaudit.perceive.tree import Tree

_FEWEST, _MOST = 2, 8
_ANSWER = 40  # characters
_CLEAR = 0.6  # score of a caption that says something else
_ROLES = frozenset({"label", "radio", "button", "option", "item", "text"})
_MARKED = frozenset({"label", "radio", "option"})  # of a form, whatever stands above
_ASKS = re.compile(r"[?？]|^\s*\d\s?/\s?\d{1,2}\s*$|\b(?:step|question)\s+\d", re.IGNORECASE)
_ABOVE_PX = 260.0  # between a question and the first of its answers
_SAYS_ELSE = (
    "pay", "unlock", "login", "agreement_link", "grant_passwordless", "close", "back", "episodes",
    "next_episode", "play", "open_app", "install", "share", "fold", "watch_ad", "code_get",
)  # fmt: skip


def choices(screen: Screen, lexicon: Lexicon, *, asked: bool = True) -> tuple[Control, ...]:
    """The answers, in order, of a question that nobody has answered yet; empty where none is asked.

    ``asked``: False where the way here says that a question is, though no mark of one shows.
    """
    group = _group(screen, lexicon, asked=asked)
    if any(c.state is True for c in group):
        return ()
    return tuple(c for c in group if not lexicon.has("minor", c.label))


def answered(screen: Screen, lexicon: Lexicon) -> bool:
    """Whether one of the answers stands chosen: what leads on is pressed next."""
    return any(c.state is True for c in _group(screen, lexicon))


def _group(screen: Screen, lexicon: Lexicon, *, asked: bool = True) -> list[Control]:
    tree = screen.tree
    asks = [t for t in screen.in_scope if t.sight == "visible" and _ASKS.search(t.text)]
    if asked and not asks:
        return []
    pool = [c for c in screen.reachable if _may_answer(c, screen, lexicon)]
    best: list[Control] = []
    for one in pool:
        like = [
            c
            for c in pool
            if c.role == one.role
            and (
                c is one
                or _one_name(tree, one, c)
                or (tree.of_one_list(one.node, c.node) and alike(tree, one.node, c.node))
            )
        ]
        top = min(c.box[1] for c in like)
        led = any(0 <= top - t.box[1] <= _ABOVE_PX for t in asks)
        # Without a question two alike may be any pair of buttons.
        fewest = _FEWEST if led or one.role in _MARKED else _FEWEST + 1
        if (led or not asked) and fewest <= len(like) <= _MOST and len(like) > len(best):
            best = like
    return best


def _one_name(tree: Tree, one: Control, other: Control) -> bool:
    """Whether two radio buttons of a form exclude each other, wherever they stand."""
    if one.role != "radio":
        return False
    name = tree.nodes[one.node].attrs.get("name")
    return bool(name) and tree.nodes[other.node].attrs.get("name") == name


def _may_answer(control: Control, screen: Screen, lexicon: Lexicon) -> bool:
    label = control.label.strip()
    if control.role not in _ROLES or not screen.tree.inside(control.node, screen.scope):
        return False
    named = len(label) <= _ANSWER and any(letter.isalpha() for letter in label)
    aged = control.role in {"label", "radio"} and len(label) <= _ANSWER and label != ""  # 18-29
    if not (named or aged) or (control.role == "text" and not control.strong) or amounts(label):
        return False
    said = guesses(control, screen, lexicon)
    clear = any(said[i].score >= _CLEAR for i in _SAYS_ELSE if i in said)
    return not clear and taboo(control, screen, lexicon) is None
