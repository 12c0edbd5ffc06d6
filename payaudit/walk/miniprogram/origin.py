"""The private address at which a package lies: answered by the wire, so that nothing listens anywhere.

The page's own policy (CSP) leaves it this address alone to talk to; the wire refuses what a
policy of the page cannot: leading the whole page, or a frame that was not announced, elsewhere.
"""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from payaudit.model.evidence import MINI_PROGRAM
from payaudit.walk.guard.served import Served
from payaudit.walk.miniprogram.host import SimulatedHost
from payaudit.walk.miniprogram.policy import api_names
from payaudit.walk.miniprogram.runtime import Runtime
from payaudit.walk.miniprogram.wxss import to_css

# Not https: a page of that would not show a picture or a web-view of a server without it.
ORIGIN = MINI_PROGRAM
_PAGE = Path(__file__).parent / "page"
_PARTS = (
    "base", "events", "modules", "templates", "components", "forms", "moving", "definitions", "styles",
    "router", "layers", "api", "objects", "compiled", "start",
)  # fmt: skip
_OURS = "/__payaudit/"
_READ = frozenset({"Image", "Media", "Font"})  # kinds of requests that only show something
_HOST_NAMES = {"wx": "WeChat", "tt": "Douyin", "ks": "kwai"}
_STARTS_S = 10.0
_LARGEST_CALL = 4 * 1024 * 1024
CSP = (
    "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline';"
    " connect-src 'self'; img-src https: http: data: blob: 'self'; media-src https: http: data: blob: 'self';"
    " font-src https: http: data: 'self'; frame-src https: http:; worker-src 'none'; object-src 'none';"
    " base-uri 'none'; form-action 'none'"
)
_HTML = "text/html; charset=utf-8"
_CSS = "text/css; charset=utf-8"
_JS = "text/javascript; charset=utf-8"
_JSON = "application/json; charset=utf-8"


