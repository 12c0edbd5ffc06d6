"""Controls that lead to an agreement."""

from __future__ import annotations

from collections.abc import Collection

from payaudit.perceive.controls import Control
from payaudit.perceive.intents import guesses
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.scene import Scene
from payaudit.perceive.screen import Screen
from payaudit.perceive.texts import Text

_LEAST = 0.5  # score of a caption that names an agreement
_BARE = 0.75  # score of a bare text, which must be nothing but the agreement's name
_MARK_PX = 32.0  # of a tick box drawn by hand
_MARKS = "《》 "  # around the name of an agreement
_NO_AGREEMENT = ("pay", "unlock", "login", "close", "decline", "fold")
_SHORTEST = 4  # characters of a link that a sentence names
_CAPTION = 160  # characters; a longer text that names an agreement is the agreement itself


def agreement_links(screen: Screen, scene: Scene, lexicon: Lexicon) -> list[Control]:
    """Likeliest first, those below the fold among them; boxes and pay controls are none."""
    found = []
    reachable = {c.node for c in screen.reachable}
    agreeing = [t for t in screen.in_scope if lexicon.has("consent", t.text)]
    for control in screen.controls:
        if (
            not _in_hand(control, screen, reachable)
            or (not control.named and max(control.box[2:]) <= _MARK_PX)  # the box before the words that agree
            or control in scene.pays
            or len(control.label) >= _CAPTION
        ):
            continue
        guess = guesses(control, screen, lexicon).get("agreement_link")
        if guess is not None and guess.score >= (_LEAST if control.strong or _is_title(control) else _BARE):
            found.append((control, guess.score))
        elif (control.strong and _is_title(control)) or _named_in(control, agreeing, screen, lexicon):
            found.append((control, _LEAST))
    found.sort(key=lambda one: (-one[1], one[0].box[1], one[0].box[0], one[0].node))
    return [control for control, _ in found]


def _in_hand(control: Control, screen: Screen, reachable: set[int]) -> bool:
    if control.role not in {"link", "button", "text", "item"} or not control.enabled:
        return False
    below = control.reach == "scroll" and control.strong and screen.tree.inside(control.node, screen.scope)
    return below or control.node in reachable


def _named_in(control: Control, agreeing: list[Text], screen: Screen, lexicon: Lexicon) -> bool:
    """Whether a link, or a title between its marks, is a part of a sentence that agrees to it."""
    label = control.label.strip()
    if not _is_title(control) and (control.role != "link" or len(label) < _SHORTEST):
        return False
    said = guesses(control, screen, lexicon)
    if any(said[i].score >= _LEAST for i in _NO_AGREEMENT if i in said):
        return False
    return any(
        label in text.text
        and label != text.text.strip()
        and any(screen.tree.inside(run.node, control.node) for run in text.runs)
        for text in agreeing
    )


def _is_title(control: Control) -> bool:
    """Whether a bare text is one title between its marks and nothing more."""
    label = control.label.strip()
    return label[:1] == "《" and label[-1:] == "》" and label.count("《") == 1


def title(caption: str) -> str:
    """What an agreement is called by the caption of its link."""
    return caption.strip(_MARKS)


def titles(screen: Screen, scene: Scene, lexicon: Lexicon) -> list[str]:
    """The agreements that a screen links, but for those on personal data, which sell nothing."""
    found = [title(c.label) for c in agreement_links(screen, scene, lexicon)]
    return [name for name in found if not _only_of_data(name, lexicon)]


def _only_of_data(name: str, lexicon: Lexicon) -> bool:
    of_data = lexicon.find("privacy", name)
    others = [
        hit
        for hit in lexicon.find("agreement_link", name)
        if not any(hit.start < p.end and p.start < hit.end for p in of_data)
    ]
    return bool(of_data) and not others


def was_read(name: str, done: Collection[str]) -> bool:
    """Whether an agreement was opened, by this caption or a longer one (我已阅读并同意《充值协议》)."""
    bare = name.strip(_MARKS)
    return bare in done or any(bare.endswith(f"《{one}") and bare.count("《") == 1 for one in done)
