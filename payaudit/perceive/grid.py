"""The list of episodes: controls numbered in a row, and which of them are locked."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise

from payaudit.perceive.controls import Control
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.prices import amounts
from payaudit.perceive.screen import Screen
from payaudit.perceive.tree import ELEMENT

_EPISODE = re.compile(
    r"^((?:锁|鎖|vip|付费|付費|会员|會員|locked|[^\w$¥￥€£₩₹.]){0,4}?|[^\W\d_]{1,9}[^\w$¥￥€£₩₹]{1,3}(?=第|ep|folge|cap|épi))"
    r"(?:第|ep(?:isode)?\.?|e|folge|cap[ií]tulo|épisode|episodio|episódio)?\s*0*(\d{1,3})\s*(?:集|話|话|회|화)?(?!\d|[.,]\d|万|k\b|\s*[-~–—至到]\s*第?\d)(.*)$",
    re.IGNORECASE | re.DOTALL,
)

_RANGE = re.compile(
    r"^(?:第|ep(?:isode)?s?\.?|e)?\s*0*(\d{1,3})\s*[-~–—至到]\s*(?:第|ep\.?|e)?\s*0*(\d{1,3})\s*(?:集|話|话|회|화)?$",
    re.IGNORECASE,
)
_MATES = 3  # texts beside a number in its cell
_MATES_LETTERS = 24
_WORD = re.compile(r"[\W\d_]+")


@dataclass(frozen=True, slots=True)
class EpisodeControl:
    """A control that opens an episode by number."""

    number: int
    control: Control
    rest: str  # what its caption says beside the number
    shape: tuple[str, ...]  # how it is built and drawn, to tell the odd ones out


def episode_grid(screen: Screen) -> tuple[EpisodeControl, ...]:
    """Controls numbered like episodes; empty unless at least four stand together."""
    found: dict[int, EpisodeControl] = {}
    for control in screen.controls:
        if len(control.label) > 28 or control.reach == "blocked" or control.role in {"input", "select"}:  # noqa: PLR2004 - longer captions tell a story
            continue
        if control.reach == "scroll" and not screen.tree.inside(control.node, screen.scope):
            continue
        label = control.label.strip()
        match = _EPISODE.match(label)
        # 120看豆 is a price in a cell, no episode
        if match is None or any(a.start == match.start(2) for a in amounts(label)):
            continue
        number = int(match.group(2))
        rest = f"{match.group(1)} {match.group(3)}".strip()
        if not 1 <= number <= 300 or (number in found and not _better(control, found[number].control)):  # noqa: PLR2004 - no series is longer
            continue
        found[number] = EpisodeControl(number, control, rest, _shape(screen, control))
    found = {number: _with_mates(screen, cell, found) for number, cell in found.items()}
    sizes = Counter(map(_size, found.values()))
    kept = [c for c in found.values() if sizes[_size(c)] >= 3]  # noqa: PLR2004 - cells of a grid are alike
    numbers = sorted(c.number for c in kept)
    steps = sum(b - a == 1 for a, b in pairwise(numbers))
    if len(kept) < 4 or steps < len(kept) / 2:  # noqa: PLR2004 - fewer is a pager
        return ()
    return tuple(sorted(kept, key=lambda c: c.number))


def _with_mates(screen: Screen, cell: EpisodeControl, found: dict[int, EpisodeControl]) -> EpisodeControl:
    """A bare number with what stands in the same cell: a price, a lock, a badge in an element of its own."""
    if cell.control.strong or cell.rest:
        return cell
    holder = screen.tree.nodes[cell.control.node].parent
    if any(other is not cell and screen.tree.inside(other.control.node, holder) for other in found.values()):
        return cell
    mates = [
        t.text.strip()
        for t in screen.texts
        if screen.tree.inside(t.node, holder) and not screen.tree.inside(t.node, cell.control.node)
    ]
    if not mates or len(mates) > _MATES or sum(map(len, mates)) > _MATES_LETTERS:
        return cell
    return replace(cell, rest=" ".join(mates))


def range_tabs(screen: Screen) -> list[tuple[int, int, Control]]:
    """Tabs that turn the pages of a long list (1-30 | 31-60): first and last number, and the control."""
    found: dict[int, tuple[int, int, Control]] = {}
    for control in screen.reachable:
        match = _RANGE.match(control.label.strip())
        if match is None or control.role in {"input", "select"}:
            continue
        first, last = int(match[1]), int(match[2])
        if 1 <= first < last <= 300 and (first not in found or _better(control, found[first][2])):  # noqa: PLR2004 - no series is longer
            found[first] = (first, last, control)
    tabs = [found[first] for first in sorted(found)]
    follow = all(b[0] == a[1] + 1 for a, b in pairwise(tabs))
    return tabs if len(tabs) > 1 and follow else []


def cell_number(label: str) -> int | None:
    """The episode that the caption of a pressed cell stands for."""
    match = _EPISODE.match(label.strip())
    return int(match.group(2)) if match is not None else None


def episode_grid_in_front(screen: Screen) -> bool:
    """Whether the list of episodes is what is in front, and not what a layer leaves visible of it."""
    cells = episode_grid(screen)
    return bool(cells) and (
        screen.overlay is None or any(screen.tree.inside(c.control.node, screen.scope) for c in cells)
    )


def _better(new: Control, old: Control) -> bool:
    return (new.strong, new.reach == "now", len(new.label)) > (old.strong, old.reach == "now", len(old.label))


def _size(cell: EpisodeControl) -> tuple[int, int]:
    """Cells of one list are about as high; bare texts are not told apart."""
    return (1, round(cell.control.box[3] / 12)) if cell.control.strong else (0, 0)


def _shape(screen: Screen, control: Control) -> tuple[str, ...]:
    parts: list[str] = []
    for index in screen.tree.subtree(control.node)[:24]:
        node = screen.tree.nodes[index]
        if node.kind == ELEMENT:
            ground = str(node.style.background) if node.style else ""
            colour = str(node.style.color) if node.style else ""
            parts.append(f"{node.tag}:{ground}:{colour}:{bool(node.style and node.style.picture)}")
    return tuple(parts)


def locked_cells(cells: tuple[EpisodeControl, ...], lexicon: Lexicon) -> tuple[EpisodeControl, ...]:
    """Cells marked as locked by word, glyph, price or by being built otherwise than the first ones."""
    by_word = tuple(c for c in cells if c.rest and lexicon.has("lock", c.rest))
    if by_word:
        return by_word
    priced = tuple(c for c in cells if any(a.coins or a.money for a in amounts(c.rest)))
    if priced:
        return priced
    badged = _badged(cells)
    if badged:
        return badged
    plain = [c.shape for c in cells[:3]]
    if cells and cells[0].number == 1:
        common = max(plain, key=plain.count)
        odd = [c for c in cells if c.shape != common and c.number > 2]  # noqa: PLR2004 - the first ones set the norm
        # From some number on all of them differ: those behind the lock.
        tail = [c for c in odd if all(d.shape != common for d in cells if d.number >= c.number)]
        if len(tail) >= 2 and len(tail) < len(cells):  # noqa: PLR2004 - one odd cell is the one playing
            return tuple(tail)
    return ()


def _badged(cells: tuple[EpisodeControl, ...]) -> tuple[EpisodeControl, ...]:
    """Those that from some number on all bear the same badge (Plus, Premium), which the first ones lack."""
    badges = [_WORD.sub(" ", c.rest).strip().casefold() for c in cells]
    if not cells or cells[0].number != 1 or badges[0] or not badges[-1]:
        return ()
    from_here = next(i for i in range(len(cells)) if all(b == badges[-1] for b in badges[i:]))
    if any(badges[:from_here]) or len(cells) - from_here < 2:  # noqa: PLR2004 - one odd cell is the one playing
        return ()
    return cells[from_here:]
