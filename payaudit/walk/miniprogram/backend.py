"""Where a mini-program's requests go: to their own servers, to another address, or to answers from a file.

Real requests pass what the browser's own pass: the guard's policy for each hop, its proxy, and the recording.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urljoin, urlsplit, urlunsplit

from playwright.async_api import Error

from payaudit.errors import UsageError
from payaudit.evidence.exchange import Exchange

if TYPE_CHECKING:
    from playwright.async_api import APIRequestContext, Playwright

    from payaudit.walk.guard import Guard

_HOPS = 10
_TIMEOUT_MS = 30_000
_MOCKED = "x-payaudit-mocked"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True)
class Asked:
    """One request of the package."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Given:
    """The answer to it."""

    status: int
    headers: dict[str, str]
    body: bytes


class Refused(Exception):  # noqa: N818 - reads as what it is
    """The guard did not let it go, or no server answered; says why."""


class Backend(Protocol):
    """Answers requests; ``fresh`` begins a new visitor."""

    async def answer(self, asked: Asked) -> Given:
        """Raises ``Refused``."""
        ...

    async def fresh(self) -> None:
        """Forget cookies and counts."""
        ...

    async def close(self) -> None:
        """Let go of what is open."""
        ...


@dataclass
class Real:
    """The servers themselves, or ``base`` in the place of their addresses."""

    guard: Guard
    playwright: Playwright
    user_agent: str
    base: str | None = None
    _context: APIRequestContext | None = None

    async def fresh(self) -> None:
        """Begin without cookies."""
        await self.close()
        proxy = {"server": f"http://127.0.0.1:{self.guard.proxy.port}"} if self.guard.proxy.port else None
        self._context = await self.playwright.request.new_context(
            proxy=proxy,  # type: ignore[arg-type] # Playwright's own TypedDict is not exported
            user_agent=self.user_agent,
            ignore_https_errors=False,
        )

    async def close(self) -> None:
        """End the connections."""
        if self._context is not None:
            await self._context.dispose()
            self._context = None

    async def answer(self, asked: Asked) -> Given:
        """Ask the server, hop by hop; each hop is held against the policy before it leaves."""
        url, method, body = _moved(asked.url, self.base), asked.method, asked.body
        for hop in range(_HOPS):
            given = await self._hop(Asked(method, url, asked.headers, body), redirect=hop > 0)
            away = given.headers.get("location")
            if given.status not in _REDIRECTS or not away:
                return given
            url = urljoin(url, away)
            if given.status == HTTPStatus.SEE_OTHER:
                method, body = "GET", b""
        raise Refused("too many redirects")

    async def _hop(self, asked: Asked, *, redirect: bool) -> Given:
        if urlsplit(asked.url).scheme not in {"http", "https"}:
            raise Refused("url not in domain list")
        refusal = self.guard.policy.refuse(asked.method, asked.url, "host", body=asked.body)
        if refusal is not None:
            self.guard.sink.event(
                refusal.kind, {**refusal.data, "method": asked.method, "resource_type": "XHR"}
            )
            raise Refused("refused by the audit")
        if self.guard.lost.is_set() or self._context is None:
            raise Refused("the guard is gone")
        at = datetime.now(UTC)
        try:
            answer = await self._context.fetch(
                asked.url,
                method=asked.method,
                headers=asked.headers,
                data=asked.body or None,
                max_redirects=0,
                timeout=_TIMEOUT_MS,
            )
            data = await answer.body()
        except Error as error:
            self.guard.sink.missing(asked.method, asked.url, error.message.partition("\n")[0][:200])
            raise Refused("request:fail") from error
        headers = tuple((h["name"], h["value"]) for h in answer.headers_array)
        record(
            self.guard,
            asked,
            Given(answer.status, dict(answer.headers), data),
            at,
            headers,
            redirect=redirect,
        )
        await answer.dispose()
        self.guard.policy.hear(data)
        return Given(answer.status, dict(answer.headers), data)


