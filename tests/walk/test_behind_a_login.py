"""Walks of what only an account sees: a saved session, and a browser that somebody has open already."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import stat
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from payaudit.errors import UsageError
from payaudit.walk.attach import debugger_url
from payaudit.walk.browser import can_sandbox, find_browser, launch_args
from payaudit.walk.guard import free_port
from payaudit.walk.guard.cdp import Cdp
from payaudit.walk.window import browser_with_window, can_save, load_state
from tests.commands import end, payaudit, started
from tests.walk.person import screen, somebody
from tests.walk.walled_site import Walled, walled

PHONE, PASSWORD = "13800138000", "mei-hua-5"
TO_THE_PAYWALL = "steps:\n- tap: 第9集\n- tap: {text: 立即支付, answer: accept}\n"
WITH_A_BALANCE = TO_THE_PAYWALL.replace(
    "steps:\n", "steps:\n- tap: 会员中心\n- tap: 30金币解锁\n- back: {}\n"
)
USAGE, NO_PAYWALL = 2, 3


@pytest.fixture(scope="module")
def site() -> Iterator[Walled]:
    with walled() as site:
        yield site


@pytest.fixture(scope="module")
def display() -> Iterator[dict[str, str]]:
    with screen() as env:
        yield env


@pytest.fixture(scope="module")
def session(site: Walled, display: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `payaudit login` saved after somebody had logged in and closed the window."""
    file = tmp_path_factory.mktemp("session") / "mine.json"
    with started("login", f"{site.address}/", "--save", file, env=display) as process:
        try:

            async def whole() -> None:
                async with somebody(process.pid, file.parent) as me:
                    for field, text in (("手机号", PHONE), ("密码", PASSWORD)):
                        await me.find(field)
                        await me.touch(field)
                        await me.write(text)
                    await me.touch("登录")
                    await me.find("上滑换一集")
                    await me.close()

            asyncio.run(whole())
            _, err = process.communicate(timeout=60)
        finally:
            end(process)
    assert process.returncode == 0, err
    assert f"saved: {file} (1 cookies)" in err
    return file


def journey(folder: Path, text: str) -> Path:
    file = folder / "way.yaml"
    file.write_text(text, "utf-8")
    return file


def left(folder: Path) -> tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]:
    """The head of the evidence, its first run, its steps."""
    with zipfile.ZipFile(folder / "evidence.wacz") as file:
        names = sorted(n for n in file.namelist() if n.endswith("step.json"))
        read = [json.loads(file.read(n)) for n in ("payaudit/audit.json", "payaudit/run-01.json", *names)]
    return read[0], read[1], read[2:]


@pytest.mark.browser
def test_login_leaves_the_session_alone(session: Path) -> None:
    assert stat.S_IMODE(session.stat().st_mode) == 0o600
    assert [p.name for p in session.parent.iterdir()] == [session.name]
    state = json.loads(session.read_text("utf-8"))
    assert state["cookies"][0]["name"] == "seat"
    assert state["origins"][0]["localStorage"] == [{"name": "seat", "value": "7"}]
    assert PASSWORD not in session.read_text("utf-8")


