"""Pictures of dramas in a list: what is pressed to open one."""

from __future__ import annotations

from urllib.parse import SplitResult, urljoin, urlsplit

from payaudit.perceive.controls import Control
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.paint import area, intersect
from payaudit.perceive.prices import amounts
from payaudit.perceive.screen import Screen
from payaudit.perceive.tree import Node, painted

_LEAST, _MOST = 0.02, 0.7  # of the viewport; smaller pictures are marks, larger ones the page
_HOLDER = 6  # ancestors of a caption within which its picture stands
_NO_DRAMA = (
    "account", "help", "settings", "agreement_link", "privacy", "contact", "login", "back", "share",
    "install", "open_app", "menu", "topup", "refund", "merchant", "close", "decline", "language_name",
    "newsletter", "account_end", "cancel", "stop_renewal", "manage_renewal", "pay", "unlock", "autobuy",
    "grant_passwordless",
)  # fmt: skip
_WIDE = 0x2E7F  # code points above it are wide: two of them say as much as a word
_LEAST_WIDE, _LEAST_NARROW, _TITLE = 3, 6, 60  # characters
_PARTS = 30  # nodes of a control that are looked through for a picture


def tiles(screen: Screen) -> list[Control]:
    """Links and buttons with a picture, the largest first."""
    whole = area(screen.paint.viewport)
    found = [
        c
        for c in screen.reachable
        if c.strong
        and c.role in {"link", "button"}
        and _LEAST * whole < area(c.box) < _MOST * whole
        and any(_drawn(screen.tree.nodes[i]) for i in screen.tree.subtree(c.node)[:_PARTS])
    ]
    return sorted(found, key=lambda c: (-area(c.box), c.node))


def captions(screen: Screen) -> list[Control]:
    """Words that stand with a picture as large as a tile, where nothing says what listens; one each."""
    best_of: dict[int, tuple[float, Control]] = {}
    for control in screen.reachable:
        if control.role != "text" or not control.label.strip() or amounts(control.label):
            continue
        holder = _pictured(screen, control)
        if holder is not None and holder[0] not in best_of:
            best_of[holder[0]] = (holder[1], control)
    return [c for _, c in sorted(best_of.values(), key=lambda pair: (-pair[0], pair[1].node))]


def titles(screen: Screen, lexicon: Lexicon) -> list[Control]:
    """Links to other pages whose words name nothing that a site has beside its dramas, in screen order."""
    here = urlsplit(screen.tree.url)
    found = [
        c
        for c in screen.reachable
        if c.role == "link"
        and c.strong
        and _elsewhere(c.href, here)
        and _like_a_title(c.label)
        and not any(lexicon.has(group, c.label) for group in _NO_DRAMA)
    ]
    return sorted(found, key=lambda c: (c.box[1], c.box[0], c.node))


def _elsewhere(href: str | None, here: SplitResult) -> bool:
    """Whether a link leads to another page of the site; the site's own name leads to its first."""
    if not href:
        return False
    there = urlsplit(urljoin(here.geturl(), href))
    page = (there.path, there.query, there.fragment if there.fragment.startswith(("/", "!/")) else "")
    return (
        there.scheme in {"http", "https"}
        and there.netloc == here.netloc
        and page != (here.path, here.query, here.fragment)
        and (page[0].strip("/") != "" or any(page[1:]))
    )


def _like_a_title(label: str) -> bool:
    """Long enough for the name of a drama, and no sentence."""
    words = label.strip()
    wide = sum(ord(letter) > _WIDE for letter in words)
    return (wide >= _LEAST_WIDE or len(words) >= _LEAST_NARROW) and len(words) <= _TITLE


def _pictured(screen: Screen, control: Control) -> tuple[int, float] | None:
    """What holds a caption and a picture, and the picture's area in px²."""
    tree, viewport = screen.tree, screen.paint.viewport
    whole = area(viewport)
    for above in tree.ancestors(control.node)[1:_HOLDER]:
        box = tree.nodes[above].box
        if box is not None and area(box) >= _MOST * whole:
            return None
        drawn = [
            area(intersect(node.box, viewport))
            for node in (tree.nodes[i] for i in tree.subtree(above))
            if node.box is not None and painted(node) and _drawn(node)
        ]
        if max(drawn, default=0.0) > _LEAST * whole:
            return above, max(drawn)
    return None


def _drawn(node: Node) -> bool:
    return node.tag in {"IMG", "CANVAS", "VIDEO", "SVG"} or (node.style is not None and node.style.picture)
