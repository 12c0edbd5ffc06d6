"""URLs as a browser reads them: one spelling for a host, whatever the page wrote."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, unquote

from tldextract import TLDExtract

WEB = frozenset(
    {
        "http",
        "https",
        "ws",
        "wss",
        "about",
        "blob",
        "data",
        "javascript",
        "file",
        "chrome-error",
        "filesystem",
    }
)
"""Schemes that stay inside the browser; any other one asks for another program."""

_WEB = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_PARTS = re.compile(r"(?P<scheme>[a-z][a-z0-9+.\-]*):(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_INTENT_SCHEME = re.compile(r"[;#]scheme=([^;]+)", re.IGNORECASE)
_ROUTERS = frozenset({"s", "r", "act", "action", "method", "do", "route", "api"})
_SUFFIXES = TLDExtract(suffix_list_urls=(), cache_dir=None)  # the list inside the package: nothing is fetched
_DOTS = str.maketrans("\u3002\uff0e\uff61", "...")


@dataclass(frozen=True, slots=True)
class Address:
    """A URL taken apart; ``host`` is ``None`` for a custom scheme.

    ``routes`` are the path and whatever a front controller takes for one
    (``?s=/order/pay``); ``intent`` is an Android intent URL under the scheme it hides.
    """

    url: str
    scheme: str
    host: str | None
    port: int | None
    path: str
    query: tuple[tuple[str, str], ...]
    intent: str

    @property
    def routes(self) -> tuple[str, ...]:
        """Every place of the URL that names an endpoint."""
        named = (value for name, value in self.query if name.lower() in _ROUTERS)
        return (re.sub(r";[^/]*", "", self.path), *("/" + value.lstrip("/") for value in named))


@lru_cache(maxsize=4096)
def address(url: str) -> Address:
    """Take a URL apart as Chromium does: never raises, a hopeless one has no host."""
    url = re.sub(r"[\t\r\n]", "", url).strip("".join(map(chr, range(33))))
    parts = _PARTS.fullmatch(url)
    if parts is None:
        return Address(url, "", None, None, url, (), url)
    scheme, rest = parts["scheme"].lower(), parts["rest"]
    if scheme not in _WEB:
        hidden = _INTENT_SCHEME.search(rest)
        bare = rest.split("#Intent;", 1)[0]
        intent = f"{hidden[1]}:{bare}" if hidden and scheme in ("intent", "android-app") else url
        _, _, query = rest.partition("#")[0].partition("?")
        return Address(url, scheme, None, None, rest, _pairs(query), intent)
    rest = rest.partition("#")[0]
    head, mark, query = rest.partition("?")
    head = head.replace("\\", "/").lstrip("/")
    authority, slash, path = head.partition("/")
    name, port = _name_and_port(authority.rpartition("@")[2])
    return Address(
        f"{scheme}://{head}{mark}{query}", scheme, _host(name), port or _WEB[scheme],
        unquote(slash + path) or "/", _pairs(query), url,
    )  # fmt: skip


@lru_cache(maxsize=4096)
def site(host: str) -> str:
    """The registrable domain of a host (``shop.co.uk`` of ``a.shop.co.uk``), else the host itself."""
    return _SUFFIXES(host).top_domain_under_public_suffix or host


def outside(url: str) -> bool:
    """Whether a browser would hand the URL to another program."""
    scheme = address(url).scheme
    return scheme != "" and scheme not in WEB


def _pairs(query: str) -> tuple[tuple[str, str], ...]:
    try:
        return tuple(parse_qsl(query, keep_blank_values=True, max_num_fields=1000))
    except ValueError:
        return ()


def _name_and_port(authority: str) -> tuple[str, int | None]:
    name, colon, port = authority.rpartition(":")
    if not colon or authority.endswith("]"):
        return authority, None
    return (name, int(port)) if port.isascii() and port.isdigit() else (name, None)


def _host(name: str) -> str:
    name = unicodedata.normalize("NFKC", unquote(name)).translate(_DOTS).lower()
    name = re.sub(r"[\u00ad\u200b-\u200d\u2060\ufeff]", "", name).rstrip(".").strip("[]")
    try:
        return name.encode("idna").decode("ascii") if not name.isascii() else name
    except UnicodeError:
        return name
