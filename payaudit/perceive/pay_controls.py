"""Which control pays: by what its caption says, else the main button of the layer in front."""

from __future__ import annotations

from collections.abc import Sequence

from payaudit.perceive.controls import Control
from payaudit.perceive.intents import guesses
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.paint import area
from payaudit.perceive.placed import ASKED
from payaudit.perceive.pressables import alike
from payaudit.perceive.prices import amounts
from payaudit.perceive.screen import Screen
from payaudit.perceive.style import Style, vivid
from payaudit.perceive.tree import Node

_NO_BUTTON = frozenset({"checkbox", "radio", "switch", "label", "input", "select", "option", "tab", "icon"})
_RIVALS = (
    "agreement_link", "watch_ad", "fold", "decline", "close", "login", "open_app", "install",
    "grant_passwordless",
)  # fmt: skip
_NOT_MAIN = (
    *_RIVALS, "back", "episodes", "reject_cookies", "continue_web", "guest", "code_get", "share",
    "account_end", "language_name", "push_permission", "newsletter",
)  # fmt: skip
_PAYS = 0.55  # least score from which a caption is taken for a pay control
_ASKS = 0.8  # score of a caption that names a price and says to pay it
_LIKELY = 0.5  # score from which a caption rather names something else
_PRICED = 24  # characters of a button that says a price; a longer label is a card
_CAPTION = 40  # characters of a main button
_HEIGHTS = (32, 110)  # px a main button may be high
_WIDTH = 160.0  # px it is wide at least, unless the layer is narrow
_WIDTH_SHARE = 0.4  # of the layer, then
_PAINTED = 0.5  # alpha from which a ground is seen
_PICTURES = frozenset({"IMG", "CANVAS", "SVG", "INPUT"})
_FACE = 0.7  # share of a button that a picture fills to be its face
_LINK_PX = 28.0  # height of a link in a text
_LINKS = 3  # in one line
_LAYERS = 6  # nodes, itself first, that may paint a button's ground


def pay_controls(screen: Screen, lexicon: Lexicon, *, reachable: bool = True) -> list[Control]:
    """Controls that ask to pay, buy or unlock, likeliest first.

    Where no caption says so, the main button of the layer in front counts: the
    one drawn widest and filled ("Continue", "请选择方案").
    """
    pool = screen.reachable if reachable else screen.controls
    found = []
    for control in pool:
        if control.role in _NO_BUTTON or lexicon.has("autobuy", control.label):
            continue  # leave given for later episodes is none that a walk may give
        if _in_a_line_of_links(control, screen):
            continue
        said = guesses(control, screen, lexicon)
        if "grant_passwordless" in said:
            continue
        score = max((said[i].score for i in ("pay", "unlock") if i in said), default=0.0)
        # The price beside a verb of paying takes nothing from it (19.9元开通).
        bare = False
        asks = control.strong or score > 0
        if asks and score < _PAYS and len(control.label) < _PRICED and priced(control):
            score, bare = _PAYS, control.role == "item"
        if asks_price(control, lexicon):
            score = max(score, _ASKS)  # "Pay 9.90": a price and the word for paying it
        # A button that says to accept the terms and pay is pressed to pay; a link with those words is read.
        pressed = control.role == "button" and not control.href
        rivals = [i for i in _RIVALS if i in said and not (pressed and i == "agreement_link")]
        rival = max((said[i].score for i in rivals), default=0.0)
        if score >= _PAYS and score > rival and "《" not in control.label:
            found.append((score + (0.3 if control.strong else 0.0), control, bare))
    asking = {control.node for _, control, _ in found if asks_to_pay(control, screen, lexicon)}
    tiles = {c.node for _, c, _ in found if _a_tile(c, found, screen, lexicon)}
    found = [
        (score, c, bare or c.node in tiles or _one_of_several(c, pool, asking, screen))
        for score, c, bare in found
    ]
    if any(control.strong and not bare for _, control, bare in found):
        # Where one button says that it pays, an item of a list is chosen.
        found = [one for one in found if not one[2]]
    found.sort(key=lambda one: (-one[0], -one[1].box[1], one[1].node))
    main = [c for c in pool if main_button(screen, c, lexicon) and not any(c is one for _, one, _ in found)]
    # A card that is a button itself, priced as those beside it, is one of the offers.
    main = [c for c in main if not _one_of_several(c, pool, set(), screen)]
    main.sort(key=lambda c: (-c.box[2] * c.box[3], -c.box[1], c.node))
    strong = [control for _, control, _ in found if control.strong]
    if main and (not found or (strong and all(c.node in tiles for c in strong))):
        return main[:1]  # prices in a row are chosen from where a button waits below them ("请选择")
    said_so = [control for _, control, _ in found]
    return said_so if strong else main[:1] + said_so  # bare texts that speak of paying may be a bill's rows