@pytest.mark.browser
def test_a_stored_session_orders_nothing_and_spends_nothing(
    session: Path, site: Walled, tmp_path: Path
) -> None:
    site.forget()
    way = journey(tmp_path, WITH_A_BALANCE)
    done = payaudit(
        "audit", f"{site.address}/", "-o", tmp_path, "-q", "--journey", way, "--storage-state", session
    )
    assert done.code in {0, 4, 10}, done.err
    # Nor a login; two of the page's own notes, sent side by side, may come in either order.
    assert sorted(site.forget()) == ["/api/log?confirmed", "/api/log?sheet", "/api/log?stopped"]
    audit, run, steps = left(tmp_path)
    assert any("“30金币解锁” was not pressed" in step["action"]["why"] for step in steps)
    assert audit["options"]["orders"] == "none"
    assert audit["options"]["stored_session"] is True
    assert "stored session" in run["interventions"]
    gaps = json.loads((tmp_path / "report.json").read_text("utf-8"))["coverage"]["gaps"]
    assert any("stored session" in g["en"] and "登录状态" in g["zh"] for g in gaps)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "No such file or directory; make it with `payaudit login URL --save mine.json`"),
        ("[]", "holds no session; make one with `payaudit login URL --save mine.json`"),
        ("{", "holds no session"),
        ('{"cookies": {}}', "holds no session"),
    ],
)
def test_a_file_that_is_no_session(text: str | None, words: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    if text is not None:
        file.write_text(text, "utf-8")
    with pytest.raises(UsageError) as raised:
        load_state(file)
    assert words in raised.value.en
    assert "payaudit login URL --save mine.json" in raised.value.zh


def test_a_file_that_is_no_session_ends_in_one_line(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = payaudit("audit", "http://127.0.0.1:9/", "-o", out, "--storage-state", tmp_path / "none.json")
    assert (done.code, len(done.err.splitlines()), out.exists()) == (USAGE, 1, False)


def test_a_window_needs_a_screen(tmp_path: Path) -> None:
    env = {"DISPLAY": None, "WAYLAND_DISPLAY": None}
    done = payaudit("record", "http://127.0.0.1:9/", "-o", tmp_path, "-q", env=env)
    assert (done.code, len(done.err.splitlines())) == (USAGE, 1), done.err
    assert "xvfb-run" in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_browser_without_a_window_is_not_taken(tmp_path: Path) -> None:
    shell = tmp_path / "chromium-headless-shell"
    shell.write_text("#!/bin/sh\necho Chromium 1.2.3\n", "utf-8")
    shell.chmod(0o755)
    with pytest.raises(UsageError, match="has no window"):
        browser_with_window(str(shell), {"DISPLAY": ":0"})


def test_a_place_that_holds_no_session(tmp_path: Path) -> None:
    for place in (tmp_path / "no" / "x.json", tmp_path):
        with pytest.raises(UsageError, match="choose a file in a folder that is there"):
            can_save(place)


@pytest.mark.browser
def test_control_c_ends_a_recording_well(site: Walled, display: dict[str, str], tmp_path: Path) -> None:
    with started("record", f"{site.address}/", "-o", tmp_path, env=display) as process:
        try:

            async def whole() -> None:
                async with somebody(process.pid, tmp_path) as me:
                    await me.captured(1)

            asyncio.run(whole())
            os.killpg(process.pid, signal.SIGINT)
            _, err = process.communicate(timeout=60)
        finally:
            end(process)
    assert process.returncode == NO_PAYWALL, err
    assert "no screen that sells was shown" in err
    assert "Traceback" not in err
    names = {"evidence.wacz", "report.json", "report.html", "journey.yaml"}
    assert {p.name for p in tmp_path.iterdir()} == names
    assert left(tmp_path)[0]["end_reason"] == "no_paywall"


@pytest.fixture
def running(tmp_path: Path, site: Walled) -> Iterator[int]:
    """The debugging port of a browser that is logged in and has a page open."""
    found, port = find_browser(), free_port()
    head = ["--headless"] if found.headless_shell else []
    assert can_sandbox(found) or "--no-sandbox" in launch_args(found)
    words = [
        str(found.path),
        *launch_args(found),
        *head,
        f"--remote-debugging-port={port}",
        f"--user-data-dir={tmp_path / 'profile'}",
        f"{site.address}/episodes.html",
    ]
    with subprocess.Popen(words, stderr=subprocess.DEVNULL) as browser:
        try:
            yield port
        finally:
            browser.terminate()


async def pages(port: int, cookie: str | None = None) -> list[str]:
    """The pages of a browser; with ``cookie``, after giving it one for this machine."""
    cdp = await Cdp.open(port, lambda *_: None)
    try:
        if cookie is not None:
            given = {"name": cookie, "value": "7", "domain": "127.0.0.1", "path": "/"}
            await cdp.send("Storage.setCookies", {"cookies": [given]})
        found = (await cdp.send("Target.getTargets"))["targetInfos"]
        return sorted(t["url"].rpartition("/")[2] for t in found if t["type"] == "page")
    finally:
        await cdp.close()


@pytest.mark.browser
def test_a_running_browser_is_walked_and_left_as_it_was(running: int, site: Walled, tmp_path: Path) -> None:
    before = asyncio.run(pages(running, "seat"))
    site.forget()
    out = tmp_path / "out"
    way = journey(tmp_path, TO_THE_PAYWALL)
    done = payaudit(
        "audit", f"{site.address}/", "-o", out, "-q", "--journey", way, "--cdp", f"127.0.0.1:{running}"
    )
    assert done.code in {0, 4, 10}, done.err
    asked = site.forget()
    assert {"/api/log?sheet", "/api/log?confirmed"} <= set(asked)
    assert not any("order" in each for each in asked)
    assert asyncio.run(pages(running)) == before
    audit, run, steps = left(out)
    assert (audit["options"]["orders"], audit["options"]["attached"]) == ("none", True)
    assert "attached to a running browser" in run["interventions"]
    events = [e for s in steps for e in s["events"]]
    walls = {e["data"]["wall"] for e in events if e["kind"] == "payment_call"}
    assert walls == {"wire"}
    gaps = json.loads((out / "report.json").read_text("utf-8"))["coverage"]["gaps"]
    assert any("no proxy" in g["en"] and "缺少代理" in g["zh"] for g in gaps)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("127.0.0.1:9", ("no browser answers at 127.0.0.1:9", "--remote-debugging-port")),
        ("ftp://x", ("no debugging address", "http://127.0.0.1:9222")),
        ("http://[x", ("no debugging address",)),
    ],
)
async def test_a_place_where_no_browser_is(address: str, words: tuple[str, ...]) -> None:
    with pytest.raises(UsageError) as raised:
        await debugger_url(address)
    assert all(word in raised.value.en for word in words), raised.value.en
    assert re.search("[\u4e00-\u9fff]", raised.value.zh)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--browser", "chrome"), "give one of them"),
        (("--storage-state", "x"), "leave --storage-state out"),
    ],
)
def test_a_running_browser_is_nobody_elses(options: tuple[str, str], words: str, tmp_path: Path) -> None:
    done = payaudit("audit", "http://127.0.0.1:9/", "-o", tmp_path / "out", "--cdp", "127.0.0.1:9", *options)
    assert (done.code, len(done.err.splitlines())) == (USAGE, 1), done.err
    assert words in done.err
