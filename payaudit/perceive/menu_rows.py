"""Entries of a viewer's own page whose words say nothing known: what a list there may still lead to."""

from __future__ import annotations

import re

from payaudit.perceive.controls import Control
from payaudit.perceive.intents import guesses
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.pressables import alike
from payaudit.perceive.prices import amounts
from payaudit.perceive.screen import Screen
from payaudit.perceive.taboo import taboo

_CAPTION = 28  # characters of an entry
_LETTERS = 2  # of the shortest
_MATES = 2  # others like it that make a list; one is enough of entries as wide as the screen
_WIDE = 0.7
# The head of a chapter, and what tells rather than leads: 地址：…, Balance: 0, ID 5520917.
_TELLS = re.compile(
    r"^(?:[一二三四五六七八九十]+、|第[一二三四五六七八九十\d]+条|\d{1,2}[.、)）]|§)|[:：]\s*\S|\d{4}"
)
_HOLDERS = 4  # nodes, itself first, of which one may be the row
_LIKELY = 0.5  # score of a caption that says something else
_SAYS_ELSE = (
    "pay", "unlock", "close", "decline", "stay", "reject_cookies", "open_app", "install", "episodes",
    "next_episode", "play", "login", "back", "watch_ad", "continue_web", "code_get", "language_name",
    "grant_passwordless", "push_permission", "newsletter", "share", "account_end",
)  # fmt: skip
_ROLES = frozenset({"link", "button", "item", "text"})


def menu_rows(screen: Screen, lexicon: Lexicon) -> tuple[Control, ...]:
    """Captions of a list, one like the other, that open a page as far as anybody can tell."""
    return tuple(
        c
        for c in screen.controls
        if c.reach != "blocked"
        and c.role in _ROLES
        and _short(c)
        and _says_nothing_else(c, screen, lexicon)
        and _in_a_list(screen, c)
    )


def _short(control: Control) -> bool:
    label = control.label.strip()
    letters = sum(letter.isalpha() for letter in label)
    return (
        letters >= _LETTERS
        and not _TELLS.search(label)
        and len(label) <= _CAPTION
        and not any(a.money for a in amounts(label))
    )


def _says_nothing_else(control: Control, screen: Screen, lexicon: Lexicon) -> bool:
    if lexicon.has("changes", control.label):
        return False
    said = guesses(control, screen, lexicon)
    clear = any(said[i].score >= _LIKELY for i in _SAYS_ELSE if i in said)
    return not clear and taboo(control, screen, lexicon) is None


def _in_a_list(screen: Screen, control: Control) -> bool:
    """Whether it stands in one of several rows or tiles alike, and not in a bar at the edge of the screen."""
    tree = screen.tree
    above = tree.ancestors(control.node)
    styles = [tree.nodes[i].style for i in above]
    if any(style is not None and style.position in {"fixed", "sticky"} for style in styles):
        return False
    for item in above[:_HOLDERS]:
        parent = tree.nodes[item].parent
        others = tree.nodes[parent].children if parent >= 0 else []
        box = tree.nodes[item].box
        wide = box is not None and box[2] >= _WIDE * tree.width
        if sum(o != item and alike(tree, item, o) for o in others) >= (1 if wide else _MATES):
            return True
    return False
