"""Boxes, ticks and switches that agree to something, with the words they agree to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from payaudit.model.facts import ConsentKind
from payaudit.perceive.controls import Control
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.pay_controls import priced
from payaudit.perceive.placed import ASKED
from payaudit.perceive.prices import amounts
from payaudit.perceive.screen import Screen
from payaudit.perceive.states import state_of_mark
from payaudit.perceive.style import vivid
from payaudit.perceive.tree import Node, Rect

_KINDS: tuple[tuple[str, ConsentKind], ...] = (
    ("passwordless", "passwordless"),
    ("autobuy", "autobuy"),
    ("renewal", "renewal"),
    ("extra", "addon"),
    ("consent", "agreement"),
    ("agreement_link", "agreement"),
)
_WAYS_OUT = ("back", "close", "menu", "share")
_BOXES = frozenset({"checkbox", "switch"})
_TICK_PX = 64.0  # a tick box or switch is no larger
_SEEN_PX = 6.0  # smaller is not seen
_LABEL = 200  # characters; a longer caption is a whole panel
_ALIKE_PX = 6.0  # by which marks of one column may differ in place and size
_GAP_PX = 10.0  # between words of one line
_ROW_PX = 90.0  # three lines beside a box
_MARK_PX = (8.0, 56.0)  # sides of a mark or switch drawn by hand
_ROUND = 0.4  # radius of a circle, as a share of its side
_LIST = 1  # further ticks of a list of benefits
_MARKS = 24  # nodes of a row that may draw it


@dataclass(frozen=True, slots=True)
class ConsentBox:
    """One thing to agree to. ``control.state`` is None where it cannot be told."""

    kind: ConsentKind
    label: str
    control: Control

    @property
    def press(self) -> Control:
        """The control with a point that ticks it: the left end of a row, clear of the links within."""
        x, y, width, height = self.control.box
        if width <= _TICK_PX or self.control.tap is None:
            return self.control
        return replace(self.control, tap=(x + min(10.0, height / 2), y + height / 2))


def consent_boxes(screen: Screen, lexicon: Lexicon) -> tuple[ConsentBox, ...]:
    """All in front, in screen order; one for each label."""
    found: dict[tuple[str, int], ConsentBox] = {}
    for control in sorted(screen.controls, key=_by_strength):
        if not _shown(screen, control) or not _like_a_box(screen, control, lexicon):
            continue
        label = _with_what_follows(screen, control, lexicon)
        kind = _kind(label, lexicon)
        if kind is None and _says_i_agree(label, lexicon):
            kind = "agreement"
        if kind is None and priced(control):
            kind = "addon"  # a tick that costs something, and is none of several to choose from
        elif kind is None and (cost := _cost_in_its_row(screen, control)):
            kind, label = "addon", f"{label} {cost}"
        # Two boxes with the same words are two; a box and its own row are one.
        same = (label, round((control.box[1] + control.box[3] / 2) / 40))
        if kind is None or same in found or any(_nested(screen, control, b.control) for b in found.values()):
            continue
        if kind != "agreement" and _a_bullet(screen, control, lexicon):
            continue
        found[same] = ConsentBox(kind, label, _with_its_mark(screen, control))
    return tuple(sorted(found.values(), key=lambda b: (b.control.box[1], b.control.box[0])))


def _with_what_follows(screen: Screen, control: Control, lexicon: Lexicon) -> str:
    """A caption that agrees, with the texts that go on behind it in its line: the agreements' own links."""
    x, y, width, height = control.box
    label, right = control.label.strip(), x + width
    seen = _line_behind(screen, control)
    if len(seen) > len(label) and lexicon.has("consent", seen) and lexicon.has("agreement_link", seen):
        return seen  # what stands beside a box says more than the name that its author gave it
    if not lexicon.has("consent", label) or lexicon.has("agreement_link", label):
        return control.label
    line = [t for t in screen.in_scope if _in_line(t.box, (y, height))]
    for text in sorted(line, key=lambda t: t.box[0]):
        said = text.text.strip()
        if said.startswith(label) and len(said) < _LABEL:
            label, right = said, max(right, text.box[0] + text.box[2])
        elif -_GAP_PX < text.box[0] - right < _GAP_PX and len(label) + len(said) < _LABEL:
            label, right = f"{label}{said}", text.box[0] + text.box[2]
    return label


