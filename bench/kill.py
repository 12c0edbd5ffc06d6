"""A real walk killed at random moments: whether what is left opens, verifies and judges. A table.

    python bench/kill.py [HOW_MANY] [LONGEST_SECONDS]

Walks the bundled site in a browser. A walk that was over before its moment came counts for nothing,
and the moments that follow are drawn from the time it took. Ends with 1 where a rest does not verify,
does not judge, or lacks a step that lay whole on the disk.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent))

from payaudit.demo import demo_site
from payaudit.evidence.read import Evidence
from payaudit.serve import serving
from tests.commands import payaudit, started

SEED = 20260501
VERIFIED, JUDGED = {0}, {0, 3, 4, 10}


@dataclass(frozen=True)
class Killed:
    """A walk that was killed: how long it had walked, and how many whole steps lay on the disk."""

    seconds: float
    steps: int


def kill(address: str, out: Path, seconds: float) -> Killed | None:
    """Kill a walk with all it started, so many seconds after its evidence was begun; None: it was over."""
    partial = out / "evidence.wacz.partial"
    process = started("audit", address + "/", "-o", out, "--persona", "wechat-iphone", "--quick", "-q")
    while not (partial / "payaudit/audit.json").exists():
        time.sleep(0.05)
    began = time.monotonic()
    while time.monotonic() - began < seconds and process.poll() is None:
        time.sleep(0.01)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    if not partial.exists():
        return None
    return Killed(time.monotonic() - began, len(list(partial.glob("payaudit/runs/*/steps/[0-9]*"))))


def main(count: int = 20, longest: float = 60.0) -> int:
    table = Table(
        "moment", "seconds", "whole steps", "opened", "verify", "judge", "the end", box=None, pad_edge=False
    )
    chance, bad, tried = random.Random(SEED), 0, 0  # noqa: S311 - moments, not secrets
    with tempfile.TemporaryDirectory() as name, serving(demo_site()) as address:
        while table.row_count < count:
            out, tried = Path(name) / f"{tried:03}", tried + 1
            moment, began = chance.uniform(0, longest), time.monotonic()
            killed = kill(address, out, moment)
            if killed is None:
                longest = min(longest, time.monotonic() - began)
                continue
            verified, judged = payaudit("verify", out), payaudit("judge", out)
            with Evidence.open(out, strict=False) as evidence:
                opened = len(evidence.steps)
            end = next((line for line in verified.out.splitlines() if "End not attested" in line), "-")
            good = verified.code in VERIFIED and judged.code in JUDGED and opened == killed.steps
            bad += not good
            table.add_row(
                str(table.row_count), f"{killed.seconds:.1f}", str(killed.steps), str(opened),
                str(verified.code), str(judged.code), end[:40],
            )  # fmt: skip
            if not good:
                print(verified.out, judged.err)
    Console(width=120).print(table)
    print(f"{count - bad} of {count} open with every whole step, verify and judge")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(*(kind(word) for kind, word in zip((int, float), sys.argv[1:], strict=False))))
