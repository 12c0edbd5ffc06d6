"""Three hundred audits by a double: nothing lost, nothing twice, no host crowded, whatever is killed."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from payaudit.errors import UsageError
from payaudit.sweep.catalogue import Catalogue, in_folder
from payaudit.sweep.sweep import only_one
from tests.sweep.coordinate import COUNT, check, coordinate, kill, wait_for_rows
from tests.sweep.world import world, write_targets


def test_killed_and_gone_on_with(tmp_path: Path) -> None:
    with world(hold_s=0.05) as it:
        targets, out = write_targets(it, tmp_path / "targets.csv", COUNT), tmp_path / "out"
        first = coordinate(targets, out)
        try:
            wait_for_rows(out, 60)
        finally:
            kill(first)
        done = wait_for_rows(out, 60)
        before = len(it.visits)
        second = coordinate(targets, out)
        try:
            assert second.wait(90) == 0
        finally:
            kill(second)
        check(it, out)
        again = {path for _, _, path in it.visits[before:]}
        book = Catalogue(in_folder(out))
        kept = {row[0] for row in book.ask("SELECT target, target_id FROM audits", {}).rows if row[1] in done}
        book.close()
        assert kept
        assert not {target for target in kept if "/" + target.split("/", 3)[3] in again}


def test_a_second_coordinator_is_refused(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(UsageError, match="another sweep is at work"), only_one(tmp_path):
        pass
    with only_one(tmp_path):
        pass


@pytest.mark.sweep
def test_a_delay_lies_between_starts(tmp_path: Path) -> None:
    with world(hold_s=0.01) as it:
        targets = write_targets(it, tmp_path / "targets.csv", 24)
        run = coordinate(targets, tmp_path / "out", "--delay", "0.3", "--seconds", "0.2")
        try:
            assert run.wait(90) == 0
        finally:
            kill(run)
        for host in it.ports:
            begun = [at for at, where, path in it.visits if where == host and "/ok/" in path]
            assert min(b - a for a, b in pairwise(begun)) > 0.25
