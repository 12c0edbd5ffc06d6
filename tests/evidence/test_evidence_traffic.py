"""What crossed the wire comes back as it was, in order, and other tools can read it."""

from __future__ import annotations

import hashlib
import io
import random
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from evidence_walks import SITE, T0, exchange, packed, record
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from payaudit.errors import EvidenceError
from payaudit.evidence import layout, limits, warc
from payaudit.evidence.exchange import Exchange, Frame, Missing, WebSocketLog
from payaudit.evidence.members import gunzip, members
from payaudit.evidence.read import Evidence
from payaudit.evidence.traffic import locate, read
from payaudit.evidence.warc import WarcWriter

TOKEN = st.from_regex(r"\A:?[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}\Z")
TEXT = st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=("Cs",)), max_size=30)
HEADERS = st.lists(st.tuples(TOKEN, TEXT), max_size=6).map(tuple)


def write(path: Path, *entries: Exchange | WebSocketLog | Missing) -> list[object]:
    """Write entries and return what is read back."""
    writer = WarcWriter(path, "test")
    for entry in entries:
        if isinstance(entry, Exchange):
            writer.exchange(entry)
        elif isinstance(entry, WebSocketLog):
            writer.websocket(entry)
        else:
            writer.missing(entry)
    assert writer.prefix() == (path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())
    writer.close()
    with path.open("rb") as file:
        return [read(file, where) for where in locate(file)]


@settings(max_examples=150, deadline=None)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "OPTIONS", "PATCH", "REPORT"]),
    request_headers=HEADERS,
    response_headers=HEADERS,
    bodies=st.tuples(st.binary(max_size=200), st.binary(max_size=200)),
    reason=TEXT,
    status=st.integers(100, 599),
    truncated=st.sampled_from([None, "length", "disconnect"]),
    redirect=st.booleans(),
)
def test_exchange_comes_back_as_it_was(  # noqa: PLR0913, PLR0917 - all that an exchange is made of
    method: str,
    request_headers: tuple[tuple[str, str], ...],
    response_headers: tuple[tuple[str, str], ...],
    bodies: tuple[bytes, bytes],
    reason: str,
    status: int,
    truncated: str | None,
    *,
    redirect: bool,
) -> None:
    given_one = exchange(
        SITE + "/a?b=中",
        method=method,
        request_headers=request_headers,
        response_headers=response_headers,
        request_body=bodies[0],
        response_body=bodies[1],
        reason=reason,
        status=status,
        truncated=truncated,
        redirect=redirect,
    )
    with TemporaryDirectory() as folder:
        assert write(Path(folder, "w.warc.gz"), given_one, given_one) == [
            replace(given_one, seq=1),
            replace(given_one, seq=2),
        ]


@pytest.mark.parametrize(
    ("url", "back"),
    [
        (SITE + "/a b#part", SITE + "/a%20b"),
        (SITE + "?q=1", SITE + "?q=1"),
        ("http://[::1", "http://[::1"),
        ("weixin://wap/pay?x=\r\nWARC-Type: response", "weixin://wap/pay?x=%0D%0AWARC-Type:%20response"),
        ("data:,x", "data:,x"),
        ("", ""),
    ],
)
def test_odd_addresses(tmp_path: Path, url: str, back: str) -> None:
    (found,) = write(tmp_path / "w.warc.gz", exchange(url))
    assert found == replace(exchange(url), url=back, seq=1)


def test_header_cannot_start_another(tmp_path: Path) -> None:
    evil = exchange(
        SITE, response_headers=(("set-cookie", "a=1\nb=2"), ("x", "1\r\n\r\nbody")), reason="OK\r\nX: 1"
    )
    (found,) = write(tmp_path / "w.warc.gz", evil)
    assert isinstance(found, Exchange)
    assert found.response_headers == (
        ("set-cookie", "a=1"),
        ("set-cookie", "b=2"),
        ("x", "1"),
        ("x", ""),
        ("x", "body"),
    )
    assert (found.reason, found.response_body) == ("OK X: 1", evil.response_body)


def test_sockets_and_gaps(tmp_path: Path) -> None:
    log = WebSocketLog(SITE, (Frame(T0, "in", 1, "价格 \ud800"), Frame(T0, "out", 2, "AA==")), 1, 2)
    gap = Missing(SITE + "/x", "POST", "net::ERR_BLOCKED", 2, 3, T0)
    found = write(tmp_path / "w.warc.gz", log, gap)
    frames = (Frame(T0, "in", 1, "价格 ?"), log.frames[1])
    assert found == [replace(log, frames=frames, seq=1), replace(gap, seq=2)]


def test_naive_time_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="zone"):
        write(tmp_path / "w.warc.gz", exchange(SITE, at=T0.replace(tzinfo=None)))


def test_other_tools_can_read_it(tmp_path: Path) -> None:
    record(tmp_path / "w.partial").close()
    kinds: list[str] = []
    encodings: list[str | None] = []
    with (tmp_path / "w.partial" / layout.WARC).open("rb") as file:
        for found in ArchiveIterator(file, check_digests="raise"):
            kinds.append(found.rec_type)
            assert found.rec_headers.protocol == "WARC/1.1"
            body = found.content_stream().read()
            if found.rec_type == "response":
                assert len(body) == int(found.http_headers.get_header("Content-Length"))
                encodings.append(found.http_headers.get_header("X-Archive-Orig-content-encoding"))
                assert found.http_headers.get_header("content-encoding") is None
    assert kinds == ["warcinfo", *(["request", "response"] * 3 + ["metadata", "resource"]) * 4]
    assert encodings == ["br", None, None] * 4


