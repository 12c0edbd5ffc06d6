"""Pages of WARCs: those that a list names, then every other page that was answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import IO

from payaudit.evidence.exchange import Exchange
from payaudit.foreign.noun import Archive, Page
from payaudit.foreign.warcs import Records

_OK = 300  # statuses below it are neither a redirect nor an error


def read_warcs(
    archive: Archive, warcs: Iterable[tuple[str, IO[bytes]]], path: Path, listed: Iterable[Page] = ()
) -> None:
    """Read every record; pages are those listed, then all other HTML that was answered."""
    read = Records()
    for name, stream in warcs:
        read.file(stream, f"{path}: {name}" if name != path.name else str(path))
    archive.software = archive.software or read.software
    archive.exchanges = read.exchanges()
    archive.gaps += read.gaps()
    by_url: dict[str, Exchange] = {}
    for exchange in archive.exchanges:
        if exchange.resource_type == "Document" and exchange.status < _OK and exchange.response_body:
            by_url.setdefault(exchange.url, exchange)
    used: set[str] = set()
    for page in listed:
        found = by_url.get(page.url.partition("#")[0]) or by_url.get(read.redirects.get(page.url, ""))
        text = page.text or read.texts.get(page.url, "")
        html = found.response_body if found is not None else None
        if (html or text) and page.url not in used:
            used |= {page.url, found.url if found is not None else page.url}
            archive.pages.append(replace(page, html=html, text=text))
    for url, exchange in by_url.items():
        if url not in used:
            archive.pages.append(Page(url, exchange.at, "", exchange.response_body, read.texts.get(url, "")))
