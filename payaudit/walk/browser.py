"""Find the browser a walk can use, and say how to start it.

Order: what was asked for, ``$PAYAUDIT_BROWSER``, Debian's headless shell, Debian's
Chromium, Playwright's own, Chrome, Edge. The headless shell comes first because a
walk in it takes about half the time and memory of a full build.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from payaudit.errors import BrowserMissing

Kind = Literal["headless-shell", "chromium", "chrome", "edge", "playwright"]

_ROOT = Path("/")

# Debian's /usr/bin/* are shell wrappers: one is slow and noisy on stderr, the other does not
# ``exec``, so that its browser outlives it when it is killed. The binaries come first.
_INSTALLED: tuple[tuple[Kind, str], ...] = (
    ("headless-shell", "usr/lib/chromium/chromium-headless-shell"),
    ("headless-shell", "usr/bin/chromium-headless-shell"),
    ("chromium", "usr/lib/chromium/chromium"),
    ("chromium", "usr/bin/chromium"),
)
_STORE: tuple[tuple[Kind, str], ...] = (
    ("chrome", "opt/google/chrome/chrome"),
    ("chrome", "Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    ("edge", "opt/microsoft/msedge/msedge"),
    ("edge", "Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge"),
)
_OWN_COMMANDS: tuple[tuple[Kind, str], ...] = (
    ("headless-shell", "chromium-headless-shell"),
    ("chromium", "chromium"),
)
_STORE_COMMANDS: tuple[tuple[Kind, str], ...] = (
    ("chrome", "google-chrome"),
    ("chrome", "google-chrome-stable"),
    ("chrome", "chrome"),
    ("edge", "microsoft-edge"),
    ("edge", "msedge"),
)
_WINDOWS: tuple[tuple[Kind, str], ...] = (
    ("chrome", "Google/Chrome/Application/chrome.exe"),
    ("edge", "Microsoft/Edge/Application/msedge.exe"),
)
# The builds `playwright install` lays down, newest names first.
_PLAYWRIGHT = (
    "chromium_headless_shell-*/*/chrome-headless-shell*",
    "chromium_headless_shell-*/*/headless_shell*",
    "chromium-*/*/chrome",
    "chromium-*/*/chrome.exe",
    "chromium-*/*/*.app/Contents/MacOS/*",
)


@dataclass(frozen=True)
class Browser:
    """A browser on this machine. ``version`` is None where it would not say."""

    path: Path
    kind: Kind
    version: str | None = None

    @property
    def headless_shell(self) -> bool:
        """Whether it is the small build that knows no window."""
        return _is_shell(self.path)


def find_browser(
    wanted: str | None = None,
    *,
    env: Mapping[str, str] = os.environ,
    root: Path = _ROOT,
) -> Browser:
    """Find a browser: ``wanted`` is a path, a command, a kind, or None for the first there is.

    Raises ``BrowserMissing``; what was asked for by name is never replaced by another.
    """
    wanted = wanted or env.get("PAYAUDIT_BROWSER") or None
    if wanted is None:
        for kind, path in candidates(env, root):
            return Browser(path, kind, version_of(path))
        raise BrowserMissing(
            "No browser was found. Install one (`apt-get install chromium-headless-shell` as root,"
            " or `playwright install chromium`), or set PAYAUDIT_BROWSER to the path of a Chromium,"
            " Chrome or Edge.",
            "没有找到浏览器。请安装一个（以 root 运行 apt-get install chromium-headless-shell，"
            "或运行 playwright install chromium），或把 PAYAUDIT_BROWSER 设为 Chromium、Chrome"
            " 或 Edge 的路径。",
        )
    if wanted in get_args(Kind):
        for kind, path in candidates(env, root):
            if wanted == kind or (kind == "playwright" and wanted == _build(path)):
                return Browser(path, kind, version_of(path))
        raise BrowserMissing(
            f"No browser of the kind {wanted} was found. `payaudit doctor` lists what there is;"
            " leave the choice out to use it.",
            f"没有找到 {wanted} 类型的浏览器。payaudit doctor 会列出现有的浏览器；不指定即使用它。",
        )
    found = shutil.which(wanted, path=env.get("PATH", ""))
    if found is None:
        raise BrowserMissing(
            f"{wanted} is no program that can be started. Give --browser or PAYAUDIT_BROWSER the"
            " path of a Chromium, Chrome or Edge, or leave it unset.",
            f"{wanted} 不是可以启动的程序。请把 --browser 或 PAYAUDIT_BROWSER 设为 Chromium、"
            "Chrome 或 Edge 的路径，或不设置。",
        )
    path = Path(found)
    return Browser(path, _kind(path), version_of(path))


def candidates(env: Mapping[str, str] = os.environ, root: Path = _ROOT) -> Iterator[tuple[Kind, Path]]:
    """Yield every browser found, best first, without starting any."""
    places: list[tuple[Kind, Path]] = [(kind, root / place) for kind, place in _INSTALLED]
    places += _commands(env, _OWN_COMMANDS)
    places += [("playwright", path) for path in _playwright(env)]
    places += [(kind, root / place) for kind, place in _STORE]
    places += _commands(env, _STORE_COMMANDS)
    for base in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        if base in env:
            places += [(kind, Path(env[base]) / place) for kind, place in _WINDOWS]
    for kind, path in dict.fromkeys(places):
        if path.is_file() and os.access(path, os.X_OK):
            yield kind, path


def launch_args(browser: Browser, *, headless: bool = True) -> list[str]:
    """Return the switches this browser needs here, whoever starts it.

    Playwright adds ``--no-sandbox`` by itself unless it is launched with
    ``chromium_sandbox=True``: pass ``chromium_sandbox=can_sandbox(browser)``.
    """
    args = [
        "--no-first-run",
        "--no-default-browser-check",
        "--disable-background-networking",  # else it looks for Google's hosts at every start
        "--disable-component-update",
        "--disable-sync",
        "--disable-quic",  # keeps every request on TCP, where the guard can see it
    ]
    if headless and not browser.headless_shell:
        args.append("--headless=new")  # the old mode is gone from full builds, or differs from them
    if not can_sandbox(browser):
        args.append("--no-sandbox")
    return args


def can_sandbox(browser: Browser) -> bool:
    """Whether Chromium's sandbox can work: not as root, nor where user namespaces are shut."""
    if sys.platform != "linux":
        return True
    if os.geteuid() == 0:
        return False
    helper = browser.path.parent / "chrome-sandbox"
    if helper.is_file() and helper.stat().st_mode & stat.S_ISUID:
        return True
    try:
        done = subprocess.run(["unshare", "--user", "true"], capture_output=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def version_of(path: Path) -> str | None:
    """Ask a browser for its version, e.g. ``Chromium 156.0.8078.79``."""
    if sys.platform == "win32":
        return None  # there the switch is ignored and a window opens
    try:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    words = done.stdout.split()
    number = next((word for word in words if word[:1].isdigit()), None)
    return f"{' '.join(words[: words.index(number)])} {number}".strip() if number else None


def why_it_fails(browser: Browser, seconds: float = 30) -> str | None:
    """Start the browser on an empty page: None when it works, else its own last word."""
    with tempfile.TemporaryDirectory(prefix="payaudit-", ignore_cleanup_errors=True) as profile:
        command = [
            str(browser.path),
            *launch_args(browser),
            *(["--headless"] if browser.headless_shell else []),
            f"--user-data-dir={profile}",
            "--dump-dom",
            "data:text/html,<p>payaudit</p>",
        ]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)
        except subprocess.TimeoutExpired:
            return f"no answer within {seconds:.0f} s"
        except OSError as error:
            return error.strerror or str(error)
    if "payaudit" in done.stdout:
        return None
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    return lines[-1] if lines else f"exit code {done.returncode}"


