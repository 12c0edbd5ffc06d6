"""Chain of custody in the report: from the evidence alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from payaudit.evidence.read import Evidence
from payaudit.evidence.seal.keys import generate
from payaudit.evidence.write import EvidenceWriter
from payaudit.extract.watched import watched
from payaudit.model.custody import TsaClock
from payaudit.model.report import CustodyV1
from payaudit.report.custody import custody
from payaudit.report.custody_text import custody_lines
from tests.evidence.evidence_walks import T0, audit, exchange, run_info, snapshot, step
from tests.evidence.evidence_zips import refused, repack, unpack
from tests.evidence.signed_walk import custody as made_by
from tests.evidence.signed_walk import signed_walk

DATE = "Fri, 01 May 2026 08:00:00 GMT"


def recorded(folder: Path) -> Path:
    """A walk whose servers' clocks run 90 s ahead, with two orders and one that was refused."""
    writer = EvidenceWriter.create(folder / "evidence.wacz.partial", audit())
    writer.begin_run(run_info(1))
    late = "Fri, 01 May 2026 08:01:30 GMT"
    for host, number in (("a.example", "A-1"), ("b.example", "B-2")):
        writer.add_exchange(
            exchange(
                f"https://{host}/api/order/create",
                method="POST",
                at=T0,
                response_headers=(("Date", late), ("Content-Type", "application/json")),
                response_body=b'{"data": {"id": 7, "order_no": "%s"}}' % number.encode(),
            )
        )
    refused = exchange("https://a.example/api/order/create", method="POST", status=500, response_headers=())
    cached = exchange(
        "https://a.example/x.js",
        at=T0 + timedelta(seconds=60),
        response_headers=(("Date", "Fri, 01 May 2026 08:01:30 GMT"), ("Age", "60")),
    )
    nonsense = exchange("https://c.example/", response_headers=(("Date", "yesterday"),))
    json = (("Content-Type", "application/json"),)
    plain = exchange(
        "https://b.example/vip/open",
        method="POST",
        response_headers=json,
        response_body=b'{"data": {"out_trade_no": "B-3", "total_fee": 990}}',
    )
    listed = exchange(
        "https://b.example/mine",
        method="POST",
        response_headers=json,
        response_body=b'{"list": [{"order_no": "B-2", "total_fee": 990}]}',
    )
    told = exchange(
        "https://b.example/status",
        response_headers=json,
        response_body=b'{"order_no": "B-2", "total_fee": 990}',
    )
    for each in (refused, cached, nonsense, plain, plain, listed, told):
        writer.add_exchange(each)
    writer.add_step(step(1, 1), snapshot(1, 1), None)
    return writer.finish(folder / "evidence.wacz")


def test_clocks_and_orders(tmp_path: Path) -> None:
    with Evidence.open(recorded(tmp_path)) as evidence:
        seen = watched(evidence)
    assert (seen.hosts, seen.dates) == (2, 3)
    assert seen.ahead == 90.4  # T0 has a fraction of a second
    assert [(order.host, order.number) for order in seen.orders] == [
        ("a.example", "A-1"),
        ("b.example", "B-2"),
        ("b.example", "B-3"),
    ]


def test_a_clock_a_little_behind_is_not_behind_by_nothing(tmp_path: Path) -> None:
    """The same report whether what is left of a second is a little more or a little less than nothing."""
    for name, left in (("more", 40), ("less", -40)):
        writer = EvidenceWriter.create(tmp_path / f"{name}.partial", audit())
        writer.begin_run(run_info(1))
        asked = T0.replace(microsecond=500_000) - timedelta(milliseconds=left)
        answer = exchange("https://a.example/", at=asked, response_headers=(("Date", DATE),))
        writer.add_exchange(answer)
        writer.add_step(step(1, 1), snapshot(1, 1), None)
        with Evidence.open(writer.finish(tmp_path / f"{name}.wacz")) as evidence:
            assert str(watched(evidence).ahead) == "0.0"


def test_all_of_it_is_told_in_both_languages(tmp_path: Path) -> None:
    keys = generate()
    sent = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
    clock = TsaClock(
        url="http://tsa.example/",
        sent=sent,
        theirs=sent + timedelta(seconds=3),
        received=sent + timedelta(seconds=2),
    )
    made = made_by(keys).model_copy(update={"clocks": (clock,)})
    with Evidence.open(recorded(tmp_path)) as evidence:
        told = custody(audit(custody=made), evidence.runs, watched(evidence))
    assert told.case is not None
    assert (told.case.number, told.key, told.signer) == ("2026-17", keys.id, "investigator")
    assert [(each.kind, each.ahead_seconds) for each in told.clocks] == [
        ("tsa", "2.0"),
        ("http_date", "90.4"),
    ]
    assert told.browsers == ("Chromium 1.2.3",)
    english = "\n".join(line.en for line in custody_lines(told))
    chinese = "\n".join(line.zh for line in custody_lines(told))
    for word in ("2026-17", keys.id[:16], "A-1, B-2, B-3", "90.4 s ahead"):
        assert word in english
    for word in ("案号 2026-17", "李 0815", "订单 3 笔", "快 90.4 秒"):
        assert word in chinese


@pytest.mark.parametrize(
    ("ahead", "en", "zh"),
    [
        ("-0.4", "0.4 s behind this machine's", "比本机慢 0.4 秒"),
        ("3", "3 s ahead of this machine's", "比本机快 3 秒"),
        ("-0.0", "as this machine's", "与本机一致"),
    ],
)
@pytest.mark.parametrize("kind", ["tsa", "http_date"])
def test_a_clock_is_ahead_or_behind_by_something(kind: str, ahead: str, en: str, zh: str) -> None:
    clock = {"kind": kind, "ahead_seconds": ahead, "url": "http://tsa.example/", "hosts": 1, "readings": 3}
    none = dict.fromkeys(CustodyV1.model_fields)
    made = {"tool": "payaudit/1", "started": "2026-05-01T08:00:00Z", "clocks": (clock,)}
    empty = {"browsers": (), "personas": (), "command": (), "orders": ()}
    last = list(custody_lines(CustodyV1.model_validate({**none, **empty, **made})))[-1]
    assert en in last.en
    assert zh in last.zh
    assert "-0" not in last.en + last.zh


def test_a_walk_without_keys_has_no_signer(tmp_path: Path) -> None:
    with Evidence.open(recorded(tmp_path)) as evidence:
        told = custody(evidence.audit, evidence.runs, watched(evidence))
    assert (told.case, told.signer, told.key, told.command) == (None, None, None, ())


def test_custody_is_bound_to_the_first_step(tmp_path: Path) -> None:
    """Whoever changes case, officer or key in audit.json breaks the chain."""
    files = unpack(signed_walk(tmp_path, generate()))
    files["payaudit/audit.json"] = files["payaudit/audit.json"].replace(b"2026-17", b"2026-18")
    assert "does not follow" in refused(repack(tmp_path / "b.wacz", files, forged=True)).en