def _line_behind(screen: Screen, control: Control) -> str:
    """What stands behind a tick box in its line; empty for anything larger than a tick box."""
    x, y, width, height = control.box
    label, right = "", x + width
    if width > _TICK_PX:
        return label
    line = [t for t in screen.in_scope if _in_line(t.box, (y, height)) and t.box[0] >= right - _GAP_PX]
    for text in sorted(line, key=lambda t: t.box[0]):
        if text.box[0] - right > (_GAP_PX if label else 2 * _GAP_PX):
            break
        label, right = f"{label}{text.text.strip()}", text.box[0] + text.box[2]
    return label if len(label) < _LABEL else ""


def _cost_in_its_row(screen: Screen, control: Control) -> str:
    """The one amount that stands at the end of a tick box's row, as on a bill; empty where there is none."""
    if control.role not in _BOXES or not control.label.strip() or max(control.box[2:]) > _TICK_PX:
        return ""
    x, y, width, height = control.box
    said = [
        t.text.strip()
        for t in screen.in_scope
        if t.box[0] >= x + width and _in_line(t.box, (y, height)) and t.text.strip() not in control.label
    ]
    asked = len(said) == 1 and any(a.role in ASKED and a.money is not None for a in amounts(said[0]))
    return said[0] if asked else ""


def _in_line(box: Rect, row: tuple[float, float]) -> bool:
    """Whether a box and a row, by its top and height, share most of the lower one's height."""
    shared = min(box[1] + box[3], row[0] + row[1]) - max(box[1], row[0])
    return shared > min(box[3], row[1]) / 2


def _nested(screen: Screen, one: Control, other: Control) -> bool:
    tree = screen.tree
    return tree.inside(one.node, other.node) or tree.inside(other.node, one.node)


def _by_strength(control: Control) -> tuple[bool, bool, int]:
    return (control.role not in _BOXES, control.state is None, control.node)


def _like_a_box(screen: Screen, control: Control, lexicon: Lexicon) -> bool:
    if control.role in _BOXES or _a_ticked_square(screen, control, lexicon):
        return True
    no_box = {"radio", "select", "input", "link", "text", "option", "tab", "item"}
    if control.role in no_box or _of_a_choice(screen, control) or _leads_out(control, lexicon):
        return False
    if min(control.box[2:]) < _SEEN_PX or len(control.label) > _LABEL:
        return False
    if max(control.box[2:]) > _TICK_PX:
        # A whole row is a box when it holds one that shows its state, or says "I agree".
        if control.box[3] > _ROW_PX or _holds_radio(screen, control):
            return False
        stated = control.state is not None and control.state_known_by in {"dom", "aria"}
        agrees = control.role in {"button", "label"} and _says_i_agree(control.label, lexicon)
        return stated or agrees or (control.strong and _asks_by_a_mark(screen, control, lexicon))
    square = abs(control.box[2] - control.box[3]) < _ALIKE_PX
    return control.state is not None or (
        square
        and control.role != "label"
        # A mark on a page that listens above it, before words in the first person.
        and (control.strong or (not control.named and _says_i_agree(control.label, lexicon)))
    )


def _a_ticked_square(screen: Screen, control: Control, lexicon: Lexicon) -> bool:
    """Whether a tick that is a text stands in a box drawn for it, on a page that listens further up.

    In a circle it may be the bullet of a list of benefits, unless its words agree in the first person.
    """
    node = screen.tree.nodes[control.node]
    if control.role != "text" or control.state is None or node.style is None or node.box is None:
        return False
    shorter, longer = sorted(node.box[2:])
    sized = _MARK_PX[0] <= shorter and longer <= _MARK_PX[1] and longer - shorter < _ALIKE_PX
    drawn = vivid(node.style.background) or node.style.border_px > 0
    square = node.style.radius < _ROUND * shorter and not lexicon.has("renewal", control.label)
    return sized and drawn and (square or _says_i_agree(control.label.strip(" ✓✔√☑"), lexicon))


