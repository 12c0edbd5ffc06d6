"""The command line as a user meets it: a process of its own, its words, its exit code."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from wacz.main import main as wacz

PAYAUDIT = Path(sys.executable).with_name("payaudit")
NO_BROWSER: Mapping[str, str | None] = {"PATH": "/nonexistent", "PAYAUDIT_BROWSER": None}


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def errors(self) -> list[str]:
        """The lines that say what went wrong."""
        return [line for line in self.err.splitlines() if line.startswith("error:")]


def environment(changes: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """Our own, but in English and without leanings; ``None`` takes a variable out."""
    leanings = ("LANG", "LANGUAGE", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "TTY_COMPATIBLE")
    env = {k: v for k, v in os.environ.items() if k not in leanings and not k.startswith("LC_")}
    wanted = {"PAYAUDIT_LANG": "en", "LC_ALL": "C.UTF-8", **(changes or {})}
    return {**{k: v for k, v in env.items() if k not in wanted}, **{k: v for k, v in wanted.items() if v}}


def payaudit(*args: object, env: Mapping[str, str | None] | None = None, seconds: float = 170) -> Done:
    """Run ``payaudit`` to its end; one that hangs is killed with all that it started."""
    with started(*args, env=env) as process:
        try:
            out, err = process.communicate(timeout=seconds)
        finally:
            end(process)
    return Done(process.returncode, out, err)


def started(*args: object, env: Mapping[str, str | None] | None = None) -> subprocess.Popen[str]:
    """Start ``payaudit`` in a process group of its own, as a shell does."""
    return subprocess.Popen(
        [PAYAUDIT, *map(str, args)],
        env=environment(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )


def end(process: subprocess.Popen[str]) -> None:
    """Let nothing of it outlive the test."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def invalid_wacz(path: Path) -> str:
    """What ``wacz validate`` has against a file; empty when it is valid."""
    said = StringIO()
    with redirect_stdout(said):
        code = wacz(["validate", "-f", str(path)])
    return "" if code == 0 else said.getvalue() or f"exit code {code}"
