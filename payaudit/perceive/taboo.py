"""What is never pressed on the way to the paywall: ``rules/walk/never-press.yaml``.

A wrong press cannot be taken back: it leaves the site, starts a download, or
grants something that the audit does not need. These weigh more than any reason
to press.
"""

from __future__ import annotations

from functools import cache

from payaudit.data import read_data, rules_folder
from payaudit.model.base import Frozen
from payaudit.model.text import Text
from payaudit.perceive.controls import Control
from payaudit.perceive.intents import Guess, guesses
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.screen import Screen
from payaudit.perceive.urls import address, outside, site

_CLEAR = 0.6  # score from which a caption is taken at its word
_BESIDE = 3  # ancestors within which neighbours speak for a bare "open"
_BAR = 12  # texts of a bar or banner; more is the page

_ELSEWHERE = Text(en="it leads to another site", zh="会离开本站")
_STORE = Text(en="it leads to an app store or an app", zh="会跳转到应用商店或 App")
_DOWNLOAD = Text(en="it starts a download", zh="会触发下载")


class NeverPress(Frozen):
    """The file: word groups with the reason, kinds of captions, stores and file endings."""

    captions: dict[str, Text]
    layers: dict[str, Text]
    agreeing: tuple[str, ...]
    sparing: tuple[str, ...]
    stores: tuple[str, ...]
    downloads: tuple[str, ...]


@cache
def bundled() -> NeverPress:
    """The list that comes with the tool."""
    return read_data(rules_folder() / "walk" / "never-press.yaml", NeverPress)


def taboo(control: Control, screen: Screen, lexicon: Lexicon, *, may_leave: bool = False) -> Text | None:
    """Why a control is never pressed; None where it may be.

    ``may_leave`` allows a link to another site (an advertisement leads to its drama),
    though never to a store or a download.
    """
    said = guesses(control, screen, lexicon)
    return _by_link(control, screen, may_leave=may_leave) or _by_words(control, screen, lexicon, said)


def strayed(url: str) -> Text | None:
    """Why a page that was come to is no place to go on from."""
    if outside(url):
        return _STORE
    return _STORE if _is_store(address(url).host) else None


def _by_link(control: Control, screen: Screen, *, may_leave: bool) -> Text | None:
    holder = next(
        (
            screen.tree.nodes[i]
            for i in screen.tree.ancestors(control.node)
            if screen.tree.nodes[i].tag in {"A", "AREA"} and screen.tree.nodes[i].attrs.get("href")
        ),
        None,
    )
    if holder is None:
        return None
    href = holder.attrs["href"].strip()
    target = address(f"https:{href}" if href.startswith("//") else href)
    if "download" in holder.attrs or target.path.rpartition(".")[2].lower() in bundled().downloads:
        return _DOWNLOAD
    if outside(href) or _is_store(target.host):
        return _STORE
    leaves = target.scheme in {"http", "https"} and not same_site(
        target.host, address(screen.tree.url).host
    )  # fmt: skip
    return _ELSEWHERE if leaves and not may_leave else None


def same_site(one: str | None, other: str | None) -> bool:
    """Whether two hosts belong together: the same but for the names before the registered one."""
    if one is None or other is None:
        return True
    return site(one) == site(other)


def _is_store(host: str | None) -> bool:
    return host is not None and any(host == s or host.endswith(f".{s}") for s in bundled().stores)


def _by_words(control: Control, screen: Screen, lexicon: Lexicon, said: dict[str, Guess]) -> Text | None:
    book = bundled()
    spared = max((said[i].score for i in book.sparing if i in said), default=0.0)
    for group, why in book.captions.items():
        guess = said.get(group)
        if guess is not None and guess.score >= _CLEAR and guess.score > spared:
            return why
    agrees = max((said[i].score for i in book.agreeing if i in said), default=0.0)
    if agrees < _CLEAR or spared >= agrees:
        return None
    if screen.overlay is not None and screen.tree.inside(control.node, screen.scope):
        asked = "\n".join(t.text for t in screen.front if screen.tree.inside(t.node, screen.scope))
        for group, why in book.layers.items():
            if lexicon.has(group, asked) and not _cookies(asked, lexicon):
                return why
    if "bare_open" in said and said["bare_open"].score >= _CLEAR:
        around = _neighbours(control, screen)
        if lexicon.has("install", around) or lexicon.has("open_app", around):
            return book.captions["open_app"]
    return None


def _cookies(asked: str, lexicon: Lexicon) -> bool:
    """A cookie banner mentions advertising and apps in passing; it is a gate of its own."""
    return lexicon.has("cookies", asked)


def _neighbours(control: Control, screen: Screen) -> str:
    """What stands in the same bar or banner."""
    around = ""
    for above in screen.tree.ancestors(control.node)[1 : _BESIDE + 1]:
        texts = [t.text for t in screen.texts if screen.tree.inside(t.node, above)]
        if len(texts) > _BAR:
            break
        around = "\n".join(texts)
    return around
