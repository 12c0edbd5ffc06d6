"""The same sweep on three workers over TLS; who has no certificate, or other rules, is refused."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures import truth
from payaudit.data import rules_folder
from payaudit.errors import UsageError
from payaudit.serve import serving
from payaudit.sweep.certs import make_certs
from payaudit.sweep.cluster import Cluster
from payaudit.sweep.job import Job
from payaudit.sweep.task import audit_target
from payaudit.sweep.versions import versions
from payaudit.walk.options import Options
from tests.commands import payaudit
from tests.sweep.coordinate import browsers, check, coordinate, kill, wait_for_rows
from tests.sweep.machines import Machines
from tests.sweep.world import world, write_targets


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    them = Machines(tmp_path)
    try:
        yield them
    finally:
        for process in them.running.values():
            kill(process)
        them.log.close()


@pytest.mark.sweep
@pytest.mark.timeout(600)
def test_killed_worker_scheduler_and_coordinator(machines: Machines, tmp_path: Path) -> None:
    machines.begin(3)
    cluster = ("--cluster", machines.address, "--certs", str(machines.certs), "--window", "12")
    with world(hold_s=0.3) as it:
        targets, out = write_targets(it, tmp_path / "targets.csv", 300), tmp_path / "out"
        first = coordinate(targets, out, *cluster)
        try:
            wait_for_rows(out, 40)
            machines.kill("worker 0")
            machines.revive()
            wait_for_rows(out, 100)
            machines.kill("scheduler")
            machines.revive()
            end = time.monotonic() + 240
            while time.monotonic() < end and len(wait_for_rows(out, 1)) < 150:
                machines.revive()  # workers end with the scheduler that they lost
                time.sleep(0.5)
        finally:
            kill(first)
        assert 150 <= len(wait_for_rows(out, 150)) < 280
        machines.wait_for(3)
        second = coordinate(targets, out, *cluster)
        try:
            assert second.wait(180) == 0
        finally:
            kill(second)
        check(it, out)


@pytest.mark.sweep
@pytest.mark.timeout(300)
def test_other_rules_are_refused(machines: Machines, tmp_path: Path) -> None:
    machines.start("scheduler")
    machines.start("worker 0", "--rules", other_rules(tmp_path))
    targets = tmp_path / "targets.txt"
    targets.write_text("http://127.0.0.1:9/\n")
    told = ("--cluster", machines.address, "--certs", machines.certs)
    end = time.monotonic() + 120
    while time.monotonic() < end:
        done = payaudit("sweep", targets, "-o", tmp_path / "out", *told)
        if "has no worker" not in done.err and "no scheduler answers" not in done.err:
            break
        time.sleep(0.5)
    assert done.code == 2
    (error,) = done.errors
    assert "is refused" in error
    assert "rules" in error


async def until(cluster: Cluster, slots: int) -> None:
    """Until so many audits fit at once; the test's own time limit ends it."""
    while await cluster.slots() != slots:  # noqa: ASYNC110 - the cluster tells no events
        await asyncio.sleep(0.5)


def other_rules(folder: Path) -> Path:
    """A folder in which one rule is less severe."""
    own = folder / "own"
    own.mkdir()
    rule = (rules_folder() / "hidden-renewal.yaml").read_text("utf-8")
    (own / "hidden-renewal.yaml").write_text(rule.replace("severity: critical", "severity: high"), "utf-8")
    return own


@pytest.mark.sweep
@pytest.mark.timeout(300)
async def test_a_worker_with_other_rules_that_comes_later_is_sent_away(
    machines: Machines, tmp_path: Path
) -> None:
    await asyncio.to_thread(machines.begin, 1)
    async with Cluster(machines.address, machines.certs, versions()) as cluster:
        machines.start("worker 1", "--rules", other_rules(tmp_path))
        await until(cluster, 8)
        machines.kill("worker 0")
        await until(cluster, 4)
        job = Job("s/1", 1, "http://127.0.0.1:9/", Options(), 60.0, versions=versions())
        outcome = await cluster.submit(audit_target, job)
        assert outcome.failure is not None
        assert outcome.failure.kind == "mismatch"
        assert outcome.worker is not None
        assert await cluster.slots() == 0


@pytest.mark.sweep
@pytest.mark.timeout(300)
def test_no_certificate_no_entry(machines: Machines, tmp_path: Path) -> None:
    machines.begin(1)
    plain = ssl.create_default_context(cafile=str(machines.certs / "ca.pem"))
    plain.check_hostname = False
    with (
        socket.create_connection(("127.0.0.1", machines.port), 10) as link,
        pytest.raises(ssl.SSLError, match=r"(?i)certificate.required"),
        plain.wrap_socket(link) as safe,
    ):
        safe.recv(1)
    make_certs(tmp_path / "others", 1)
    with pytest.raises(UsageError, match="no scheduler answers"):
        asyncio.run(_enter(Cluster(machines.address, tmp_path / "others", versions())))


async def _enter(cluster: Cluster) -> None:
    async with cluster:
        pass


@pytest.mark.browser
@pytest.mark.sweep
@pytest.mark.timeout(300)
async def test_a_killed_worker_leaves_no_browser(machines: Machines, tmp_path: Path) -> None:
    await asyncio.to_thread(machines.begin, 1)
    scheduler, worker = (machines.running[name].pid for name in ("scheduler", "worker 0"))
    with serving(truth.SITES / "plain-html", truth.KITS) as address:
        start = f"{address}{truth.start('plain-html')}"
        job = Job("s/1", 1, start, Options(again_seconds=2.0, orders="none"), 200.0, versions=versions())
        async with Cluster(machines.address, machines.certs, versions()) as cluster:
            audit = asyncio.ensure_future(cluster.submit(audit_target, job))
            while len(browsers(tmp_path)) < 4:  # scheduler, worker, Playwright's driver, Chromium
                assert not audit.done(), audit.result()
                await asyncio.sleep(0.2)
            os.kill(worker, signal.SIGKILL)  # it alone: what it started has to notice
            end = time.monotonic() + 30
            while browsers(tmp_path) != [str(scheduler)]:
                assert time.monotonic() < end
                await asyncio.sleep(0.2)
            audit.cancel()
            with pytest.raises(asyncio.CancelledError):
                await audit


def test_certificates_are_made_once(tmp_path: Path) -> None:
    done = payaudit("cluster", "certs", tmp_path / "certs")
    assert done.code == 0, done.err
    assert (tmp_path / "certs/node.key").stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in (tmp_path / "certs").iterdir()) == ["ca.pem", "node.key", "node.pem"]
    again = payaudit("cluster", "certs", tmp_path / "certs")
    assert again.code == 2
    assert len(again.errors) == 1


def test_an_address_without_tls_is_refused(tmp_path: Path) -> None:
    targets = tmp_path / "targets.txt"
    targets.write_text("https://drama.example/1\n")
    done = payaudit("sweep", targets, "-o", tmp_path / "out", "--cluster", "tcp://127.0.0.1:8786")
    assert done.code == 2
    assert "tls://" in done.errors[0]
