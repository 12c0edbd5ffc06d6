"""What stands in place of a private value: as many bytes, and plainly no value.

A number stays a number, so that JSON stays JSON; an e-mail address keeps its sign
and dots; all else says ``redacted``, its kind and a mark that is the same for the
same value throughout a file, so that one token used twice can still be seen to be one.
"""

from __future__ import annotations

import re

_DIGITS = re.compile(rb"\+?[0-9][0-9 ()*-]*")
_EMAIL_PART = re.compile(rb"%40|\\u0040|&#64;|[^@.]")
_DONE = re.compile(rb"redacted[a-zx0-9-]*|x+|\+?10[0 ()*-]*|[x.]+(?:@|%40|\\u0040|&#64;)[x.]+")
_LEAST = 8  # bytes that it takes to say "redacted"


def placeholder(value: bytes, kind: str, mark: str, *, email: bool = False) -> bytes:
    """As many bytes as ``value``; ``mark`` is four hex digits that stand for the value."""
    if email:
        return _EMAIL_PART.sub(lambda m: m[0] if len(m[0]) > 1 else b"x", value)
    if _DIGITS.fullmatch(value):
        first = value.find(re.search(rb"[0-9]", value)[0])  # type: ignore[index] # fullmatch found one
        zeros = re.sub(rb"[0-9*]", b"0", value)
        return zeros[:first] + b"1" + zeros[first + 1 :]
    said = f"redacted-{kind}-{mark}-".encode()
    if len(value) < len(said):
        said = b"redacted-" if len(value) >= _LEAST else b""
    return (said + b"x" * len(value))[: len(value)]


def is_placeholder(value: bytes) -> bool:
    """Whether a value was replaced already."""
    return _DONE.fullmatch(value) is not None
