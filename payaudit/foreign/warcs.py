"""The records of WARCs, read by ``warcio``: packings undone, requests and responses brought together.

Recorders differ in which of the two comes first and in which names the other. What
cannot be read is counted and told, never guessed.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from typing import IO, Any

import brotli

from payaudit.errors import EvidenceError
from payaudit.evidence.exchange import Exchange, Headers
from payaudit.evidence.limits import MIB
from payaudit.foreign.noun import MOST_BYTES, moment
from payaudit.model.text import Text

_MOST = 200_000  # records of one archive
_HTML = ("text/html", "application/xhtml+xml")
_KEPT = ("text/", "json", "javascript", "xml", "pdf", "x-www-form-urlencoded", "graphql")
_TEXTS = re.compile(
    r"urn:text(?:Final|FinalToWarc)?:(.+)", re.IGNORECASE
)  # as browsertrix keeps a page's words


class Records:
    """Requests and responses of one or several WARCs, brought together."""

    def __init__(self) -> None:
        self.software = ""
        self.texts: dict[str, str] = {}
        self.redirects: dict[str, str] = {}
        self._requests: dict[str, tuple[str, Headers, bytes]] = {}
        self._responses: list[tuple[str, str, Exchange]] = []
        self._payloads: dict[str, bytes] = {}
        self._unread = 0
        self._repeats = 0

    def file(self, stream: IO[bytes], where: str) -> None:
        """Read one WARC. Raises EvidenceError where it is none."""
        from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415 - only what others recorded needs it
        from warcio.exceptions import ArchiveLoadFailed  # noqa: PLC0415

        try:
            for number, record in enumerate(ArchiveIterator(stream, arc2warc=True)):
                if number > _MOST:
                    break
                self._record(record)
        except (
            ArchiveLoadFailed,
            zlib.error,
            EOFError,
            OSError,
            ValueError,
            KeyError,
            AttributeError,
        ) as error:
            raise EvidenceError(
                f"{where} is damaged or no WARC ({error}); fetch it again",
                f"{where} 已损坏或不是 WARC（{error}）；请重新获取",
            ) from error

    def exchanges(self) -> list[Exchange]:
        """All responses in recorded order, each with its request where there is one."""
        found = []
        for own, other, response in self._responses:
            request = self._requests.get(own) or self._requests.get(other)
            method, headers, body = request or ("GET", (), b"")
            found.append(replace(response, method=method, request_headers=headers, request_body=body))
        return sorted(found, key=lambda each: each.at)

    def gaps(self) -> list[Text]:
        """What could not be read."""
        told = []
        if self._unread:
            told.append(
                Text(
                    en=f"{self._unread} answers of the archive could not be unpacked",
                    zh=f"归档中有 {self._unread} 条响应无法解码",
                )
            )
        if self._repeats:
            told.append(
                Text(
                    en=f"{self._repeats} answers stand in another archive, to which this one refers",
                    zh=f"有 {self._repeats} 条响应存于本归档所引用的其他归档中",
                )
            )
        return told

    def _record(self, record: Any) -> None:  # noqa: ANN401 - warcio has no types
        head = record.rec_headers
        own, other = head.get_header("WARC-Record-ID") or "", head.get_header("WARC-Concurrent-To") or ""
        url = (head.get_header("WARC-Target-URI") or "").strip("<>")
        if record.rec_type == "warcinfo":
            said = record.content_stream().read(MIB).decode("utf-8", "replace")
            found = re.search(r"(?mi)^software: *(.+)$", said)
            self.software = self.software or (found[1].strip() if found else "")
        elif record.rec_type == "request" and record.http_headers is not None:
            line, headers, body = (
                record.http_headers,
                _headers(record),
                record.content_stream().read(MOST_BYTES),
            )
            request = (str(line.protocol), headers, body)
            self._requests |= {key: request for key in (own, other) if key}
        elif record.rec_type in {"response", "revisit"} and record.http_headers is not None:
            self._response(record, url, own, other)
        elif record.rec_type in {"resource", "conversion"} and (named := _TEXTS.fullmatch(url)):
            self.texts[named[1]] = record.content_stream().read(MOST_BYTES).decode("utf-8", "replace")

    def _response(self, record: Any, url: str, own: str, other: str) -> None:  # noqa: ANN401 - as above
        headers = _headers(record)
        at = moment(record.rec_headers.get_header("WARC-Date") or "")
        status = str(record.http_headers.get_statuscode() or "")
        if at is None or not status.isdigit() or not url.startswith(("http:", "https:")):
            return
        mime = next(
            (v.partition(";")[0].strip().lower() for k, v in headers if k.lower() == "content-type"), ""
        )
        body, cut = self._body(record, mime)
        reason = str(record.http_headers.statusline).partition(" ")[2]
        if (to := next((v for k, v in headers if k.lower() == "location"), None)) and status.startswith("3"):
            self.redirects[url] = to
        self._responses.append(
            (
                own,
                other,
                Exchange(
                    method="GET",
                    url=url,
                    request_headers=(),
                    request_body=b"",
                    status=int(status),
                    reason=reason,
                    response_headers=headers,
                    response_body=body,
                    truncated=cut,
                    resource_type="Document" if mime in _HTML else "XHR" if "json" in mime else "Other",
                    at=at,
                    run=1,
                    step=1,
                    redirect=False,
                ),
            )
        )

    def _body(self, record: Any, mime: str) -> tuple[bytes, str | None]:  # noqa: ANN401 - as above
        """The body unpacked, and why it is not whole; of what is no text nothing is kept."""
        digest = record.rec_headers.get_header("WARC-Payload-Digest") or ""
        if record.rec_type == "revisit":
            if digest not in self._payloads:
                self._repeats += 1
                return b"", "unspecified"
            return self._payloads[digest], None
        if mime and not any(part in mime for part in _KEPT):
            return b"", "length"
        packed = str(record.http_headers.get_header("Content-Encoding") or "").lower()
        try:
            if packed == "br":
                # warcio 1.8 cannot use brotli 1.2: it wants an attribute that the new type does not take.
                record.http_headers.remove_header("Content-Encoding")
                body = _unbrotli(record.content_stream().read(MOST_BYTES))
            else:
                body = bytes(record.content_stream().read(MOST_BYTES + 1))
        except Exception:  # noqa: BLE001 - each packing's library fails in its own way
            self._unread += 1
            return b"", "unspecified"
        if packed and packed not in {"gzip", "deflate", "br", "identity"} and not _readable(body):
            self._unread += 1
            return b"", "unspecified"
        if digest:
            self._payloads[digest] = body
        return body[:MOST_BYTES], "length" if len(body) > MOST_BYTES else None


def _unbrotli(data: bytes) -> bytes:
    """At most ``MOST_BYTES`` and one more. Raises ``brotli.error``."""
    unpacker = brotli.Decompressor()
    body = unpacker.process(data, output_buffer_limit=MOST_BYTES + 1)
    if not unpacker.is_finished() and len(body) <= MOST_BYTES:
        body += unpacker.process(b"", output_buffer_limit=MOST_BYTES + 1)
    return bytes(body[: MOST_BYTES + 1])


def _headers(record: Any) -> Headers:  # noqa: ANN401 - warcio has no types
    return tuple((str(k), str(v)) for k, v in record.http_headers.headers)


def _readable(body: bytes) -> bool:
    try:
        body[:4096].decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > 4000  # noqa: PLR2004 - a letter cut in half at the end
    return True
