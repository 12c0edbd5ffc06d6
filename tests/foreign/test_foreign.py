"""What others recorded: the same facts whatever the recorder, and never more than such a recording shows."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import nullcontext
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import BaseModel

from payaudit.audit import Judged, facts_of, judge_evidence
from payaudit.errors import EvidenceError, PayauditError
from payaudit.evidence.read import Evidence
from payaudit.foreign.archive import is_foreign, open_foreign
from payaudit.model.facts import Facts, Legibility, Source
from payaudit.report.json import to_json
from payaudit.serve import serving
from tests.commands import invalid_wacz, payaudit
from tests.foreign.recorders import (
    AGREEMENT,
    ANSWERS,
    PAYWALL,
    RECORDERS,
    SHELL,
    SHOWN,
    SITE,
    archiveweb,
    browsertrix,
    wget,
)

each = pytest.mark.parametrize("recorder", RECORDERS)


@pytest.fixture(scope="session")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Judged]:
    found = {}
    for name, make in RECORDERS.items():
        found[name] = judge_evidence(make(tmp_path_factory.mktemp("recorded")))
    return found


@each
def test_offers_and_the_order_are_read(recorder: str, judged: dict[str, Judged]) -> None:
    facts = judged[recorder].facts
    prices = {
        o.name: (o.price and o.price.amount, o.renewal_price and o.renewal_price.amount) for o in facts.offers
    }
    assert prices == {
        "连续包月": (Decimal("9.9"), Decimal(25)),
        "会员年卡": (Decimal(128), None),
        "解锁全集": (Decimal("29.9"), None),
    }
    assert [(c.amount and c.amount.amount, c.amount_known_by, c.recurring) for c in facts.payment_calls] == [
        (Decimal("9.90"), "order", True)
    ]
    assert facts.captured == "2026-05-01"
    assert facts.host == "wechat"
    assert any("夜雨归人" in i.value for i in facts.identities)  # it stands on the agreement's page alone
    assert {c.document for c in facts.clauses if c.kind == "refund"} == {"会员服务协议"}


def _all(value: BaseModel) -> Iterator[tuple[BaseModel, str, object]]:
    for name in type(value).model_fields:
        held = getattr(value, name)
        yield value, name, held
        for part in held if isinstance(held, tuple) else (held,):
            if isinstance(part, BaseModel):
                yield from _all(part)


@each
def test_nothing_is_measured_and_nothing_absent(recorder: str, judged: dict[str, Judged]) -> None:
    facts = judged[recorder].facts
    for owner, name, held in _all(facts):
        if isinstance(owner, Legibility):
            assert held is None, name
        if isinstance(owner, Source) and name in {"node", "box", "screenshot"}:
            assert held is None, name
        allowed = type(owner).model_fields[name].annotation is bool
        assert held is not False or allowed, (type(owner).__name__, name)
    assert not facts.exits
    assert not facts.leaving
    assert not facts.coverage.paywall_seen_whole


@each
def test_no_finding_is_confirmed_and_the_report_says_what_is_missing(
    recorder: str, judged: dict[str, Judged]
) -> None:
    report = judged[recorder].report
    assert report.findings
    assert {f.confidence for f in report.findings} <= {"probable", "possible"}
    gaps = " ".join(gap.en for gap in report.coverage.gaps)
    assert "recorded by others" in gaps
    states = {goal.goal: goal.state for goal in report.coverage.goals}
    assert states["paywall"] == "reached"
    assert set(states.values()) == {"reached", "impossible"}
    assert states["cancel"] == states["leave"] == "impossible"


def test_same_recording_same_bytes(tmp_path: Path) -> None:
    path = browsertrix(tmp_path)
    one, other = judge_evidence(path).report, judge_evidence(path).report
    assert to_json(one) == to_json(other)
    assert one.evidence.sha256 == open_foreign(path).sha256


def test_what_a_script_wrote_is_read_where_the_recorder_kept_the_words(tmp_path: Path) -> None:
    answers = [(m, u, s, h, SHELL.encode() if u.endswith("/12") else b) for m, u, s, h, b in ANSWERS]
    shown = facts_of(archiveweb(tmp_path, answers))
    assert [(o.price and o.price.amount) for o in shown.offers] == [Decimal("9.9")]
    by_record = facts_of(browsertrix(tmp_path, answers, **{f"{SITE}/play/12": SHOWN}))
    assert [(o.price and o.price.amount) for o in by_record.offers] == [Decimal("9.9")]
    nothing = judge_evidence(archiveweb(tmp_path, answers, text=""))
    assert not nothing.facts.offers
    assert any("hold no words" in gap.en for gap in nothing.report.coverage.gaps)


def test_saved_html_tells_less_than_a_page_as_sent(tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    (folder / "xy").mkdir(parents=True)
    (folder / "index.html").write_text(PAYWALL, "utf-8")
    (folder / "xy" / "vip.html").write_text(AGREEMENT, "utf-8")
    os.utime(folder / "index.html", (1_777_600_000, 1_777_600_000))
    facts = facts_of(folder)
    assert len(facts.offers) == 3
    # Somebody may have ticked it before the page was saved.
    assert {c.checked for c in facts.consents} == {None}
    sent = facts_of(wget(tmp_path))
    assert {c.checked for c in sent.consents} == {True}
    gaps = judge_evidence(folder).report.coverage.gaps
    assert any("does not say when it was saved" in gap.en for gap in gaps)


def test_a_saved_page_says_where_it_is_from_and_when(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    on = "Fri May 01 2026 16:00:00 GMT+0800 (CST)"
    head = f"<!--\n Page saved with SingleFile \n url: {SITE}/play/12 \n saved date: {on}\n-->"
    page.write_text(PAYWALL.replace("<html", f"<html>{head}<html", 1), "utf-8")
    facts = facts_of(page)
    assert facts.target == f"{SITE}/play/12"
    assert facts.captured == "2026-05-01"
    assert not any("when it was saved" in gap for gap in facts.coverage.gaps_en)


def test_an_altered_file_is_refused(tmp_path: Path) -> None:
    path = browsertrix(tmp_path)
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files["pages/pages.jsonl"] = files["pages/pages.jsonl"].replace(b"12", b"13")
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    with pytest.raises(EvidenceError, match=re.escape("pages/pages.jsonl")):
        open_foreign(path)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.warc", b"no warc at all"),
        ("b.warc.gz", b"\x1f\x8b\x08 cut"),
        ("c.html", b""),
        ("d.wacz", b"PK\3\4 cut"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(name: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(PayauditError) if name != "c.html" else nullcontext() as refused:
        assert not facts_of(path).offers
    if refused is not None:
        assert path.name in refused.value.en
        assert path.name in refused.value.zh
        assert refused.value.exit_code == 2


def test_judging_it_into_a_folder_leaves_both_reports(tmp_path: Path) -> None:
    page, out = tmp_path / "paywall.html", tmp_path / "out"
    page.write_text(PAYWALL, "utf-8")
    done = payaudit("judge", page, "-o", out)
    assert done.errors == [], done.err
    assert sorted(f.name for f in out.iterdir()) == ["report.html", "report.json"]
    assert "连续包月" in (out / "report.html").read_text("utf-8")


def test_import_makes_evidence_of_it(tmp_path: Path) -> None:
    source, out = browsertrix(tmp_path), tmp_path / "imported.wacz"
    done = payaudit("import", source, "-o", out)
    assert done.code == 0, done.err
    assert invalid_wacz(out) == ""
    assert not is_foreign(out)
    with Evidence.open(out) as evidence:
        assert not evidence.problems
        told = evidence.audit.options["imported"]
    assert told["sha256"] == open_foreign(source).sha256
    assert "Browsertrix" in told["software"]
    assert _facts(facts_of(out)) == _facts(facts_of(source))
    again = payaudit("import", out, "-o", tmp_path / "twice.wacz")
    assert again.code == 2
    assert len(again.errors) == 1


def _facts(facts: Facts) -> object:
    return json.loads(facts.model_dump_json())


@pytest.mark.skipif(shutil.which("wget") is None, reason="wget is not installed")
def test_a_warc_of_the_real_wget(tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "site" / "xy").mkdir(parents=True)
    (site / "site" / "index.html").write_text(PAYWALL, "utf-8")
    (site / "site" / "xy" / "vip.html").write_text(AGREEMENT, "utf-8")
    with serving(site) as address:
        command = [
            "wget",
            "-q",
            "-r",
            "--no-check-certificate",
            f"--warc-file={tmp_path / 'real'}",
            f"{address}/index.html",
        ]
        subprocess.run(
            command, cwd=tmp_path, check=True, timeout=60, env={**os.environ, "no_proxy": "127.0.0.1"}
        )
    facts = facts_of(tmp_path / "real.warc.gz")
    assert {o.name for o in facts.offers} == {"连续包月", "会员年卡", "解锁全集"}
    assert any(c.document == "会员服务协议" for c in facts.clauses)
