"""What an investigator types that is nobody's business, and how it stays out of the evidence.

Passwords are replaced wherever a walk keeps something: in snapshots by the field
they stand in, in traffic and actions by what was typed. In a journey they, and
what identifies a person, stand as ``${password}``, ``${phone}``, ``${email}``,
``${code}``: filled from ``PAYAUDIT_PASSWORD`` and so on when it is walked.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, quote_plus

from payaudit.errors import UsageError
from payaudit.evidence.exchange import Exchange

PASSWORD = "${password}"  # noqa: S105 - stands for one
HIDDEN = "(not kept)"
_NAMES = ("password", "phone", "email", "code")
_PLACE = re.compile(r"\$\{(" + "|".join(_NAMES) + r")\}")
_PHONE = re.compile(r"\+?\d[\d -]{8,14}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def placeholder(value: str, kind: str, auto: str, *, secret: bool) -> str:
    """What stands for a typed value in the evidence: itself, unless secret or telling who somebody is."""
    if secret or kind == "password" or "password" in auto:
        return PASSWORD
    if auto == "one-time-code":
        return "${code}"
    if kind == "email" or auto == "email" or _EMAIL.fullmatch(value.strip()):
        return "${email}"
    if kind == "tel" or auto.startswith("tel") or _PHONE.fullmatch(value.strip()):
        return "${phone}"
    return value


def missing(text: str, env: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """The variables that have to be set before a text of a journey can be typed."""
    return tuple(v for v in map(_variable, _PLACE.findall(text)) if not env.get(v))


def filled(text: str, env: Mapping[str, str] = os.environ) -> str:
    """The text to type; raises ``UsageError`` where a variable is not set."""
    lacking = missing(text, env)
    if lacking:
        raise UsageError(
            f"the journey types what is not kept in it; set {' and '.join(lacking)}",
            f"巡查脚本需要输入未保存的内容；请设置环境变量 {'、'.join(lacking)}",
        )
    return _PLACE.sub(lambda found: env[_variable(found[1])], text)


def password_in(text: str, env: Mapping[str, str] = os.environ) -> str:
    """The password that a text of a journey is filled with; empty where there is none."""
    return env.get(_variable("password"), "") if PASSWORD in text else ""


def _variable(name: str) -> str:
    return f"PAYAUDIT_{name.upper()}"


def without_passwords(snapshot: dict[str, Any]) -> None:
    """Blank the values of password fields in a ``DOMSnapshot``, in place."""
    strings: list[str] = snapshot["strings"]
    for document in snapshot["documents"]:
        nodes = document["nodes"]
        fields = {
            i
            for i, pairs in enumerate(nodes.get("attributes", ()))
            if any(
                strings[pairs[k]].lower() == "type" and strings[pairs[k + 1]].lower() == "password"
                for k in range(0, len(pairs) - 1, 2)
                if pairs[k + 1] >= 0
            )
        }
        if not fields:
            continue
        strings.append(HIDDEN)
        blank = len(strings) - 1
        used: set[int] = set()
        for i in fields:
            pairs = nodes["attributes"][i]
            for k in range(0, len(pairs) - 1, 2):
                if strings[pairs[k]].lower() == "value":
                    used.add(pairs[k + 1])
                    pairs[k + 1] = blank
        values = nodes["inputValue"]
        for k, i in enumerate(values["index"]):
            if i in fields and values["value"][k] >= 0 and strings[values["value"][k]]:
                used.add(values["value"][k])
                values["value"][k] = blank
        # The table of strings is shared: a word that stands elsewhere too has to stay there.
        for number in used - _still_used(snapshot):
            if number >= 0:
                strings[number] = HIDDEN


def _still_used(snapshot: dict[str, Any]) -> set[int]:
    """Numbers of all strings that something refers to."""
    found: set[int] = set()
    rest: list[Any] = list(snapshot["documents"])
    while rest:
        part = rest.pop()
        if isinstance(part, dict):
            rest.extend(part.values())
        elif isinstance(part, list):
            rest.extend(part)
        elif isinstance(part, int):
            found.add(part)
    return found


class Secrets:
    """The passwords typed so far, known to this process alone."""

    def __init__(self) -> None:
        self._forms: set[bytes] = set()
        self._pattern: re.Pattern[bytes] | None = None

    def add(self, value: str) -> None:
        """Keep a value out of all that is recorded from now on."""
        if not value:
            return
        told, plain = json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]
        forms = (value, quote(value, safe=""), quote_plus(value), quote(value), told, plain)
        self._forms |= {f.encode() for f in forms}
        words = b"|".join(re.escape(f) for f in sorted(self._forms, key=len, reverse=True))
        # Whole values only, as JSON, forms and multipart bodies hold them: a short one is part of many words.
        self._pattern = re.compile(rb'(?<=["=\n])(?:' + words + rb')(?=["&;#\\\s]|\Z)')

    def without(self, data: bytes) -> bytes:
        """The bytes with every password replaced."""
        return self._pattern.sub(HIDDEN.encode(), data) if self._pattern is not None else data

    def exchange(self, exchange: Exchange) -> Exchange:
        """A request and its answer as they may be kept."""
        if self._pattern is None:
            return exchange
        return replace(
            exchange,
            url=self.without(exchange.url.encode()).decode(),
            request_headers=tuple(
                (n, self.without(v.encode()).decode()) for n, v in exchange.request_headers
            ),
            request_body=self.without(exchange.request_body),
            response_body=self.without(exchange.response_body),
        )
