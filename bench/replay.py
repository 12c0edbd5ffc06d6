"""Replays against their live walks: the same acts and facts, and among themselves the same bytes.

    bench/replay.py                       small sites, five replays of each: 25 in all
    bench/replay.py --times 1 coins-grid  one replay of one site
    bench/replay.py --keep DIR            leave recordings and replays in DIR, and reuse what lies there

Every site is walked live by the explorer, its server is stopped, and the recording is replayed.
Ends with 1 when any replay differs, else with 0.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent))

from payaudit.evidence.read import Evidence
from payaudit.replayed import replayed
from payaudit.serve import serving
from payaudit.walk.options import Options
from payaudit.walk.walk import walk

ROOT = Path(__file__).parent.parent
FOLDERS = (ROOT / "tests" / "walk" / "sites", ROOT / "fixtures" / "sites")
SITES = ("coins-grid", "priced-list", "next-only", "ad-unlock", "swipe-escalation")
AGAIN_S = 3.0


@dataclass(frozen=True)
class Row:
    """What came of one site."""

    site: str
    steps: int
    same: int
    times: int
    reports: int
    pictures: int
    live: int  # pictures that equal the live walk's, of the first replay
    live_s: float
    replay_s: float
    why: str


def silent(_en: str, _zh: str) -> None:
    """Say nothing."""


def pictures(folder: Path) -> list[str]:
    with Evidence.open(folder) as evidence:
        return [hashlib.sha256(evidence.screenshot(s) or b"").hexdigest() for s in evidence.steps]


def bench(site: str, times: int, out: Path) -> Row:
    folder = next(f / site for f in FOLDERS if (f / site).is_dir())
    live = out / site / "live" / "evidence.wacz"
    began = time.monotonic()
    if not live.exists():
        with serving(folder) as address:
            asyncio.run(walk(f"{address}/", live, Options(again_seconds=AGAIN_S), silent))
    live_s = time.monotonic() - began
    same, why, reports, shots = 0, "", set[str](), list[list[str]]()
    began = time.monotonic()
    for number in range(times):
        where = out / site / f"replay-{number + 1}"
        outcome = asyncio.run(replayed(live, where, None, silent))
        same += outcome.same
        first = next(iter((*outcome.acts, *outcome.facts, *outcome.misses)), None)
        why = why or (str(first) if first is not None else "")
        reports.add(hashlib.sha256((where / "report.json").read_bytes()).hexdigest())
        shots.append(pictures(where))
    seen = pictures(live)
    return Row(
        site, len(seen), same, times, len(reports), len(set(map(tuple, shots))),
        sum(a == b for a, b in zip(seen, shots[0], strict=False)),
        live_s, (time.monotonic() - began) / times, why,
    )  # fmt: skip


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("sites", nargs="*", default=SITES)
    options.add_argument("--times", type=int, default=5)
    options.add_argument("--keep", type=Path)
    told = options.parse_args()
    table = Table(
        "site", "steps", "same", "reports", "sets of pictures", "as live", "live s", "replay s", "why"
    )
    rows = []
    with TemporaryDirectory(prefix="payaudit-bench-") as scratch:
        for site in told.sites:
            row = bench(site, told.times, told.keep or Path(scratch))
            rows.append(row)
            table.add_row(
                row.site, str(row.steps), f"{row.same}/{row.times}", str(row.reports), str(row.pictures),
                f"{row.live}/{row.steps}", f"{row.live_s:.0f}", f"{row.replay_s:.0f}", row.why[:80],
            )  # fmt: skip
            print(row, flush=True)
    Console(width=130).print(table)
    print(f"{sum(r.same for r in rows)} of {sum(r.times for r in rows)} replays the same")
    return int(any(r.same < r.times or r.reports > 1 or r.pictures > 1 for r in rows))


if __name__ == "__main__":
    sys.exit(main())
