"""A PostgreSQL of the test's own, from the programs that Debian's package brings."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def programs() -> Path | None:
    """Where initdb and postgres lie; ``None`` where they are not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


@contextmanager
def postgres() -> Iterator[str]:
    """Run one while the block runs; yields ``postgresql://…``."""
    there = programs()
    assert there is not None
    folder = Path(tempfile.mkdtemp(prefix="payaudit-postgres-"))
    user = _user()
    if user is not None:  # it refuses to run as root
        shutil.chown(folder, user)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = folder / "data"
    settings = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
    try:
        _run(there / "initdb", "-D", data, "-A", "trust", "-U", "payaudit", "-E", "UTF8", "-N", user=user)
        log = folder / "log"
        _run(there / "pg_ctl", "-D", data, "-w", "-t", "60", "-l", log, "-o", settings, "start", user=user)
        try:
            yield f"postgresql://payaudit@127.0.0.1:{port}/postgres"
        finally:
            _run(there / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop", user=user)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(*command: str | Path, user: str | None) -> None:
    # What the server inherits of pipes it would keep open: it gets a file.
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(
            command, user=user, stdout=said, stderr=said, cwd=tempfile.gettempdir(), check=False
        )
        said.seek(0)
        assert done.returncode == 0, said.read()


def _user() -> str | None:
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
