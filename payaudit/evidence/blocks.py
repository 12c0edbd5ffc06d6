"""An exchange as two HTTP messages, and back again without loss.

Written here and not by ``warcio``, which percent-encodes header values that are not
ASCII: then a merchant's name in a header would no longer be what the server sent.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from payaudit.evidence.exchange import Exchange, Headers

# Bodies are stored decoded, so these no longer describe them; a replayer would obey.
_RENAMED = frozenset({"content-encoding", "content-length", "transfer-encoding"})
_ORIGINAL = "X-Archive-Orig-"
_CUT_MARKS = re.compile("[\r\0]")
_NOT_IN_URI = re.compile(r"[\x00-\x20\x7f]")


def one_line(text: str) -> str:
    """Return ``text`` fit for a header: page text must not start a header of its own."""
    plain = _CUT_MARKS.sub("", text).replace("\n", " ")
    return plain.encode("utf-8", "backslashreplace").decode()


def uri(url: str) -> str:
    """Return ``url`` without its fragment, spaces and control characters escaped."""
    url = url.partition("#")[0].encode("utf-8", "backslashreplace").decode()
    return _NOT_IN_URI.sub(lambda found: quote(found[0]), url)


def request_head(exchange: Exchange) -> tuple[bytes, tuple[str, ...]]:
    """Return the request's head, and the names of headers that were put in front.

    CDP shows neither Host nor Content-Length; readers of WARC want both.
    """
    _, _, rest = uri(exchange.url).partition("://")
    host = re.split("[/?]", rest, maxsplit=1)[0]
    path = rest[len(host) :] or "/"
    headers = _flat(exchange.request_headers)
    seen = {name.lower() for name, _ in headers}
    added: list[tuple[str, str]] = []
    if "host" not in seen:
        added.append(("Host", host.rpartition("@")[2]))
    if exchange.request_body and "content-length" not in seen:
        added.append(("Content-Length", str(len(exchange.request_body))))
    line = f"{one_line(exchange.method)} {path if path[0] == '/' else '/' + path} HTTP/1.1"
    return _head(line, (*added, *headers)), tuple(name for name, _ in added)


def response_head(exchange: Exchange) -> bytes:
    """Return the head of the response; the last header is the true Content-Length."""
    headers = tuple(
        (_ORIGINAL + name if name.lower() in _RENAMED else name, value)
        for name, value in _flat(exchange.response_headers)
    )
    length = ("Content-Length", str(len(exchange.response_body)))
    return _head(f"HTTP/1.1 {exchange.status} {one_line(exchange.reason)}", (*headers, length))


def parse(block: bytes) -> tuple[str, Headers, bytes]:
    """Take a message apart: first line, headers, body."""
    head, _, body = block.partition(b"\r\n\r\n")
    line, *rest = head.decode("utf-8", "replace").split("\r\n")
    return line, tuple(_pair(text) for text in rest if text), body


def parse_request(block: bytes, added: tuple[str, ...]) -> tuple[str, Headers, bytes]:
    """Return method, headers and body of a request, without the headers we had added."""
    line, headers, body = parse(block)
    return line.partition(" ")[0], headers[len(added) :], body


def parse_response(block: bytes) -> tuple[int, str, Headers, bytes]:
    """Return status, reason, headers and body of a response.

    Raises ValueError where the block is no HTTP response.
    """
    line, headers, body = parse(block)
    _, status, reason = [*line.split(" ", 2), "", ""][:3]
    return int(status), reason, tuple((_restored(name), value) for name, value in headers[:-1]), body


def _restored(name: str) -> str:
    original = name.removeprefix(_ORIGINAL)
    return original if original.lower() in _RENAMED else name


def _flat(headers: Headers) -> Headers:
    return tuple((one_line(name), one_line(part)) for name, value in headers for part in value.split("\n"))


def _head(line: str, headers: Headers) -> bytes:
    lines = [line, *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode()


def _pair(line: str) -> tuple[str, str]:
    cut = line.find(":", 1)  # from 1: HTTP/2 has names such as ":authority"
    return (line[:cut], line[cut + 1 :].removeprefix(" ")) if cut > 0 else (line, "")
