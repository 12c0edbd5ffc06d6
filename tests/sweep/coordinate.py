"""Starts the coordinator of a sweep by doubles, and looks at what it left."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from payaudit.sweep.catalogue import Catalogue, in_folder
from tests.sweep.world import World, kind

ROOT = Path(__file__).parent.parent.parent
COUNT, PER_HOST = 300, 3


def coordinate(targets: Path, out: Path, *more: str) -> subprocess.Popen[str]:
    """Start a coordinator in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.sweep.coordinator", targets, out, "--per-host", str(PER_HOST), *more],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def kill(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def browsers(folder: Path) -> list[str]:
    """Programs under way whose arguments or environment name the folder: all that the sweep started."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:
            continue
        if str(folder).encode() in words:
            found.append(process.name)
    return found


def wait_for_rows(out: Path, count: int, seconds: float = 60) -> set[str]:
    """Until so many audits are stored; the targets of those that are final."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if (out / "catalogue.db").exists():
            book = Catalogue(in_folder(out), create=True)
            done = book.done("s")
            book.close()
            if len(done) >= count:
                return done
        time.sleep(0.1)
    raise AssertionError(f"{count} audits were not stored in {seconds} s")


def check(it: World, out: Path, count: int = COUNT) -> None:
    """All there, each once, with its evidence; no host had more than its share at once."""
    book = Catalogue(in_folder(out))
    rows = book.ask("SELECT target, status, failure, evidence, evidence_sha256 FROM audits", {}).rows
    assert len(rows) == len({row[0] for row in rows}) == count
    expected = Counter({"hang": "timeout", "fail": "failed"}.get(kind(n), "ok") for n in range(count))
    assert Counter(row[2] or row[1] for row in rows) == expected
    for target, status, _, evidence, sha256 in rows:
        if status == "ok":
            data = (out / evidence).read_bytes()
            assert data.decode().endswith(target.rpartition("//")[2].partition("/")[2])
            assert hashlib.sha256(data).hexdigest() == sha256
    children = book.ask("SELECT COUNT(*), COUNT(DISTINCT audit_id) FROM audit_merchants", {}).rows
    assert children == [(expected["ok"], expected["ok"])]
    book.close()
    assert not (out / "work").exists()
    assert max(it.most.values()) == PER_HOST
