"""Whoever changes a file of the evidence is found out: refused, or told among the problems."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from evidence_walks import packed
from evidence_zips import STEP, Files, refused, repack, unpack

from payaudit.evidence import container, layout, limits
from payaudit.evidence.read import Evidence
from payaudit.evidence.zipform import DATE, MODE, UNIX


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return packed(tmp_path_factory.mktemp("tamper"))


def problems(path: Path) -> str:
    """What is wrong with a file, by a reader that looks at it all the same."""
    with Evidence.open(path, strict=False) as evidence:
        assert all(problem.en and problem.zh for problem in evidence.problems)
        return " ".join(problem.en for problem in evidence.problems)


def test_repacking_alone_is_no_problem(original: Path, tmp_path: Path) -> None:
    assert problems(repack(tmp_path / "a.wacz", unpack(original))) == ""
    assert problems(repack(tmp_path / "b.wacz", unpack(original), forged=True)) == ""


def test_one_byte_in_any_member(original: Path, tmp_path: Path) -> None:
    files = unpack(original)
    assert {name.partition("/")[0] for name in files} > {"archive", "indexes", "pages", "payaudit"}
    for name, data in files.items():
        for at in (0, len(data) // 2, len(data) - 1):
            changed = bytearray(data)
            changed[at] ^= 1
            path = repack(tmp_path / "a.wacz", {**files, name: bytes(changed)})
            assert "altered" in refused(path).en or "format" in refused(path).en, (name, at)


def test_one_byte_anywhere_in_the_file(original: Path, tmp_path: Path) -> None:
    """Headers, dates, the directory and the end count too: no byte of the zip means nothing."""
    data = original.read_bytes()
    path = tmp_path / "a.wacz"
    ends = range(len(data) - 60, len(data))
    for at in (*range(0, len(data), 37), *ends):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :])
        refused(path)


@pytest.mark.parametrize("where", ["before", "between", "after"])
def test_bytes_that_no_zip_reader_looks_at(original: Path, tmp_path: Path, where: str) -> None:
    data = original.read_bytes()
    path = tmp_path / "a.wacz"
    if where == "between":
        with zipfile.ZipFile(path, "w") as archive:
            for number, (name, content) in enumerate(unpack(original).items()):
                info = zipfile.ZipInfo(name, DATE)
                info.create_system, info.external_attr = UNIX, MODE
                info.extra = b"ab\x02\x00hi" if number == 3 else b""
                archive.writestr(info, content)
    else:
        path.write_bytes(b"more" + data if where == "before" else data + b"more")
    assert "zip was altered" in refused(path).en


def test_cut_anywhere(original: Path, tmp_path: Path) -> None:
    data = original.read_bytes()
    path = tmp_path / "a.wacz"
    for at in (1, 2, 100, len(data) // 2, len(data) - 22, len(data) - 1):
        path.write_bytes(data[:at])
        told = refused(path).en
        assert ("not all there" in told) == (at > 1)
        assert str(path) in told


Change = Callable[[Files], object]


def remove_step(files: Files) -> None:
    for name in [name for name in files if name.startswith(STEP)]:
        del files[name]


def swap_steps(files: Files) -> None:
    for name in [name for name in files if name.startswith(STEP)]:
        other = name.replace("run-01", "run-02")
        files[name], files[other] = files[other], files[name]


def cut_traffic(files: Files) -> None:
    files[layout.WARC] = files[layout.WARC][:-200]


def alter(name: str, old: bytes, new: bytes) -> Change:
    def change(files: Files) -> None:
        assert old in files[name]
        files[name] = files[name].replace(old, new)

    return change


FIRST = "payaudit/run-01-step-0001-"
RUN = "payaudit/run-02.json"
TAMPERED: list[tuple[str, Change, str]] = [
    ("step removed", remove_step, "Step 2/1 does not follow"),
    ("steps exchanged", swap_steps, "cannot be read"),
    ("traffic cut", cut_traffic, "Step 2/2: the traffic"),
    ("file added", lambda files: files.update({STEP + "x.json": b"{}"}), "x.json was added"),
    ("picture removed", lambda files: files.pop(FIRST + "screen.png"), "screen.png is missing"),
    ("snapshot changed", alter(STEP + "snapshot.json.gz", b"\x1f", b"x"), "snapshot.json.gz was altered"),
    ("link removed", lambda files: files.pop(STEP + "chain.json"), "Step 1/2 has no readable chain.json"),
    ("link altered", alter(STEP + "chain.json", b'"warc_offset": ', b'"warc_offset": 1'), "link was altered"),
    ("step altered", alter(STEP + "step.json", "短剧".encode(), "短片".encode()), "step.json was altered"),
    ("run altered", alter(RUN, b"iphone", b"iphonx"), "Step 2/1: run.json was altered"),
    ("run removed", lambda files: files.pop(RUN), "Step 2/2: run.json is missing"),
    (
        "start altered",
        alter(layout.AUDIT, b"2026-05-01T08:00:00", b"2025-05-01T08:00:00"),
        "Step 1/1 does not",
    ),
    ("target altered", alter(layout.AUDIT, b"drama.example", b"other.example"), "Step 1/1 does not follow"),
]


@pytest.mark.parametrize(("change", "told"), [row[1:] for row in TAMPERED], ids=[row[0] for row in TAMPERED])
def test_tampering(original: Path, tmp_path: Path, change: Change, told: str) -> None:
    files = unpack(original)
    change(files)
    careless = repack(tmp_path / "a.wacz", dict(files))
    assert "altered" in refused(careless).en
    with Evidence.open(careless, strict=False) as evidence:
        assert told in " ".join(problem.en for problem in evidence.problems)
    forged = repack(tmp_path / "b.wacz", files, forged=True)
    assert told in problems(forged)
    refused(forged)


def test_unlisted_and_missing_are_named(original: Path, tmp_path: Path) -> None:
    files = unpack(original)
    assert "extra.txt was added" in refused(repack(tmp_path / "a.wacz", {**files, "extra.txt": b""})).en
    del files[layout.PAGES]
    error = refused(repack(tmp_path / "a.wacz", files))
    assert "pages.jsonl is missing" in error.en
    assert "缺少" in error.zh
    del files[layout.DIGEST]
    assert "1 more such problem." in refused(repack(tmp_path / "a.wacz", files)).en
    del files[layout.PACKAGE]
    assert "the list of all files" in refused(repack(tmp_path / "a.wacz", files)).en


def test_what_was_opened_is_what_is_read(original: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.wacz"
    path.write_bytes(original.read_bytes())
    whole = hashlib.sha256(path.read_bytes()).hexdigest()
    with Evidence.open(path) as evidence:
        repack(tmp_path / "b.wacz", {"x": b""}).replace(path)
        assert evidence.sha256 == whole
        assert evidence.screenshot(evidence.steps[0])
        assert len(list(evidence.exchanges())) == 12


def test_limits_agree() -> None:
    assert limits.BODY * 2 + limits.MIB < limits.RECORD < limits.MEMBER < limits.TOTAL
    assert limits.DEFLATE < limits.SNAPSHOT
    assert container.limits is limits
