"""What reaches the terminal: one line where one is meant, nothing that steers it, aligned by cells."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import subprocess
from pathlib import Path

import pytest
from rich.cells import cell_len

from payaudit import terminal
from payaudit.report.json import to_json
from payaudit.report.text import render
from payaudit.report.visible import visible
from tests.commands import PAYAUDIT, environment, payaudit
from tests.judge.worlds import AT, facts, offer
from tests.report.test_report_build import report

HOSTILE = "连续\x1b[2J\x1b]0;pwned\x07包\u202e月\u200b\x9b31m"


def test_nothing_that_a_page_says_steers_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    terminal.remark(f"taking “{HOSTILE}” to its payment call", "")
    terminal.tell(HOSTILE, HOSTILE)
    terminal.error(HOSTILE + "\r\nsecond", HOSTILE)
    done = capfd.readouterr()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202e]", done.out + done.err)
    assert "<U+001B>[2J" in done.err
    assert len(done.err.splitlines()) == 2


def test_a_hostile_offer_is_text_in_the_report() -> None:
    source = AT.model_copy(update={"text": f"{HOSTILE} ¥9.9"})
    made = report(facts(offers=(offer(name=HOSTILE, renewal_stated=False, renewal=None, at=source),)))
    plain = render(made, "en", 80).plain
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202e]", plain)
    assert "<U+202E>" in plain


@pytest.mark.parametrize("width", [40, 57, 80])
def test_carets_stand_under_wide_words(width: int) -> None:
    source = AT.model_copy(update={"text": "首月特惠 超值连续包月会员卡 立减¥20 之后原价续费随时可取消"})
    seen = facts(offers=(offer(name="超值连续包月会员卡", renewal_stated=False, renewal=None, at=source),))
    lines = render(report(seen), "zh", width).plain.splitlines()
    under = next(i for i, line in enumerate(lines) if set(line) == set("  |^"))
    start = lines[under].index("^")
    before = lines[under - 1].partition("超值连续包月会员卡")[0]
    assert cell_len(before) == start
    assert lines[under].count("^") == cell_len("超值连续包月会员卡")


def test_what_cannot_be_seen_is_shown_by_its_number() -> None:
    assert visible("a\u202eb\u200bc\tд中\n") == "a<U+202E>b<U+200B>c\tд中\n"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    file = tmp_path / "report.json"
    file.write_bytes(to_json(report(facts(offers=(offer(renewal_stated=False, renewal=None),)))))
    return file


def test_a_pipe_that_closes_early_is_no_error(case: Path) -> None:
    line = f"set -o pipefail; {PAYAUDIT} compare {case} {case} --format json | head -c 1"
    done = subprocess.run(
        ["bash", "-c", line], env=environment(), capture_output=True, text=True, check=False, timeout=120
    )
    assert done.stderr == ""


def test_a_narrow_terminal_is_kept_to_and_colour_only_where_wanted(case: Path) -> None:
    wide = payaudit("compare", case, case, env={"COLUMNS": "50", "FORCE_COLOR": None})
    assert all(cell_len(line) <= 50 for line in wide.out.splitlines())
    assert "\x1b" not in wide.out
    assert "\x1b[" in _on_a_terminal(case, {})
    assert not re.search("\x1b\\[[0-9;]*3[0-9]", _on_a_terminal(case, {"NO_COLOR": "1"}))
    json.loads(payaudit("compare", case, case, "--format", "json", env={"FORCE_COLOR": "1"}).out)


def _on_a_terminal(case: Path, env: dict[str, str]) -> str:
    """What the command writes where it finds a terminal."""
    ours, theirs = pty.openpty()
    words = [str(PAYAUDIT), "compare", str(case), str(case)]
    with subprocess.Popen(
        words, env=environment({"TERM": "xterm-256color", **env}), stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        said = b""
        while select.select([ours], [], [], 60)[0]:
            try:
                part = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            said += part
        process.wait(timeout=60)
    os.close(ours)
    return said.decode()
