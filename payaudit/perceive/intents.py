"""What a control is for, from its words, its shape and its place.

Scores run from 0 to 1 and carry their reason, so that every act of a walk can
be explained. Words weigh most; a shape or place alone is never more than a hint.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from payaudit.perceive.controls import Control
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.paint import area
from payaudit.perceive.screen import Screen
from payaudit.perceive.texts import union
from payaudit.perceive.tree import Rect

INTENTS = (
    "pay", "unlock", "close", "decline", "stay", "accept_gate", "reject_cookies", "age_gate",
    "open_app", "episodes", "next_episode", "play", "agreement_link", "fold", "login", "back",
    "watch_ad", "answer_yes", "continue_web", "guest", "code_get", "language_name", "install",
    "bare_open", "grant_passwordless", "push_permission", "newsletter", "share", "account_end",
)  # fmt: skip
"""Word groups that name what a control is for."""

_HOLDS_STATE = frozenset({"checkbox", "radio", "switch", "input"})
_NO = 0.75  # score of a caption that begins with a no, however it goes on
_PAUSES = frozenset(",，、;–—-")
_AWAY = ("close", "decline", "back")
_CAPTION = 64  # characters; a longer label is a card or a paragraph, not a caption
_REACH_PX = 64.0  # from a corner to the middle of a mark that belongs to it
_CLOSE_GLYPH = re.compile("^[×✕✖╳✗✘⨯🗙❌⊗ⓧxX]$")
_CLOSE_NAME = re.compile(
    r"(?:^|[^a-z])(?:close|closer|guanbi|dismiss|cancel|shut|cross)(?:[^a-z]|$)", re.IGNORECASE
)
# The name of one episode is no way to the list of them.
_ONE_EPISODE = re.compile(
    r"^(?:第\s*\d{1,3}\s*[集话話回]|(?:episode|ep\.?|folge|cap[ií]tulo|épisode|episodio|episódio|puntata|bölüm|tập|ตอน(?:ที่)?)\s*\d{1,3}"
    r"|\d{1,3}\.\s*bölüm|\d{1,3}\s*[화회])$",
    re.IGNORECASE,
)
_PRIVATE = re.compile("^[\ue000-\uf8ff]$")  # icon fonts draw with these code points


@dataclass(frozen=True, slots=True)
class Guess:
    """How likely a control serves an intent, and why one thinks so."""

    intent: str
    score: float
    why: str


@lru_cache(maxsize=8192)
def _word_scores(label: str, lexicon: Lexicon) -> tuple[tuple[str, float, str], ...]:
    text = label.strip()
    found = []
    if text and len(text) <= _CAPTION:
        for group in INTENTS:
            hits = lexicon.find(group, text)
            if hits and not (group == "episodes" and _ONE_EPISODE.match(text)):
                covered = sum(h.end - h.start for h in hits) / len(text)
                found.append((group, min(1.0, 0.5 + 0.5 * covered), hits[0].word))
    no = _no(text, lexicon)
    if no is not None and not any(group == "decline" and score >= _NO for group, score, _ in found):
        found = [f for f in found if f[0] not in {"decline", "stay"}] + [("decline", _NO, no)]
    return tuple(found)


def _no(text: str, lexicon: Lexicon) -> str | None:
    """The word by which a caption answers no, whatever it goes on to say: "No, I hate stories"."""
    for hit in lexicon.find("answer_no", text):
        if hit.start == 0 and text[hit.end :].lstrip()[:1] in _PAUSES and len(text) > hit.end + 1:
            return hit.word
    return None


def guesses(control: Control, screen: Screen, lexicon: Lexicon) -> dict[str, Guess]:
    """All that the control may be for, by intent."""
    found = {
        intent: Guess(intent, score * (1.0 if control.strong else 0.85), f"its caption says “{word}”")
        for intent, score, word in _word_scores(control.label, lexicon)
    }
    shape = _close_by_shape(control, screen)
    if shape is not None and shape.score > found.get("close", shape).score * 0.999:
        found["close"] = shape
    return found


def best(intent: str, screen: Screen, lexicon: Lexicon, least: float = 0.4) -> list[tuple[Control, Guess]]:
    """Reachable controls that serve an intent, likeliest first, ties by order on screen."""
    ranked = []
    declines = intent == "reject_cookies" and lexicon.has("cookies", screen.words)
    for control in screen.reachable:
        said = guesses(control, screen, lexicon)
        guess = said.get(intent)
        if guess is not None and guess.score >= least and (declines or not _rather(intent, said)):
            ranked.append((control, guess))
    ranked.sort(key=lambda pair: (-pair[1].score, pair[0].box[1], pair[0].box[0], pair[0].node))
    return ranked


def _rather(intent: str, said: dict[str, Guess]) -> bool:
    """Whether the caption speaks at least as much of going away as of what is sought."""
    if intent in _AWAY:
        return False
    return any(said[i].score >= said[intent].score for i in _AWAY if i in said)


def _close_by_shape(control: Control, screen: Screen) -> Guess | None:
    label = control.label.strip()
    if _CLOSE_GLYPH.match(label):
        return Guess("close", 1.0, f"it shows “{label}”")
    if (len(label) > 12 and control.named) or max(control.box[2:]) > 90:  # noqa: PLR2004 - a close mark is small and says little
        return None
    name = f"{control.words} {control.href or ''}"
    if _CLOSE_NAME.search(name.replace("_", "-")):
        return Guess("close", 0.85, "its author named it so")
    if (label and control.named and not _PRIVATE.match(label)) or control.role in _HOLDS_STATE:
        return None
    layer = layer_box(screen)
    place = _corner(control.box, layer) if layer is not None else None
    if place is None:
        return None
    return Guess("close", 0.7 if control.strong else 0.5, f"a small mark without words {place} of the layer")


def layer_box(screen: Screen) -> Rect | None:
    """The box of the sheet or dialog in front; None when the page itself is."""
    if screen.overlay is None:
        return None
    node = screen.tree.nodes[screen.scope]
    if node.box is None or area(node.box) > area(screen.paint.viewport) * 0.98:
        boxes = [t.box for t in screen.front]
        return union(boxes) if boxes else None
    return screen.paint.shown(node.index)


def _corner(box: Rect, layer: Rect) -> str | None:
    """The place at a layer's edge where marks that close it are put, in words."""
    cx, cy = box[0] + box[2] / 2, box[1] + box[3] / 2
    near_top = layer[1] - _REACH_PX <= cy <= layer[1] + _REACH_PX
    if near_top and abs(cx - (layer[0] + layer[2])) <= _REACH_PX:
        return "at the top right corner"
    if near_top and abs(cx - layer[0]) <= _REACH_PX:
        return "at the top left corner"
    bottom = layer[1] + layer[3]
    if bottom - 10 <= cy <= bottom + 110 and abs(cx - (layer[0] + layer[2] / 2)) <= 30:  # noqa: PLR2004 - a round × hung below a dialog
        return "below the middle"
    return None
