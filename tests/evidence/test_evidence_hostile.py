"""What is no evidence, or built to do harm, is refused in one clear line."""

from __future__ import annotations

import stat
import zipfile
import zlib
from pathlib import Path

import pytest
from evidence_walks import packed
from evidence_zips import STEP, refused, repack, unpack

from payaudit.errors import EvidenceError
from payaudit.evidence import layout, limits
from payaudit.evidence.read import Evidence


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return packed(tmp_path_factory.mktemp("tamper"))


def test_not_ours(original: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.wacz"
    for data in (b"", b"hello", b"\x7fELF" * 100):
        path.write_bytes(data)
        assert "not an evidence file" in refused(path).en
    files = unpack(original)
    del files[layout.AUDIT]
    assert "another tool" in refused(repack(path, files)).en
    files = unpack(original)
    files[layout.AUDIT] = files[layout.AUDIT].replace(b"payaudit-evidence/1", b"payaudit-evidence/2")
    assert "Update payaudit" in refused(repack(path, files, forged=True)).en
    for audit in (b"", b"[]", b"{}", b"[" * 100_000, b'{"format": "payaudit-evidence/1"}', b"\xff"):
        assert "audit.json cannot be read" in refused(repack(path, {**files, layout.AUDIT: audit})).en


@pytest.mark.parametrize(
    "name", ["../x", "/etc/x", "a/../../x", "C:/x", "a\\..\\x", "a//b", "./a", "a/.", "d/", "a\nb"]
)
def test_names_that_leave_the_folder(original: Path, tmp_path: Path, name: str) -> None:
    assert "outside" in refused(repack(tmp_path / "a.wacz", {**unpack(original), name: b""})).en


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", [layout.AUDIT, "payaudit/AUDIT.json"])
def test_one_name_twice(original: Path, tmp_path: Path, name: str) -> None:
    path = repack(tmp_path / "a.wacz", unpack(original))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, b"{}")
    assert "two files of one name" in refused(path).en


def test_links_and_secrets(original: Path, tmp_path: Path) -> None:
    path = repack(tmp_path / "a.wacz", unpack(original))
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert "holds a link or device" in refused(path).en
    path = repack(tmp_path / "b.wacz", unpack(original))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("x", "x" * 99, compress_type=zipfile.ZIP_BZIP2)
    assert "cannot be read" in refused(path).en


def test_bombs(original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = repack(tmp_path / "a.wacz", unpack(original))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("zeros", bytes(limits.DEFLATE + 1), compress_type=zipfile.ZIP_DEFLATED)
    assert "unpack to more" in refused(path).en
    path = repack(tmp_path / "b.wacz", unpack(original))
    for limit, value in (("TOTAL", 9000), ("MEMBER", 3000), ("MEMBERS", 5)):
        with monkeypatch.context() as small:
            small.setattr(limits, limit, value)
            assert "unpack to more" in refused(path).en
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("lies", bytes(5000))
    lie = path.read_bytes().replace(
        (5000).to_bytes(4, "little") * 2, (5000).to_bytes(4, "little") + b"\x01\0\0\0"
    )
    path.write_bytes(lie)
    assert "altered" in refused(path).en


def test_bomb_in_a_snapshot(original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("payaudit.evidence.read.SNAPSHOT", 20)
    with Evidence.open(original) as evidence, pytest.raises(EvidenceError, match="memory"):
        evidence.snapshot(evidence.steps[0])
    files = unpack(original)
    for data in (
        zlib.compress(b"{}", wbits=31)[:-1],
        b"",
        zlib.compress(b"[]", wbits=31),
        zlib.compress(b"{", wbits=31),
    ):
        files[STEP + "snapshot.json.gz"] = data
        with (
            Evidence.open(repack(tmp_path / "a.wacz", dict(files), forged=True), strict=False) as evidence,
            pytest.raises(EvidenceError),
        ):
            evidence.snapshot(evidence.steps[1])
