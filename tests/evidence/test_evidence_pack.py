"""The packed file: WACZ that other tools accept, the same bytes every time."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from cdxj_indexer.main import write_cdx_index
from evidence_walks import SITE, audit, exchange, packed, record, run_info, screen, snapshot, step

from payaudit.errors import EvidenceError, UsageError
from payaudit.evidence import layout
from payaudit.evidence.index import build_index
from payaudit.evidence.pack import pack
from payaudit.evidence.read import Evidence
from payaudit.evidence.recover import recover
from payaudit.evidence.write import EvidenceWriter


class Kept(io.StringIO):
    """The library closes what it writes to."""

    def close(self) -> None:
        pass


def validate(path: Path) -> subprocess.CompletedProcess[str]:
    code = "import sys; from wacz.main import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "validate", "-f", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_everything_comes_back(tmp_path: Path) -> None:
    path = packed(tmp_path)
    assert not (tmp_path / "evidence.wacz.partial").exists()
    for way in (path, str(path), tmp_path):
        with Evidence.open(way) as evidence:
            assert evidence.problems == ()
            assert evidence.recovery is None
            assert evidence.audit == audit()
            assert evidence.runs == (run_info(1), run_info(2))
            assert evidence.steps == tuple(step(run, n) for run in (1, 2) for n in (1, 2))
            for each in evidence.steps:
                assert evidence.snapshot(each) == json.loads(snapshot(each.run, each.number))
                assert evidence.file(each, "ocr.json") == b"{}"
                assert evidence.file(each, "none.json") is None
                shown = screen(each.run, each.number) if each.number == 1 else None
                assert evidence.screenshot(each) == shown
            assert evidence.screenshot_path(evidence.steps[0]) == "payaudit/run-01-step-0001-screen.png"
            assert evidence.screenshot_path(evidence.steps[1]) is None
            assert len(evidence.sha256) == 64
            with zipfile.ZipFile(path) as archive:
                assert evidence.screenshot_path(evidence.steps[0]) in archive.namelist()


def test_wacz_validates(tmp_path: Path) -> None:
    result = validate(packed(tmp_path))
    assert result.returncode == 0, result.stdout + result.stderr
    assert "the passed WACZ is valid" in result.stdout


def test_wacz_without_traffic_or_steps_validates(tmp_path: Path) -> None:
    path = packed(tmp_path, runs=0)
    assert validate(path).returncode == 0
    record(tmp_path / "b.wacz.partial").close()
    (tmp_path / "b.wacz.partial" / layout.WARC).unlink()
    assert validate(recover(tmp_path / "b.wacz.partial")).returncode == 0


def test_the_validator_would_say_no(tmp_path: Path) -> None:
    path = packed(tmp_path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("payaudit/more.json", "{}")
    assert validate(path).returncode == 1


def test_same_folder_same_bytes(tmp_path: Path) -> None:
    folder = tmp_path / "evidence.wacz.partial"
    record(folder).close()
    copy = tmp_path / "elsewhere" / "copy"
    shutil.copytree(folder, copy, copy_function=shutil.copy)  # with dates of its own
    (copy / ".draft").write_bytes(b"left out")
    (copy / "payaudit" / "link.json").symlink_to("/etc/hostname")
    one = pack(folder, tmp_path / "one.wacz").read_bytes()
    assert one == pack(folder, tmp_path / "two.wacz").read_bytes()
    assert one == pack(copy, tmp_path / "three.wacz").read_bytes()
    assert not list(tmp_path.glob(".*"))


def test_members_and_dates(tmp_path: Path) -> None:
    with zipfile.ZipFile(packed(tmp_path)) as archive:
        names = archive.namelist()
        assert names[:-2] == sorted(names[:-2])
        assert names[-2:] == [layout.PACKAGE, layout.DIGEST]
        for info in archive.infolist():
            assert info.date_time == (1980, 1, 1, 0, 0, 0)
            assert info.compress_type == zipfile.ZIP_STORED
        package = json.loads(archive.read(layout.PACKAGE))
        assert package["created"] == "2026-05-01T08:01:00Z"
        assert package["mainPageUrl"] == SITE + "/"
        assert {each["path"] for each in package["resources"]} == set(names[:-2])


def test_pages_are_those_that_can_be_opened(tmp_path: Path) -> None:
    folder = tmp_path / "evidence.wacz.partial"
    writer = EvidenceWriter.create(folder, audit())
    writer.begin_run(run_info(1))
    writer.add_exchange(exchange(SITE + "/"))
    urls = [SITE + "/#a", SITE + "/#a", SITE + "/set-by-script", "about:blank", "", SITE + "/#b"]
    for number, url in enumerate(urls, 1):
        writer.add_step(step(1, number, url=url, title="" if number == 1 else "短剧"), b"{}", None)
    with zipfile.ZipFile(writer.finish(tmp_path / "evidence.wacz")) as archive:
        header, *pages = [json.loads(line) for line in archive.read(layout.PAGES).splitlines()]
    assert header == {"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}
    assert pages == [
        {"id": "01-0001", "url": SITE + "/#a", "ts": "2026-05-01T08:00:02.123Z", "title": SITE + "/#a"},
        {"id": "01-0006", "url": SITE + "/#b", "ts": "2026-05-01T08:00:07.123Z", "title": "短剧"},
    ]


POSTS: list[tuple[str, bytes]] = [
    ("application/json", b'{"a": {"b": [1, 2]}, "\\u4e2d": "\\n x"}'),
    ("application/json", b"x" * 9000),
    ("application/x-www-form-urlencoded", b"a=1&b=%0A%20c d"),
    ("text/plain", b"hello"),
    ("image/gif", bytes(range(256))),
    (
        "multipart/form-data; boundary=X",
        b'--X\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--X--\r\n',
    ),
    ("", b"raw"),
]


def test_index_is_what_the_library_writes(tmp_path: Path) -> None:
    folder = tmp_path / "evidence.wacz.partial"
    writer = record(folder)
    for number, (mime, body) in enumerate(POSTS):
        headers = (("Content-Type", mime),) if mime else ()
        url = f"{SITE}/post?n={number}"
        writer.add_exchange(exchange(url, method="POST", request_headers=headers, request_body=body))
    writer.add_exchange(exchange(SITE + "/plain", response_headers=(), status=302))
    writer.close()
    warc = folder / layout.WARC
    text = Kept()
    write_cdx_index(text, [str(warc)], {"sort": True, "post_append": True, "records": "response"})
    with warc.open("rb") as file:
        assert build_index(file).text == text.getvalue()


HOSTILE: list[tuple[str, bytes]] = [
    ("multipart/form-data; boundary=X", b"--X\r\ngarbage"),
    (
        "multipart/form-data; boundary=X",
        b'--X\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--X--\r\n',
    ),
    ("application/x-amf", b"\x00\x03\xff\xff"),
    ("application/json", b"[" * 100_000),
    ("text/plain", b'{"a": "\\ud800"}'),
]


@pytest.mark.parametrize(("mime", "body"), HOSTILE)
def test_hostile_bodies_are_packed(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], mime: str, body: bytes
) -> None:
    writer = record(tmp_path / "evidence.wacz.partial", runs=1, steps=1)
    sent = exchange(
        SITE + "/x\u2028y", method="POST", request_headers=(("Content-Type", mime),), request_body=body
    )
    writer.add_exchange(sent)
    with Evidence.open(writer.finish(tmp_path / "evidence.wacz"), strict=False) as evidence:
        assert [*evidence.exchanges()][-1].request_body == body
    with zipfile.ZipFile(tmp_path / "evidence.wacz") as archive:
        lines = archive.read(layout.INDEX).decode().split("\n")
    assert len(lines) == 4 + 1
    assert all(line.count(" {") >= 1 for line in lines[:-1])
    assert capfd.readouterr() == ("", "")


def test_finish_keeps_what_was_there(tmp_path: Path) -> None:
    first = packed(tmp_path).read_bytes()
    second = packed(tmp_path, runs=1).read_bytes()
    assert (tmp_path / "evidence-1.wacz").read_bytes() == first
    assert (tmp_path / "evidence.wacz").read_bytes() == second != first


def test_finish_refuses_what_it_cannot_open(tmp_path: Path) -> None:
    folder = tmp_path / "evidence.wacz.partial"
    writer = record(folder, runs=1)
    data = bytearray((folder / layout.WARC).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / layout.WARC).write_bytes(data)
    with pytest.raises(EvidenceError):
        writer.finish(tmp_path / "evidence.wacz")
    assert (folder / layout.AUDIT).exists()
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]


def test_finish_opens_what_it_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "evidence.wacz.partial"
    writer = record(folder, runs=1)
    monkeypatch.setattr("payaudit.evidence.limits.TOTAL", 1000)
    with pytest.raises(EvidenceError, match="unpack to more"):
        writer.finish(tmp_path / "evidence.wacz")
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]


def test_finish_keeps_the_folder_of_a_broken_chain(tmp_path: Path) -> None:
    folder = tmp_path / "evidence.wacz.partial"
    writer = record(folder, runs=1)
    (folder / layout.step_folder(1, 1) / layout.SCREEN).write_bytes(b"another picture")
    with Evidence.open(writer.finish(tmp_path / "evidence.wacz"), strict=False) as evidence:
        assert [problem.en for problem in evidence.problems] == ["Step 1/1: screen.png was altered."]
    assert (folder / layout.AUDIT).exists()


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="does not exist") as error:
        Evidence.open(tmp_path / "none.wacz")
    assert "不存在" in error.value.zh
    with pytest.raises(EvidenceError, match=r"holds no evidence\.wacz"):
        Evidence.open(tmp_path)
    assert UsageError.exit_code == error.value.exit_code == 2
