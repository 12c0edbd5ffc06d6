"""What keeps a viewer from the paywall altogether: recognised by words and structure.

``rules/walk/walls.yaml`` lists the kinds with the way on that an investigator has.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from pydantic import Field as Given

from payaudit.data import read_data, rules_folder
from payaudit.model.base import Frozen
from payaudit.model.persona import Host
from payaudit.model.text import Text
from payaudit.perceive.fields import fields
from payaudit.perceive.gates import gate_of
from payaudit.perceive.grid import episode_grid_in_front
from payaudit.perceive.intents import best
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.paint import area, intersect
from payaudit.perceive.screen import Screen
from payaudit.perceive.tree import Rect, painted
from payaudit.perceive.urls import address

WallKind = Literal["captcha", "geo", "wechat", "douyin", "host_app", "qr", "app_only", "login", "down"]

_PLACES: tuple[WallKind, ...] = ("geo", "wechat", "douyin", "host_app")
AT_ONCE = frozenset({"captcha", *_PLACES})
"""Kinds that nothing on the page leads past: no use to look further where the page says little else."""

_TEXTS = 30  # a wall says little
_CODE_PX = (90.0, 360.0)  # sides of a picture that a phone would scan
_SQUARE = 0.12  # by which its sides may differ
_FRAME_PX = 40.0  # of height; lower frames of a captcha's maker only watch
_GONE = (404, 410)
_ERROR = 400
_LEGAL = 451


class WallText(Frozen):
    """One kind in the file."""

    words: tuple[str, ...]
    hosts: tuple[str, ...] = ()
    host: Host | None = None
    reason: Text
    next: Text


class Walls(Frozen):
    """The file."""

    captcha: WallText
    geo: WallText
    wechat: WallText
    douyin: WallText
    host_app: WallText
    qr: WallText
    app_only: WallText
    login: WallText
    down: WallText
    same_host: Text = Given(description="the way on where the walk already is what the wall asks for")

    def of(self, kind: WallKind) -> WallText:
        """One kind."""
        found: WallText = getattr(self, kind)
        return found


@dataclass(frozen=True)
class Wall:
    """A wall that was seen, and the words or the sign that show it."""

    kind: WallKind
    said: str
    alone: bool  # the page says little else

    def text(self, target: str, host: Host) -> Text:
        """Reason and way on for an investigator."""
        told = bundled().of(self.kind)
        on = bundled().same_host if told.host is not None and told.host == host else told.next
        return Text(
            en=f"{told.reason.en} (“{self.said}”); {on.en}".replace("{target}", target),
            zh=f"{told.reason.zh}（“{self.said}”）；{on.zh}".replace("{target}", target),
        )


@cache
def bundled() -> Walls:
    """The walls that come with the tool."""
    return read_data(rules_folder() / "walk" / "walls.yaml", Walls)


@dataclass(frozen=True)
class _Look:
    """A screen as one looks for walls on it."""

    screen: Screen
    lexicon: Lexicon
    status: int | None
    words: str
    alone: bool

    def says(self, kind: WallKind) -> str | None:
        hits = [h for g in bundled().of(kind).words for h in self.lexicon.find(g, self.words)]
        return self.words[hits[0].start : hits[0].end] if hits else None


def wall_of(screen: Screen, lexicon: Lexicon, status: int | None = None) -> Wall | None:
    """The wall in front, if there is one; ``status`` is the HTTP status of the page."""
    texts = [t for t in screen.front if screen.overlay is None or screen.tree.inside(t.node, screen.scope)]
    words = "\n".join(t.text.strip() for t in texts)
    alone = len(texts) <= _TEXTS and not episode_grid_in_front(screen)
    look = _Look(screen, lexicon, status, words, alone)
    tests = (_captcha, _elsewhere, _code, _app_only, _login, _down)
    return next((wall for test in tests if (wall := test(look)) is not None), None)


def _captcha(look: _Look) -> Wall | None:
    frame = _captcha_frame(look.screen)
    if frame is not None:
        return Wall("captcha", frame, alone=look.alone)
    said = look.says("captcha") if look.alone else None
    return None if said is None else Wall("captcha", said, alone=True)


def _elsewhere(look: _Look) -> Wall | None:
    """The visitor's place or app is not the wanted one."""
    if look.status == _LEGAL:
        return Wall("geo", f"HTTP {look.status}", alone=True)
    for kind in _PLACES:
        if look.alone and (said := look.says(kind)) is not None:
            return Wall(kind, said, alone=not _other_way(look.screen, look.lexicon))
    return None


def _code(look: _Look) -> Wall | None:
    said = look.says("qr")
    return Wall("qr", said, alone=look.alone) if said is not None and _scannable(look.screen) else None


def _app_only(look: _Look) -> Wall | None:
    said = look.says("app_only")
    if said is not None:
        return Wall("app_only", said, alone=look.alone)
    if not look.alone or look.screen.overlay is None:
        return None
    leads = best("open_app", look.screen, look.lexicon, 0.6)
    return Wall("app_only", leads[0][0].label.strip(), alone=True) if leads else None


def _login(look: _Look) -> Wall | None:
    said = look.says("login")
    if said is None:
        return None
    if fields(look.screen, look.lexicon, look.screen.reachable):
        return Wall("login", said, alone=look.alone)
    told = look.alone and look.lexicon.has("wall_login", look.words)
    return Wall("login", said, alone=True) if told else None


def _down(look: _Look) -> Wall | None:
    status = look.status
    if status is not None and status >= _ERROR and (look.alone or status not in _GONE):
        return Wall("down", f"HTTP {status}", alone=True)
    said = look.says("down") if look.alone else None
    return None if said is None else Wall("down", said, alone=True)


def _other_way(screen: Screen, lexicon: Lexicon) -> bool:
    """Whether something on the page leads on without what it asks for."""
    gate = gate_of(screen, lexicon)
    if gate is not None and gate.ways:
        return True
    return any(best(i, screen, lexicon, 0.6) for i in ("continue_web", "play", "episodes", "close"))


def _captcha_frame(screen: Screen) -> str | None:
    """The host of a visible frame that asks for a proof."""
    for node in screen.tree.nodes:
        if node.tag not in {"IFRAME", "FRAME"} or not painted(node) or node.box is None:
            continue
        host = address(node.attrs.get("src", "")).host or ""
        named = any(host == h or host.endswith(f".{h}") for h in bundled().captcha.hosts)
        google = "recaptcha" in node.attrs.get("src", "") and "google" in host
        seen = intersect(screen.paint.shown(node.index), screen.paint.viewport)
        if (named or google) and seen[3] >= _FRAME_PX and area(seen) > 0:
            return host
    return None


def _scannable(screen: Screen) -> bool:
    """Whether a square picture of the size of a printed code is in sight."""
    return any(
        (node.tag in {"IMG", "CANVAS", "SVG", "TABLE"} or (node.style is not None and node.style.picture))
        and painted(node)
        and _code_sized(screen.paint.shown(node.index))
        and area(intersect(screen.paint.shown(node.index), screen.paint.viewport)) > 0
        for node in screen.tree.nodes
    )


def _code_sized(box: Rect) -> bool:
    low, high = _CODE_PX
    return low <= box[2] <= high and low <= box[3] <= high and abs(box[2] - box[3]) <= _SQUARE * max(box[2:])
