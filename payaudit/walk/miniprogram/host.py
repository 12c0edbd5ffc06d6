"""The simulated host: answers every call that leaves the page, and records it."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode, urlsplit, urlunsplit

from payaudit.walk.guard.policy import called
from payaudit.walk.miniprogram.backend import Asked, Backend, Refused
from payaudit.walk.miniprogram.policy import HostPolicy

if TYPE_CHECKING:
    from payaudit.walk.guard import Guard
    from payaudit.walk.miniprogram.package import Package

Ads = Literal["watched", "closed"]

INTERVENTION = "simulated mini-program host"
_SHOWN = 16_384  # characters of a call's arguments kept as they are
_GAPS = 200  # of one audit; a package with more is not understood at all
_GET = "GET"


@dataclass
class SimulatedHost:
    """One for each audit. ``answer`` takes what the page calls, by name and arguments."""

    package: Package
    policy: HostPolicy
    guard: Guard
    backend: Backend
    ads: Ads = "watched"
    announced: set[str] = field(
        default_factory=set
    )  # addresses of web-views that were told before they opened
    gaps: set[tuple[str, str]] = field(default_factory=set)
    _started: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, name: str, arguments: dict[str, Any], page: str) -> dict[str, Any]:
        """The answer as the page takes it: ``{ok: …}`` or ``{fail: reason}``."""
        if name == "payaudit.gap":
            self._gap(arguments, page)
            return {"ok": {}}
        if name == "payaudit.started":
            self._started.set()
            return {"ok": {}}
        if name == "request":
            return await self._request(arguments)
        if name in self.policy.pays[self.package.dialect]:
            return self._refuse(f"{self.package.dialect}.{name}", arguments, page)
        told = self._told(name, arguments)
        if told is None:
            told = {"fail": "not supported"}
            self._gap({"kind": "api", "name": name, "detail": "the host's policy has no answer for it"}, page)
        self.guard.sink.event(
            "host_call", {"name": name, "arguments": short(arguments), "answer": told, "page": page}
        )
        return told

    def _told(self, name: str, arguments: dict[str, Any]) -> dict[str, Any] | None:
        if name == "RewardedVideoAd.show":
            self.guard.sink.event(
                "intervention",
                {"what": f"ad {self.ads}", "why": "an advertisement was reported so, not shown"},
            )
            return {"ok": {"isEnded": self.ads == "watched", "count": 1}}
        if name == "InterstitialAd.show":
            return {"ok": {}}
        if name == "downloadFile":
            return {"ok": {"tempFilePath": str(arguments.get("url", "")), "statusCode": 200}}
        if name == "web-view":
            src = str(arguments.get("src", ""))
            if urlsplit(src).scheme not in {"http", "https"}:
                return {"fail": "not an address"}
            self.announced.add(src.partition("#")[0])
            return {"ok": {}}
        answer = self.policy.answers.get(name)
        return None if answer is None else answer.told()

    def _refuse(self, api: str, arguments: dict[str, Any], page: str) -> dict[str, Any]:
        record_payment(self.guard, api, arguments, page, "host")
        return self.policy.cancel(api).told()

    def _gap(self, arguments: dict[str, Any], page: str) -> None:
        kind, name = str(arguments.get("kind", "")), str(arguments.get("name", ""))
        if (kind, name) in self.gaps or len(self.gaps) >= _GAPS:
            return
        self.gaps.add((kind, name))
        self.guard.sink.event(
            "runtime_gap",
            {"kind": kind, "name": name, "detail": str(arguments.get("detail", ""))[:400], "page": page},
        )

    async def until_started(self, seconds: float) -> None:
        """Wait until the page that was opened last shows its first screen."""
        self._started.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._started.wait(), seconds)

    def fresh(self) -> None:
        """A new run: gaps are told in each of them."""
        self.gaps.clear()
        self.announced.clear()

    async def _request(self, options: dict[str, Any]) -> dict[str, Any]:
        asked = _asked(options, self.package)
        try:
            given = await self.backend.answer(asked)
        except Refused as refused:
            return {"fail": str(refused)}
        text = given.body.decode("utf-8", "replace")
        data: Any = text
        if options.get("responseType") == "arraybuffer":
            data = {"base64": base64.b64encode(given.body).decode()}
        elif (options.get("dataType") or "json") == "json":
            try:
                data = json.loads(text)
            except ValueError:
                data = text
        return {"ok": {"data": data, "statusCode": given.status, "header": given.headers, "cookies": []}}


def record_payment(guard: Guard, api: str, arguments: dict[str, Any], page: str, wall: str) -> None:
    """Keep a payment, mandate or contract that the host was asked for, with its arguments; none is done."""
    calls = guard.policy.calls
    match = calls.match_bridge(api) or calls.unknown(f"the host's policy: {api}")
    if match is not None:
        data = called(match, api, "", wall)
        data["arguments"] = _opened(arguments)
        guard.sink.event("payment_call", {**data, "page": page})


def as_http(options: dict[str, Any]) -> Asked:
    """A ``wx.request`` as HTTP, by the rules of WeChat's documentation for ``data``."""
    method = str(options.get("method") or _GET).upper()
    url = str(options.get("url") or "")
    given = options.get("header") if isinstance(options.get("header"), dict) else {}
    headers = {str(k).lower(): str(v) for k, v in (given or {}).items() if v is not None}
    data = options.get("data")
    body = b""
    if method == _GET:
        if isinstance(data, dict) and data:
            parts = urlsplit(url)
            query = urlencode(
                {k: v if isinstance(v, str) else json.dumps(v) for k, v in data.items() if v is not None}
            )
            url = urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, query))), fragment=""))
    elif isinstance(data, dict) and set(data) == {"base64"}:
        body = base64.b64decode(str(data["base64"]))
    elif isinstance(data, dict) and "urlencoded" in headers.get("content-type", ""):
        body = urlencode({k: v if isinstance(v, str) else json.dumps(v) for k, v in data.items()}).encode()
    elif isinstance(data, dict | list):
        body = json.dumps(data, ensure_ascii=False).encode()
    elif data is not None:
        body = str(data).encode()
    if body:
        headers.setdefault("content-type", "application/json")
    return Asked(method, url, headers, body)


def _asked(options: dict[str, Any], package: Package) -> Asked:
    asked = as_http(options)
    if package.dialect == "wx":
        # As WeChat sends it; some servers look for it.
        asked.headers["referer"] = f"https://servicewechat.com/{package.app_id or 'wx0'}/0/page-frame.html"
    return asked


def _opened(arguments: dict[str, Any]) -> dict[str, Any]:
    """Arguments with a JSON text in them (``signData``) read, beside the text itself."""
    made = dict(short(arguments))
    for name, value in arguments.items():
        if isinstance(value, str) and value[:1] == "{":
            try:
                made[name] = json.loads(value)
            except ValueError:
                continue
            made[f"{name}_text"] = value
    return made


def short(arguments: dict[str, Any]) -> dict[str, Any]:
    """As they are, or the beginning of their text where they are very long."""
    text = json.dumps(arguments, ensure_ascii=False)
    return arguments if len(text) <= _SHOWN else {"text": text[:_SHOWN], "cut": True}
