"""Which requests ask the same, and which answers a recording has for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from payaudit.evidence.exchange import Exchange, Missing
from payaudit.model.evidence import Audit
from payaudit.walk.eyes import Eyes
from payaudit.walk.replay.archive import Archive
from payaudit.walk.replay.clock import ReplayClock
from payaudit.walk.replay.likeness import alike
from payaudit.walk.replay.recording import Recording
from payaudit.walk.replay.schedule import Schedule

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
API = "https://a.test/api"


@pytest.mark.parametrize(
    ("asked", "recorded", "same"),
    [
        ("?ep=3&ts=1795956496347", "?ep=3&ts=1795956999999", True),
        ("?ep=3&nonce=k3j9x0aa1b", "?ep=3&nonce=z8q7w6e5r4", True),
        ("?ep=3&nonce=32ny4ihz8a3", "?ep=3&nonce=nbtbsbwq5eg", True),
        ("?ep=3&nonce=nbtbsbwq5eg", "?ep=3&nonce=kqwrtzuiop7", False),
        ("?ep=3&nonce=32ny4ihz8a3", "?ep=3&nonce=love-story", False),
        ("?sku=vip2ny4ihz8", "?sku=vip30days", False),
        ("?r=0.123456789", "?r=0.987654321", True),
        ("?1795956496347", "?1795956999999", True),
        ("?ep=3", "?ep=4", False),
        ("?ep=3&ts=1795956496347", "?ep=4&ts=1795956496347", False),
        ("?name=episode100", "?name=episode101", False),
        ("?sku=vip30days1", "?sku=vip30days2", False),
        ("?amount=990", "?amount=1990", False),
        ("?page=weekly", "?page=yearly", False),
        ("?a=1&ts=1795956496347", "?ts=1795956496347", False),
        ("", "?ts=1795956496347", False),
    ],
)
def test_queries(asked: str, recorded: str, *, same: bool) -> None:
    assert alike("GET", API + asked, b"", ("GET", API + recorded, b"")) is same


def form(boundary: bytes, episode: bytes) -> bytes:
    return b'--%b\r\nContent-Disposition: form-data; name="ep"\r\n\r\n%b\r\n--%b--\r\n' % (
        boundary,
        episode,
        boundary,
    )


@pytest.mark.parametrize(
    ("asked", "recorded", "same"),
    [
        (b'{"ep": 9, "t": 1795956496347}', b'{"ep": 9, "t": 1795956999999}', True),
        (b'{"ep": 9}', b'{"ep": 10}', False),
        (b'{"ep": 9}', b'{"ep": "9"}', False),
        (b"sku=month&sign=9f8e7d6c5b4a", b"sku=month&sign=1a2b3c4d5e6f", True),
        (b"sku=month", b"sku=year", False),
        (form(b"----a1B2c3", b"9"), form(b"----Zz9Yy8", b"9"), True),
        (form(b"----a1B2c3", b"9"), form(b"----Zz9Yy8", b"10"), False),
    ],
)
def test_bodies(asked: bytes, recorded: bytes, *, same: bool) -> None:
    assert alike("POST", API, asked, ("POST", API, recorded)) is same


def test_another_host_path_or_method_is_never_alike() -> None:
    assert not alike("GET", "https://b.test/api", b"", ("GET", API, b""))
    assert not alike("GET", API + "/x", b"", ("GET", API, b""))
    assert not alike("POST", API, b"", ("GET", API, b""))


def said(body: str, number: int, method: str = "POST", truncated: str | None = None, **more: str) -> Exchange:
    return Exchange(
        method, more.get("url", API), (), b"{}", 200, "OK", (("Content-Encoding", "gzip"),), body.encode(),
        truncated, "XHR", NOON + timedelta(seconds=number), int(more.get("run", "1")), 1, seq=number,
    )  # fmt: skip


def test_identical_posts_get_their_answers_in_order_and_a_third_none() -> None:
    archive = Archive.of([said("two", 2), said("one", 1)])
    bodies = [archive.reply(1, "POST", API, b"{}") for _ in range(3)]
    assert [reply and reply.body for reply in bodies] == [b"one", b"two", None]


def test_what_another_run_was_told_is_no_answer() -> None:
    archive = Archive.of([said("one", 1, run="2")])
    assert archive.reply(1, "POST", API, b"{}") is None
    assert archive.reply(2, "POST", API, b"{}") is not None


def test_a_read_is_repeated_only_where_there_is_one_answer() -> None:
    once = Archive.of([said("same", 1, "GET"), said("same", 2, "GET")])
    replies = [once.reply(1, "GET", API, b"{}") for _ in range(3)]
    assert [reply and reply.how for reply in replies] == ["exact", "exact", "again"]
    twice = Archive.of([said("3 left", 1, "GET"), said("2 left", 2, "GET")])
    assert [twice.reply(1, "GET", API, b"{}") is None for _ in range(3)] == [False, False, True]


def test_a_body_cut_short_is_held_back_and_a_failure_fails_again() -> None:
    archive = Archive.of([said("half", 1, truncated="length"), Missing(API, "GET", "TimedOut", 1, 1, NOON)])
    held, failed = archive.reply(1, "POST", API, b"{}"), archive.reply(1, "GET", API, b"")
    assert held is not None
    assert (held.held, held.body) == ("length", b"")
    assert failed is not None
    assert failed.failed == "TimedOut"


def test_the_headers_of_an_encoding_that_is_undone_are_left_out() -> None:
    reply = Archive.of([said("one", 1)]).reply(1, "POST", API, b"{}")
    assert reply is not None
    assert reply.headers == (("Content-Length", "3"),)


@pytest.mark.parametrize(("kind", "missed"), [("Ping", 0), ("CSPViolationReport", 0), ("Fetch", 1)])
def test_what_no_page_hears_of_is_no_miss(kind: str, missed: int) -> None:
    audit = Audit(target=API, started=NOON, tool="test", browser="", persona="iphone")
    clock = ReplayClock(Schedule(audit, (), ()))
    recording = Recording(audit, "", Archive.of([]), clock, Eyes())
    assert recording.reply(1, "POST", API, b"{}", "", kind) is None
    assert (len(recording.misses), len(recording.gaps)) == (missed, 1 - missed)
