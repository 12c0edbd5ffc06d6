"""The untouched paywall, to its end: scrolled, folds opened, agreements read."""

from __future__ import annotations

import re

from payaudit.perceive.agreements import agreement_links, title, was_read
from payaudit.perceive.controls import Control
from payaudit.perceive.episode_number import episode_shown
from payaudit.perceive.intents import best, guesses
from payaudit.perceive.naming import offer_name
from payaudit.perceive.periods import period_in
from payaudit.perceive.pressables import alike
from payaudit.perceive.prices import amounts
from payaudit.perceive.tree import Tree
from payaudit.walk.agenda import Budget
from payaudit.walk.goals.way_back import WayBack
from payaudit.walk.run import Run
from payaudit.walk.stage import View

_SCROLLS = 6
_FOLDS = 4
_AGREEMENTS = 5
_TAB = 24  # characters
_BAR = 0.85  # of the screen's height; tabs below lead through the site
_UNFOLDS = re.compile(r"[▾▼▿⌄﹀˅]\s*$")
_CAPTION = 24  # characters of what unfolds
_FIGURES = re.compile(r"\d")  # pages of a list of episodes
_NO_TAB = 0.5  # score of a caption that names something else
_ELSEWHERE = frozenset(
    {"close", "decline", "back", "fold", "agreement_link", "login", "share", "episodes", "play", "open_app"}
)
_LINE = 12.0  # px; captions of one row differ by less


async def read_through(run: Run, view: View, budget: Budget, way_back: WayBack) -> tuple[View, bool]:
    """Returns the paywall's last view and whether it was seen to its end, folds opened."""
    view, whole = await _scroll_through(run, view, budget)
    view, folds = await _open_folds(run, view, budget, way_back)
    return view, whole and folds


async def other_tabs(run: Run, view: View, budget: Budget) -> tuple[View, dict[str, str]]:
    """Look behind each tab of the paywall; returns the last view and the tab of each offer found."""
    behind: dict[str, str] = {}
    first = {offer_name(c, run.lexicon) for c in view.scene.cards}
    home = tabs(run, view)
    for known in home:
        tab = _as_it_stands(view, known)
        if tab is None:
            continue
        budget.spend()
        view = await run.tap(tab, "read", f"to see what is sold behind “{tab.label.strip()}”", intent="tab")
        for card in view.scene.cards:
            name = offer_name(card, run.lexicon)
            if name not in first:
                behind.setdefault(name, tab.label)
    for known in home[:1] if behind else []:
        here = {offer_name(c, run.lexicon) for c in view.scene.cards}
        tab = _as_it_stands(view, known)
        if not here & first and tab is not None:
            budget.spend()
            view = await run.tap(tab, "read", "back to the tab that stood open", intent="tab")
    return view, behind


def _as_it_stands(view: View, known: Control) -> Control | None:
    """A tab seen before, where it is drawn now: what it switches may move it or draw it anew."""
    same = [c for c in view.screen.reachable if c.label == known.label and c.role == known.role]
    return min(same, key=lambda c: abs(c.box[1] - known.box[1]), default=None)


def tabs(run: Run, view: View) -> list[Control]:
    """Short captions of one line that name kinds of offers (会员 | 充值), from left to right.

    Where one of a row is named so, its like beside it is a tab too (Membership | One-time).
    """
    tree = view.screen.tree
    short = [
        c
        for c in view.screen.reachable
        if 0 < len(c.label.strip()) <= _TAB
        and c.role not in {"checkbox", "switch", "input"}
        and (c.role != "radio" or _switches_a_card(view, c))
        and tree.inside(c.node, view.screen.scope)
        and not amounts(c.label)
    ]
    named = [
        c
        for c in short
        if c.role == "radio" or any(run.lexicon.has(g, c.label) for g in ("tab_subscription", "tab_coins"))
    ]
    tops = [t.box[1] for c in view.scene.cards for t in c.texts]
    top, low = min(tops, default=0.0), max(tops, default=0.0)
    within = view.screen.overlay is not None
    # What says of itself that it is one of several tabs, over the offers, needs no name that we know.
    own = [
        c
        for c in short
        if c.role == "tab" and c not in named and c.box[1] < min(low, _BAR * view.screen.height)
        if not _elsewhere(run, view, c) and not _FIGURES.search(c.label)
    ]
    named += [c for c in own if any(_beside(tree, c, other) for other in (*named, *own) if other is not c)]
    named += [
        c
        for c in short
        # A bar that leads through the site names its members' page too; tabs stand over what they switch.
        if c not in named
        and (within or c.role == "tab")
        and c.box[1] < top
        and any(_beside(tree, c, one) for one in named)
        # A tab of the layer itself switches what it sells, whatever else its caption may name.
        and ((within and c.role == "tab") or not _elsewhere(run, view, c))
    ]
    rows = [[c for c in named if abs(c.box[1] - one.box[1]) < _LINE] for one in named]
    row = max(rows, key=len, default=[])
    apart = {
        round(c.box[0] / _LINE): c for c in sorted(row, key=lambda c: (not c.strong, c.node), reverse=True)
    }
    return sorted(apart.values(), key=lambda c: c.box[0]) if len(apart) > 1 else []


def _switches_a_card(view: View, control: Control) -> bool:
    """Whether it is one of several terms (Weekly | Annual) over a single card that tells of all."""
    alone = len(view.scene.cards) == 1
    return (
        alone
        and period_in(control.label) is not None
        and not view.screen.tree.inside(control.node, view.scene.cards[0].node)
    )


