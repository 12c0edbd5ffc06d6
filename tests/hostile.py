"""Addresses that no walk can make sense of, all on loopback."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from payaudit.serve import serving

CERTIFICATE = Path(__file__).parent / "self_signed.pem"

_PAGE = "<!doctype html><meta name=viewport content='width=device-width'><title>短剧</title><h1>第1集</h1>"
_RESTLESS = """
<style>p { animation: away 0.4s infinite alternate } @keyframes away { to { margin-left: 80px } }</style>
<p>动</p><ul></ul><script>
  const ul = document.querySelector("ul")
  setInterval(() => {
    const li = document.createElement("li")
    li.textContent = "弹幕" + "啊".repeat(Math.random() * 9)
    ul.prepend(li)
    if (ul.children.length > 8) ul.lastChild.remove()
  }, 60)
  setInterval(() => fetch("/poll?" + Math.random()), 150)
</script>"""

PAGES = {
    "/bare": _PAGE + "<p>免费观看全部剧集</p>",
    "/restless": _PAGE + _RESTLESS,
    "/alert-while": _PAGE + "<script>while (true) alert('再看一眼')</script>",
    "/alert-timer": _PAGE + "<script>setInterval(() => alert('再看一眼'), 20)</script>",
    "/freezes": _PAGE + "<script>setTimeout(() => { while (true); }, 100)</script>",
    "/flashes": _PAGE + "<script>setInterval(() => open('/flash'), 900)</script>",
    "/flash": _PAGE + "<script>setTimeout(() => window.close(), 300)</script>",
    "/wanders": _PAGE + "<script>setTimeout(() => location.assign('?' + Math.random()), 60)</script>",
}


def _routes() -> list[dict[str, Any]]:
    files = {"/png": "image/png", "/pdf": "application/pdf", "/json": "application/json"}
    return [
        *({"path": path, "text": text} for path, text in PAGES.items()),
        *({"path": path, "text": "{}", "headers": {"Content-Type": kind}} for path, kind in files.items()),
        *({"path": f"/{code}", "status": code, "text": _PAGE} for code in (404, 500)),
        {"path": "/around", "status": 302, "headers": {"Location": "/around?again"}},
        {"path": "/poll", "json": {}},
    ]


class _Unsigned(ThreadingHTTPServer):
    """HTTPS under a certificate that no one signed."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), BaseHTTPRequestHandler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that declines the certificate is the point."""


@contextmanager
def hostile(folder: Path) -> Iterator[dict[str, str]]:
    """Serve them while the block runs; yields addresses by name."""
    (folder / "api.json").write_text(json.dumps(_routes()), "utf-8")
    unsigned = _Unsigned()
    Thread(target=unsigned.serve_forever, args=(0.05,), daemon=True).start()
    with socket.socket() as deaf, serving(folder) as address:
        deaf.bind(("127.0.0.1", 0))  # taken, so that no one else listens there
        yield {
            **{route["path"].strip("/"): address + route["path"] for route in _routes()},
            "self-signed": f"https://127.0.0.1:{unsigned.server_port}/",
            "refused": f"http://127.0.0.1:{deaf.getsockname()[1]}/",
            "refused-tls": f"https://127.0.0.1:{deaf.getsockname()[1]}/",
            "unknown-host": "http://no-such-host.invalid/",
            "unknown-host-tls": "https://no-such-host.invalid/",
        }
    unsigned.shutdown()
    unsigned.server_close()
