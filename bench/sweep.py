"""How a sweep keeps up: memory over many audits, both engines, real audits beside bare Playwright.

    bench/sweep.py                    all of it
    bench/sweep.py --only memory      one part: memory, engines or walks
    bench/sweep.py --audits 12        real audits in each way (8)

Memory and engines use a double that visits a page and waits; the walks are real, and beside them stands
the same acts and captures by a script of bare Playwright, one browser each, as many at once. Ends with 0.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from bench.hand_script import PATIENCE_MS  # noqa: E402 - found by the path above
from fixtures import truth  # noqa: E402 - found by the path above
from payaudit.serve import serving  # noqa: E402
from tests.sweep.coordinate import coordinate, kill  # noqa: E402
from tests.sweep.machines import Machines  # noqa: E402
from tests.sweep.world import world, write_targets  # noqa: E402

PAYAUDIT = Path(sys.executable).with_name("payaudit")
SITE = "plain-html"
FLAT, ENGINES, WALKS = 1.2, 1.1, 0.8
TURNS = 2  # in which the two sides take turns, so that other work on the machine meets both
PATIENCE_S = 3600


@dataclass(frozen=True)
class Row:
    """One line of the table; without a goal it explains the line above."""

    what: str
    measured: str
    goal: str = ""
    met: bool | None = None


def memory(folder: Path) -> list[Row]:
    """The most that the coordinator ever held, after 100 and after 1,000 audits."""
    most = {count: _double(folder / f"memory-{count}", count, 0.02)[1] for count in (100, 1000)}
    ratio = most[1000] / most[100]
    said = f"{most[100]} MB, {most[1000]} MB: {ratio:.2f}"
    return [Row("memory after 100 and 1,000 audits", said, f"<= {FLAT}", ratio <= FLAT)]


def engines(folder: Path) -> list[Row]:
    """The same doubles on asyncio and on Dask, twelve at once, a second each."""
    machines = Machines(folder)
    here = there = 0.0
    told = ("--window", "12", "--per-host", "4")
    try:
        machines.begin(3)
        cluster = (*told, "--cluster", machines.address, "--certs", str(machines.certs))
        for turn in range(TURNS):
            here += _double(folder / f"asyncio-{turn}", 240 // TURNS, 1.0, *told)[0]
            there += _double(folder / f"dask-{turn}", 240 // TURNS, 1.0, *cluster)[0]
    finally:
        for process in machines.running.values():
            kill(process)
    ratio = there / here
    said = f"{there:.1f} s, {here:.1f} s: {ratio:.2f}"
    return [Row("240 doubles of a second on Dask : on asyncio", said, f"<= {ENGINES}", ratio <= ENGINES)]


def _double(out: Path, count: int, hold_s: float, *more: str) -> tuple[float, int]:
    """Seconds, and MB of the coordinator."""
    out.mkdir()
    with world(hold_s) as it:
        targets = write_targets(it, out / "targets.csv", count)
        process = coordinate(targets, out / "out", "--seconds", "5", "--attempts", "1", *more)
        try:
            said, _ = process.communicate(timeout=PATIENCE_S)
            if process.returncode:
                raise RuntimeError(f"the coordinator ended with {process.returncode}")
        finally:
            kill(process)
        return _between(out / "out/events.jsonl"), int(said.split()[-1])


def _between(events: Path) -> float:
    """Seconds from the first audit's start to the last one's row: starting the programs is not counted."""
    lines = [json.loads(line) for line in events.read_text("utf-8").splitlines()]
    first = next(line for line in lines if line["event"] == "start")
    last = next(line for line in reversed(lines) if line["event"] == "stored")
    return (datetime.fromisoformat(last["at"]) - datetime.fromisoformat(first["at"])).total_seconds()


def walks(folder: Path, audits: int) -> list[Row]:
    """Audits per minute of a sweep, and of the script that makes the same acts and captures."""
    at_once = os.cpu_count() or 1
    with serving(truth.SITES / SITE, truth.KITS) as address:
        start = f"{address}{truth.start(SITE)}"
        who = ("--persona", truth.load(SITE)["persona"], "--quick")
        first = folder / "first"
        _run(PAYAUDIT, "audit", start, "-o", first, "--quiet", "--no-orders", *who)
        mark = "&" if "?" in start else "?"
        told = ("--parallel", str(at_once), "--per-host", str(at_once), "--delay", "0", "--quiet", *who)

        def script(number: int) -> int:
            said = _run(sys.executable, ROOT / "bench/hand_script.py", first, folder / f"hand-{number}")
            return len(json.loads(said)["late"])

        took = {"swept": 0.0, "raw": 0.0}
        late = 0
        for turn in range(TURNS):
            numbers = range(turn, audits, TURNS)
            targets = folder / f"turn-{turn}.txt"
            targets.write_text("".join(f"{start}{mark}n={n}\n" for n in numbers), "utf-8")
            begun = time.monotonic()
            _run(PAYAUDIT, "sweep", targets, "-o", folder / "swept", *told)
            between = time.monotonic()
            with ThreadPoolExecutor(at_once) as pool:
                late += sum(pool.map(script, numbers))
            took["swept"] += between - begun
            took["raw"] += time.monotonic() - between
    swept, raw = audits / took["swept"] * 60, audits / took["raw"] * 60
    ratio = swept / raw
    # What the script waited for in vain for five seconds each is at most so much of its time.
    least = audits / max(took["raw"] - late * PATIENCE_MS / 1000 / at_once, 1.0) * 60
    vain = f"{late} waits of the script ran out; without them at most {least:.2f}: {swept / least:.2f}"
    said = f"{swept:.2f}, {raw:.2f} a minute: {ratio:.2f}"
    return [
        Row(
            f"{audits} audits of {SITE}, {at_once} at once : bare Playwright",
            said,
            f">= {WALKS}",
            ratio >= WALKS,
        ),
        Row("  what the script waited for in vain", vain),
    ]


def _run(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    if done.returncode not in {0, 3, 4, 10}:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stderr.strip() or done.returncode}")
    return done.stdout


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--only", choices=["memory", "engines", "walks"])
    options.add_argument("--audits", type=int, default=8)
    told = options.parse_args()
    table = Table("what", "measured", "goal", "met", box=None, pad_edge=False)
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="payaudit-bench-") as name:
        folder = Path(name)
        parts = {
            "memory": lambda: memory(folder),
            "engines": lambda: engines(folder),
            "walks": lambda: walks(folder, told.audits),
        }
        for part, measure in parts.items():
            if told.only in {None, part}:
                for row in measure():
                    met = "" if row.met is None else "yes" if row.met else "no"
                    table.add_row(row.what, row.measured, row.goal, met)
    table.add_row("  load of the machine, before and after", f"{load:.1f}, {os.getloadavg()[0]:.1f}", "", "")
    Console().print(table)


if __name__ == "__main__":
    main()
