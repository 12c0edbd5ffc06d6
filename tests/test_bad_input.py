"""Whatever is given, the end is one line that says what and what to do, and all that was seen is kept."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import pytest

from fixtures.truth import KITS, SITES
from payaudit.data import rules_folder
from payaudit.serve import serving
from tests.commands import Done, end, invalid_wacz, payaudit, started
from tests.crew import ahead, asked_for
from tests.evidence.evidence_walks import packed
from tests.hostile import hostile

NO_PAYWALL, USAGE, FAILED, INTERRUPTED = 3, 2, 1, 130

# What the one line says: what it is, and what to do about it. The slowest come first.
TARGETS = {
    "freezes": ("the page stopped answering", "try again"),
    "wanders": ("steps or seconds were used up", "raise --max-steps or --max-seconds"),
    "restless": ("steps or seconds were used up", "raise --max-steps or --max-seconds"),
    "flashes": ("no locked episode and no price", "write a journey"),
    "bare": ("no locked episode and no price", "write a journey"),
    "alert-while": ("the page raised dialogs without end", "try again"),
    "alert-timer": ("the page raised dialogs without end", "try again"),
    "unknown-host": ("the host name is not known", "check the spelling"),
    "unknown-host-tls": ("cannot be reached", "check the address"),
    "refused": ("nothing answers", "check host and port"),
    "refused-tls": ("cannot be reached", "check the address"),
    "self-signed": ("certificate is not valid", "check the address"),
    "404": ("HTTP status 404", "open it in a browser"),
    "500": ("HTTP status 500", "open it in a browser"),
    "png": ("it is image/png, not a web page", "open it in a browser"),
    "json": ("it is application/json, not a web page", "open it in a browser"),
    "pdf": ("it is a download, not a page", "give the address of a page"),
    "around": ("redirects without end", "address behind the redirects"),
}
ENDLESS = ("wanders", "restless")  # a walk of them ends with its budget


@dataclass(frozen=True)
class Walked:
    """An audit, the folder it left, and what judging that folder again came to."""

    done: Done
    folder: Path
    again: Done
    judged: Path


def walked(folder: Path, done: Done) -> Walked:
    judged = folder.with_name(f"{folder.name}-again")
    return Walked(done, folder, payaudit("judge", folder, "-o", judged), judged)


def left_evidence(walked: Walked, code: int) -> None:
    """The folder holds evidence, packed, valid, and judged the same again."""
    assert sorted(file.name for file in walked.folder.iterdir()) == [
        "evidence.wacz", "report.html", "report.json",
    ]  # fmt: skip
    assert (walked.again.code, walked.again.errors) == (code, [])
    assert (walked.judged / "report.json").read_bytes() == (walked.folder / "report.json").read_bytes()
    assert invalid_wacz(walked.folder / "evidence.wacz") == ""


@pytest.fixture(scope="session")
def walks(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[Walked]]]:
    base = tmp_path_factory.mktemp("bad")

    with hostile(base) as places:

        def walk(name: str) -> Walked:
            folder = base / name
            seconds = 8 if name in ENDLESS else 60
            return walked(
                folder, payaudit("audit", places[name], "-o", folder, "-q", "--max-seconds", seconds)
            )

        with ahead(walk, asked_for(request.session, "target")) as walks:
            yield walks


@pytest.mark.browser
@pytest.mark.parametrize("target", TARGETS)
def test_a_target_without_a_paywall_ends_in_one_line(target: str, walks: dict[str, Future[Walked]]) -> None:
    seen = walks[target].result()
    assert seen.done.code == NO_PAYWALL, seen.done.err
    error, written, page = seen.done.err.splitlines()
    assert error.startswith("error: ")
    for words in TARGETS[target]:
        assert words in error
    assert written == f"written: {seen.folder / 'report.json'}, {seen.folder / 'evidence.wacz'}"
    assert page == f"read it: {(seen.folder / 'report.html').as_uri()}"


@pytest.mark.browser
@pytest.mark.parametrize("target", TARGETS)
def test_a_target_without_a_paywall_leaves_evidence(target: str, walks: dict[str, Future[Walked]]) -> None:
    left_evidence(walks[target].result(), NO_PAYWALL)


@pytest.mark.browser
@pytest.mark.parametrize("target", ENDLESS)
def test_evidence_says_that_a_page_never_rested(target: str, walks: dict[str, Future[Walked]]) -> None:
    with zipfile.ZipFile(walks[target].result().folder / "evidence.wacz") as evidence:
        step = json.loads(evidence.read("payaudit/run-01-step-0001-step.json"))
    assert "did not come to rest" in step["outcome"]["note"]


def one_line(done: Done, code: int, *words: str) -> None:
    """It ended with one line and nothing else on stderr."""
    assert done.code == code, done.err
    assert done.out == ""
    lines = done.err.splitlines()
    assert len(lines) == 1, done.err
    assert lines[0].startswith("error: ")
    for word in words:
        assert word in lines[0]


@pytest.fixture
def unrecorded(tmp_path: Path) -> Iterator[Callable[..., Done]]:
    """An audit that must end before it leaves anything behind."""
    out = tmp_path / "out"

    def audit(*options: object) -> Done:
        return payaudit("audit", "http://127.0.0.1:9/", "-o", out, *options)

    yield audit
    assert not out.exists() or list(out.iterdir()) == []


def test_unknown_persona(unrecorded: Callable[..., Done]) -> None:
    one_line(unrecorded("--persona", "nokia"), USAGE, "'nokia'", "choose one of iphone, android")


def test_unknown_format(unrecorded: Callable[..., Done]) -> None:
    one_line(unrecorded("--format", "yaml"), USAGE, "'yaml'", "choose text or json")


@pytest.mark.parametrize("target", ["ftp://127.0.0.1/", "http://[half", "http://", "not-there"])
def test_target_that_is_no_web_address(target: str, tmp_path: Path) -> None:
    one_line(payaudit("audit", target, "-o", tmp_path), USAGE, repr(target), "give one such as https://")


def test_browser_that_is_not_there(unrecorded: Callable[..., Done]) -> None:
    one_line(unrecorded("--browser", "netscape"), FAILED, "netscape", "--browser")


def test_browser_that_does_not_start(unrecorded: Callable[..., Done], tmp_path: Path) -> None:
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\nexit 7\n", "utf-8")
    program.chmod(0o755)
    one_line(unrecorded("-q", "--browser", program), FAILED, f"{program} does not start", "payaudit doctor")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("steps:\n- tapp: {text: 第9集}\n", ("step 1: no verb 'tapp'", "did you mean 'tap'?")),
        ("steps:\n- swipe: up\n- fly: {}\n", ("step 2: no verb 'fly'", "verbs are open, tap")),
        ("steps:\n- tap: {text: a}\n  swipe: up\n", ("step 1", "must be one verb with its arguments")),
        ("step:\n- swipe: up\n", ("a journey is a mapping with `steps`",)),
        ("steps: [", ("no readable journey", "line ")),
    ],
)
def test_journey_that_cannot_be_read(
    text: str, words: tuple[str, ...], unrecorded: Callable[..., Done], tmp_path: Path
) -> None:
    journey = tmp_path / "journey.yaml"
    journey.write_text(text, "utf-8")
    one_line(unrecorded("--journey", journey), USAGE, str(journey), *words)


def test_journey_that_is_not_there(unrecorded: Callable[..., Done], tmp_path: Path) -> None:
    one_line(unrecorded("--journey", tmp_path / "none.yaml"), USAGE, "none.yaml")


@pytest.mark.browser
def test_journey_that_the_page_does_not_follow(tmp_path: Path) -> None:
    journey = tmp_path / "journey.yaml"
    journey.write_text("steps:\n- tap: {text: 没有这个按钮}\n", "utf-8")
    out = tmp_path / "out"
    with serving(SITES / "demo", KITS) as address:
        done = payaudit("audit", f"{address}/", "-o", out, "-q", "--journey", journey)
    assert done.code == NO_PAYWALL, done.err
    assert len(done.errors) == 1
    assert "step 1 of the journey journey.yaml" in done.errors[0]
    assert "没有这个按钮" in done.errors[0]
    left_evidence(walked(out, done), NO_PAYWALL)


@pytest.mark.parametrize("below", ["", "deeper/still"])
def test_folder_that_cannot_be_written(below: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine", "utf-8")
    done = payaudit("audit", "http://127.0.0.1:9/", "-o", file / below)
    one_line(done, USAGE, f"cannot write to {file}", "choose another folder with -o")
    assert file.read_text("utf-8") == "mine"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return Path(shutil.copytree(rules_folder(), tmp_path / "rules"))


def spoil(folder: Path, old: str, new: str) -> Path:
    """Change the first rule of a folder."""
    rule = min(folder.glob("*.yaml"))
    text = rule.read_text("utf-8")
    assert old in text
    rule.write_text(text.replace(old, new, 1), "utf-8")
    return rule


def test_rule_that_is_no_yaml(rules: Path, unrecorded: Callable[..., Done]) -> None:
    rule = spoil(rules, "\ntitle:", "\ntitle: [")
    for done in (payaudit("rules", "check", rules), unrecorded("--rules", rules)):
        one_line(done, USAGE, f"{rule}:", "is no YAML")


def test_rule_with_an_unknown_field(rules: Path, unrecorded: Callable[..., Done]) -> None:
    rule = spoil(rules, "\nseverity:", "\nseverty:")
    for done in (payaudit("rules", "check", rules), unrecorded("--rules", rules)):
        one_line(done, USAGE, f"{rule}:", "severty: unknown field", "did you mean 'severity'?")


def test_folder_without_rules(tmp_path: Path, unrecorded: Callable[..., Done]) -> None:
    one_line(unrecorded("--rules", tmp_path / "none"), USAGE, "holds no *.yaml", "name a folder with rules")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("notes.txt", ("is not an evidence file", "Give a .wacz that payaudit recorded")),
        ("empty.wacz", ("is not an evidence file", "Give a .wacz that payaudit recorded")),
        ("other.zip", ("was recorded by another tool", "Give a .wacz that payaudit recorded")),
        ("half.wacz", ("is damaged or not all there", "Fetch it again")),
        ("altered.wacz", ("is damaged or was altered", "Use another copy")),
        ("none.wacz", ("does not exist", "Give a .wacz file or the folder of an audit")),
        ("folder", ("holds no evidence.wacz", "Give a .wacz file or the folder of an audit")),
    ],
)
def test_file_that_is_no_evidence(name: str, words: tuple[str, ...], tmp_path: Path) -> None:
    good = packed(tmp_path, "good.wacz").read_bytes()
    (tmp_path / "notes.txt").write_text("what I saw", "utf-8")
    (tmp_path / "empty.wacz").touch()
    (tmp_path / "half.wacz").write_bytes(good[: len(good) // 2])
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr("letter.txt", "dear reader")
    read, write = zipfile.ZipFile(tmp_path / "good.wacz"), zipfile.ZipFile(tmp_path / "altered.wacz", "w")
    with read, write:
        for each in read.namelist():
            data = read.read(each)
            write.writestr(each, data.replace(b"9.9", b"1.9") if each.endswith("-step.json") else data)
    (tmp_path / "folder").mkdir()
    one_line(payaudit("judge", tmp_path / name), USAGE, str(tmp_path / name), *words)


@pytest.fixture
def mid_walk(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """An audit of the demo site into ``out``, some steps on its way."""
    out = tmp_path / "out"
    with (
        serving(SITES / "demo", KITS) as address,
        started("audit", f"{address}/", "-o", out, "--persona", "wechat-iphone") as process,
    ):
        try:
            deadline = time.monotonic() + 60
            while len(list(out.glob("evidence.wacz.partial/payaudit/runs/*/steps/????"))) < 2:
                assert process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.1)
            yield process
        finally:
            end(process)


@pytest.mark.browser
@pytest.mark.parametrize("presses", [1, 3])
def test_control_c_keeps_what_was_seen(presses: int, mid_walk: subprocess.Popen[str], tmp_path: Path) -> None:
    for _ in range(presses):
        os.killpg(mid_walk.pid, signal.SIGINT)  # as a terminal does: all that the command started gets it too
        time.sleep(0.2)
    _, err = mid_walk.communicate(timeout=60)
    assert mid_walk.returncode == INTERRUPTED, err
    errors = [line for line in err.splitlines() if line.startswith("error:")]
    assert len(errors) == 1, err
    assert "interrupted" in errors[0]
    assert "payaudit judge" in errors[0]
    assert "Traceback" not in err
    seen = walked(tmp_path / "out", Done(mid_walk.returncode, "", err))
    left_evidence(seen, seen.again.code)


@pytest.mark.browser
@pytest.mark.parametrize("name", [".", "evidence.wacz"])
def test_a_kill_leaves_evidence(name: str, mid_walk: subprocess.Popen[str], tmp_path: Path) -> None:
    mid_walk.kill()
    mid_walk.wait(10)
    done = payaudit("judge", tmp_path / "out" / name, "-o", tmp_path / "judged")
    assert done.code in {0, NO_PAYWALL, 4, 10}, done.err
    assert done.errors == []
    assert (tmp_path / "judged" / "report.json").is_file()
    assert invalid_wacz(tmp_path / "out" / "evidence.wacz") == ""
