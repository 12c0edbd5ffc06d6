"""Serve a site folder on loopback: what the demo and the fixture walks visit.

A folder holds ``site/`` (files served as they are) and, where the site needs a
back end, ``api.json``: a list of routes answered in order of appearance.

    [{"method": "POST", "path": "/api/order", "status": 200,
      "headers": {"X-Any": "1"}, "json": {"amount": 990}, "delay_ms": 0}]

``path`` matches exactly, or as a prefix when it ends in ``*``. Instead of
``json`` a route may carry ``text``, or ``answers``: a list of such bodies given
one after the other, the last one for ever. ``/kits/`` serves ``kits_root``.
"""

from __future__ import annotations

import json
import mimetypes
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

_TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: ClassVar[Path]
    kits: ClassVar[Path | None]
    routes: ClassVar[list[dict[str, Any]]]
    given: ClassVar[Counter[int]]

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - name set by the base class
        """Stay silent: progress belongs to the command that serves."""

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length:
            self.rfile.read(length)
        path = unquote(urlsplit(self.path).path)
        for number, route in enumerate(self.routes):
            if route.get("method", "GET") == self.command and _matches(route["path"], path):
                self._route(number, route)
                return
        self._file(path)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = _answer  # noqa: N815 - names set by the base class

    def _route(self, number: int, route: dict[str, Any]) -> None:
        time.sleep(route.get("delay_ms", 0) / 1000)
        body = route
        if "answers" in route:
            body = route["answers"][min(self.given[number], len(route["answers"]) - 1)]
            self.given[number] += 1
        headers = dict(route.get("headers", {}))
        if "json" in body:
            payload = json.dumps(body["json"], ensure_ascii=False).encode()
            headers.setdefault("Content-Type", "application/json; charset=utf-8")
        else:
            payload = str(body.get("text", "")).encode()
            headers.setdefault("Content-Type", "text/html; charset=utf-8")
        self._send(int(body.get("status", route.get("status", 200))), headers, payload)

    def _file(self, path: str) -> None:
        root, name = self.site, path.lstrip("/")
        if self.kits is not None and path.startswith("/kits/"):
            root, name = self.kits, path.removeprefix("/kits/")
        file = (root / name).resolve()
        if file.is_dir():
            file = file / "index.html"
        if not file.is_relative_to(root.resolve()) or not file.is_file():
            self._send(404, {"Content-Type": "text/plain"}, b"not found")
            return
        kind = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0]
        data = file.read_bytes()
        headers = {"Content-Type": kind or "application/octet-stream", "Accept-Ranges": "bytes"}
        wanted = self.headers.get("Range", "")
        if wanted.startswith("bytes="):
            first, _, last = wanted.removeprefix("bytes=").partition("-")
            start = int(first) if first else max(len(data) - int(last), 0)  # "-500": the last 500
            end = min(int(last), len(data) - 1) if first and last else len(data) - 1
            headers["Content-Range"] = f"bytes {start}-{end}/{len(data)}"
            self._send(206, headers, data[start : end + 1])
            return
        self._send(200, headers, data)

    def _send(self, status: int, headers: dict[str, str], payload: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(payload)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - signature of the base class
        """A browser that hangs up early is no error."""


def _matches(pattern: str, path: str) -> bool:
    return path.startswith(pattern[:-1]) if pattern.endswith("*") else path == pattern


@contextmanager
def serving(folder: Path, kits_root: Path | None = None, port: int = 0) -> Iterator[str]:
    """Serve ``folder`` while the block runs; yields ``http://127.0.0.1:PORT``.

    Raises ``OSError`` when the port is taken.
    """
    api = folder / "api.json"
    handler = type(
        "Handler",
        (_Handler,),
        {
            "site": folder / "site",
            "kits": kits_root,
            "routes": json.loads(api.read_text("utf-8")) if api.is_file() else [],
            "given": Counter(),
        },
    )
    server = _Server(("127.0.0.1", port), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
