"""What stands before the content, what it asks, and the least committal way past it.

Cookies are refused where they can be; an app, notifications and mail are declined;
an age is affirmed, a language chosen, a notice closed. Only what the way on needs is
ever accepted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from payaudit.perceive.cards import cards
from payaudit.perceive.controls import Control
from payaudit.perceive.fields import Field, fields
from payaudit.perceive.grid import episode_grid_in_front
from payaudit.perceive.intents import Guess, guesses
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.screen import Screen
from payaudit.perceive.taboo import taboo

GateKind = Literal["cookies", "age", "language", "install", "permission", "newsletter", "login", "notice"]

_CLEAR = 0.6
_TEXTS = 40  # a gate says little; more is content
_LANGUAGES = 3  # names of languages that make a picker
_SHORT = 24  # characters of a button's caption

_WAYS: dict[GateKind, tuple[str, ...]] = {
    "cookies": ("reject_cookies", "decline", "close", "accept_gate"),
    "age": ("age_gate", "answer_yes", "accept_gate"),
    "language": ("language_name", "accept_gate", "close"),
    "install": ("continue_web", "close", "decline"),
    "permission": ("decline", "close", "reject_cookies"),
    "newsletter": ("decline", "close", "reject_cookies"),
    "login": ("guest", "close", "decline"),
    "notice": ("continue_web", "close", "accept_gate", "answer_yes", "decline"),
}
_WHY: dict[GateKind, str] = {
    "cookies": "a cookie notice stands before the content",
    "age": "a question about the age stands before the content",
    "language": "a choice of language stands before the content",
    "install": "praise of an app stands before the content",
    "permission": "a request for a permission stands before the content",
    "newsletter": "a request to send advertising stands before the content",
    "login": "a login stands before the content",
    "notice": "the layer stands before the content",
}


@dataclass(frozen=True, slots=True)
class Way:
    """One control that may lead past a gate."""

    control: Control
    intent: str
    score: float
    why: str


@dataclass(frozen=True)
class Gate:
    """What stands in the way; ``fields`` are to be filled where no way leads past."""

    kind: GateKind
    ways: tuple[Way, ...]
    fields: tuple[Field, ...] = ()


def gate_of(screen: Screen, lexicon: Lexicon, locale: str = "") -> Gate | None:
    """The gate in front, if there is one; ``locale`` is the viewer's, for a choice of language."""
    if episode_grid_in_front(screen):
        return None
    layered = screen.overlay is not None
    texts = [t for t in screen.front if not layered or screen.tree.inside(t.node, screen.scope)]
    if len(texts) >= _TEXTS or cards(screen, lexicon):
        return None
    words = "\n".join(t.text for t in texts)
    reach = [
        c for c in screen.reachable if not layered or screen.tree.inside(c.node, screen.scope) or _beside(c)
    ]
    said = [(c, guesses(c, screen, lexicon)) for c in reach]
    asked = fields(screen, lexicon, reach)
    kind = _kind(_Look(words, said, asked, lexicon, layered))
    if kind is None:
        return None
    ways = _ranked(kind, said, screen, lexicon, locale)
    return Gate(kind, tuple(ways), asked if kind in {"login", "age"} else ())


def asks_mail(screen: Screen, lexicon: Lexicon) -> Gate | None:
    """A page that sells nothing and asks for a mail address on the way to a payment: who is it that pays."""
    asked = fields(screen, lexicon, list(screen.reachable))
    if not any(f.kind == "email" for f in asked) or lexicon.has("newsletter", screen.words):
        return None
    return None if cards(screen, lexicon) else Gate("login", (), asked)


def _beside(control: Control) -> bool:
    """A bare mark may hang outside the box of the layer that it closes."""
    return len(control.label.strip()) <= 2  # noqa: PLR2004 - a × or nothing