@dataclass
class PrivateOrigin:
    """What the wire asks: whether an address is ours, the answer, and what else may be loaded."""

    host: SimulatedHost
    runtime: Runtime
    system: Mapping[str, Any] = field(default_factory=dict)  # the run's device, as ``getSystemInfo`` tells it

    def serves(self, url: str) -> bool:
        """Whether the address is the package's."""
        return url == ORIGIN or url.startswith(f"{ORIGIN}/")

    def refuses(self, url: str, kind: str, leads: str) -> str | None:
        """Why a request of the page for another address does not leave; None where it may."""
        if kind in _READ or (self.host.announced and kind not in {"Document", "Prefetch"}):
            return None  # the page's own policy has let them pass; a web-view's page fetches as any page does
        if kind != "Document":
            return "a mini-program's page fetches nothing by itself but pictures, films and fonts"
        if leads == "page":
            return "a mini-program cannot lead the page to another address"
        if any(_same_site(url, told) for told in self.host.announced):
            return None
        return "a frame that no web-view announced"

    async def answer(self, method: str, url: str, body: bytes, kind: str) -> Served:
        """One file, or the answer to one call."""
        parts = urlsplit(url)
        path = unquote(parts.path)
        if path.startswith(_OURS):
            return await self._ours(method, path.removeprefix(_OURS), parts.query, body)
        if kind == "Document":
            return Served(
                200,
                {"content-type": _HTML, "content-security-policy": CSP, "referrer-policy": "no-referrer"},
                _page("shell.html"),
                kept=True,
            )
        data = self.host.package.assets.get(path.lstrip("/"))
        if data is None:
            return Served(404, {"content-type": "text/plain"}, b"not in the package", kept=True)
        return Served(
            200,
            {"content-type": mimetypes.guess_type(path)[0] or "application/octet-stream"},
            data,
            kept=True,
        )

    async def _ours(self, method: str, name: str, query: str, body: bytes) -> Served:
        if name == "call" and method == "POST" and len(body) <= _LARGEST_CALL:
            return await self._call(body)
        if name == "package":
            return Served(200, {"content-type": _JSON}, self._package(query), kept=True)
        if name == "style":
            return _given(_CSS, self._style(query))
        if name == "starting":
            # Open until the first page stands, so that nobody takes the empty frame for a page at rest.
            await self.host.until_started(_STARTS_S)
            return _given("text/plain", b"started")
        fixed = {
            "runtime.js": lambda: _given(_JS, self._script.encode()),
            "compiler.wasm": lambda: _given("application/wasm", self.runtime.compiler),
            "shell.css": lambda: _given(_CSS, _page("shell.css")),
        }.get(name)
        if fixed is not None:
            return fixed()
        return Served(404, {"content-type": "text/plain"}, b"not found", kept=False)

    def _style(self, query: str) -> bytes:
        asked = parse_qs(query)
        path, scope = asked.get("path", [""])[0], asked.get("scope", [""])[0]
        return to_css(self.host.package.files, f"{path}.wxss", scope).encode()

    async def _call(self, body: bytes) -> Served:
        try:
            said = json.loads(body)
            name, arguments = str(said["name"]), said["arguments"]
            page = str(said.get("page", ""))
        except (ValueError, KeyError, TypeError):
            return Served(400, {"content-type": _JSON}, b"{}", kept=False)
        answer = await self.host.answer(name, arguments if isinstance(arguments, dict) else {}, page)
        return _given(_JSON, json.dumps(answer, ensure_ascii=False).encode())

    def _package(self, query: str) -> bytes:
        """The texts of the package and how it is to be run; ``at`` is the address that was opened."""
        package, policy = self.host.package, self.host.policy
        at = urlsplit(parse_qs(query).get("at", ["/"])[0])
        asked = at.path.strip("/")
        entry = asked if asked in package.pages else package.entry
        return json.dumps(
            {
                "files": package.files,
                "compiled": package.compiled,
                "entry": entry,
                "query": at.query if asked in package.pages else "",
                "options": {
                    "dialect": package.dialect,
                    "appId": package.app_id or "",
                    "version": package.version or "",
                    "hostName": _HOST_NAMES[package.dialect],
                    "system": dict(self.system),
                    "pays": policy.pays[package.dialect],
                    "asks": [name for name in (*policy.answers, "downloadFile") if "." not in name],
                    "quiet": policy.quiet,
                    "names": api_names(),
                },
            },
            ensure_ascii=False,
        ).encode()

    @cached_property
    def _script(self) -> str:
        """The whole runtime as one script: parts of other hands, then ours in one closure."""
        modules = "".join(
            f"modules[{json.dumps(name)}] = function (require, module, exports) {{"
            f" const __dirname = '';\n{code}\n}};\n"
            for name, code in self.runtime.parts.items()
        )
        own = "\n".join(_page(f"{name}.js").decode() for name in _PARTS)
        babel = f"{self.runtime.babel}\n" if self.host.package.modern else ""
        return (
            f"fetch('{_OURS}starting');\n{babel}(async () => {{\n"
            f"const wasm = new Uint8Array(await (await fetch('{_OURS}compiler.wasm')).arrayBuffer());\n"
            f"{_LOADER}{modules}{_GLOBALS}\n"
            f"(() => {{\n'use strict';\n{own}\n}})();\n}})();\n"
        )


# The compiler is built for Node: it gets the three of its modules that it asks for.
_LOADER = """const modules = {}, made = {
  util: { exports: { TextDecoder, TextEncoder } },
  path: { exports: { join: (...parts) => parts[parts.length - 1] } },
  fs: { exports: { readFileSync: () => wasm } },
};
const load = (name) => {
  if (!made[name]) { made[name] = { exports: {} }; modules[name](load, made[name], made[name].exports); }
  return made[name].exports;
};
"""
_GLOBALS = """window.__GE = load('glass-easel');
window.__ADAPTER = load('glass-easel-miniprogram-adapter');
window.__COMPILER = load('glass-easel-template-compiler');"""


def _page(name: str) -> bytes:
    return (_PAGE / name).read_bytes()


def _given(kind: str, data: bytes) -> Served:
    return Served(200, {"content-type": kind}, data, kept=False)


def _same_site(url: str, announced: str) -> bool:
    """Whether a frame stays on the host that its web-view was opened at."""
    return urlsplit(url).hostname == urlsplit(announced).hostname
