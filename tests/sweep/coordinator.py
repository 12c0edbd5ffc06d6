"""A sweep with the double in place of audits, in a process that a test can kill."""

from __future__ import annotations

import argparse
import asyncio
import resource
from pathlib import Path

from payaudit.sweep.catalogue import Catalogue, in_folder
from payaudit.sweep.cluster import Cluster
from payaudit.sweep.events import EventLog, Tally
from payaudit.sweep.feeder import Politeness
from payaudit.sweep.job import Engine, Local
from payaudit.sweep.sample import Exclusions
from payaudit.sweep.store import store_of
from payaudit.sweep.sweep import Plan, Rows, Sweep, begin, only_one
from payaudit.sweep.targets import read_targets
from payaudit.sweep.versions import versions
from payaudit.walk.options import Options
from tests.sweep.double import visit


def main() -> None:
    told = argparse.ArgumentParser()
    told.add_argument("targets", type=Path)
    told.add_argument("out", type=Path)
    told.add_argument("--cluster")
    told.add_argument("--certs", type=Path)
    told.add_argument("--window", type=int, default=9)
    told.add_argument("--per-host", type=int, default=3)
    told.add_argument("--delay", type=float, default=0.0)
    told.add_argument("--seconds", type=float, default=1.0)
    told.add_argument("--attempts", type=int, default=2)
    told.add_argument("--catalogue")
    args = told.parse_args()
    frame = read_targets(args.targets, "iphone")
    here = versions()
    polite = Politeness(args.window, args.per_host, args.delay)
    plan = Plan("s", args.out, Options(orders="none"), polite, args.attempts, args.seconds, here)
    engine: Engine = Cluster(args.cluster, args.certs, here) if args.cluster else Local()
    with only_one(args.out), EventLog(args.out, "s") as log:
        book = Catalogue(args.catalogue or in_folder(args.out), create=True)
        chosen = begin(plan, frame, Exclusions({}), book)
        rows = Rows({}, {})
        whole = Sweep(plan, rows, book, store_of(None, args.out), engine, log, Tally(), visit)
        asyncio.run(whole.run(chosen))
        book.close()
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, flush=True)


if __name__ == "__main__":
    main()
