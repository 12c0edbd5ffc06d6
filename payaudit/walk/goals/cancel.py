"""A way to stop the renewal: the viewer's own page, membership, settings, help, terms.

Likely captions are followed depth first and never beyond what leads on: the
control that stops the renewal is captured and not pressed, except where it is a
mere link to a further page. Presses that pass a gate are not counted.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from payaudit.perceive.consents import consent_boxes
from payaudit.perceive.controls import Control
from payaudit.perceive.intents import best, guesses
from payaudit.perceive.scene import gate_controls
from payaudit.walk.agenda import Budget, OutOfShare
from payaudit.walk.goals.leave import exits
from payaudit.walk.run import Run
from payaudit.walk.stage import View

_WAYS = ("manage_renewal", "account", "settings", "menu", "help", "agreement_link")
_PARTS = {"agreement_link": 2, "menu": 2}  # pages of a kind looked at, where not all
_INTENTS = {"agreement_link": "terms"}  # these are not read as the paywall's own agreements
_MOST = 4
_DEPTH = 4  # presses from the first page; a way longer than that is none to speak of
_CAPTION = 28  # characters of an entry of a menu
_COVERED = 0.5  # share of a caption that its word must fill
_ICON_PX = 72.0
_ICON = re.compile(
    r"(?:^|[^a-z])(?:avatar|user|profile|account|mine|my|me|member|personal|ucenter|usercenter|wode)(?:[^a-z]|$)",
    re.IGNORECASE,
)
_TRIES = 3
_TITLES = frozenset({"H1", "H2", "H3", "H4", "H5", "H6", "P", "DT", "TH", "SUMMARY", "LEGEND"})
_BAR_PX = 60.0  # a title bar's height


@dataclass
class Sought:
    """What was looked at, and the control that stops the renewal where one was met."""

    pages: dict[str, tuple[int, int]] = field(default_factory=dict)
    found: View | None = None
    presses: int = 0
    login: bool = False  # a page asked for an account

    def saw(self, run: Run, view: View) -> None:
        """Count a page once."""
        self.pages.setdefault(view.scene.key, (view.step.run, view.step.number))
        self.login = self.login or bool(best("login", view.screen, run.lexicon, 0.6))


async def seek_cancel(run: Run, view: View, target: str, budget: Budget) -> Sought:
    """From the page in front on. What was looked at until the budget's share ended stands."""
    sought = Sought()
    seeker = _Search(run, target, budget, sought)
    with suppress(OutOfShare):
        view = await seeker.past_gates(view)
        await seeker.look(view, 0)
    return sought


def leads(run: Run, view: View) -> list[tuple[Control, str, str]]:
    """Entries that may lead to the viewer's memberships, likeliest first: (control, group, why)."""
    found: list[tuple[int, float, Control, str, str]] = []
    tree = view.screen.tree
    boxes = [b.control.node for b in consent_boxes(view.screen, run.lexicon)]
    for control in _pool(view):
        label = control.label.strip()
        if control in view.scene.pays or control.role in {"input", "select", "checkbox", "switch", "radio"}:
            continue
        if not _stays_here(control, view):
            continue
        if any(tree.inside(b, control.node) or tree.inside(control.node, b) for b in boxes):
            continue  # a press might switch a renewal on
        for rank, group in enumerate(_WAYS):
            score = _share(run, group, label)
            if group == "account" and not label and _drawn_as_account(control):
                score = 0.6
            if score >= _COVERED and not _speaks_of_paying(run, control, view):
                why = f"“{label}”" if label else "its author named it so"
                found.append((rank, -score, control, group, why))
                break
    found.sort(
        key=lambda f: (f[0], f[1], f[2].tap is None, -f[2].strong, f[2].box[1], f[2].box[0], f[2].node)
    )
    return [(control, group, why) for _, _, control, group, why in found]


