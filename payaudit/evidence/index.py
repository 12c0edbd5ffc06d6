"""The index that lets ReplayWeb.page find a recorded answer: CDXJ, one line per response.

Lines are as ``cdxj-indexer`` writes them and a POST's body is folded into its key by
that library; what it cannot parse is folded in as base64, since a page under audit may
send anything. The index is plain text: an ``index.cdx.gz`` without its ``.idx`` passes
``wacz validate``, but then ReplayWeb.page finds no page.
"""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from typing import IO, NamedTuple

from payaudit.evidence import blocks
from payaudit.evidence.exchange import Headers
from payaudit.evidence.traffic import Record, records

_FILE = "data.warc.gz"
_QUERY_LIMIT = 4096  # the library's own
_SPACE = re.compile(r"\s")


class Index(NamedTuple):
    """The text of ``indexes/index.cdx``, and the addresses that it can find."""

    text: str
    urls: frozenset[str]


def build_index(warc: IO[bytes]) -> Index:
    """Index the responses of a WARC. Raises EvidenceError where it is damaged."""
    lines: set[str] = set()
    urls: set[str] = set()
    for request, response in _pairs(warc):
        urls.add(response.url)
        lines.add(_line(request, response))
    return Index("".join(sorted(lines)), frozenset(urls))


def _pairs(warc: IO[bytes]) -> Iterator[tuple[Record, Record]]:
    request: Record | None = None
    for record in records(warc):
        if record.kind == "response" and request is not None:
            yield request, record
        request = record if record.kind == "request" else None


def _line(request: Record, response: Record) -> str:
    status, headers, _ = blocks.parse(response.block)
    mime = _header(headers, "content-type")
    entry = {"url": response.url}
    if mime is not None:
        entry["mime"] = re.split(r"[;\s]", mime, maxsplit=1)[0].strip()
    entry |= {
        "status": status.split(" ")[1],
        "digest": response.headers["WARC-Payload-Digest"],
        "length": str(response.length),
        "offset": str(response.offset),
        "filename": _FILE,
    }
    key = response.url
    line, request_headers, body = blocks.parse(request.block)
    method = line.partition(" ")[0].upper()
    if method in ("POST", "PUT"):
        query, suffix = _query(method, response.url, request_headers, body)
        entry |= {"requestBody": query, "method": method}
        key += suffix
    when = re.sub(r"\D", "", response.headers["WARC-Date"])[:14]
    return f"{_key(key)} {when} {json.dumps(entry)}\n"


def _query(method: str, url: str, headers: Headers, body: bytes) -> tuple[str, str]:
    from cdxj_indexer.postquery import append_method_query  # noqa: PLC0415 - only packing needs it (0.4 s)

    mime, length = _header(headers, "content-type"), _header(headers, "content-length")
    try:
        void = io.StringIO()  # it prints what it cannot parse
        with redirect_stdout(void), redirect_stderr(void):
            query, suffix = append_method_query(method, mime, length, io.BytesIO(body), url)
    except Exception:  # noqa: BLE001 - its parsers fail in many ways on a hostile body
        query = f"__wb_post_data={base64.b64encode(body).decode()}"[:_QUERY_LIMIT]
        suffix = f"{'&' if '?' in url else '?'}__wb_method={method}&{query}"
    return query or "", suffix


def _key(url: str) -> str:
    import surt  # noqa: PLC0415 - as above

    try:
        key = str(surt.surt(url))
    except Exception:  # noqa: BLE001 - an address may be anything; the library does the same
        key = url
    return _SPACE.sub("%20", key)


def _header(headers: Headers, name: str) -> str | None:
    return next((value for known, value in headers if known.lower() == name), None)
