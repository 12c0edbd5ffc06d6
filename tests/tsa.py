"""A time stamping authority on loopback: ``openssl ts`` behind an HTTP server, with a root of its own."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_CONFIG = """\
[tsa]
default_tsa = this
[this]
serial = ./serial
crypto_device = builtin
signer_cert = ./tsa.pem
{chain}
signer_key = ./tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""
_EXTENSIONS = """\
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
basicConstraints = critical,CA:FALSE
"""


@dataclass(frozen=True)
class Tsa:
    """A running authority: its address, and the certificate to trust."""

    url: str
    root: Path


@contextmanager
def authority(folder: Path, *, chain: bool = False) -> Iterator[Tsa]:
    """Serve time stamps. With ``chain`` the root is sent along, in an order that DER does not allow."""
    folder.mkdir(parents=True, exist_ok=True)
    _make(folder, chain=chain)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            reply = _reply(folder, query)
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Tsa(f"http://127.0.0.1:{server.server_address[1]}/tsr", folder / "root.pem")
    finally:
        server.shutdown()
        server.server_close()


def _make(folder: Path, *, chain: bool) -> None:
    (folder / "extensions").write_text(_EXTENSIONS)
    (folder / "serial").write_text("01\n")
    (folder / "tsa.cnf").write_text(_CONFIG.format(chain="certs = ./root.pem" if chain else ""))
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    _openssl(
        *("req", "-x509", *key, "-keyout", "root.key", "-out", "root.pem"),
        *("-subj", "/CN=Test Root of Time", "-days", "3650"),
        folder=folder,
    )
    _openssl(
        *("req", *key, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Test Time Stamping/C=CN"),
        folder=folder,
    )
    _openssl(
        *("x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial"),
        *("-extfile", "extensions", "-out", "tsa.pem", "-days", "3650"),
        folder=folder,
    )


def _reply(folder: Path, query: bytes) -> bytes:
    (folder / "query").write_bytes(query)
    _openssl("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "reply", folder=folder)
    return (folder / "reply").read_bytes()


def _openssl(*arguments: str, folder: Path) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True, timeout=30)
