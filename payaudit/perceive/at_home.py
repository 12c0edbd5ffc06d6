"""The currency of the place whose pages are being read, for signs that several currencies share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_HOME: ContextVar[str | None] = ContextVar("home currency", default=None)


def home() -> str | None:
    """ISO 4217; ``None`` where nothing is known of the place."""
    return _HOME.get()


@contextmanager
def at_home(currency: str | None) -> Iterator[None]:
    """Read what is within as the pages of a place with this currency."""
    token = _HOME.set(currency)
    try:
        yield
    finally:
        _HOME.reset(token)
