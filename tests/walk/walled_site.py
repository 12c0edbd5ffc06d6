"""A drama behind a login, on loopback, that remembers what it was asked for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FOLDER = Path(__file__).parent / "walled"


class Walled:
    """Where it is, and what came: ``METHOD /path`` without pages, in order; bodies of what was posted."""

    def __init__(self) -> None:
        self.address = ""
        self.asked: list[str] = []
        self.posted: list[str] = []

    def forget(self) -> list[str]:
        """What was asked for since the last time."""
        asked, self.asked = self.asked, []
        return asked


class _Handler(SimpleHTTPRequestHandler):
    site: Walled

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        if "/api/" not in self.path:
            super().do_GET()
            return
        self.site.asked.append(self.path)
        self._answer()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.site.asked.append(f"POST {self.path}")
        self.site.posted.append(body)
        self._answer()

    def _answer(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")


@contextmanager
def walled() -> Iterator[Walled]:
    """Serve it while the block runs."""
    site = Walled()
    handler = type("Handler", (_Handler,), {"site": site})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(FOLDER)))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    site.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
