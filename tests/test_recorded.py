"""The recorded walks judge as they did, without a browser and without a network."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any, NoReturn

import pytest

from fixtures import recorded, truth
from payaudit.audit import Judged, judge_evidence
from payaudit.evidence.read import Evidence
from payaudit.report.json import to_json
from tests.commands import NO_BROWSER, invalid_wacz, payaudit

NAMES = recorded.names()
each = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(scope="module")
def judged() -> dict[str, Judged]:
    """Every recorded walk, judged while no socket can be opened."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("judging asked for the network")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "socket", refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        return {name: judge_evidence(_path(name)) for name in NAMES}


def _path(name: str) -> Path:
    return recorded.FOLDER / f"{name}.wacz"


def _expected(file: str) -> Any:  # noqa: ANN401 - any JSON
    return json.loads((recorded.FOLDER / file).read_text("utf-8"))


def _departures(expected: object, found: object, at: str = "$") -> list[str]:
    """Where what was expected is not there; what is there beside it is a newer kind of fact."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return [
            line
            for key, value in expected.items()
            for line in (
                _departures(value, found[key], f"{at}.{key}") if key in found else [f"{at}.{key} is gone"]
            )
        ]
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        pairs = enumerate(zip(expected, found, strict=True))
        return [line for i, (one, other) in pairs for line in _departures(one, other, f"{at}.{i}")]
    return [] if expected == found else [f"{at}: {expected!r} was expected, {found!r} was found"]


def test_there_are_some_and_they_are_small() -> None:
    assert len(NAMES) >= 2
    for name in NAMES:
        assert _path(name).stat().st_size <= recorded.LARGEST, name


@each
def test_it_is_whole(name: str) -> None:
    assert invalid_wacz(_path(name)) == ""
    with Evidence.open(_path(name)) as evidence:
        assert evidence.problems == ()
        assert evidence.steps


@each
def test_facts_are_as_expected(name: str, judged: dict[str, Judged]) -> None:
    found = json.loads(judged[name].facts.model_dump_json())
    assert _departures(_expected(f"{name}.facts.json"), found) == []


@each
def test_findings_are_as_expected(name: str, judged: dict[str, Judged]) -> None:
    report = json.loads(to_json(judged[name].report))
    assert recorded.findings(report) == _expected(f"{name}.findings.json")


@each
def test_nothing_is_found_that_the_truth_denies(name: str, judged: dict[str, Judged]) -> None:
    report = json.loads(to_json(judged[name].report))
    wrong = [mark for mark in truth.practices(name, report, quick=True) if mark.found and not mark.stated]
    assert wrong == []


def test_the_command_needs_no_browser() -> None:
    done = payaudit("judge", _path(NAMES[0]), "--format", "json", env=NO_BROWSER)
    assert done.code in {0, 3, 4, 10}, done.err
    assert recorded.findings(json.loads(done.out)) == _expected(f"{NAMES[0]}.findings.json")