def stops(run: Run, view: View) -> list[Control]:
    """Controls in reach that stop a renewal by their caption, or a switch of it outside the paywall."""
    boxes = consent_boxes(view.screen, run.lexicon) if view.scene.kind != "paywall" else ()
    switches = [b.control for b in boxes if b.kind == "renewal" and b.control.tap is not None]
    named = [
        c
        for c in _pool(view)
        if _share(run, "stop_renewal", c.label.strip()) >= _COVERED
        and _stays_here(c, view)
        and (c.strong or not _heads(view, c))
    ]
    named.sort(key=lambda c: (c.tap is None, not c.strong, c.box[1], c.node))
    return [*named, *switches]


@dataclass
class _Search:
    """One depth-first look through a site's own pages."""

    run: Run
    target: str
    budget: Budget
    sought: Sought
    pressed: set[tuple[str, str]] = field(default_factory=set)
    taken: dict[str, int] = field(default_factory=dict)
    path: list[tuple[str, str]] = field(default_factory=list)  # captions pressed from the first page

    async def past_gates(self, view: View) -> View:
        for _ in range(_TRIES):
            in_the_way = view.scene.kind in {"gate", "plea"} or view.screen.overlay is not None
            gates = gate_controls(view.screen, self.run.lexicon) if in_the_way else []
            controls = [(control, why) for control, why, _ in gates] or [
                (c, f"{g.why}; a bar lies over the page")
                for c, g in best("reject_cookies", view.screen, self.run.lexicon, 0.6)
            ]
            if not controls:
                break
            self.budget.spend()
            view = await self.run.tap(controls[0][0], "cancel", controls[0][1], intent="gate")
        return view

    async def look(self, view: View, depth: int) -> bool:
        """Whether the control was found here or behind."""
        self.sought.saw(self.run, view)
        key = view.scene.key
        if await self._found_here(view, depth):
            return True
        if depth >= _DEPTH:
            return False
        home = await self._back_to(key)
        if home is None:
            return False
        view = home
        while True:
            lead = next((way for way in leads(self.run, view) if self._fresh(way)), None)
            if lead is None:
                return False
            if await self._follow(view, lead, depth):
                return True
            home = await self._back_to(key)
            if home is None:
                return False
            view = home

    async def _follow(self, view: View, lead: tuple[Control, str, str], depth: int) -> bool:
        control, group, why = lead
        self.pressed.add(_mark(control))
        self.taken[group] = self.taken.get(group, 0) + 1
        self.budget.spend()
        after = await self.run.tap(
            control, "cancel", f"where a renewal may be stopped: {why}", intent=_INTENTS.get(group, group)
        )
        if after.scene.key == view.scene.key and not after.step.outcome.changed:
            return False
        self.path.append(_mark(control))
        after = await self.past_gates(after) if after.scene.kind == "gate" else after
        found = after.scene.key not in self.sought.pages and await self.look(after, depth + 1)
        self.path.pop()
        return found

    async def _found_here(self, view: View, depth: int) -> bool:
        fresh = [c for c in stops(self.run, view) if _mark(c) not in self.pressed]
        control = next(iter(fresh), None)
        if control is None:
            return False
        if _opens_page(control) and depth < _DEPTH:
            return await self._behind_link(view, control, depth)
        if control.tap is None:
            self.budget.spend()
            _, control = await self.run.bring(control, "cancel")
        self.sought.found = await self._point_out(control, depth + 1)
        return True

    async def _behind_link(self, view: View, link: Control, depth: int) -> bool:
        """A link opens a page: what stops the renewal may stand there, or a form or login before it."""
        self.pressed.add(_mark(link))
        self.budget.spend()
        after = await self.run.tap(
            link,
            "cancel",
            f"a link to where a renewal is stopped: “{link.label.strip()}”",
            intent="cancel_link",
        )
        if after.scene.key == view.scene.key and not after.step.outcome.changed:
            return False
        self.sought.saw(self.run, after)
        further = [c for c in stops(self.run, after) if not _opens_page(c)]
        asked = [c for c in after.screen.reachable if c.role in {"input", "select"}]
        asked += [c for c, _ in best("login", after.screen, self.run.lexicon, 0.6)]
        if further:
            self.sought.found = await self._point_out(further[0], depth + 2)
        elif asked:
            self.sought.found = await self._point_out(asked[0], depth + 1)
        return self.sought.found is not None

    async def _point_out(self, control: Control, presses: int) -> View:
        self.budget.spend()
        self.sought.presses = presses
        return await self.run.point_out(
            control,
            "cancel",
            "this stops the renewal; it is not pressed",
            intent="cancel",
            value=str(presses),
        )

    def _fresh(self, way: tuple[Control, str, str]) -> bool:
        control, group, _ = way
        return _mark(control) not in self.pressed and self.taken.get(group, 0) < _PARTS.get(group, _MOST)

    async def _back_to(self, key: str) -> View | None:
        """The page one came from: closed, gone back to, or opened and walked to anew."""
        for _ in range(2):
            view = self.run.last
            if view is None or view.scene.key == key:
                return view
            way = next(iter(exits(self.run, view)), None) if view.screen.overlay is not None else None
            self.budget.spend()
            if way is not None:
                await self.run.tap(way[0], "cancel", f"back: {way[2]}", intent="back")
            elif await self.run.can_go_back():
                await self.run.back("cancel", "back to where one came from")
            else:
                break
        view = self.run.last
        return view if view is not None and view.scene.key == key else await self._anew()

    async def _anew(self) -> View | None:
        self.budget.spend()
        view = await self.past_gates(
            await self.run.open(self.target, "anew, to look elsewhere for a way to cancel")
        )
        for mark in self.path:
            control = next((c for c in view.screen.reachable if _mark(c) == mark), None)
            if control is None:
                return None
            self.budget.spend()
            view = await self.run.tap(control, "cancel", "the way one came before", intent="again")
        return view