@dataclass
class Mocked:
    """Answers from a file, in the form of ``payaudit/serve.py``'s ``api.json``; hosts do not matter."""

    guard: Guard
    routes: list[dict[str, Any]]
    name: str
    given: Counter[int] = field(default_factory=Counter)

    async def fresh(self) -> None:
        """Each visitor gets the first answer first."""
        self.given.clear()

    async def close(self) -> None:
        """Nothing is open."""

    async def answer(self, asked: Asked) -> Given:
        """The route's answer; 404 where none fits. The policy decides all the same."""
        refusal = self.guard.policy.refuse(asked.method, asked.url, "host", body=asked.body)
        if refusal is not None:
            self.guard.sink.event(
                refusal.kind, {**refusal.data, "method": asked.method, "resource_type": "XHR"}
            )
            raise Refused("refused by the audit")
        at = datetime.now(UTC)
        given = await self._found(asked.method, urlsplit(asked.url).path)
        record(self.guard, asked, given, at, (*given.headers.items(), (_MOCKED, self.name)))
        self.guard.policy.hear(given.body)
        return given

    async def _found(self, method: str, path: str) -> Given:
        for number, route in enumerate(self.routes):
            pattern = str(route["path"])
            fits = path.startswith(pattern[:-1]) if pattern.endswith("*") else path == pattern
            if not fits or route.get("method", "GET") != method:
                continue
            await asyncio.sleep(route.get("delay_ms", 0) / 1000)
            body = route
            if "answers" in route:
                body = route["answers"][min(self.given[number], len(route["answers"]) - 1)]
                self.given[number] += 1
            headers = {"content-type": "application/json; charset=utf-8", **route.get("headers", {})}
            data = (
                json.dumps(body["json"], ensure_ascii=False).encode()
                if "json" in body
                else str(body.get("text", "")).encode()
            )
            return Given(int(body.get("status", route.get("status", 200))), headers, data)
        return Given(404, {"content-type": "text/plain"}, b"not found")


def load_routes(path: Path) -> list[dict[str, Any]]:
    """The routes of a mock file; raises ``UsageError`` naming what is wrong."""
    try:
        routes = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as problem:
        raise UsageError(
            f"{path} is no file of answers: {problem}; see docs/mini-programs.md",
            f"{path} 不是应答文件：{problem}；参见 docs/mini-programs.zh.md",
        ) from problem
    if not isinstance(routes, list) or not all(isinstance(r, dict) and "path" in r for r in routes):
        raise UsageError(
            f"{path} must be a list of routes, each with a path; see docs/mini-programs.md",
            f"{path} 应为路由列表，每项含 path；参见 docs/mini-programs.zh.md",
        )
    return routes


def record(  # noqa: PLR0913 - an exchange, told whole
    guard: Guard,
    asked: Asked,
    given: Given,
    at: datetime,
    headers: tuple[tuple[str, str], ...],
    *,
    redirect: bool = False,
) -> None:
    """Put one exchange into the recording, beside the browser's own."""
    try:
        reason = HTTPStatus(given.status).phrase
    except ValueError:
        reason = ""
    guard.sink.on_exchange(
        Exchange(
            method=asked.method,
            url=asked.url,
            request_headers=tuple(asked.headers.items()),
            request_body=asked.body,
            status=given.status,
            reason=reason,
            response_headers=headers,
            response_body=given.body,
            truncated=None,
            resource_type="XHR",
            at=at,
            run=guard.sink.run,
            step=guard.sink.step,
            redirect=redirect,
        )
    )


def _moved(url: str, base: str | None) -> str:
    """The same path and query at another address."""
    if base is None:
        return url
    there, here = urlsplit(base), urlsplit(url)
    return urlunsplit((there.scheme, there.netloc, there.path.rstrip("/") + here.path, here.query, ""))
