"""Values inside a payment call: dotted paths through arguments, query and body, and money from them."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, Literal
from urllib.parse import parse_qsl

from payaudit.model.money import Money
from payaudit.perceive.currency_units import currency_code, minor_digits
from payaudit.perceive.urls import address

_PLACES = 2  # more digits behind the point are the noise of reckoning in floating point
_LARGEST = Decimal(10) ** 12
# The address-safe alphabet too; a JSON object or list begins with one of these letters.
_BASE64 = re.compile(r"[eW][A-Za-z0-9+/_-]{6,}={0,2}")


def values(path: str, arguments: Any, url: str = "", body: bytes | None = None) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - any JSON
    """Everything that stands at ``path``, each with the source it was found in.

    ``a.b`` goes into mappings, ``a.0`` and ``a.*`` into lists; text that is
    itself JSON, also in base64, is entered as such. Sources: arguments, then query, then body.
    """
    query = dict(address(url).query) if ":" in url else {}
    for source in (arguments, query, fields(body)):
        for found in _follow(path.split("."), source):
            yield found, source


def fields(body: bytes | None) -> Any:  # noqa: ANN401 - any JSON
    """A request body as JSON or as form fields; an empty mapping where it is neither."""
    text = (body or b"").decode("utf-8", "replace").strip()
    if text[:1] in ("{", "["):
        return _json(text)
    if "=" not in text or text.startswith(("<", "--")):
        return {}
    try:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=1000))
    except ValueError:
        return {}


def money(
    value: Any,  # noqa: ANN401 - any JSON
    currency: str,
    unit: Literal["minor", "major", "hundredth"],
) -> Money | None:
    """Money in major units; ``None`` where ``value`` is no amount. ``currency``: a code or ISO's number."""
    currency = currency_code(currency) or ""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        amount = Decimal(str(value).strip().replace(",", ""))
    except InvalidOperation:
        return None
    if not amount.is_finite() or not 0 <= amount < _LARGEST or not currency:
        return None
    digits = {"minor": minor_digits(currency), "major": 0, "hundredth": 2}[unit]
    if digits and in_whole_units(value):
        digits = 0
    elif digits:
        amount = amount.to_integral_value()
    return Money(amount=amount.scaleb(-digits), currency=currency)


def in_whole_units(value: object) -> bool:
    """Whether a number that is said to count cents cannot: 9.9 and "9.90" do not, 1998.9999999999998 does."""
    told = str(value).strip().replace(",", "")
    whole, point, cents = told.partition(".")
    if not point or not (whole + cents).isdigit() or len(cents) > _PLACES:
        return False
    return isinstance(value, str) or int(cents) > 0


def worded(value: Any) -> str:  # noqa: ANN401 - any JSON
    """A JSON value as comparable text: ``true``, ``subscription``, ``{...}``; empty things are empty."""
    if isinstance(value, str):
        return value
    return "" if value in ({}, []) else json.dumps(value, ensure_ascii=False)


def _follow(path: list[str], value: Any) -> Iterator[Any]:  # noqa: ANN401 - any JSON
    if not path:
        yield value
        return
    if isinstance(value, str):
        value = opened(value)
    if isinstance(value, dict):
        flat = ".".join(path)
        if flat in value:
            yield value[flat]
        elif path[0] in value:
            yield from _follow(path[1:], value[path[0]])
    elif isinstance(value, list):
        if path[0] == "*":
            for item in value:
                yield from _follow(path[1:], item)
        elif path[0].isdigit() and int(path[0]) < len(value):
            yield from _follow(path[1:], value[int(path[0])])


def opened(text: str) -> Any:  # noqa: ANN401 - any JSON
    """What a text holds: JSON, also in base64, as a value; any other text as it is."""
    if text[:1] in ("{", "["):
        return _json(text)
    if _BASE64.fullmatch(text):
        try:
            padded = text.rstrip("=").replace("-", "+").replace("_", "/")
            inner = base64.b64decode(padded + "=" * (-len(padded) % 4), validate=True).decode("utf-8")
        except ValueError:
            return text
        return _json(inner) if inner[:1] in ("{", "[") and inner[-1:] in ("}", "]") else text
    return text


def _json(text: str) -> Any:  # noqa: ANN401 - any JSON
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return {}
