"""A small sweep of fixture sites by real audits, as an investigator starts it."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from fixtures import truth
from payaudit.audit import judge_evidence
from payaudit.report.json import to_json
from payaudit.serve import serving
from payaudit.sweep.catalogue import Catalogue, in_folder
from tests.commands import Done, end, payaudit, started
from tests.sweep.coordinate import browsers

SITES = ("one-off-packs", "plain-html")
GONE = "http://127.0.0.1:9/"  # nothing listens at the discard port

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture
def targets(tmp_path: Path, sites: tuple[str, ...]) -> Iterator[Path]:
    """Sites under their personas, and one that is gone."""
    with ExitStack() as stack:
        lines = ["target,persona,tags,platform"]
        for name in sites:
            address = stack.enter_context(serving(truth.SITES / name, truth.KITS))
            lines.append(f"{address}{truth.start(name)},{truth.load(name)['persona']},x,{name}")
        path = tmp_path / "targets.csv"
        path.write_text("\n".join([*lines, f"{GONE},iphone,,gone", ""]), "utf-8")
        yield path


TOLD = ("--quick", "--attempts", "1", "--delay", "0", "--parallel", "2", "--max-steps", "60")


def sweep(targets: Path, out: Path) -> Done:
    return payaudit("sweep", targets, "-o", out, *TOLD, env={"SWEEP_TEST": str(out)}, seconds=800)


def check(out: Path, sites: tuple[str, ...]) -> None:
    """Every site in the catalogue with what judging its evidence again gives, and no order created."""
    book = Catalogue(in_folder(out))
    rows = book.ask("SELECT platform, status, failure, evidence, audit_id FROM audits ORDER BY platform").rows
    assert [row[:3] for row in rows] == [("gone", "error", "unreachable"), *((n, "ok", None) for n in sites)]
    for *_, evidence, audit_id in rows[1:]:
        stored = book.report(audit_id)
        assert stored is not None
        assert stored == judge_evidence(out / evidence).report
        assert (out / "reports" / audit_id / "report.json").read_bytes() == to_json(stored)
    assert json.loads(book.ask("SELECT options FROM sweeps").rows[0][0])["orders"] == "none"
    book.close()
    assert browsers(out) == []


@pytest.mark.sweep
@pytest.mark.parametrize("sites", [SITES[:1]])
def test_a_site_and_one_that_is_gone(targets: Path, tmp_path: Path, sites: tuple[str, ...]) -> None:
    done = sweep(targets, tmp_path / "out")
    assert done.errors == []
    assert done.code in {0, 3, 4, 10}, done.err
    check(tmp_path / "out", sites)
    assert (tmp_path / "out/targets.html").is_file()
    again = sweep(targets, tmp_path / "out")
    assert again.code == 1, again.err  # only what failed is tried again, and fails again


@pytest.mark.sweep
@pytest.mark.parametrize("sites", [SITES])
def test_killed_while_walking_and_gone_on_with(targets: Path, tmp_path: Path, sites: tuple[str, ...]) -> None:
    out = tmp_path / "out"
    process = started("sweep", targets, "-o", out, *TOLD, env={"SWEEP_TEST": str(out)})
    try:
        until = time.monotonic() + 240
        while not list(out.glob("work/*/*.partial/payaudit/runs/*/steps/*")):
            assert time.monotonic() < until
            time.sleep(0.2)
        assert len(browsers(out)) > 2
        process.send_signal(signal.SIGKILL)
        process.wait()
        until = time.monotonic() + 30
        while browsers(out) and time.monotonic() < until:
            time.sleep(0.2)
        assert browsers(out) == []
    finally:
        end(process)
    done = sweep(targets, out)
    assert done.errors == []
    check(out, sites)


@pytest.mark.sweep
def test_a_second_persona_is_judged_along_with_the_first(tmp_path: Path) -> None:
    """The report of the second is what its evidence and the first one's come to, byte for byte."""
    out = tmp_path / "out"
    with serving(truth.SITES / SITES[0], truth.KITS) as address:
        start = f"{address}{truth.start(SITES[0])}"
        rows = "".join(f"{start},{who}\n" for who in ("wechat-iphone", "wechat-android"))
        (tmp_path / "targets.csv").write_text(f"target,persona\n{rows}", "utf-8")
        done = sweep(tmp_path / "targets.csv", out)
    assert done.errors == []
    book = Catalogue(in_folder(out))
    asked = "SELECT audit_id, evidence, evidence_sha256 FROM audits ORDER BY audited_at"
    (_, first, sha256), (second, evidence, _) = book.ask(asked).rows
    stored = book.report(second)
    assert stored is not None
    assert [each.sha256 for each in stored.earlier] == [sha256]
    again = judge_evidence(out / evidence, earlier=[out / first])
    assert (out / "reports" / second / "report.json").read_bytes() == to_json(again.report)
    pairs = [pair for pair in again.facts.persona_pairs if pair.leans_on]
    assert pairs
    assert {pair.persona for pair in pairs} == {"wechat-iphone"}
    book.close()