def _elsewhere(run: Run, view: View, control: Control) -> bool:
    """Whether a caption names something that is no kind of offer."""
    said = guesses(control, view.screen, run.lexicon)
    return any(guess.score >= _NO_TAB and intent in _ELSEWHERE for intent, guess in said.items())


def _beside(tree: Tree, one: Control, other: Control) -> bool:
    return (
        one.role == other.role
        and one.strong
        and (_holder(tree, one.node, 1) == _holder(tree, other.node, 1) or _wrapped_beside(tree, one, other))
        and abs(one.box[1] - other.box[1]) < _LINE
        and alike(tree, one.node, other.node)
    )


def _wrapped_beside(tree: Tree, one: Control, other: Control) -> bool:
    """Whether two that call themselves tabs stand side by side, each in a wrapper of its own."""
    return one.role == "tab" and _holder(tree, one.node, 2) == _holder(tree, other.node, 2)


def _holder(tree: Tree, node: int, up: int) -> int:
    for _ in range(up):
        node = tree.nodes[node].parent if node >= 0 else node
    return node


async def _scroll_through(run: Run, view: View, budget: Budget) -> tuple[View, bool]:
    down = 0
    number = episode_shown(view.screen)
    while (view.screen.scrollers or _page_goes_on(view)) and down < _SCROLLS:
        budget.spend()
        before = _positions(view)
        view = await run.scroll("read", "to read what the paywall says further down")
        down += 1
        if number is not None and episode_shown(view.screen) not in {None, number}:
            break  # a feed: what lies further down is the next episode
        if _positions(view) == before or view.scene.kind not in {"paywall", "other"}:
            break
    whole = not (view.screen.scrollers or _page_goes_on(view)) or down < _SCROLLS
    for _ in range(down):
        budget.spend()
        view = await run.scroll("read", "back to the top", up=True)
    return view, whole


def _page_goes_on(view: View) -> bool:
    """The page scrolls and no layer lies over it."""
    return view.screen.overlay is None and view.screen.page_scrolls


def _positions(view: View) -> tuple[float, ...]:
    return (view.screen.tree.scroll_y, *(n.scroll_top for n in view.screen.tree.nodes if n.scrolls))


async def _open_folds(run: Run, view: View, budget: Budget, way_back: WayBack) -> tuple[View, bool]:
    done: set[str] = set()
    for _ in range(_FOLDS):
        fold = next((c for c, _ in _folds(run, view) if c.label not in done), None)
        if fold is None:
            return view, True
        done.add(fold.label)
        budget.spend()
        view = await run.tap(fold, "read", "to open what is folded away", intent="fold", patience_s=0.8)
        if not way_back.at_home(run, view):
            regained = await way_back.regain(run)
            if regained is None:
                return view, False
            view = regained
    return view, True


def _folds(run: Run, view: View) -> list[tuple[Control, str]]:
    tree = view.screen.tree
    found = [
        (c, g.why)
        for c, g in best("fold", view.screen, run.lexicon, 0.6)
        if tree.inside(c.node, view.screen.scope) and c not in view.scene.pays
    ]
    found += [
        (c, "its caption ends in an arrow that points down")
        for c in view.screen.reachable
        if tree.inside(c.node, view.screen.scope)
        and _UNFOLDS.search(c.label)
        and len(c.label) <= _CAPTION
        and c not in view.scene.pays
        and not set(guesses(c, view.screen, run.lexicon)) - {"fold", "agreement_link"}
    ]
    found += [
        (c, "it says of itself that it is folded")
        for c in view.screen.reachable
        if tree.inside(c.node, view.screen.scope)
        and (
            tree.nodes[c.node].attrs.get("aria-expanded") == "false"
            or (
                tree.nodes[c.node].tag == "SUMMARY"
                and "open" not in tree.nodes[tree.nodes[c.node].parent].attrs
            )
        )
    ]
    return found


async def agreements(run: Run, view: View, budget: Budget, way_back: WayBack, done: set[str]) -> View:
    """Open every agreement that the screen links and that is not in ``done``, add it there and come back.

    Returns the screen where that ended: not the paywall, where an agreement leads nowhere back.
    """
    for _ in range(_AGREEMENTS):
        link = next((c for name, c in _links(run, view).items() if not was_read(name, done)), None)
        if link is None:
            break
        done.add(title(link.label))
        if link.tap is None:
            budget.spend()
            view, link = await run.bring(link, "read")
            way_back.also(view)
        budget.spend()
        opened = await run.tap(
            link, "read", f"to read the linked agreement “{link.label[:40]}”", intent="agreement_link"
        )
        if opened.scene.key == view.scene.key and run.depth == 1:
            view = opened
            continue
        regained = await way_back.regain(run)
        if regained is None:
            return opened
        view = regained
    return await _to_the_top(run, view, budget)


async def _to_the_top(run: Run, view: View, budget: Budget) -> View:
    """Where a link far down was read, the paywall as it stood at first."""
    for _ in range(_SCROLLS):
        if view.scene.kind != "paywall" or view.screen.overlay is not None or not view.screen.tree.scroll_y:
            break
        budget.spend()
        view = await run.scroll("read", "back to the top", up=True)
    return view


def _links(run: Run, view: View) -> dict[str, Control]:
    found: dict[str, Control] = {}
    for control in agreement_links(view.screen, view.scene, run.lexicon):
        found.setdefault(title(control.label), control)
    return found
