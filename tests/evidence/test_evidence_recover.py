"""A walk may be killed at any byte: what was whole is kept, and opens."""

from __future__ import annotations

import hashlib
import io
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from evidence_walks import audit, packed, record
from hypothesis import given, settings
from hypothesis import strategies as st

from payaudit.errors import EvidenceError
from payaudit.evidence import layout
from payaudit.evidence.members import members
from payaudit.evidence.read import Evidence
from payaudit.evidence.recover import recover

HEAD = audit(ended=None, end_reason=None)


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("killed") / "evidence.wacz.partial"
    record(folder, HEAD).close()
    return folder


@pytest.fixture
def partial(killed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(killed, tmp_path / killed.name))


def state(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_whole_folder(partial: Path) -> None:
    before = state(partial)
    out = recover(partial)
    assert out == partial.with_name("evidence.wacz")
    assert state(partial) == before
    assert sorted(path.name for path in partial.parent.iterdir()) == ["evidence.wacz", partial.name]
    with Evidence.open(out) as evidence:
        assert evidence.problems == ()
        assert evidence.audit == HEAD
        assert len(evidence.steps) == 4
        assert evidence.recovery is not None
        assert evidence.recovery.warc_tail == 0
        assert (evidence.recovery.dropped, evidence.recovery.missing) == ((), ())


def test_ways_to_a_killed_walk(partial: Path) -> None:
    for way in (partial.parent, partial, partial.with_name("evidence.wacz"), partial.parent):
        with Evidence.open(way) as evidence:
            assert len(evidence.steps) == 4
    assert sorted(path.name for path in partial.parent.iterdir()) == ["evidence.wacz", partial.name]


def test_walk_that_had_ended_stays_ended(tmp_path: Path) -> None:
    folder = tmp_path / "a.wacz.partial"
    record(folder).close()
    with Evidence.open(folder) as evidence:
        assert evidence.audit == audit()
    with (folder / layout.WARC).open("ab") as file:
        file.write(b"\x1f\x8b half")
    with Evidence.open(folder) as evidence:
        assert evidence.path.name == "a-1.wacz"
        assert (evidence.audit.ended, evidence.audit.end_reason) == (None, None)


def test_other_evidence_is_never_replaced(partial: Path) -> None:
    other = packed(partial.parent / "x", runs=1).rename(partial.with_name("evidence.wacz"))
    before = other.read_bytes()
    again = partial.rename(partial.with_name("evidence.wacz.partial-1"))
    assert recover(again).name == "evidence-1.wacz"
    assert recover(again).name == "evidence-1.wacz"
    assert other.read_bytes() == before


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_warc_cut_at_any_byte(
    tmp_path_factory: pytest.TempPathFactory, killed: Path, data: st.DataObject
) -> None:
    whole = (killed / layout.WARC).read_bytes()
    with (killed / layout.WARC).open("rb") as file:
        ends = [member.offset + member.length for member in members(file)]
    cut = data.draw(st.one_of(st.sampled_from([0, *ends, ends[-1] - 1]), st.integers(0, len(whole))))
    partial = tmp_path_factory.mktemp("cut") / killed.name
    shutil.copytree(killed, partial)
    (partial / layout.WARC).write_bytes(whole[:cut])
    kept = max([0, *(end for end in ends if end <= cut)])
    with Evidence.open(partial, strict=False) as evidence:
        recovery = evidence.recovery
        assert recovery is not None
        assert (recovery.warc_kept, recovery.warc_tail) == (kept, cut - kept)
        tail = whole[kept:cut]
        assert recovery.warc_tail_sha256 == (hashlib.sha256(tail).hexdigest() if tail else None)
        assert len(evidence.steps) == 4
        lost = [step for step in evidence.steps if (link := evidence.link(step)) and link.warc_offset > kept]
        assert len([problem for problem in evidence.problems if "traffic" in problem.en]) == len(lost)
        assert len(evidence.problems) == len(lost)
        seqs = [each.seq for each in evidence.exchanges()]
        assert seqs == [1, 2, 3, 6, 7, 8, 11, 12, 13, 16, 17, 18][: len(seqs)]
        cut_off = [each for each in evidence.missing() if "cut off" in each.reason]
        assert len(seqs) + len(cut_off) == sum("request" in kind for kind in kinds(whole[:kept]))


def kinds(warc: bytes) -> list[str]:
    found = (member.data for member in members(io.BytesIO(warc)))
    return ["request" for data in found if b"WARC-Type: request\r\n" in data]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_last_step_cut_at_any_byte(
    tmp_path_factory: pytest.TempPathFactory, killed: Path, data: st.DataObject
) -> None:
    partial = tmp_path_factory.mktemp("cut") / killed.name
    shutil.copytree(killed, partial)
    folder = partial / layout.step_folder(2, 2)
    victim = data.draw(st.sampled_from(sorted(path.name for path in folder.iterdir())))
    whole = (folder / victim).read_bytes()
    cut = data.draw(st.integers(0, len(whole) - 1))
    (folder / victim).write_bytes(whole[:cut])
    with Evidence.open(partial, strict=False) as evidence:
        assert [(step.run, step.number) for step in evidence.steps] == [(1, 1), (1, 2), (2, 1)]
        assert evidence.problems == ()
        assert evidence.recovery is not None
        assert evidence.recovery.dropped == (layout.step_folder(2, 2),)


def test_step_in_flight(partial: Path) -> None:
    draft = (partial / layout.step_folder(2, 2)).rename(partial / "payaudit/runs/02/steps/.0002.tmp")
    (draft / layout.CHAIN).unlink()
    with Evidence.open(partial, strict=False) as evidence:
        assert len(evidence.steps) == 3
        assert evidence.problems == ()
        assert evidence.recovery is not None
        assert evidence.recovery.dropped == ("payaudit/runs/02/steps/.0002.tmp",)


def test_what_a_file_manager_leaves(partial: Path) -> None:
    for folder in (partial, partial / "payaudit", partial / layout.step_folder(1, 1)):
        (folder / ".DS_Store").write_bytes(b"Bud1")
    with Evidence.open(partial, strict=False) as evidence:
        assert (len(evidence.steps), evidence.problems) == (4, ())
        assert evidence.recovery is not None
        assert evidence.recovery.dropped == ()


def test_whatever_is_missing(partial: Path) -> None:
    (partial / "payaudit/runs/02/run.json").unlink()
    with Evidence.open(partial, strict=False) as evidence:
        assert [run.number for run in evidence.runs] == [1]
        assert len(evidence.steps) == 4
        assert {problem.en for problem in evidence.problems} == {
            "payaudit/run-02.json is missing or cannot be read.",
            "Step 2/1: run.json is missing.",
            "Step 2/2: run.json is missing.",
        }
        assert evidence.recovery is not None
        assert evidence.recovery.missing == ("payaudit/runs/02/run.json",)
    shutil.rmtree(partial / layout.step_folder(1, 1))
    (partial / layout.step_folder(1, 2) / layout.STEP).write_text("{")
    with Evidence.open(partial, strict=False) as evidence:
        assert [(step.run, step.number) for step in evidence.steps] == [(2, 1), (2, 2)]
        assert "Step 2/1 does not follow" in "".join(problem.en for problem in evidence.problems)
    shutil.rmtree(partial / "archive")
    with Evidence.open(partial, strict=False) as evidence:
        assert list(evidence.exchanges()) == []
        assert evidence.recovery is not None
        assert layout.WARC in evidence.recovery.missing
    shutil.rmtree(partial / "payaudit/runs")
    with Evidence.open(partial, strict=False) as evidence:
        assert (evidence.runs, evidence.steps, evidence.problems) == ((), (), ())
    (partial / layout.AUDIT).unlink()
    with pytest.raises(EvidenceError, match=r"audit\.json") as error:
        recover(partial)
    assert "没有可读的" in error.value.zh


def test_damage_inside_the_warc(partial: Path) -> None:
    data = bytearray((partial / layout.WARC).read_bytes())
    data[len(data) // 2] ^= 0xFF
    (partial / layout.WARC).write_bytes(data)
    with Evidence.open(partial, strict=False) as evidence:
        assert evidence.recovery is not None
        assert evidence.recovery.warc_tail > 0
        assert evidence.problems
        assert list(evidence.exchanges())


KILLED = """
import os, signal, sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from evidence_walks import exchange, record
from payaudit.evidence.write import EvidenceWriter
real, left = os.write, [0]
writer = record(Path(sys.argv[1]), runs=1, steps=2)
writer.add_exchange(exchange("https://drama.example/late"))
import payaudit.evidence.write as write
def die(*_): os.kill(os.getpid(), signal.SIGKILL)
write.sync_folder = die  # in the middle of the third step
from evidence_walks import step
writer.add_step(step(1, 3), b"{}", None)
"""


def test_real_kill(tmp_path: Path) -> None:
    folder = tmp_path / "evidence.wacz.partial"
    here = str(Path(__file__).parent)
    code = subprocess.run([sys.executable, "-c", KILLED, str(folder), here], check=False).returncode
    assert code == -signal.SIGKILL
    with Evidence.open(tmp_path) as evidence:
        assert [step.number for step in evidence.steps] == [1, 2]
        assert evidence.problems == ()
        assert [*evidence.exchanges()][-1].url.endswith("/late")
        assert evidence.recovery is not None
        assert evidence.recovery.dropped == ("payaudit/runs/01/steps/.0003.tmp",)
    again = record(folder, runs=1)
    assert (tmp_path / "evidence.wacz.partial-1" / layout.AUDIT).exists()
    again.close()


def test_place_that_cannot_be_written(partial: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    with pytest.raises(EvidenceError, match="Permission denied"):
        recover(partial)
