"""Recording: nothing is lost, nothing is half, and the disk's troubles are told plainly."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from pathlib import Path
from typing import IO

import pytest
from evidence_walks import SITE, T0, audit, exchange, record, run_info, step

from payaudit.errors import EvidenceError, UsageError
from payaudit.evidence import layout
from payaudit.evidence.chain import build_link, genesis
from payaudit.evidence.read import Evidence
from payaudit.evidence.write import EvidenceWriter
from payaudit.model.evidence import Event, Link


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_layout_of_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "evidence.wacz.partial"
    record(folder, runs=1, steps=1).close()
    place = "payaudit/runs/01"
    files = ("step.json", "snapshot.json.gz", "screen.png", "chain.json", "ocr.json")
    assert names(folder) == {
        layout.WARC,
        layout.AUDIT,
        layout.LEDGER,
        f"{place}/run.json",
        *(f"{place}/steps/0001/{name}" for name in files),
    }


def test_links_chain(tmp_path: Path) -> None:
    writer = EvidenceWriter.create(tmp_path / "a.partial", audit())
    assert writer.head == genesis(audit(ended=None)) != genesis(audit(target="x"))
    writer.begin_run(run_info(1))
    one = writer.add_step(step(1, 1), b"{}", None)
    writer.begin_run(run_info(2))
    writer.add_exchange(exchange(SITE))
    two = writer.add_step(step(2, 1), b"{}", b"png")
    assert one.previous == genesis(audit())
    assert two.previous == one.hash
    assert writer.head == two.hash
    assert two.warc_offset > one.warc_offset
    assert set(one.files) == {"step.json", "snapshot.json.gz", "run.json"}
    assert set(two.files) == {"step.json", "snapshot.json.gz", "run.json", "screen.png"}
    stored = (writer.folder / layout.step_folder(2, 1) / layout.CHAIN).read_bytes()
    assert Link.model_validate_json(stored) == two


def test_link_hash_is_as_documented() -> None:
    link = build_link({"b": "2", "a": "1"}, "prev", (7, "warc"))
    text = '{"files":{"a":"1","b":"2"},"previous":"prev","warc_offset":7,"warc_sha256":"warc"}'
    assert link.hash == hashlib.sha256(text.encode()).hexdigest()


def test_order_is_kept(tmp_path: Path) -> None:
    writer = EvidenceWriter.create(tmp_path / "a.partial", audit())
    with pytest.raises(ValueError, match="not the next"):
        writer.add_step(step(1, 1), b"{}", None)
    writer.begin_run(run_info(2))
    writer.add_step(step(2, 3), b"{}", None)
    for wrong in (step(2, 3), step(2, 2), step(1, 4), step(3, 4)):
        with pytest.raises(ValueError, match="not the next"):
            writer.add_step(wrong, b"{}", None)
    with pytest.raises(ValueError, match="run 2 after run 2"):
        writer.begin_run(run_info(2))


@pytest.mark.parametrize(
    "name", ["step.json", "chain.json", "screen.png", "run.json", "../x.json", ".x.tmp", "a"]
)
def test_names_of_extra_files(tmp_path: Path, name: str) -> None:
    writer = EvidenceWriter.create(tmp_path / "a.partial", audit())
    writer.begin_run(run_info(1))
    with pytest.raises(ValueError, match="cannot have a file"):
        writer.add_step(step(1, 1), b"{}", None, extra={name: b""})


def test_audit_is_replaced_but_not_its_start(tmp_path: Path) -> None:
    writer = record(tmp_path / "a.wacz.partial", audit(ended=None, end_reason=None))
    writer.write_audit(audit(failure_en="x"))
    for change in ({"target": "y"}, {"started": T0.replace(year=2027)}):
        with pytest.raises(ValueError, match="cannot change"):
            writer.write_audit(audit(**change))
    with Evidence.open(writer.finish(tmp_path / "a.wacz")) as evidence:
        assert evidence.audit == audit(failure_en="x")
        assert evidence.problems == ()


def test_hostile_text_is_kept(tmp_path: Path) -> None:
    writer = EvidenceWriter.create(tmp_path / "a.partial", audit())
    writer.begin_run(run_info(1))
    event = Event(kind="console_error", at=T0, data={"text": "half \ud83d", "n": 1.5})
    writer.add_step(step(1, 1, events=(event,)), b"{}", None)
    with Evidence.open(writer.finish(tmp_path / "a.wacz")) as evidence:
        assert evidence.steps[0].events[0].data == {"text": "half ?", "n": 1.5}


def test_earlier_walk_is_moved_aside(tmp_path: Path) -> None:
    folder = tmp_path / "evidence.wacz.partial"
    for number in range(3):
        record(folder, audit(persona=str(number)), runs=1).close()
    kept = {
        path.name: json.loads((path / layout.AUDIT).read_text("utf-8"))["persona"]
        for path in tmp_path.iterdir()
    }
    assert kept == {folder.name: "2", f"{folder.name}-1": "0", f"{folder.name}-2": "1"}


def test_empty_folder_is_used(tmp_path: Path) -> None:
    (tmp_path / "a.partial").mkdir()
    record(tmp_path / "a.partial").close()
    assert [path.name for path in tmp_path.iterdir()] == ["a.partial"]


def test_running_walk_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "evidence.wacz.partial"
    with record(folder, runs=1) as writer:
        before = names(folder)
        with pytest.raises(UsageError, match="Another walk"):
            EvidenceWriter.create(folder, audit())
        with pytest.raises(EvidenceError, match="still recording"):
            Evidence.open(tmp_path)
        assert names(folder) == before
        writer.finish(tmp_path / "evidence.wacz")
    Evidence.open(tmp_path).close()


def test_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file" / "a.partial", tmp_path / "file", Path("/proc/none/a.partial")):
        with pytest.raises(UsageError) as error:
            EvidenceWriter.create(folder, audit())
        assert str(folder) in error.value.en
        assert "无法写入" in error.value.zh


def full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_full_disk_is_told_and_nothing_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "a.wacz.partial"
    writer = record(folder, runs=1)
    before = {name: (folder / name).read_bytes() for name in names(folder)}
    calls = [
        lambda: writer.add_step(step(1, 3), b"{}", None),
        lambda: writer.write_audit(audit(failure_en="x")),
        lambda: writer.finish(tmp_path / "a.wacz"),
    ]
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        for call in calls:
            with pytest.raises(EvidenceError, match="disk is full") as error:
                call()
            assert "磁盘已满" in error.value.zh
            assert str(folder) in error.value.en
    assert {name: (folder / name).read_bytes() for name in before} == before
    assert not (tmp_path / "a.wacz").exists()
    with Evidence.open(writer.finish(tmp_path / "a.wacz")) as evidence:  # once there is room again
        assert len(evidence.steps) == 2
        assert evidence.problems == ()


class Choking:
    """A disk that takes half of a write and then no more."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.left = 20

    def write(self, data: memoryview) -> int:
        if not self.left:
            full()
        taken = int(self.file.write(data[: self.left]))
        self.left -= taken
        return taken

    def __getattr__(self, name: str) -> object:
        return getattr(self.file, name)


def test_half_a_record_is_taken_back(tmp_path: Path) -> None:
    folder = tmp_path / "a.wacz.partial"
    writer = record(folder, runs=1)
    warc = writer._warc
    before = (folder / layout.WARC).read_bytes()
    file, warc._file = warc._file, Choking(warc._file)  # type: ignore[assignment] # stands in for the file
    with pytest.raises(EvidenceError, match="disk is full"):
        writer.add_exchange(exchange(SITE))
    assert (folder / layout.WARC).read_bytes() == before
    warc._file = file
    assert writer.add_exchange(exchange(SITE)) == 11
    writer.add_step(step(1, 3), b"{}", None)
    with Evidence.open(writer.finish(tmp_path / "a.wacz")) as evidence:
        assert evidence.problems == ()
        assert len(list(evidence.exchanges())) == 7
