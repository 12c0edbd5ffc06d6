"""The list of episodes: controls numbered in a row, and which of them are locked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from payaudit.perceive.controls import Control
from payaudit.perceive.episode_number import BEFORE_NUMBER
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.prices import amounts
from payaudit.perceive.screen import Screen
from payaudit.perceive.texts import Text
from payaudit.perceive.tree import ELEMENT

_EPISODE = re.compile(
    r"^((?:锁|鎖|vip|付费|付費|会员|會員|locked|[^\w$¥￥€£₩₹.]){0,4}?|[^\W\d_]{1,9}[^\w$¥￥€£₩₹]{1,3}"
    rf"(?=第|(?:{BEFORE_NUMBER})\s*\d))(?:第|{BEFORE_NUMBER}|e)?\s*0*(\d{{1,3}})\s*"
    r"(?:集|話|话|회|화)?(?!\d|[.,:]\d|万|k\b|\s*(?:분|초|分|秒|min\b|sec\b)|\s*[-~–—至到]\s*第?\d)(.*)$",
    re.IGNORECASE | re.DOTALL,
)

_OPEN_OR_LOCKED = re.compile("锁|鎖|付费|付費|免费|免費|可看|试看|vip|lock|free|🔒", re.IGNORECASE)
_RANGE = re.compile(
    r"^(?:第|ep(?:isode)?s?\.?|e)?\s*0*(\d{1,3})\s*[-~–—至到]\s*(?:第|ep\.?|e)?\s*0*(\d{1,3})\s*(?:集|話|话|회|화)?$",
    re.IGNORECASE,
)
_CAPTION = 28  # characters; longer captions tell a story
_TEXTS = 2  # bare texts like episodes that make one look for more of them below
_HOLDERS = 4  # how far up the cell around a bare number is looked for
_CELL = 80  # nodes; what holds more is a list
_MATES = 3  # texts beside a number in its cell
_MATES_LETTERS = 24
_SIGNED = re.compile(r"(?P<n1>\d{1,3})\s?(?P<s1>[€$£¥￥₩₹])|(?P<s2>[€$£¥￥₩₹])\s?(?P<n2>\d{1,3})")
_SIGNS = 6  # cells with a sign, of which each is one more than the one before
_NEXT_NUMBER = re.compile(r"\s+[¥￥$€£₩₹]?\d")
_WORD = re.compile(r"[\W\d_]+")


@dataclass(frozen=True, slots=True)
class EpisodeControl:
    """A control that opens an episode by number."""

    number: int
    control: Control
    rest: str  # what its caption says beside the number
    shape: tuple[str, ...]  # how it is built and drawn, to tell the odd ones out


def episode_grid(screen: Screen) -> tuple[EpisodeControl, ...]:
    """Controls numbered like episodes; empty unless four stand together, or a few that tell their locks."""
    read = [c for control in screen.controls if (c := _read(screen, control)) is not None]
    read += _marked_by_a_sign(screen, {c.number for c in read})
    if sum(not c.control.strong for c in read) >= _TEXTS:
        read += [c for control in _further_texts(screen) if (c := _read(screen, control)) is not None]
        read = _in_rows(sorted(read, key=lambda c: c.control.node))
    found: dict[int, EpisodeControl] = {}
    for cell in read:
        if cell.number not in found or _better(cell.control, found[cell.number].control):
            found[cell.number] = cell
    told: dict[int, list[str]] = {}
    for text in screen.texts:
        told.setdefault(text.node, []).append(text.text.strip())
    numbered = {c.control.node for c in found.values()}
    found = {number: _with_mates(screen, cell, numbered, told) for number, cell in found.items()}
    sizes = Counter(map(_size, found.values()))
    kept = [c for c in found.values() if sizes[_size(c)] >= 3]  # noqa: PLR2004 - cells of a grid are alike
    numbers = sorted(c.number for c in kept)
    steps = sum(b - a == 1 for a, b in pairwise(numbers))
    if len(kept) < 4 or steps < len(kept) / 2:  # noqa: PLR2004 - fewer is a pager
        return _few(list(found.values()))
    return tuple(sorted(kept, key=lambda c: c.number))


def _marked_by_a_sign(screen: Screen, plain: set[int]) -> list[EpisodeControl]:
    """Cells whose lock is the sign of a currency (7 €, 8 €, 9 €), which go on from ``plain`` ones (5, 6)."""
    found: dict[int, EpisodeControl] = {}
    for control in screen.controls:
        match = _SIGNED.fullmatch(control.label.strip())
        if match is not None and control.strong and _in_hand(control, screen):
            number, sign = int(match["n1"] or match["n2"]), match["s1"] or match["s2"]
            found.setdefault(number, EpisodeControl(number, control, sign, _shape(screen, control)))
    numbers = sorted(found)
    rise = all(b - a == 1 for a, b in pairwise(numbers)) and bool(numbers) and numbers[0] - 1 in plain
    return [found[n] for n in numbers] if len(numbers) >= _SIGNS and rise else []


def _few(cells: list[EpisodeControl]) -> tuple[EpisodeControl, ...]:
    """The list of a series of two or three: counted from one, alike, and said to be open or locked."""
    alike = Counter(map(_size, cells))
    kept = sorted((c for c in cells if alike[_size(c)] >= 2), key=lambda c: c.number)  # noqa: PLR2004 - a pair
    counted = [c.number for c in kept] == list(range(1, len(kept) + 1))
    told = kept and all(_OPEN_OR_LOCKED.search(c.rest) for c in kept)
    return tuple(kept) if counted and told else ()


def _in_hand(control: Control, screen: Screen) -> bool:
    """Whether it can be pressed now or once it was scrolled to; only a layer keeps one from that."""
    if control.reach == "blocked":
        return screen.overlay is None
    return control.reach != "scroll" or screen.tree.inside(control.node, screen.scope)


def _read(screen: Screen, control: Control) -> EpisodeControl | None:
    """The control as a cell of the list; None where its caption names no episode."""
    label = control.label.strip()
    if not _in_hand(control, screen) or control.role in {"input", "select"} or _told_length(label) > _CAPTION:
        return None
    match = _EPISODE.match(label)
    if match is None:
        return None
    # 120看豆 is a price in a cell, no episode; 9 0.6元 is one beside its price
    beside = _NEXT_NUMBER.match(label, match.end(2))
    if not beside and any(a.start == match.start(2) for a in amounts(label)):
        return None
    number = int(match.group(2))
    if not 1 <= number <= 300:  # noqa: PLR2004 - no series is longer
        return None
    rest = f"{match.group(1)} {match.group(3)}".strip()
    return EpisodeControl(number, control, rest, _shape(screen, control))


def _told_length(label: str) -> int:
    """How long a caption is without the prices in it."""
    if len(label) > 2 * _CAPTION:
        return len(label)
    return len(label) - sum(a.end - a.start for a in amounts(label))


def _further_texts(screen: Screen) -> Iterator[Control]:
    """Short texts that scrolling would show: a list that listens on an ancestor goes on below the view."""
    held = {c.node for c in screen.controls}
    for text in screen.texts:
        label = text.text.strip()
        if text.sight not in {"off_screen", "clipped", "covered"} or not label or len(label) > _CAPTION:
            continue
        node = text.node
        if screen.tree.nodes[node].kind != ELEMENT:
            node = screen.tree.nodes[node].parent
        if node < 0 or held & {node, *screen.tree.ancestors(node)}:
            continue
        yield _bare(screen, node, text, None)


def _span_texts(screen: Screen) -> Iterator[Control]:
    """Spans of numbers within a control that listens for all of them at once (1-30 31-60 61-76)."""
    for text in screen.in_scope:
        label = text.text.strip()
        if _RANGE.match(label) is None:
            continue
        x, y, width, height = text.box
        point = (x + width / 2, y + height / 2)
        node = (
            text.node if screen.tree.nodes[text.node].kind == ELEMENT else screen.tree.nodes[text.node].parent
        )
        if node >= 0 and text.sight == "off_screen":
            yield _bare(screen, node, text, None)
            continue
        hit = screen.paint.hit(*point)
        if hit is not None and node >= 0 and screen.tree.inside(hit, node):
            yield _bare(screen, node, text, point)


def _bare(screen: Screen, node: int, text: Text, tap: tuple[float, float] | None) -> Control:
    """A text as something that a finger may press."""
    return Control(
        node=node, role="text", label=text.text.strip(), box=text.box, tap=tap,
        reach="scroll" if tap is None else "now", state=None, state_known_by=None, enabled=True,
        words=screen.tree.nodes[node].words(), href=None, strong=False,
    )  # fmt: skip


def _in_rows(cells: list[EpisodeControl]) -> list[EpisodeControl]:
    """Without bare texts that no neighbour counts on from: the player's own number, a count, a price."""
    kept = []
    for at, cell in enumerate(cells):
        near = [(k, cells[at + k].number) for k in (-2, -1, 1, 2) if 0 <= at + k < len(cells)]
        follows = any(number == cell.number + k for k, number in near)
        parted = any(abs(number - cell.number) == 1 for _, number in near)
        twin = any(number == cell.number for _, number in near)
        if cell.control.strong or follows or (parted and not twin):
            kept.append(cell)
    return kept


