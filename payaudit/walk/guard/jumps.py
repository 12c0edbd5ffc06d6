"""Jumps out of the browser: no other program is ever started, and no dialog asks for it.

Full Chromium meets ``weixin://…`` with a dialog of its own and takes no input until
it is answered. On Linux it first asks ``xdg-settings`` whether it handles the
scheme itself, and drops the jump without a word if so: we answer yes. Elsewhere the
page script cancels what it can.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

_TOOLS = {"xdg-settings": "echo yes", "xdg-open": ":", "gio": ":", "xdg-email": ":"}


class Jumps:
    """Stand-ins for the desktop's tools, in a folder that leads the browser's ``PATH``."""

    def __init__(self) -> None:
        self._folder: TemporaryDirectory[str] | None = None

    def env(self, base: Mapping[str, str] | None = None) -> dict[str, str]:
        """The environment to launch the browser with; ``base`` is ours where none is given."""
        env = dict(os.environ if base is None else base)
        if not sys.platform.startswith("linux"):
            return env
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix="payaudit-")
            for name, line in _TOOLS.items():
                tool = Path(self._folder.name, name)
                tool.write_text(f"#!/bin/sh\n{line}\n", "utf-8")
                tool.chmod(0o755)
        env["PATH"] = self._folder.name + os.pathsep + env.get("PATH", os.defpath)
        return env

    def close(self) -> None:
        """Remove the folder."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
