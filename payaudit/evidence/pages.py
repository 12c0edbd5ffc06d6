"""The list of pages: what a person who opens the file in ReplayWeb.page can click on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime

from payaudit.model.evidence import Step

_HEADER = {"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}

Page = dict[str, str]


def list_pages(steps: Iterable[Step], recorded: AbstractSet[str]) -> list[Page]:
    """Return a page for each step that shows an address new to its run.

    Only an address that was ``recorded``: one that a script set without asking the
    server has no answer to replay, and opening it would say "page not found".
    """
    pages: list[Page] = []
    seen: set[tuple[int, str]] = set()
    for step in steps:
        url = step.url.partition("#")[0]
        if url not in recorded or (step.run, step.url) in seen:
            continue
        seen.add((step.run, step.url))
        pages.append(
            {
                "id": f"{step.run:02d}-{step.number:04d}",
                "url": step.url,
                "ts": _timestamp(step.captured),
                "title": step.title or step.url,
            }
        )
    return pages


def pages_file(pages: Iterable[Page]) -> bytes:
    """Return ``pages.jsonl``: a header, then one line per page."""
    lines = [_HEADER, *pages]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()


def _timestamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