def _with_mates(
    screen: Screen, cell: EpisodeControl, numbered: set[int], told: dict[int, list[str]]
) -> EpisodeControl:
    """A bare number with what stands in the same cell: a price, a lock, a badge in an element of its own.

    ``numbered`` are the nodes of all numbers, ``told`` the texts by their nodes.
    """
    if cell.control.strong or cell.rest:
        return cell
    own, mates = cell.control.label.strip(), list[str]()
    for holder in screen.tree.ancestors(cell.control.node)[:_HOLDERS]:
        within = screen.tree.subtree(holder)
        if len(within) > _CELL or not numbered.isdisjoint(set(within) - {cell.control.node}):
            break
        said = [words for node in within for words in told.get(node, ())]
        if own not in said:
            break
        said.remove(own)
        if len(said) > _MATES or sum(map(len, said)) > _MATES_LETTERS:
            break
        mates = said
    return replace(cell, rest=" ".join(mates)) if mates else cell


def range_tabs(screen: Screen) -> list[tuple[int, int, Control]]:
    """Tabs that turn the pages of a long list (1-30 | 31-60): first and last number, and the control."""
    found: dict[int, tuple[int, int, Control]] = {}
    further = (
        c
        for c in screen.controls
        # What only a bar at the edge covers can be scrolled to.
        if (c.reach == "scroll" and (screen.overlay is None or screen.tree.inside(c.node, screen.scope)))
        or (c.reach == "blocked" and screen.overlay is None)
    )
    for control in (*screen.reachable, *further, *_span_texts(screen)):
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
    behind = _behind_free(cells, lexicon)
    if behind:
        return behind
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


def _behind_free(cells: tuple[EpisodeControl, ...], lexicon: Lexicon) -> tuple[EpisodeControl, ...]:
    """Those behind the last one that is said to be free, where the first ones are."""
    free = [c.number for c in cells if c.rest and lexicon.has("free", c.rest)]
    rest = tuple(c for c in cells if free and c.number > free[-1])
    early = [c for c in cells if free and c.number <= free[-1]]
    return rest if len(free) > 1 and len(free) * 2 > len(early) and len(rest) > 1 else ()


def _badged(cells: tuple[EpisodeControl, ...]) -> tuple[EpisodeControl, ...]:
    """Those that from some number on all bear the same badge (Plus, Premium), which the first ones lack."""
    badges = [_WORD.sub(" ", c.rest).strip().casefold() for c in cells]
    if not cells or cells[0].number != 1 or badges[0] or not badges[-1]:
        return ()
    from_here = next(i for i in range(len(cells)) if all(b == badges[-1] for b in badges[i:]))
    if any(badges[:from_here]) or len(cells) - from_here < 2:  # noqa: PLR2004 - one odd cell is the one playing
        return ()
    return cells[from_here:]