@dataclass(frozen=True)
class _Look:
    """What a screen says and offers, for telling one kind of gate from another."""

    words: str
    said: list[tuple[Control, dict[str, Guess]]]
    asked: tuple[Field, ...]
    lexicon: Lexicon
    layered: bool

    def offers(self, *intents: str, least: float = _CLEAR) -> bool:
        return any(i in g and g[i].score >= least for _, g in self.said for i in intents)

    def speaks(self, *groups: str) -> bool:
        return any(self.lexicon.has(g, self.words) for g in groups)

    def wants(self, *kinds: str) -> bool:
        return any(f.kind in kinds for f in self.asked)


def _asks_age(look: _Look) -> bool:
    if look.wants("birth"):
        return True
    return look.speaks("age_gate", "minor") and (
        look.offers("age_gate", least=0.75) or look.offers("answer_yes", "accept_gate") or bool(look.asked)
    )


_Test = Callable[[_Look], bool]

# The first that holds; those of a layer only where one lies over the page.
_ANYWHERE: tuple[tuple[GateKind, _Test], ...] = (
    ("cookies", lambda s: s.layered and s.speaks("cookies") and s.offers("reject_cookies", "accept_gate")),
    ("age", _asks_age),
    ("language", lambda s: _pickers(s.said) and (s.layered or _mostly(s.said))),
    ("login", lambda s: s.wants("phone", "password")),
    ("login", lambda s: s.wants("email", "code") and s.speaks("login", "wall_login", "code_get")),
    ("install", lambda s: s.offers("continue_web") and s.speaks("install", "open_app", "wall_app_only")),
)
_LAYERED: tuple[tuple[GateKind, _Test], ...] = (
    ("install", lambda s: s.offers("open_app") or (s.speaks("install") and s.offers("bare_open"))),
    ("permission", lambda s: s.speaks("push_permission") and s.offers("accept_gate", "decline", "close")),
    ("newsletter", lambda s: s.speaks("newsletter")),
    ("login", lambda s: s.speaks("login") and s.offers("guest", "login")),
    ("notice", lambda _: True),
)


def _kind(look: _Look) -> GateKind | None:
    tests = (*_ANYWHERE, *_LAYERED) if look.layered else _ANYWHERE
    return next((kind for kind, holds in tests if holds(look)), None)


def _pickers(said: Iterable[tuple[Control, dict[str, Guess]]]) -> bool:
    return len({c.label.strip() for c, g in said if _names_language(c, g)}) >= _LANGUAGES


def _mostly(said: list[tuple[Control, dict[str, Guess]]]) -> bool:
    """On a page of its own, the names of languages are most of what can be pressed."""
    captions = {c.label.strip() for c, _ in said if c.label.strip()}
    named = {c.label.strip() for c, g in said if _names_language(c, g)}
    return len(named) * 2 >= len(captions)


def _names_language(control: Control, said: dict[str, Guess]) -> bool:
    return (
        len(control.label.strip()) <= _SHORT
        and "language_name" in said
        and said["language_name"].score >= _CLEAR
    )


def _ranked(
    kind: GateKind,
    said: list[tuple[Control, dict[str, Guess]]],
    screen: Screen,
    lexicon: Lexicon,
    locale: str,
) -> list[Way]:
    found: list[Way] = []
    for intent in _WAYS[kind]:
        some = [
            Way(c, intent, g[intent].score, f"{g[intent].why}; {_WHY[kind]}")
            for c, g in said
            if intent in g and g[intent].score >= _CLEAR and c.role not in {"input", "select"}
        ]
        if intent == "language_name":
            some.sort(key=lambda w: (-_suits(w.control.label, locale, lexicon), w.control.node))
        else:
            some.sort(key=lambda w: (-w.score, not w.control.strong, w.control.box[1], w.control.box[0]))
        found += some
    first = {w.control.node: w for w in reversed(found)}
    return [w for w in found if first[w.control.node] is w and taboo(w.control, screen, lexicon) is None]


def _suits(label: str, locale: str, lexicon: Lexicon) -> int:
    """How well a language suits the viewer: their own, else English."""
    own = locale.partition("-")[0].lower()
    spoken = {h.language.partition("-")[0] for h in lexicon.find("language_name", label)}
    exact = {h.language for h in lexicon.find("language_name", label)}
    if own and own in spoken:
        return 3 if own in exact else 2
    return 1 if "en" in spoken else 0