def _heads(view: View, control: Control) -> bool:
    """Whether a bare text is the title of a page or of a paragraph rather than something to press."""
    tags = {view.screen.tree.nodes[i].tag for i in view.screen.tree.ancestors(control.node)[:3]}
    return bool(tags & _TITLES) or (control.box[1] < _BAR_PX and view.screen.tree.scroll_y < 1)


def _pool(view: View) -> list[Control]:
    """What can be pressed now, and on a page without a layer also what lies further down."""
    below = view.screen.overlay is None
    return [
        c
        for c in view.screen.controls
        if c.enabled and (c.tap is not None or (below and c.reach == "scroll"))
    ]


def _share(run: Run, group: str, label: str) -> float:
    if not label or len(label) > _CAPTION:
        return 0.0
    return sum(h.end - h.start for h in run.lexicon.find(group, label)) / len(label)


def _drawn_as_account(control: Control) -> bool:
    small = max(control.box[2:]) <= _ICON_PX
    return small and bool(_ICON.search(f"{control.words} {control.href or ''}".replace("_", "-")))


def _speaks_of_paying(run: Run, control: Control, view: View) -> bool:
    said = guesses(control, view.screen, run.lexicon)
    return any(said[i].score >= 0.7 for i in ("pay", "unlock", "play", "login") if i in said)  # noqa: PLR2004 - more than half of the caption


def _opens_page(control: Control) -> bool:
    href = (control.href or "").strip().lower()
    return bool(href.strip("#/ ")) and not href.startswith("javascript")


def _stays_here(control: Control, view: View) -> bool:
    """Whether it leads to a page of the same site, as far as its address tells."""
    if not control.href:
        return True
    url = urlsplit(urljoin(view.step.url, control.href))
    return url.scheme in {"http", "https", "javascript"} and (
        url.scheme == "javascript" or url.hostname == urlsplit(view.step.url).hostname
    )


def _mark(control: Control) -> tuple[str, str]:
    return (control.label.strip() or control.words, control.href or "")
