"""``payaudit replay --against``: what changed from one recording to another, without a browser."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from payaudit.cli import app

RECORDED = Path(__file__).parent.parent / "fixtures" / "recorded"
ONE, OTHER = RECORDED / "daodao.wacz", RECORDED / "feuilletine.wacz"


def run(*words: object) -> Result:
    env = {"COLUMNS": "400", "PAYAUDIT_BROWSER": "/nowhere"}
    return CliRunner().invoke(app, ["replay", *map(str, words)], env=env)


def test_a_recording_has_not_changed_against_itself() -> None:
    told = run(ONE, "--against", ONE)
    assert told.exit_code == 0, told.output
    assert "nothing changed" in told.output


def test_what_differs_is_told_by_findings_facts_and_acts() -> None:
    told = run(ONE, "--against", OTHER, "--format", "json")
    assert told.exit_code == 12, told.output
    changed = json.loads(told.stdout)
    assert list(changed) == ["acts", "facts", "findings"]
    assert all(changed.values())
    assert {"what", "before", "after"} == set(changed["findings"][0])


def test_an_altered_recording_is_not_compared(tmp_path: Path) -> None:
    altered = tmp_path / "altered.wacz"
    data = bytearray(ONE.read_bytes())
    data[len(data) // 2] ^= 1
    altered.write_bytes(data)
    told = run(altered, "--against", ONE)
    assert told.exit_code == 2
    (line,) = told.output.splitlines()
    assert "damaged or was altered" in line
