"""A walk killed at twenty random moments verifies up to its last whole step, and says that it ends there."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest

from payaudit.evidence import layout
from payaudit.evidence.seal.keys import Keys, fingerprint, generate
from payaudit.evidence.seal.trust import Trust
from payaudit.verification import verify
from tests.evidence.signed_walk import unfinished

SEED = 20260501
LONGEST_S = 0.6


@pytest.fixture(scope="module")
def keys() -> Keys:
    return generate()


def killed(folder: Path, keys: Keys, seconds: float) -> None:
    """Record in a process of its own and kill it; it goes on for longer than it lives."""
    child = os.fork()
    if child == 0:
        try:
            unfinished(folder, keys, runs=50, steps=20)
        finally:
            os._exit(0)
    while not (folder / layout.AUDIT).exists():  # before that there is no walk
        time.sleep(0.001)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


@pytest.mark.parametrize("moment", range(20))
def test_a_killed_walk_verifies_up_to_its_last_step(tmp_path: Path, keys: Keys, moment: int) -> None:
    folder = tmp_path / "evidence.wacz.partial"
    chance = random.Random(SEED + moment)  # noqa: S311 - a moment, not a secret
    killed(folder, keys, chance.uniform(0, LONGEST_S))
    whole = len(list(folder.glob("payaudit/runs/*/steps/[0-9]*")))
    found = verify(folder, Trust({fingerprint(keys.ed25519.public_key()): "us"}))
    lines = {line.what: line for line in found.lines}
    assert [
        line.en for line in found.lines if line.state == "fails" and (whole or line.what != "trust")
    ] == []
    assert lines["end"].state == "absent"
    assert "End not attested" in lines["end"].en
    if whole:
        assert lines["steps_signed"].state == "holds"
        assert f"{whole} of {whole} steps signed while walking, by us" in lines["steps_signed"].en


def test_an_altered_step_of_an_unfinished_walk_shows(tmp_path: Path, keys: Keys) -> None:
    for number, name in enumerate((layout.SCREEN, layout.STEP, layout.CHAIN)):
        folder = tmp_path / f"{number}.wacz.partial"
        unfinished(folder, keys).close()
        victim = folder / layout.step_folder(1, 1) / name
        victim.write_bytes(victim.read_bytes()[:-1] + b"?")
        found = verify(folder, Trust())
        assert not found.holds
        assert any("was damaged or altered after it was written" in line.en for line in found.lines)


def test_a_step_signed_by_another_key_shows(tmp_path: Path, keys: Keys) -> None:
    folder, other = tmp_path / "a.wacz.partial", tmp_path / "b.wacz.partial"
    unfinished(folder, keys).close()
    unfinished(other, generate()).close()
    chain = Path(layout.step_folder(2, 2)) / layout.CHAIN
    (folder / chain).write_bytes((other / chain).read_bytes())
    assert not verify(folder, Trust()).holds