def _in_a_line_of_links(control: Control, screen: Screen) -> bool:
    """Whether it is a text link among others in one line, such as stand at the foot of a page."""
    tree = screen.tree
    if not control.href or control.box[3] > _LINK_PX or priced(control):
        return False
    around = tree.nodes[tree.nodes[control.node].parent]
    links = [tree.nodes[n] for n in around.children if tree.nodes[n].tag == "A"]
    return len(links) >= _LINKS and all(n.box is None or n.box[3] <= 2 * _LINK_PX for n in links)


def _a_tile(
    control: Control, found: Sequence[tuple[float, Control, bool]], screen: Screen, lexicon: Lexicon
) -> bool:
    """Whether a caption only names a price, as the one beside it that looks the same does."""
    tree = screen.tree
    return (
        priced(control)
        and not asks_to_pay(control, screen, lexicon)
        and not lexicon.has("pay", control.label)
        and any(
            other is not control
            and tree.of_one_list(control.node, other.node)
            and alike(tree, control.node, other.node)
            and priced(other)
            for _, other, _ in found
        )
    )


def _one_of_several(control: Control, pool: Sequence[Control], asking: set[int], screen: Screen) -> bool:
    """Whether it stands in a row of the like of it, of which others have a price and ask for nothing."""
    tree = screen.tree
    return priced(control) and any(
        other.node not in {control.node, *asking}
        and tree.of_one_list(control.node, other.node)
        and alike(tree, control.node, other.node)
        and priced(other)
        for other in pool
    )


def asks_to_pay(control: Control, screen: Screen, lexicon: Lexicon) -> bool:
    """Whether a caption itself asks to pay or unlock."""
    said = guesses(control, screen, lexicon)
    return any(said[i].score >= _PAYS for i in ("pay", "unlock") if i in said)


def asks_price(control: Control, lexicon: Lexicon) -> bool:
    """Whether a short caption names a price and says to pay it."""
    return len(control.label) < _CAPTION and priced(control) and lexicon.has("pay", control.label)


def priced(control: Control) -> bool:
    """Whether a caption names an amount that is asked for."""
    return any(a.role in ASKED and not a.bonus for a in amounts(control.label))


def main_button(screen: Screen, control: Control, lexicon: Lexicon) -> bool:
    """A wide, filled button of the layer in front whose caption names nothing else."""
    if not control.strong or control.role in _NO_BUTTON or not screen.tree.inside(control.node, screen.scope):
        return False
    # What can be on or off is chosen.
    toggled = control.state is not None and control.state_known_by in {"dom", "aria"}
    if toggled or not _sized(screen, control) or len(control.label) > _CAPTION:
        return False
    said = guesses(control, screen, lexicon)
    if any(said[i].score >= _LIKELY for i in _NOT_MAIN if i in said):
        return False
    accepts = "accept_gate" in said and said["accept_gate"].score >= _LIKELY
    if accepts and _about_cookies(screen, control, lexicon):
        return False
    layers = screen.tree.subtree(control.node)[:_LAYERS]
    if any(_filled(screen.tree.nodes[i].style) or _drawn(screen.tree.nodes[i], control) for i in layers):
        return True
    # A real button may be drawn by the browser itself, without a ground of its own.
    return (
        bool(control.label) and control.role == "button" and screen.tree.nodes[control.node].tag == "BUTTON"
    )


def _about_cookies(screen: Screen, control: Control, lexicon: Lexicon) -> bool:
    """Whether the layer in front speaks of cookies or lets one refuse them: agreeing is agreeing to them."""
    tree = screen.tree  # a bar left standing beside the layer is another matter
    told = [
        t.node for t in screen.front if tree.inside(t.node, screen.scope) and lexicon.has("cookies", t.text)
    ]
    refused = [
        c.node
        for c in screen.reachable
        if c.node != control.node
        and tree.inside(c.node, screen.scope)
        and lexicon.has("reject_cookies", c.label)
    ]
    # A bar that has buttons of its own is answered by them.
    bars = [tree.common(text, button) for text in told for button in refused]
    if bars and not any(tree.inside(control.node, bar) for bar in bars):
        return False
    return bool(told or refused)


def _sized(screen: Screen, control: Control) -> bool:
    layer = screen.tree.nodes[screen.scope].box
    width = min(layer[2], screen.width) if layer else screen.width
    return _HEIGHTS[0] <= control.box[3] <= _HEIGHTS[1] and control.box[2] >= min(
        _WIDTH, _WIDTH_SHARE * width
    )


def _drawn(node: Node, control: Control) -> bool:
    """Whether a picture is the button's face, and not a mark upon it."""
    return (
        node.tag in _PICTURES
        and node.box is not None
        and area(node.box) >= _FACE * control.box[2] * control.box[3]
    )


def _filled(style: Style | None) -> bool:
    if style is None:
        return False
    ground = style.background
    return style.picture or (ground is not None and ground[3] > _PAINTED and vivid(ground))
