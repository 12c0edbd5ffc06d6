"""The house: what is pinned, what may stand in the repository, how a browser is found."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from payaudit import doctor, errors
from payaudit.errors import BrowserMissing, PayauditError
from payaudit.walk import browser
from payaudit.walk.browser import Browser, candidates, find_browser, launch_args

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "scripts/npm.lock")

Place = Callable[..., Path]


def _name(requirement: str) -> str:
    return re.split(r"[\s<>=!~;\[]", requirement)[0].lower().replace("_", "-")


def _own_files() -> list[Path]:
    folders = ("payaudit", "scripts", "docs", "tests", "bench", ".ci")
    inside = (file for folder in folders for file in (ROOT / folder).rglob("*"))
    own = [*ROOT.glob("*.*"), ROOT / "Makefile", *inside]
    return [file for file in own if file.is_file() and "__pycache__" not in file.parts]


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_pins_with_hashes_and_without_addresses(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*(-i|-f|--(index|extra|find|trusted))", text, re.MULTILINE)
    entries = re.split(r"\n(?=\S)", text.partition("make lock\n")[2].strip())
    assert entries
    for entry in entries:
        assert "==" in entry.splitlines()[0], entry
        assert "--hash=sha256:" in entry, entry


def test_lock_holds_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = {_name(each) for each in project["dependencies"] + project["optional-dependencies"]["dev"]}
    locked = {_name(line) for line in (ROOT / "requirements.lock").read_text("utf-8").splitlines()}
    assert wanted <= locked


def test_kits_are_pinned_without_addresses() -> None:
    packages = json.loads((ROOT / "fixtures/kits/package-lock.json").read_text("utf-8"))["packages"]
    for name, package in packages.items():
        assert "resolved" not in package, name
        assert not name or package["integrity"].startswith("sha512-"), name


def test_no_path_of_one_machine() -> None:
    personal = re.compile(r"(?<![\w.~$}])/(home|root|Users)/\w")
    for file in _own_files():
        try:
            text = file.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        assert not personal.search(text), file


def test_readme_lists_the_exit_codes() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    table = dict(re.findall(r"^\| (\d+) \| (.+) \|$", readme, re.MULTILINE))
    assert table == {
        "0": "nothing found",
        "1": "the tool failed",
        "2": "usage",
        "3": "no paywall reached",
        "4": "only unclear",
        "10": "violations",
        "11": "`payaudit verify`: something does not hold",
        "12": "a replay differs, or what it is held against",
        "130": "interrupted; what was recorded is packed and judged",
    }
    kinds = [each for each in vars(errors).values() if isinstance(each, type)]
    assert {str(kind.exit_code) for kind in kinds if issubclass(kind, PayauditError)} <= set(table)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Put a browser at a place below the test's own root."""

    def put(where: str, says: str = "Chromium 1.2.3 built on nothing") -> Path:
        file = tmp_path / where
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"#!/bin/sh\necho '{says}'\n", "utf-8")
        file.chmod(0o755)
        return file

    return put


def test_browsers_are_taken_in_order(place: Place, tmp_path: Path) -> None:
    env = {"PATH": str(tmp_path / "path"), "HOME": str(tmp_path / "me")}
    store = "me/.cache/ms-playwright"
    in_order = [
        ("headless-shell", place("usr/lib/chromium/chromium-headless-shell")),
        ("headless-shell", place("usr/bin/chromium-headless-shell")),
        ("chromium", place("usr/lib/chromium/chromium")),
        ("chromium", place("usr/bin/chromium")),
        ("chromium", place("path/chromium")),
        ("playwright", place(f"{store}/chromium_headless_shell-1200/linux/chrome-headless-shell")),
        ("playwright", place(f"{store}/chromium-1200/linux/chrome")),
        ("playwright", place(f"{store}/chromium-999/linux/chrome")),
        ("chrome", place("opt/google/chrome/chrome")),
        ("edge", place("opt/microsoft/msedge/msedge")),
        ("chrome", place("path/google-chrome")),
    ]
    assert list(candidates(env, tmp_path)) == in_order
    for kind, path in in_order:
        assert find_browser(env=env, root=tmp_path) == Browser(path, kind, "Chromium 1.2.3")
        path.unlink()
    with pytest.raises(BrowserMissing, match="apt-get install") as missing:
        find_browser(env=env, root=tmp_path)
    assert "浏览器" in missing.value.zh


def test_what_is_asked_for_comes_first(place: Place, tmp_path: Path) -> None:
    place("usr/lib/chromium/chromium-headless-shell")
    mine = place("mine/chrome", "Google Chrome 9.8")
    env = {"PAYAUDIT_BROWSER": str(mine)}
    assert find_browser(env=env, root=tmp_path) == Browser(mine, "chrome", "Google Chrome 9.8")
    other = place("other/microsoft-edge", "")
    assert find_browser(str(other), env=env, root=tmp_path) == Browser(other, "edge", None)


def test_a_kind_can_be_asked_for(place: Place, tmp_path: Path) -> None:
    place("usr/lib/chromium/chromium-headless-shell")
    full = place("browsers/chromium-1200/linux/chrome")
    env = {"PLAYWRIGHT_BROWSERS_PATH": str(tmp_path / "browsers")}
    assert find_browser("chromium", env=env, root=tmp_path).path == full
    with pytest.raises(BrowserMissing, match="doctor"):
        find_browser("edge", env=env, root=tmp_path)


def test_what_is_asked_for_is_never_replaced(place: Place, tmp_path: Path) -> None:
    place("usr/lib/chromium/chromium-headless-shell")
    no_program = tmp_path / "notes.txt"
    no_program.touch()
    for wanted in (str(tmp_path / "nowhere"), str(no_program)):
        with pytest.raises(BrowserMissing, match="PAYAUDIT_BROWSER"):
            find_browser(env={"PAYAUDIT_BROWSER": wanted}, root=tmp_path)


def test_switches_suit_browser_and_user(monkeypatch: pytest.MonkeyPatch) -> None:
    shell = Browser(Path("/x/chromium-headless-shell"), "headless-shell")
    full = Browser(Path("/x/chromium"), "chromium")
    monkeypatch.setattr(browser, "can_sandbox", lambda _: True)
    assert "--headless=new" in launch_args(full)
    assert "--headless=new" not in launch_args(full, headless=False)
    assert "--headless=new" not in launch_args(shell)
    assert "--no-sandbox" not in launch_args(shell)
    monkeypatch.setattr(browser, "can_sandbox", lambda _: False)
    assert "--no-sandbox" in launch_args(shell)


def test_root_has_no_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser.os, "geteuid", lambda: 0)
    monkeypatch.setattr(browser.sys, "platform", "linux")
    assert not browser.can_sandbox(Browser(Path("/x/chromium"), "chromium"))


def test_doctor_says_what_is_missing(place: Place, tmp_path: Path) -> None:
    broken = place("broken/chromium", "no browser at all")
    items = doctor.examine(tmp_path, str(broken))
    bad = next(item for item in items if item.name.en == "browser")
    assert bad.state == "missing"
    assert not doctor.can_walk(items)
    for item in items:
        assert item.found.en
        assert item.found.zh
        assert item.state == "ok" or item.mend or "OCR" in item.name.en


@pytest.mark.browser
def test_doctor_lets_a_good_machine_walk(tmp_path: Path) -> None:
    items = doctor.examine(tmp_path / "not" / "yet" / "there")
    assert {item.name.en: item.state for item in items if item.needed}["browser"] == "ok"
    assert list(tmp_path.iterdir()) == []
