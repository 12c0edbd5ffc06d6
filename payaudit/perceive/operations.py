"""What a body asks of an endpoint that serves everything: GraphQL mutations and JSON-RPC methods."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from payaudit.perceive.call_values import fields

_COMMENT = re.compile(r"#[^\n]*")
_STRING = re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"')
_MUTATION = re.compile(r"\bmutation\b\s*([A-Za-z_]\w*)?")
_QUERY = re.compile(r"\s*(query|subscription|fragment)\b|\s*\{")
_TOKEN = re.compile(r"[{}()]|(?:[A-Za-z_]\w*\s*:\s*)?([A-Za-z_]\w*)|@\w+")
_MOST = 20  # operations of one batch that are looked at
_LONGEST = 100_000  # characters of a document


def operations(body: bytes, query: tuple[tuple[str, str], ...] = ()) -> Iterator[str]:
    """Names of mutations and methods in a body or a query: the operation's own, and its outermost fields'.

    Queries and subscriptions only read and name nothing here. A stored
    document that is called by its hash alone is named by ``operationName``.
    """
    sent = fields(body) if body else {}
    for each in sent[:_MOST] if isinstance(sent, list) else (sent, dict(query)):
        if isinstance(each, dict):
            yield from _named(each)


def _named(sent: dict[str, Any]) -> Iterator[str]:
    name, document = sent.get("operationName"), sent.get("query")
    if isinstance(document, str) and "{" in document:
        yield from _mutations(document[:_LONGEST])
    elif isinstance(name, str) and "extensions" in sent:
        yield name
    if "jsonrpc" in sent and isinstance(sent.get("method"), str):
        yield re.split(r"[./:]", sent["method"])[-1]


def _mutations(document: str) -> Iterator[str]:
    plain = _COMMENT.sub("", _STRING.sub('""', document))
    for found in _MUTATION.finditer(plain):
        if _QUERY.match(plain) and plain[: found.start()].count("{") != plain[: found.start()].count("}"):
            continue  # a field that happens to be called so
        if found[1]:
            yield found[1]
        yield from _outermost(plain[found.end() :])


def _outermost(rest: str) -> Iterator[str]:
    """The fields of the first selection; an alias before a colon is skipped."""
    braces = brackets = 0
    for token in _TOKEN.finditer(rest):
        match token[0]:
            case "(":
                brackets += 1
            case ")":
                brackets -= 1
            case "{" if brackets == 0:
                braces += 1
            case "}" if brackets == 0:
                braces -= 1
                if braces <= 0:
                    return
            case _ if braces == 1 and brackets == 0 and token[1]:
                yield token[1]