def test_questions_for_one_step(tmp_path: Path) -> None:
    with Evidence.open(packed(tmp_path)) as evidence:
        everything = list(evidence.exchanges())
        assert [each.seq for each in everything] == [1, 2, 3, 6, 7, 8, 11, 12, 13, 16, 17, 18]
        assert [each.seq for each in evidence.exchanges(run=2)] == [11, 12, 13, 16, 17, 18]
        assert [each.seq for each in evidence.exchanges(step=1)] == [1, 2, 3, 11, 12, 13]
        assert list(evidence.exchanges(2, 2)) == everything[-3:]
        assert list(evidence.exchanges(9)) == []
        assert [each.seq for each in evidence.websockets(1)] == [5, 10]
        assert [(each.seq, each.run, each.reason) for each in evidence.missing()] == [
            (seq, run, "refused: payment host") for seq, run in ((4, 1), (9, 1), (14, 2), (19, 2))
        ]


def test_request_without_response_is_a_gap(tmp_path: Path) -> None:
    path = tmp_path / "w.warc.gz"
    write(path, exchange(SITE), exchange(SITE + "/cut", method="POST"))
    data = path.read_bytes()
    with path.open("rb") as file:
        last = list(members(file))[-1]
    cut = io.BytesIO(data[: last.offset + 5])
    first, second = [read(cut, where) for where in locate(cut)]
    assert isinstance(first, Exchange)
    assert isinstance(second, Missing)
    assert (second.url, second.method, second.seq) == (SITE + "/cut", "POST", 2)
    assert "cut off" in second.reason


def test_lost_answer_in_the_middle_is_a_gap(tmp_path: Path) -> None:
    path = tmp_path / "w.warc.gz"
    write(path, *(exchange(f"{SITE}/{number}") for number in range(3)))
    data = path.read_bytes()
    with path.open("rb") as file:
        whole = list(members(file))
    kept = [each for number, each in enumerate(whole) if number != 4]  # the second answer
    spliced = io.BytesIO(b"".join(data[each.offset : each.offset + each.length] for each in kept))
    first, second, third = [read(spliced, where) for where in locate(spliced)]
    assert isinstance(first, Exchange)
    assert isinstance(third, Exchange)
    assert isinstance(second, Missing)
    assert (second.url, third.url) == (SITE + "/1", SITE + "/2")


def test_too_much_is_cut_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc, "BODY", 100)
    flood = WebSocketLog(SITE, (Frame(T0, "in", 1, "x"),) * 50, 1, 1)
    film, small, talk = write(
        tmp_path / "w.warc.gz",
        exchange(SITE, response_body=b"x" * 101),
        exchange(SITE, response_body=b"x" * 100),
        flood,
    )
    assert isinstance(film, Exchange)
    assert isinstance(small, Exchange)
    assert isinstance(talk, WebSocketLog)
    assert (film.truncated, len(film.response_body)) == ("length", 100)
    assert (small.truncated, len(small.response_body)) == (None, 100)
    assert talk.truncated == "length"
    assert 0 < len(talk.frames) < 50
    monkeypatch.setattr(warc, "ARCHIVE_STOP", 0)
    (late,) = write(tmp_path / "v.warc.gz", exchange(SITE))
    assert isinstance(late, Exchange)
    assert (late.truncated, late.response_body) == ("length", b"")


@pytest.mark.parametrize("kind", ["Media", "Fetch"])
def test_what_is_packed_already_is_not_packed_again(tmp_path: Path, kind: str) -> None:
    """A second of work for each 100 MB less; what shrinks shrinks, whatever the page calls it."""
    path = tmp_path / "w.warc.gz"
    film, list_ = random.Random(1).randbytes(300_000), b'{"episode": 1}' * 30_000  # noqa: S311 - noise
    write(path, *(exchange(SITE, response_body=body, resource_type=kind) for body in (film, list_)))
    with path.open("rb") as file:
        _, _, first, _, second = members(file)
    data = path.read_bytes()
    assert [data[each.offset + 10] & 0b110 for each in (first, second)] == [
        0,
        0b100,
    ]  # RFC 1951: stored, dynamic
    assert first.length > 300_000
    assert second.length < 10_000


def test_members_refuse_a_bomb_and_damage(tmp_path: Path) -> None:
    path = tmp_path / "w.warc.gz"
    write(path, exchange(SITE, response_body=b"0" * 5000))
    data = path.read_bytes()
    with pytest.raises(EvidenceError, match="memory"):
        list(members(io.BytesIO(data), limit=4000))
    with pytest.raises(EvidenceError, match="damaged at byte 0"):
        list(members(io.BytesIO(b"no gzip at all")))
    with pytest.raises(EvidenceError, match="damaged"):
        gunzip(data[:40], limits.SNAPSHOT)
    with pytest.raises(EvidenceError, match="memory"):
        gunzip(data, 100)
