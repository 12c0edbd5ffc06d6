"""Which elements answer to a tap: the protocol does not tell.

Markup that names its handlers does; else its shape has to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from payaudit.walk.devtools.placed import Placed
from payaudit.walk.devtools.wxml import Part

_NATIVE = frozenset({"button", "navigator", "checkbox", "radio", "switch", "label", "input", "textarea"})
_BOUND = tuple(f"{how}{sep}tap" for how in ("bind", "catch", "mut-bind") for sep in ("", ":"))
_ROLES = frozenset({"button", "link", "checkbox", "radio", "switch", "tab", "menuitem", "option"})
_SHORT = 24  # letters of a caption; longer texts are read, not pressed
_BOXES = frozenset({"view", "cover-view", "text", "image", "cover-image"})


def presses(parts: list[Part], places: Mapping[int, Placed]) -> set[int]:
    """Indices of the elements that may be pressed beside the host's own fields and buttons."""
    bound = {i for i, part in enumerate(parts) if any(name in part.attrs for name in _BOUND)}
    if bound:
        return bound
    kinds = Counter(_kind(part) for part in parts if part.tag)
    words: dict[int, int] = {}
    for part in parts:
        if not part.tag and part.parent >= 0:
            words[part.parent] = words.get(part.parent, 0) + len(part.text.strip())
    found: set[int] = set()
    for i, part in enumerate(parts):
        if _native(part) or i not in places:
            continue
        named = any(name.startswith("data-") for name in part.attrs)
        item = part.tag in _BOXES and bool(part.attrs.get("class")) and kinds[_kind(part)] > 1
        caption = part.tag in _BOXES and 0 < words.get(i, 0) <= _SHORT
        if named or ((item or caption) and not _within(parts, part.parent, found)):
            found.add(i)
    return found


def _native(part: Part) -> bool:
    return part.tag in _NATIVE or (part.attrs.get("role") or part.attrs.get("aria-role")) in _ROLES


def _kind(part: Part) -> tuple[int, str, str]:
    return (part.parent, part.tag, " ".join(sorted(part.attrs.get("class", "").split())[:1]))


def _within(parts: list[Part], index: int, found: set[int]) -> bool:
    while index >= 0:
        if index in found or _native(parts[index]):
            return True
        index = parts[index].parent
    return False
