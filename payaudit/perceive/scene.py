"""What kind of screen this is: paywall, gate, plea to stay, or something else.

A scene is a reading for the walk to act on; facts and rules never rest on it
alone.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlsplit

from payaudit.perceive.ads import is_ad
from payaudit.perceive.bill import bill_of
from payaudit.perceive.card import Card
from payaudit.perceive.cards import cards
from payaudit.perceive.controls import Control
from payaudit.perceive.episode_number import episode_shown, number_in
from payaudit.perceive.grid import episode_grid, episode_grid_in_front
from payaudit.perceive.intents import best
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.pay_controls import asks_to_pay, pay_controls
from payaudit.perceive.placed import placed
from payaudit.perceive.prices import amounts
from payaudit.perceive.screen import Screen

Kind = Literal["paywall", "plea", "gate", "other", "blank"]

_ONWARD = frozenset({"episode", "unlock", "next_episode", "drama", "play"})
"""Intents of presses that lead on; what comes up then holds nobody back."""
_NOTICES = ("reject_cookies", "age_gate", "open_app", "login", "continue_web", "guest", "code_get")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class Scene:
    """A screen and what it was taken for, with the reason in words."""

    kind: Kind
    why: str
    cards: tuple[Card, ...]
    pays: tuple[Control, ...]
    key: str

    @property
    def priced(self) -> bool:
        """Whether any price is in sight."""
        return bool(self.cards)


def key_of(screen: Screen) -> str:
    """The same for the same screen: route and words without digits, not pixels."""
    parts = urlsplit(screen.tree.url)
    words = sorted({_DIGITS.sub("#", t.text.strip()) for t in screen.front})
    raw = "\n".join([parts.path, _DIGITS.sub("#", parts.fragment), *words])
    return hashlib.sha256(raw.encode()).hexdigest()[:16]


def read_scene(
    screen: Screen, lexicon: Lexicon, currency: str | None = None, opened_by: str | None = None
) -> Scene:
    """Say what a screen is; ``opened_by`` is the intent of the press that led to it.

    A layer that comes up over a pressed episode and has a main button is where
    one pays, though it may name no price and not say so.
    """
    scene = _read(screen, lexicon, currency)
    if screen.overlay is None or not scene.pays or episode_grid_in_front(screen):
        return scene
    if opened_by in _ONWARD and scene.kind == "plea" and not lexicon.has("retention", screen.words):
        why = "an offer came up on the way to an episode, and may be declined"
        return replace(scene, kind="paywall", why=why)
    in_the_way = scene.kind in {"gate", "other"} and not scene.cards
    if opened_by == "episode" and in_the_way and not _notice(screen, lexicon):
        return replace(scene, kind="paywall", why="a layer with a main button came up over a pressed episode")
    return scene


def _notice(screen: Screen, lexicon: Lexicon) -> bool:
    """Whether a layer asks for cookies, an age or an app, or only tells something."""
    return any(best(g, screen, lexicon, 0.6) for g in _NOTICES)


def _read(  # noqa: PLR0911, C901 - one return per kind of scene
    screen: Screen, lexicon: Lexicon, currency: str | None
) -> Scene:
    key = key_of(screen)
    if not screen.front and not screen.reachable:
        return Scene("blank", "nothing can be read or pressed", (), (), key)
    cells = [c.control.node for c in episode_grid(screen)]
    found = tuple(
        c
        for c in cards(screen, lexicon, currency)
        if not _is_cell(screen, c.node, cells) and not _another_episode(screen, c)
    )
    pays = tuple(c for c in pay_controls(screen, lexicon) if not _is_cell(screen, c.node, cells))
    words = screen.words
    if _gate(screen, lexicon) and not found:
        return Scene("gate", "a layer asks for a consent or an age before the content", (), pays, key)
    plea = bool(best("decline", screen, lexicon)) or lexicon.has("retention", words)
    locked = lexicon.has("lock", words) or lexicon.has("unlock", words)
    in_sight = any(p.text.sight == "visible" for p in placed(screen, currency))
    # Where no words say that a button pays, those that close offers do.
    pays = pays or (tuple(c.button for c in found if c.button is not None) if _buttons_apart(found) else ())
    buttons = pays or tuple(pay_controls(screen, lexicon, reachable=False))
    if _advertises(screen, lexicon, found, pays):
        return Scene("other", "an advertisement names a price and leads on", found, pays, key)
    if found and buttons and (in_sight or screen.overlay is not None):
        if plea and screen.overlay is not None and len(found) <= 1:
            return Scene("plea", "a layer asks to stay and repeats an offer", found, pays, key)
        if _sells(screen, found, buttons, lexicon):
            return Scene("paywall", "prices stand beside a control that pays or unlocks", found, pays, key)
    if screen.overlay is not None and not buttons and _choice(found):
        return Scene("paywall", "a layer lets one choose among prices", found, pays, key)
    if in_sight and not buttons and _radios(screen, found):
        return Scene(
            "paywall", "one is to choose among prices before a button to pay comes", found, pays, key
        )
    if plea and screen.overlay is not None:
        return Scene("plea", "a layer asks whether one really wants to leave", found, pays, key)
    if (
        any(asks_to_pay(c, screen, lexicon) for c in pays)
        and locked
        and screen.overlay is not None
        and not episode_grid(screen)
    ):
        return Scene("paywall", "a layer without a price asks to unlock or pay", found, pays, key)
    return Scene("other", "no price with a control that pays", found, pays, key)


def _advertises(screen: Screen, lexicon: Lexicon, found: tuple[Card, ...], pays: tuple[Control, ...]) -> bool:
    """Whether an advertisement's page names a price and only links a further one, where one agrees to it."""
    return (
        screen.overlay is None
        and len(found) <= 1
        and bool(pays)
        and all(c.href and not c.href.lower().startswith(("javascript", "#")) for c in pays)
        and not lexicon.has("consent", screen.words)
        and is_ad(screen, lexicon)
    )