def _a_bullet(screen: Screen, control: Control, lexicon: Lexicon) -> bool:
    """Whether a drawn tick is one of a list of which others stand before words that agree to nothing."""
    if control.role in _BOXES or control.state is not True or control.state_known_by != "style":
        return False
    x, y, _, height = control.box
    others = {
        c.node
        for c in screen.controls
        if c.role == control.role
        and c.state is True
        and c.node != control.node
        and abs(c.box[0] - x) < _ALIKE_PX
        and abs(c.box[3] - height) < _ALIKE_PX
        and abs(c.box[1] - y) > height / 2
        and max(c.box[2:]) <= _TICK_PX
        and _kind(c.label, lexicon) is None
        and not priced(c)
    }
    return len(others) >= _LIST


def _leads_out(control: Control, lexicon: Lexicon) -> bool:
    """Whether its own name says so: the arrow before a page's title is no tick before its words."""
    return (
        control.named
        and control.state is None
        and any(lexicon.has(group, control.label) for group in _WAYS_OUT)
    )


def _mark_in(screen: Screen, control: Control) -> Node | None:
    """Something small and square at one of a row's ends, as a tick box drawn by hand is."""
    x, _, width, _ = control.box
    for index in screen.tree.subtree(control.node)[1:_MARKS]:
        node = screen.tree.nodes[index]
        box = node.box
        if box is None or not _MARK_PX[0] <= min(box[2:]) or max(box[2:]) > _MARK_PX[1]:
            continue
        at_an_end = box[0] - x < _MARK_PX[1] or x + width - box[0] - box[2] < _MARK_PX[1]
        if at_an_end and abs(box[2] - box[3]) <= _ALIKE_PX:
            return node
    return None


def _asks_by_a_mark(screen: Screen, control: Control, lexicon: Lexicon) -> bool:
    """Whether a row with a hand-drawn tick box buys further episodes or renews; an arrow is no tick box."""
    mark = _mark_in(screen, control)
    if mark is None:
        return False
    if lexicon.has("autobuy", control.label):
        return True
    style = mark.style
    drawn = style is not None and (style.border_px > 0 or vivid(style.background))
    return drawn and lexicon.has("renewal", control.label)


def _with_its_mark(screen: Screen, control: Control) -> Control:
    """A row whose own state cannot be told has that of the tick box in it."""
    mark = _mark_in(screen, control) if control.state is None and control.box[2] > _TICK_PX else None
    if mark is None:
        return control
    inside = [t for t in screen.texts if screen.tree.inside(t.node, mark.index)]
    state, known_by = state_of_mark(screen.tree, mark, inside)
    return replace(control, state=state, state_known_by=known_by)


def _of_a_choice(screen: Screen, control: Control) -> bool:
    """Whether its like stand above or below it, each beside a price: it marks what is bought."""
    if not priced(control):
        return False
    x, _, width, height = control.box
    return any(
        other.node != control.node
        and other.role == control.role
        and other.label != control.label
        and abs(other.box[0] - x) + abs(other.box[2] - width) + abs(other.box[3] - height) < _ALIKE_PX
        and priced(other)
        for other in screen.controls
    )


def _holds_radio(screen: Screen, control: Control) -> bool:
    """Whether its state is that of a choice among several, not of a consent."""
    for index in screen.tree.subtree(control.node)[:40]:
        node = screen.tree.nodes[index]
        if node.attrs.get("role") == "radio" or (node.tag == "INPUT" and node.attrs.get("type") == "radio"):
            return True
    return False


def _says_i_agree(label: str, lexicon: Lexicon) -> bool:
    """Consent in the first person with more than a document's title; buttons that pay say less or more."""
    words = label.strip()
    return (
        (lexicon.has("consent", words) or lexicon.has("agreement_link", words))
        and not words.startswith("《")
        and not lexicon.has("fees", words)
        and any(
            words.lower().startswith(w) or w in words.lower()[:8]
            for w in ("我", "已阅读", "同意", "i ", "ich ", "j'")
        )
        and not any(w in words for w in ("支付", "开通", "Pay"))
    )


def _shown(screen: Screen, control: Control) -> bool:
    return control.reach != "blocked" or screen.tree.inside(control.node, screen.scope)


def _kind(label: str, lexicon: Lexicon) -> ConsentKind | None:
    for group, kind in _KINDS:
        if lexicon.has(group, label):
            return kind
    return None
