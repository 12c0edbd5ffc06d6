"""The recording holds what the server said, and is walked again with the server gone."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from payaudit.evidence.ledger import Gap
from payaudit.evidence.read import Evidence
from payaudit.replayed import Outcome, replayed
from payaudit.walk.journey import parse
from payaudit.walk.options import Options
from payaudit.walk.walk import walk
from tests.walk import odd_ways
from tests.walk.busy_site import MIB, BusySite, Given, busy_site, sha256

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

WAY = """
steps:
- wait_for: {text: SW(behind)}
- wait_for: {text: part 1000}
- tap: {text: 解锁第9集}
- tap: {text: 解锁第9集}
- tap: {text: 打开弹窗}
- back: {}
- tap: {text: 去第二页}
- tap: {text: 旁门}
- wait_for: {text: 都已问过}
- tap: {text: 点我}
- tap: {text: 提交}
- wait_for: {text: 连续包周}
- back: {}
"""


def silent(_en: str, _zh: str) -> None:
    """Say nothing."""


@dataclass(frozen=True)
class Recorded:
    """A walk of the busy site, after the server has gone."""

    evidence: Path
    site: BusySite


def record(folder: Path, film: int) -> Recorded:
    async def go() -> Recorded:
        async with busy_site(film) as site:
            options = Options(journey=parse(WAY, "way.yaml"))
            done = await walk(site.url, folder / "evidence.wacz", options, silent)
            return Recorded(done.evidence, site)

    return asyncio.run(go())


def missing_from(recorded: Recorded) -> tuple[list[Given], tuple[Gap, ...]]:
    """What the server said and the recording does not; what the ledger lists as not whole is found there."""
    kept, whole = Counter[tuple[str, str, int]](), Counter[Given]()
    with Evidence.open(recorded.evidence) as evidence:
        for each in evidence.exchanges():
            parts = urlsplit(each.url)
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            if each.truncated is not None:
                kept[each.method, target, each.status] += 1
            else:
                digests = sha256(each.request_body), sha256(each.response_body)
                whole[Given(each.method, target, digests[0], each.status, digests[1])] += 1
        ledger = evidence.ledger
    listed = Counter((gap.method, urlsplit(gap.url).path) for gap in ledger if gap.kept is None)
    lost = []
    for said in recorded.site.log:
        cut, gap = (said.method, said.target, said.status), (said.method, said.target.partition("?")[0])
        if whole[said]:
            whole[said] -= 1
        elif kept[cut]:
            kept[cut] -= 1
        elif listed[gap]:
            listed[gap] -= 1
        else:
            lost.append(said)
    return lost, ledger


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    return record(tmp_path_factory.mktemp("busy"), 9 * MIB)


def check(recorded: Recorded) -> None:
    lost, ledger = missing_from(recorded)
    assert len(recorded.site.log) > 20
    assert not lost, lost
    film = [gap for gap in ledger if gap.url.endswith("/film.mp4")]
    assert film
    assert {(gap.reason, gap.kept) for gap in film} == {("length", 0)}
    unexpected = {g.url for g in ledger if not g.url.endswith((".mp4", "/sw.js", "/odd/events"))}
    assert not unexpected, ledger
    asked = {said.target for said in recorded.site.log}
    # Headless Chromium asks for no icon and no manifest; what may be fetched ahead waits until it is opened.
    # What a page asks as it goes may be dropped with it.
    never = set(odd_ways.ANSWERS) - asked - {"/odd/bye", "/odd/last"}
    assert never == {"/odd/icon.png", "/odd/manifest.json", *odd_ways.HINTED}


def test_nothing_the_server_said_is_missing_but_what_the_ledger_lists(recorded: Recorded) -> None:
    check(recorded)


@pytest.mark.sweep
def test_nor_with_a_film_of_100_mb(tmp_path: Path) -> None:
    check(record(tmp_path, 100 * MIB))


def test_what_was_said_over_a_websocket_is_kept(recorded: Recorded) -> None:
    with Evidence.open(recorded.evidence) as evidence:
        said = [(f.direction, f.data) for log in evidence.websockets() for f in log.frames if f.opcode == 1]
    assert said == recorded.site.frames
    assert len(said) >= 4


def test_the_coverage_tells_what_was_not_kept(recorded: Recorded) -> None:
    from payaudit.audit import judge_evidence  # noqa: PLC0415 - slow to load, and needed here alone

    gaps = [gap.en for gap in judge_evidence(recorded.evidence).report.coverage.gaps]
    assert any("film.mp4" in gap and "not kept whole" in gap for gap in gaps), gaps


@pytest.mark.sweep  # two replays are a minute, and pictures of a busy machine may differ by a frame
def test_it_is_walked_again_with_the_server_gone(recorded: Recorded, tmp_path: Path) -> None:
    first, second = (
        asyncio.run(replayed(recorded.evidence, tmp_path / name, None, silent)) for name in ("one", "two")
    )
    for outcome in (first, second):
        assert outcome.same, json.dumps(outcome.told(), ensure_ascii=False, indent=1)
        assert {gap.url.rpartition("/")[2] for gap in outcome.gaps} <= {"film.mp4", "sw.js", "events", "csp"}
    reports = [(tmp_path / name / "report.json").read_bytes() for name in ("one", "two")]
    assert reports[0] == reports[1]
    assert len(set(map(_pictures, (tmp_path / "one", tmp_path / "two")))) == 1
    words = _words(tmp_path / "one")
    for said in (
        "余额 220 看剧币",
        "余额 140 看剧币",
        "SW(behind)",
        "worker ok",
        "仅剩898秒",
        "收银台",
        "第二页",
    ):
        assert said in words, said


def test_what_the_recording_lacks_is_a_miss_and_not_answered(recorded: Recorded, tmp_path: Path) -> None:
    other = tmp_path / "evidence.wacz"

    async def go() -> Outcome:
        from payaudit.walk.replay import archive  # noqa: PLC0415 - taken apart here alone

        reply = archive.Archive.reply

        def without(self: archive.Archive, *asked: object) -> object:
            return None if "/api/price" in str(asked[2]) else reply(self, *asked)  # type: ignore[arg-type]

        archive.Archive.reply = without  # type: ignore[assignment,method-assign]
        try:
            return await replayed(recorded.evidence, other.parent, None, silent)
        finally:
            archive.Archive.reply = reply  # type: ignore[method-assign]

    outcome = asyncio.run(go())
    assert not outcome.same
    assert {"/api/price" in miss.url for miss in outcome.misses} == {True}  # a page may ask again
    assert "¥9.9，" not in _words(other.parent)


def _pictures(folder: Path) -> tuple[bytes | None, ...]:
    with Evidence.open(folder) as evidence:
        return tuple(evidence.screenshot(step) for step in evidence.steps)


def _words(folder: Path) -> str:
    with Evidence.open(folder) as evidence:
        return "\n".join(
            "\n".join(tree["snapshot"]["strings"])
            for step in evidence.steps
            for tree in evidence.snapshot(step)["trees"]
        )
