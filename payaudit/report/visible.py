"""Text of a page as text only: what a reader or a terminal would not show is shown by its number."""

from __future__ import annotations

import re

# C0 and C1 controls but tab and line end, soft hyphen, zero-width and joining marks, directions
# and their overrides, fillers, interlinear marks, tags: a page can hide or turn words with them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    """The text with each unseen character as ``<U+202E>``."""
    return _UNSEEN.sub(lambda found: f"<U+{ord(found[0]):04X}>", text)
