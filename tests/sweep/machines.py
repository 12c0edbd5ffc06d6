"""A cluster's programs on loopback, started again when they end, as a system would."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import time
from pathlib import Path

from payaudit.errors import UsageError
from payaudit.sweep.certs import make_certs
from payaudit.sweep.cluster import Cluster
from payaudit.sweep.versions import versions
from tests.commands import PAYAUDIT, environment
from tests.sweep.coordinate import ROOT, kill


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Machines:
    """Scheduler and workers as programs; one that ends is started again, as a system would."""

    def __init__(self, folder: Path) -> None:
        self.certs, self.port = folder / "certs", free_port()
        make_certs(self.certs, 1)
        self.address = f"tls://127.0.0.1:{self.port}"
        self.running: dict[str, subprocess.Popen[str]] = {}
        self.log = (folder / "cluster.log").open("w")

    def start(self, name: str, *rules: str | Path) -> None:
        told = ["--certs", self.certs]
        if name == "scheduler":
            told = ["cluster", "scheduler", *told, "--host", "127.0.0.1", "--port", str(self.port)]
        else:
            told = ["cluster", "worker", self.address, *told, "--parallel", "4", "--ports", "0", *rules]
        self.running[name] = subprocess.Popen(
            [PAYAUDIT, *map(str, told)],
            cwd=ROOT,
            env=environment({"PYTHONPATH": str(ROOT), "SWEEP_TEST": str(self.certs.parent)}),
            stdout=self.log,
            stderr=self.log,
            text=True,
            start_new_session=True,
        )

    def begin(self, workers: int) -> None:
        self.start("scheduler")
        for number in range(workers):
            self.start(f"worker {number}")
        self.wait_for(workers)

    def wait_for(self, workers: int) -> None:
        async def ask() -> int:
            async with Cluster(self.address, self.certs, versions()) as cluster:
                return await cluster.slots()

        end = time.monotonic() + 120
        while time.monotonic() < end:
            try:
                if asyncio.run(ask()) == 4 * workers:
                    return
            except UsageError:
                pass
            self.revive()
            time.sleep(0.5)
        raise AssertionError(f"{workers} workers did not come")

    def revive(self) -> None:
        for name, process in list(self.running.items()):
            if process.poll() is not None:
                self.start(name)

    def kill(self, name: str) -> None:
        kill(self.running[name])
