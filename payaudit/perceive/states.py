"""Whether a control is ticked, chosen or on, and how that is known."""

from __future__ import annotations

import re
from typing import Literal

from payaudit.perceive.pressables import ICON_PX
from payaudit.perceive.style import vivid
from payaudit.perceive.texts import Text
from payaudit.perceive.tree import Node, Tree

Known = Literal["dom", "aria", "class", "style"]
State = tuple[bool | None, Known | None]
"""True, False, or None where it cannot be told; and what told it."""

_ARIA = ("aria-checked", "aria-pressed", "aria-selected")
_TOKEN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_ON = frozenset(
    {"active", "selected", "checked", "on", "cur", "current", "chosen", "choose", "select", "sel"}
)
_OFF = frozenset({"unchecked", "unselected", "inactive"})
_DENIED = frozenset({"un", "not", "no", "non"})
_DENIABLE = frozenset({"checked", "selected", "active"})
_PREFIXES = frozenset({"select", "choose", "on", "checked"})  # begin names of parts: select-box, on-top
_TICK = re.compile("[✓✔√☑✅◉⦿●]")
_NO_TICK = re.compile("[☐□○◯⬜]")
_SEEN = 1.3  # contrast from which a tick is seen
_MARK = 3  # characters of a mark that is no caption
_BELOW = 60  # nodes of a control, itself first, that may hold its state
_NAMED = 6  # of these, the ones whose class may say it
_SQUARE_PX = 6  # by which the sides of a tick box differ at most
_PAINTED = 0.5  # alpha from which a ground is seen


def state_of(tree: Tree, node: Node, inside: list[Text]) -> State:
    """By the document, else by ARIA, by class names, by how it is drawn."""
    below = [tree.nodes[i] for i in tree.subtree(node.index)[:_BELOW]]
    for box in below:
        if box.checked is not None and box.tag == "INPUT":
            return box.checked, "dom"
    for value in (n.attrs.get(name) for n in below for name in _ARIA):
        if value in {"true", "false"}:
            return value == "true", "aria"
    for named in below[:_NAMED]:
        verdict = state_of_words(named.words())
        if verdict is not None:
            return verdict, "class"
    return _state_by_mark(inside) or _state_of_tick_box(node, below) or _state_of_switch(node, below, inside)


def state_of_mark(tree: Tree, node: Node, inside: list[Text]) -> State:
    """Of a tick box drawn by hand in a row: its ground tells more than a tick that may be unseen."""
    below = [tree.nodes[i] for i in tree.subtree(node.index)[:_BELOW]]
    return _state_of_tick_box(node, below) or _state_by_mark(inside) or (None, None)


def _state_by_mark(inside: list[Text]) -> State | None:
    # A tick in the colour of its ground is there for later.
    drawn = " ".join(t.text for t in inside if any(r.contrast is None or r.contrast >= _SEEN for r in t.runs))
    if len(drawn) <= _MARK:
        if _TICK.search(drawn):
            return True, "style"
        if _NO_TICK.search(drawn):
            return False, "style"
    return None


def _state_of_tick_box(node: Node, below: list[Node]) -> State | None:
    if node.box is None or max(node.box[2:]) > ICON_PX or abs(node.box[2] - node.box[3]) >= _SQUARE_PX:
        return None
    looks = [n.style for n in below if n.style is not None]
    if any(vivid(s.background) for s in looks):
        return True, "style"
    if any(s.border_px > 0 for s in looks):
        # A picture may be the tick.
        return (None if any(s.picture for s in looks) else False), "style"
    return None


def _state_of_switch(node: Node, below: list[Node], inside: list[Text]) -> State:
    if inside or not _pill(node):
        return None, None
    for part in below[:3]:
        ground = part.style.background if part.style is not None else None
        if ground is not None and ground[3] > _PAINTED:
            return vivid(ground), "style"
    return None, None


def _pill(node: Node) -> bool:
    """Drawn like a switch: about twice as wide as high, with round ends."""
    if node.box is None or node.style is None:
        return False
    width, height = node.box[2:]
    return 14 <= height <= 40 and 1.4 <= width / height <= 2.6 and node.style.radius >= 0.4 * height  # noqa: PLR2004 - px and shape of switches


def state_of_words(words: str) -> bool | None:
    """Whether class names say that a thing is on (``is-active``) or off (``icon--unchecked``)."""
    found: bool | None = None
    for name in words.split():
        tokens = [t.lower() for t in _TOKEN.findall(name)]
        for i, token in enumerate(tokens):
            if token in _OFF or (token in _DENIABLE and i and tokens[i - 1] in _DENIED):
                found = False
            elif token in _ON and not (token in _PREFIXES and len(tokens) > 1 and i == 0):
                return True
    return found
