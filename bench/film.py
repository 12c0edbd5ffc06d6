"""A film of 100 MB, recorded: is anything missing, does it play, what does it cost. A table.

    bench/film.py                     each way of showing it, with recording and without, in turn
    bench/film.py --rounds 3 parts    one way, the median of three
    bench/film.py --mbit 20 parts     a film of other weight: Mbit for each second of it

``whole`` and ``parts`` play the film over a network of 40 Mbit/s; ``load`` only fetches it, as fast as
loopback goes, which shows how much the recorder takes in where nothing else takes time, and has no
goal. Each walk has a process of its own, which serves the site too, so that its peak of memory is that
of both. Ends with 1 when a goal is missed, else with 0.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table
from speed import peak_mb

sys.path.insert(0, str(Path(__file__).parent.parent))

from payaudit.evidence.read import Evidence
from payaudit.walk.journey import parse
from payaudit.walk.walk import Options, walk
from tests.walk.film import Film
from tests.walk.film_site import FilmSite, film_site

WAYS = ("whole", "parts", "load")
SIZE, MBIT, UNTIL = 105_000_000, 11, 40.0  # bytes; a film of 1080p; s
NETWORK = 5_000_000  # bytes per second
OVERHEAD_GOAL, GROWN_GOAL_MB, WAITED_GOAL_S, DROPPED_GOAL = 1.25, 100.0, 1.0, 0.05
SAYS = {"load": ("end",)}
SAYS |= dict.fromkeys(("whole", "parts"), ("played 10 s", "played 20 s", "played 30 s", "end"))


@dataclass(frozen=True)
class Taken:
    """What came of one walk. Seconds, MB; ``lost`` is what the server said and the evidence does not know."""

    seconds: float
    cpu: float
    served_mb: float
    kept_mb: float
    peak_mb: float
    grown_mb: float
    end: str
    played: float
    took: float  # s from the first frame to the last
    stalls: int
    waited: float  # s in all of them
    frames: int
    dropped: int
    lost: tuple[str, ...]
    gaps: tuple[str, ...]


async def one(way: str, folder: Path, mbit: int, *, recorded: bool, browser: str | None) -> Taken:
    """Walk the page once."""
    pace = Film(1, mbit * 125_000).pace
    film = Film(-(-SIZE // pace), mbit * 125_000)
    _ = film.size  # drawn before the clock runs
    journey = "steps:\n" + "".join(f"- wait_for: {{text: {text}}}\n" for text in SAYS[way])
    async with film_site(film, UNTIL, 0 if way == "load" else NETWORK) as site:
        options = Options(
            journey=parse(journey, "film"), record=recorded, browser=browser, read_pictures=False
        )
        before, cpu, began = peak_mb(), time.process_time(), time.monotonic()
        walked = await walk(site.url + way, folder / "evidence.wacz", options, lambda _en, _zh: None)
        seconds, cpu = time.monotonic() - began, time.process_time() - cpu
    peak, told = peak_mb(), site.told
    lost, gaps, kept = _held_against(site, walked.evidence) if recorded else ((), (), 0)
    first = told.get("first_ms") or 0.0
    return Taken(
        seconds=seconds,
        cpu=cpu,
        served_mb=sum(size for _, _, size in site.given) / 1e6,
        kept_mb=kept / 1e6,
        peak_mb=peak,
        grown_mb=peak - before,
        end=str(walked.audit.end_reason),
        played=told.get("played", 0.0),
        took=(told.get("wall_ms", 0.0) - first) / 1000,
        stalls=told.get("stalls", -1),
        waited=told.get("waited_ms", 0.0) / 1000,
        frames=told.get("frames", 0),
        dropped=told.get("dropped", 0),
        lost=lost,
        gaps=gaps,
    )


def _held_against(site: FilmSite, file: Path) -> tuple[tuple[str, ...], tuple[str, ...], int]:
    """What the server sent and the evidence neither holds whole nor lists; the list; bytes kept."""
    with Evidence.open(file) as evidence:
        known = Counter[tuple[str, int, int]]()
        kept = 0
        for each in evidence.exchanges():
            kept += len(each.response_body)
            if each.truncated is None:
                known[urlsplit(each.url).path, each.status, len(each.response_body)] += 1
        listed = Counter(urlsplit(gap.url).path for gap in evidence.ledger)
        gaps = tuple(f"{urlsplit(gap.url).path} {gap.reason}" for gap in evidence.ledger)
    lost = []
    for said in site.given:
        if known[said]:
            known[said] -= 1
        elif listed[said[0]]:
            listed[said[0]] -= 1
        else:
            lost.append(" ".join(map(str, said)))
    return tuple(lost), gaps, kept


def taken(way: str, mbit: int, browser: str | None, *, recorded: bool) -> Taken:
    """Walk in a process of its own."""
    command = [sys.executable, __file__, "--child", "on" if recorded else "off", "--mbit", str(mbit), way]
    done = subprocess.run(
        [*command, *(["--browser", browser] if browser else [])],
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr.strip()[-2000:])
    return Taken(**json.loads(done.stdout))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("ways", nargs="*", default=WAYS)
    options.add_argument("--rounds", type=int, default=1)
    options.add_argument("--mbit", type=int, default=MBIT)
    options.add_argument("--browser")
    options.add_argument("--child", choices=("on", "off"), help=argparse.SUPPRESS)
    told = options.parse_args()
    if told.child:
        with TemporaryDirectory(prefix="payaudit-film-") as scratch:
            (way,) = told.ways
            recorded = told.child == "on"
            found = asyncio.run(one(way, Path(scratch), told.mbit, recorded=recorded, browser=told.browser))
        print(json.dumps(asdict(found)))
        return 0
    return table(told.ways, told.rounds, told.mbit, told.browser)


def table(ways: list[str], rounds: int, mbit: int, browser: str | None) -> int:
    shown = Table(
        "way", "recording", "walk s", "CPU s", "served MB", "kept MB", "peak MB", "grown MB",
        "played s", "in s", "stalls", "stalled s", "dropped", "lost", "in the ledger",
    )  # fmt: skip
    missed = []
    for way in ways:
        on, off = [], []
        for _ in range(rounds):
            off.append(taken(way, mbit, browser, recorded=False))
            on.append(taken(way, mbit, browser, recorded=True))
        for name, rows in (("off", off), ("on", on)):
            for row in rows:
                shown.add_row(
                    way, name, f"{row.seconds:.1f}", f"{row.cpu:.1f}", f"{row.served_mb:.1f}",
                    f"{row.kept_mb:.1f}", f"{row.peak_mb:.0f}", f"{row.grown_mb:.0f}", f"{row.played:.1f}",
                    f"{row.took:.1f}", str(row.stalls), f"{row.waited:.1f}", f"{row.dropped}/{row.frames}",
                    " ".join(row.lost) or "-", ", ".join(sorted(set(row.gaps))) or "-",
                )  # fmt: skip
        missed += _missed(way, off, on)
    Console(width=170).print(shown)
    for line in missed:
        print(f"missed: {line}")
    return int(bool(missed))


def _missed(way: str, off: list[Taken], on: list[Taken]) -> list[str]:
    """The goals that recording does not reach."""
    goals = {
        f"the walk ended: {on[0].end}": all(r.end == "done" for r in on),
        f"lost: {[r.lost for r in on]}": not any(r.lost for r in on),
        f"memory grown by {max(r.grown_mb for r in on):.0f} MB": all(r.grown_mb <= GROWN_GOAL_MB for r in on),
    }
    if way == "load":
        slower = median(r.took for r in on) / median(r.took for r in off)
        speed = median(r.kept_mb / r.took for r in on)
        print(f"load: {slower:.2f} × as long with recording as without; {speed:.1f} MB/s taken in")
    else:
        overhead = median(r.seconds for r in on) / median(r.seconds for r in off)
        print(f"{way}: {overhead:.2f} × as long with recording as without (goal: at most {OVERHEAD_GOAL})")
        waited = median(r.waited for r in on) - median(r.waited for r in off)
        dropped = median(r.dropped / (r.frames or 1) for r in on)
        goals[f"overhead {overhead:.2f}"] = overhead <= OVERHEAD_GOAL
        goals[f"stalled for {waited:.1f} s more than without recording"] = waited <= WAITED_GOAL_S
        goals[f"{dropped:.0%} of the frames dropped"] = dropped <= DROPPED_GOAL
    return [f"{way}, {what}" for what, met in goals.items() if not met]


if __name__ == "__main__":
    sys.exit(main())