def _commands(env: Mapping[str, str], names: tuple[tuple[Kind, str], ...]) -> list[tuple[Kind, Path]]:
    found = ((kind, shutil.which(name, path=env.get("PATH", ""))) for kind, name in names)
    return [(kind, Path(path)) for kind, path in found if path]


def _playwright(env: Mapping[str, str]) -> Iterator[Path]:
    if store := _playwright_store(env):
        for pattern in _PLAYWRIGHT:
            yield from sorted(store.glob(pattern), key=_revision, reverse=True)


def _playwright_store(env: Mapping[str, str]) -> Path | None:
    if place := env.get("PLAYWRIGHT_BROWSERS_PATH"):
        return Path(place)
    if sys.platform == "win32":
        return Path(env["LOCALAPPDATA"]) / "ms-playwright" if "LOCALAPPDATA" in env else None
    caches = "Library/Caches" if sys.platform == "darwin" else ".cache"
    return Path(env["HOME"]) / caches / "ms-playwright" if "HOME" in env else None


def _revision(path: Path) -> int:
    """Number in ``chromium-1234/…``: Playwright's revision, so that the newest comes first."""
    digits = (part.rpartition("-")[2] for part in path.parts if part.startswith("chromium"))
    return next((int(number) for number in digits if number.isdigit()), 0)


def _is_shell(path: Path) -> bool:
    return "headless" in path.name.replace("_", "-")


def _build(path: Path) -> Kind:
    return "headless-shell" if _is_shell(path) else "chromium"


def _kind(path: Path) -> Kind:
    name, folder = path.name.lower(), str(path.parent).lower()
    if _is_shell(path):
        return "headless-shell"
    if "edge" in name:
        return "edge"
    if "ms-playwright" in folder:
        return "playwright"
    return "chrome" if "chrome" in name else "chromium"
