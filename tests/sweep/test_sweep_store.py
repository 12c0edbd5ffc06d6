"""Evidence of sweeps is written once, in a folder or in a bucket."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from payaudit.errors import PayauditError, UsageError
from payaudit.sweep.store import InFolder, store_of

EVIDENCE = b"evidence" * 1000
SHA256 = hashlib.sha256(EVIDENCE).hexdigest()


@contextmanager
def bucket_double() -> Iterator[tuple[str, dict[str, bytes], list[int]]]:
    """As much of S3 as a conditional PUT needs; there is no S3 here."""
    held: dict[str, bytes] = {}
    answers: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            taken = self.path in held and self.headers.get("If-None-Match") == "*"
            if not taken:
                held[self.path] = data
            answers.append(412 if taken else 200)
            self.send_response(answers[-1])
            self.send_header("ETag", '"x"')
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - name set by the base class
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", held, answers
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("given", ["bytes", "file"])
def test_a_folder_keeps_what_was_written(tmp_path: Path, given: str) -> None:
    (tmp_path / "walk.wacz").write_bytes(EVIDENCE)
    evidence = EVIDENCE if given == "bytes" else tmp_path / "walk.wacz"
    store = InFolder(tmp_path / "out")
    place, sha256 = store.put("s/1", evidence)
    assert (place, sha256) == (f"evidence/s/1-{SHA256[:16]}.wacz", SHA256)
    written = tmp_path / "out" / place
    before = written.stat().st_mtime_ns
    assert store.put("s/1", evidence) == (place, sha256)
    other, _ = store.put("s/1", b"another walk")
    assert other != place
    assert written.read_bytes() == EVIDENCE
    assert written.stat().st_mtime_ns == before
    assert written.stat().st_mode & 0o222 == 0
    assert sorted(path.suffix for path in written.parent.iterdir()) == [".wacz", ".wacz"]


def test_a_bucket_refuses_to_write_twice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with bucket_double() as (address, held, answers):
        for name, value in {
            "AWS_ENDPOINT_URL": address, "AWS_REGION": "x",
            "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x",
        }.items():  # fmt: skip
            monkeypatch.setenv(name, value)
        store = store_of("s3://audits/2026", tmp_path)
        place, sha256 = store.put("s/1", EVIDENCE)
        (tmp_path / "walk.wacz").write_bytes(EVIDENCE)
        assert store.put("s/1", tmp_path / "walk.wacz") == (place, sha256)
        assert place == f"s3://audits/2026/s/1-{SHA256[:16]}.wacz"
        assert answers == [200, 412]
        assert list(held.values()) == [EVIDENCE]


def test_a_bucket_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(*_: object, **__: object) -> None:
        from obstore.exceptions import GenericError  # noqa: PLC0415 - only here

        raise GenericError("no answer")

    monkeypatch.setattr("obstore.put", refuse)
    monkeypatch.setenv("AWS_REGION", "x")
    with pytest.raises(PayauditError, match="run the same command again"):
        store_of("s3://audits", tmp_path).put("s/1", EVIDENCE)


def test_another_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="s3://BUCKET"):
        store_of("ftp://x", tmp_path)
