"""Does slow work ahead of the tests that look at it, two pieces at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest

WORKERS = 2  # as many walks as a small machine has processors

Key = TypeVar("Key")
Result = TypeVar("Result")


@contextmanager
def ahead(work: Callable[[Key], Result], keys: list[Key]) -> Iterator[dict[Key, Future[Result]]]:
    """Begin the work for all keys in their order; what is not begun when the block ends is dropped."""
    pool = ThreadPoolExecutor(WORKERS)
    try:
        yield {key: pool.submit(work, key) for key in keys}
    finally:
        pool.shutdown(cancel_futures=True)


def asked_for(session: pytest.Session, parameter: str) -> list[Any]:
    """The values of a parameter in the tests that were selected, each once, in the order of the tests."""
    specs = (item.callspec for item in session.items if hasattr(item, "callspec"))
    return list(dict.fromkeys(spec.params[parameter] for spec in specs if parameter in spec.params))