def _is_cell(screen: Screen, node: int, cells: list[int]) -> bool:
    """Whether it is an episode of a list that prints prices: what it costs, not yet where one pays."""
    tree = screen.tree
    if any(tree.inside(node, cell) for cell in cells):
        return True
    return sum(tree.inside(cell, node) for cell in cells) == 1


def _another_episode(screen: Screen, card: Card) -> bool:
    """Whether it belongs to an episode further on in a feed, out of sight."""
    if any(t.sight == "visible" for t in card.texts):
        return False
    number = number_in(card.words)
    return number is not None and episode_shown(screen) not in {None, number}


def _sells(screen: Screen, found: tuple[Card, ...], pays: tuple[Control, ...], lexicon: Lexicon) -> bool:
    """Whether this is where one pays, and not a page or note that mentions a price in passing."""
    said = any(asks_to_pay(c, screen, lexicon) or _priced(c) for c in pays)
    choice = _choice(found)
    if screen.overlay is not None:
        return said or choice
    grid = episode_grid(screen)
    if grid and len(grid) > len(found) * 2 and not any(lexicon.has("pay", c.label) for c in pays):
        return False
    if bill_of(screen, pays, lexicon) is not None:
        return True  # what is due stands summed up over the main button, whatever that says
    own = any(c.button is not None or c.chooser is not None for c in found)
    # One plan on a page of its own, and its button further down or not open yet: the same price ties them.
    return choice or (
        said and (own or any(_asks_its_price(p, c, screen, lexicon) for p in pays for c in found))
    )


def _asks_its_price(control: Control, card: Card, screen: Screen, lexicon: Lexicon) -> bool:
    if not asks_to_pay(control, screen, lexicon):
        return False
    asked = {a.money for a in amounts(control.label) if a.money is not None}
    return any(p.amount.money in asked for p in card.placed)


def _choice(found: tuple[Card, ...]) -> bool:
    if sum(c.chooser is not None and c.chooser.strong for c in found) > 1:
        return True
    return _buttons_apart(found)


def _radios(screen: Screen, found: tuple[Card, ...]) -> bool:
    """Whether each offer is chosen by what holds a state, which nothing but a form has."""
    return len(found) > 1 and all(c.chooser is not None and _holds_radio(screen, c.chooser) for c in found)


def _holds_radio(screen: Screen, chooser: Control) -> bool:
    if chooser.role == "radio":
        return True
    tree = screen.tree
    serves = tree.nodes[chooser.node].attrs.get("for")
    return any(
        c.role == "radio"
        and (tree.inside(c.node, chooser.node) or (serves and tree.nodes[c.node].attrs.get("id") == serves))
        for c in screen.controls
    )


def _buttons_apart(found: tuple[Card, ...]) -> bool:
    """Whether several offers have a button each."""
    return len({c.button.node for c in found if c.button is not None and c.button.strong}) > 1


def _priced(control: Control) -> bool:
    return any(a.money is not None or a.coins is not None for a in amounts(control.label))


def _gate(screen: Screen, lexicon: Lexicon) -> bool:
    gates = ("accept_gate", "age_gate", "reject_cookies", "open_app", "continue_web", "guest")
    if screen.overlay is None:
        return bool(best("age_gate", screen, lexicon, 0.75))
    return any(best(g, screen, lexicon, 0.6) for g in gates) and len(screen.front) < 40  # noqa: PLR2004 - a gate says little


def gate_controls(screen: Screen, lexicon: Lexicon) -> list[tuple[Control, str, float]]:
    """Ways past a gate, the least committal first: refuse cookies, close, then agree."""
    found: list[tuple[Control, str, float]] = []
    for intent, least in (
        ("continue_web", 0.6),
        ("reject_cookies", 0.6),
        ("age_gate", 0.6),
        ("close", 0.6),
        ("accept_gate", 0.6),
        ("decline", 0.6),
    ):
        found += [
            (control, f"{guess.why}; the layer stands before the content", guess.score)
            for control, guess in best(intent, screen, lexicon, least)
        ]
    return found
