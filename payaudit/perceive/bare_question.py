"""A page that is nothing but a question with its answers, as a layer would be over another page."""

from __future__ import annotations

from payaudit.perceive.controls import Control
from payaudit.perceive.intents import best, guesses
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.screen import Screen

_ANSWERS = (2, 3)
_MOST = 240  # characters on such a page
_LEAST = 0.4  # score of an answer
_WORDS, _LETTERS = 3, 5  # an answer put as a sentence: words, or letters where words are not spaced


def holds_back(screen: Screen, lexicon: Lexicon) -> bool:
    """Whether a page of its own only asks to stay: a few words, one answer that leaves and one that does not.

    A program that draws one state at a time has no layers: its questions are pages.
    """
    if screen.overlay is not None or sum(len(t.text) for t in screen.in_scope) > _MOST:
        return False
    answers = [c for c in screen.reachable if c.strong and c.label.strip() and not screen.in_prose(c)]
    if not _ANSWERS[0] <= len(answers) <= _ANSWERS[1]:
        return False
    leaves = {c.node for c, _ in best("decline", screen, lexicon, _LEAST)}
    stays = {c.node for c, _ in best("stay", screen, lexicon, _LEAST)} - leaves
    others = [c for c in answers if c.node not in leaves | stays]
    if leaves:
        return bool(stays) or (bool(others) and lexicon.has("retention", screen.words))
    return bool(stays) and len(others) == 1 and _sentence(others[0], screen, lexicon)


def _sentence(control: Control, screen: Screen, lexicon: Lexicon) -> bool:
    """Whether an answer is put as a sentence, as those that shame are, and leads to nothing known."""
    label = control.label.strip()
    spaced = len(label.split())
    long = spaced >= _WORDS or (spaced == 1 and len(label) >= _LETTERS and not label.isascii())
    return long and not guesses(control, screen, lexicon)
