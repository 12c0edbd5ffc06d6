"""Which elements answer to a tap: the protocol does not tell.

Markup that names its handlers does. Else it is guessed from the shape: short captions in the largest
box that holds nothing else, and items of a list. The walk tries them; no fact rests on a guess alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from payaudit.walk.devtools.wxml import Part

_BOUND = tuple(f"{how}{sep}tap" for how in ("bind", "catch", "mut-bind") for sep in ("", ":"))
_NATIVE = frozenset({"button", "navigator", "checkbox", "radio", "switch", "label", "input", "textarea"})
_ROLES = frozenset({"button", "link", "checkbox", "radio", "switch", "tab", "menuitem", "option"})
_BOXES = frozenset({"view", "cover-view", "text", "image", "cover-image"})
_CAPTION = 24  # letters; longer texts are read, not pressed
_ITEM = 60
_ENDED = "。"  # what ends so is to be read


def named(parts: list[Part]) -> set[int]:
    """Indices of the elements whose markup names a handler of taps."""
    return {i for i, part in enumerate(parts) if any(name in part.attrs for name in _BOUND)}


def guessed(parts: list[Part], placed: Collection[int]) -> set[int]:
    """Indices of the elements that look like something to press, beside the host's own controls."""
    words = _words(parts)
    native = {i for i, part in enumerate(parts) if _native(part)}
    kinds = Counter(_kind(part) for part in parts if part.tag)
    found: set[int] = set()
    for i in range(len(parts) - 1, -1, -1):
        part = parts[i]
        if part.tag not in _BOXES or i not in placed or not part.attrs.get("class") or kinds[_kind(part)] < 2:  # noqa: PLR2004 - a list
            continue
        inside = [at for at in (*found, *native) if _within(parts, at, {i})]
        if not inside and words[i] and _pressed(words[i], _ITEM) and not _within(parts, i, native):
            found.add(i)
    items = set(found)
    # What stands above a button of the host in the same box explains it.
    buttons = {part.parent: i for i, part in reversed([*enumerate(parts)]) if part.tag == "button"}
    for part in parts:
        at = part.parent
        if part.tag or at < 0 or not _pressed(words[at], _CAPTION):
            continue
        while (
            parts[at].parent >= 0
            and parts[parts[at].parent].tag in _BOXES
            and words[parts[at].parent] == words[at]
        ):
            at = parts[at].parent
        button = buttons.get(parts[at].parent, -1)
        if (
            parts[at].tag in _BOXES
            and at in placed
            and at > button
            and not _within(parts, at, items | native)
        ):
            found.add(at)
    return found


def _words(parts: list[Part]) -> list[str]:
    """What stands in each element, with all below it."""
    words = [""] * len(parts)
    for i, part in enumerate(parts):
        text, at = part.text.strip(), part.parent
        while text and not part.tag and at >= 0:
            words[at] += text
            at = parts[at].parent
        words[i] = words[i] or text
    return words


def _pressed(text: str, most: int) -> bool:
    return 0 < len(text) <= most and _ENDED not in text


def _native(part: Part) -> bool:
    return part.tag in _NATIVE or (part.attrs.get("role") or part.attrs.get("aria-role")) in _ROLES


def _kind(part: Part) -> tuple[int, str, str]:
    return (part.parent, part.tag, part.attrs.get("class", "").split(" ")[0])


def _within(parts: list[Part], index: int, those: set[int]) -> bool:
    while index >= 0 and index not in those:
        index = parts[index].parent
    return index >= 0
