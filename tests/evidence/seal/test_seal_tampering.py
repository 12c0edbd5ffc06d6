"""Each way of tampering is told by ``verify`` and refused by judge, facts and explain, in one line."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from payaudit.cli import app
from payaudit.evidence.seal.keys import generate, public_pem
from payaudit.judge.law import load_law
from payaudit.judge.rules import load_rules
from payaudit.model.law import Law
from payaudit.model.rule import RuleSet
from tests.evidence.evidence_zips import unpack
from tests.evidence.signed_walk import signed_walk
from tests.evidence.tampering import Original, Way, made, ways
from tests.tsa import authority

Ways = dict[str, Way]
READERS = ("judge", "facts", "explain")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Original]:
    folder = tmp_path_factory.mktemp("sealed")
    with authority(folder / "tsa") as tsa:
        sealed = made(folder, tsa.url)
        (folder / "us.pub.pem").write_bytes(public_pem(sealed.keys))
        yield sealed


@pytest.fixture(scope="module")
def every_way(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Way]:
    files = unpack(signed_walk(tmp_path_factory.mktemp("names"), generate()))
    return {way.name: way for way in ways(files)}


@pytest.fixture(autouse=True)
def rules_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred commands in one process would read the same rules a hundred times."""
    monkeypatch.setattr("payaudit.audit.load_law", _law)
    monkeypatch.setattr("payaudit.audit.load_rules", _rules)


@cache
def _law(*_: object) -> Law:
    return load_law(None, None)


@cache
def _rules(*_: object, **__: object) -> RuleSet:
    return load_rules(None, _law(), added=None)


def names() -> list[str]:
    """The ways, which are named before there is a file."""
    shown = {
        "payaudit/run-01-step-0001-step.json": b"",
        "payaudit/run-01-step-0002-step.json": b"",
    }
    return [way.name for way in ways(shown)]


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], env={"COLUMNS": "400"})


def test_the_original_holds(original: Original) -> None:
    told = run("verify", original.path, "--trust", original.path.with_name("us.pub.pem"))
    assert told.exit_code == 0, told.output
    for word in ("every byte", "steps signed", "packed file is signed", "sealed (Ed25519) by us", "clock of"):
        assert word in told.output.casefold() or word in told.output, word
    assert "FAILS" not in told.output


@pytest.mark.parametrize("name", names())
def test_tampering_is_caught(original: Original, every_way: Ways, tmp_path: Path, name: str) -> None:
    way = every_way[name]
    path = original.copy(tmp_path)
    way.do(path, original)
    trust = ("--trust", original.path.with_name("us.pub.pem")) if way.strangers else ()
    told = run("verify", path, *trust)
    assert told.exit_code == 11, told.output
    assert "FAILS" in told.output
    for reader in READERS:
        refused = run(reader, path, *trust)
        assert refused.exit_code == 2, (reader, refused.output)
        lines = refused.output.strip().splitlines()
        assert len(lines) == 1, lines
        assert lines[0].startswith("error: "), lines


def test_a_stranger_shows_only_to_who_names_whom_he_trusts(
    original: Original, every_way: Ways, tmp_path: Path
) -> None:
    path = original.copy(tmp_path)
    every_way["all signed anew by a stranger"].do(path, original)
    told = run("verify", path)
    assert told.exit_code == 0
    assert told.output.count("unknown here") == 3
