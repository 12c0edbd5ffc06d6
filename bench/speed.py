"""How fast: the walk against a script by hand, judging, the report, starting, memory; each beside its goal.

    bench/speed.py                 all of it, on the first browser found
    bench/speed.py --only judge    one part: walk, judge, report or help
    bench/speed.py --browser chromium --rounds 5

Ends with 0 whether goals are met or not, with 1 when something could not be measured.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent))

from paywall_page import FILLS, record
from report import lines as report_lines
from report import measure as weigh_report

from fixtures import truth
from payaudit.audit import judge_evidence, write_report
from payaudit.data import rules_folder
from payaudit.demo import demo_site
from payaudit.evidence.read import Evidence
from payaudit.extract.extract import extract
from payaudit.judge.judge import judge
from payaudit.judge.jurisdiction import guess
from payaudit.judge.law import load_law
from payaudit.judge.rules import load_rules
from payaudit.perceive.calls import Calls
from payaudit.perceive.lexicon import bundled
from payaudit.serve import serving
from payaudit.walk.browser import find_browser
from payaudit.walk.options import Options
from payaudit.walk.walk import walk

HERE = Path(__file__).parent
WALK_GOAL, RECORD_GOAL, STEP_GOAL_MS, HELP_GOAL, RSS_GOAL_MB = 1.5, 1.2, 50.0, 1.5, 200.0
SIZES = [500, 1000, 2000, 4000]
PATIENCE_S = 600
STARTS = 10
REPEATS = 5


@dataclass(frozen=True)
class Row:
    """One line of the table; without a goal it is there to explain the line above."""

    what: str
    measured: str
    goal: str = ""
    met: bool | None = None


# --- one walk, in a process of its own -------------------------------------------------


def peak_mb() -> float:
    """The most memory this process ever had, MB. ``ru_maxrss`` would count the parent's before exec."""
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1024 / (1024 if sys.platform == "darwin" else 1)


def one_walk(
    address: str, folder: Path, browser: str | None, *, recorded: bool, reading: bool
) -> dict[str, Any]:
    """Audit as the command does, with a clock on each half."""
    options = Options(
        persona=truth.load("demo")["persona"], browser=browser, record=recorded, read_pictures=reading
    )
    cpu, began = time.process_time(), time.monotonic()
    walked = asyncio.run(walk(address, folder / "evidence.wacz", options, lambda _en, _zh: None))
    seconds, cpu = time.monotonic() - began, time.process_time() - cpu
    before = peak_mb()
    began = time.process_time()
    write_report(folder, judge_evidence(walked.evidence).report)
    return {
        # The script makes its visits one after the other: no time between them is part of the ratio.
        "seconds": seconds - walked.pace.apart,
        "apart": walked.pace.apart,
        "cpu": cpu,
        "waiting": walked.pace.waiting,
        "acting": walked.pace.acting,
        "steps": walked.pace.steps,
        "end": walked.audit.end_reason,
        "judging": time.process_time() - began,
        "walk_mb": before,
        "peak_mb": peak_mb(),
        "browser": walked.audit.browser,
    }


def _child(*arguments: str) -> dict[str, Any]:
    """Run a script of this folder; what it prints is JSON."""
    command = [sys.executable, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {done.stderr.strip() or done.returncode}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


# --- walks ----------------------------------------------------------------------------


def walks(folder: Path, browser: str | None, rounds: int) -> list[Row]:
    """Walk, script, walk without recording, hasty script: in turn, on one address."""
    chosen = ["--browser", browser] if browser else []
    ways: dict[str, list[dict[str, Any]]] = {"on": [], "hand": [], "off": [], "hasty": []}
    port = 0

    def served(work: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
        nonlocal port
        with serving(demo_site(), port=port) as address:  # afresh, so that its back end begins anew
            port = int(address.rpartition(":")[2])
            return work(f"{address}/")

    def loaded(taken: dict[str, Any]) -> dict[str, Any]:
        return taken | {"load": os.getloadavg()[0]}

    def walked(name: str, *more: str) -> dict[str, Any]:
        out = folder / name
        out.mkdir()
        here = str(HERE / "speed.py")
        return served(lambda url: loaded(_child(here, *chosen, "--one-walk", url, str(out), *more)))

    def scripted(name: str, *more: str) -> dict[str, Any]:
        arguments = (str(HERE / "hand_script.py"), str(folder / "first"), str(folder / name))
        return served(lambda _: loaded(_child(*arguments, *chosen, *more)))

    first = walked("first")
    _tell(f"first walk: {first['seconds']:.1f} s, {first['steps']} steps; its acts are the script's")
    for n in range(rounds):
        ways["on"].append(walked(f"on-{n}"))
        ways["hand"].append(scripted(f"hand-{n}"))
        ways["off"].append(walked(f"off-{n}", "--no-record"))
        ways["hasty"].append(scripted(f"hasty-{n}", "--hasty"))
        _tell(f"round {n + 1} of {rounds}: " + _said(ways))
    return _walk_rows(ways, first, walked("blind", "--no-ocr"))


def _said(ways: dict[str, list[dict[str, Any]]]) -> str:
    return ", ".join(
        f"{name} {of[-1]['seconds']:.1f} s ({of[-1]['steps']} steps)" for name, of in ways.items()
    )


def _walk_rows(
    ways: dict[str, list[dict[str, Any]]], first: dict[str, Any], blind: dict[str, Any]
) -> list[Row]:
    def of(way: str, key: str = "seconds") -> float:
        return float(median(each[key] for each in ways[way]))

    on, hand, off, hasty = (of(w) for w in ("on", "hand", "off", "hasty"))
    waiting, acting = of("on", "waiting"), of("on", "acting")
    rows = [_ratio("full walk : script by hand", on, hand, "s", WALK_GOAL), _by_round(ways, "hand")]
    rows.append(Row("  full walk : script that does not wait for networkidle", _over(on, hasty, "s")))
    rows += [*_script_rows(ways, first), _by_load(ways)]
    rows.append(
        Row(
            "  of the walk",
            f"waiting for rest {waiting:.1f} s, acting {acting:.1f} s,"
            f" screenshots and all else {on - waiting - acting:.1f} s;"
            f" Python's CPU {of('on', 'cpu'):.1f} s",
        )
    )
    rows.append(Row("  besides, between visits that must lie apart", f"{of('on', 'apart'):.1f} s"))
    rows.append(
        Row(
            "  of the script",
            f"waiting {of('hand', 'waiting'):.1f} s, capturing {of('hand', 'capturing'):.1f} s,"
            f" all else {hand - of('hand', 'waiting') - of('hand', 'capturing'):.1f} s;"
            f" Python's CPU {of('hand', 'cpu'):.1f} s",
        )
    )
    rows += [_ratio("recording on : off", on, off, "s", RECORD_GOAL), _by_round(ways, "off")]
    return [
        *rows,
        _at_most("peak memory of Python, audit without OCR", blind["peak_mb"], "MB", RSS_GOAL_MB),
        Row("  by the end of the walk", f"{blind['walk_mb']:.0f} MB"),
        Row("  with pictures read", f"{of('on', 'peak_mb'):.0f} MB"),
        Row("  CPU of judging that walk, rules and law loaded anew", f"{of('on', 'judging'):.2f} s"),
    ]


def _by_round(ways: dict[str, list[dict[str, Any]]], other: str) -> Row:
    ratios = [a["seconds"] / b["seconds"] for a, b in zip(ways["on"], ways[other], strict=True)]
    return Row("  round by round", ", ".join(f"{r:.2f}" for r in ratios))


def _by_load(ways: dict[str, list[dict[str, Any]]]) -> Row:
    loads = [each["load"] for of in ways.values() for each in of]
    busy = (
        "; others were at work, repeat it on a quiet machine"
        if max(loads) > 2 * (os.cpu_count() or 1)
        else ""
    )
    return Row(
        "  load of the machine meanwhile",
        f"{min(loads):.1f} to {max(loads):.1f}, {os.cpu_count()} CPUs{busy}",
    )


def _script_rows(ways: dict[str, list[dict[str, Any]]], first: dict[str, Any]) -> list[Row]:
    """Whether the script saw the same, and whether all walks did."""
    last = ways["hand"][-1]
    other = f"; not those of acts {last['other']}" if last["other"] else ""
    rows = [Row("  the script's captures", f"{last['alike']} of {last['steps']} show the same screen{other}")]
    if last["late"]:
        rows.append(Row("  waited for in vain by the script", f"after acts {last['late']}"))
    steps = sorted({each["steps"] for way in ("on", "off") for each in ways[way]} | {first["steps"]})
    if len(steps) > 1:
        said = f"{' or '.join(map(str, steps))} steps; the script makes {first['steps']}"
        rows.append(Row("  the walks went different ways", said))
    return rows


# --- judging --------------------------------------------------------------------------


def judging(folder: Path, browser: str | None) -> list[Row]:
    """CPU of extract and judge for each step, on pages of several sizes and shapes."""
    shapes = {"mixed": SIZES} | {name: [1000, 4000] for name in FILLS if name != "mixed"}
    _tell(f"recording {sum(map(len, shapes.values()))} paywalls of {SIZES[0]} to {SIZES[-1]} nodes")
    made = asyncio.run(record(folder, shapes, browser))
    began = time.process_time()
    law = load_law()
    book, calls, lexicon = load_rules(None, law), Calls.load(rules_folder() / "calls"), bundled()
    loading = time.process_time() - began

    def cost(path: Path) -> tuple[float, float]:
        """Seconds of CPU for each step, and nodes of a step."""
        taken = []
        for _ in range(REPEATS):
            with Evidence.open(path) as evidence:
                began = time.process_time()
                facts = [extract(evidence, lexicon, calls)]
                where = guess(facts, ()).ids
                judge(facts, book, law, where, date.fromisoformat(facts[0].captured))
                taken.append((time.process_time() - began) / len(evidence.steps))
        with Evidence.open(path) as evidence:
            trees = [t["snapshot"] for s in evidence.steps for t in evidence.snapshot(s)["trees"]]
        return median(taken), sum(_nodes(t) for t in trees) / len(trees)

    costs: dict[str, list[tuple[float, float]]] = {}
    for (shape, size), path in made.items():
        costs.setdefault(shape, []).append(cost(path))
        _tell(f"{shape}, {size} nodes: {costs[shape][-1][0] * 1000:.0f} ms a step")
    first = costs["mixed"][0]
    rows = [
        _at_most(
            f"extract + judge, CPU per step of {first[1]:.0f} nodes", first[0] * 1000, "ms", STEP_GOAL_MS
        )
    ]
    rows += [Row(f"  {shape}: {_sizes(of)}", _growth(of)) for shape, of in costs.items()]
    rows.append(Row("  loading rules, law, calls and words, once", f"{loading * 1000:.0f} ms"))
    return rows


def _nodes(snapshot: dict[str, Any]) -> int:
    return sum(len(d["nodes"]["nodeName"]) for d in snapshot["documents"])


def _sizes(costs: list[tuple[float, float]]) -> str:
    return ", ".join(f"{nodes:.0f}" for _, nodes in costs) + " nodes"


def _growth(costs: list[tuple[float, float]]) -> str:
    """Milliseconds by size, and the exponents between them: 1 is linear, 2 quadratic."""
    times = ", ".join(f"{seconds * 1000:.0f}" for seconds, _ in costs)
    exponents = [math.log(b[0] / a[0]) / math.log(b[1] / a[1]) for a, b in pairwise(costs)]
    return f"{times} ms; n^" + ", n^".join(f"{e:.2f}" for e in exponents)


# --- starting -------------------------------------------------------------------------


def starting() -> list[Row]:
    """``payaudit --help`` against what it cannot do without."""
    payaudit = [str(Path(sys.executable).parent / "payaudit"), "--help"]
    bare = [sys.executable, "-c", "import typer, rich"]
    taken: dict[str, list[float]] = {"help": [], "bare": []}
    for turn in range(STARTS + 1):
        for name, command in (("help", payaudit), ("bare", bare)):
            began = time.monotonic()
            subprocess.run(command, check=True, capture_output=True, env={**os.environ, "LANG": "C.UTF-8"})
            if turn:  # the first one only fills caches
                taken[name].append((time.monotonic() - began) * 1000)
    return [
        _ratio(
            "payaudit --help : import typer, rich",
            median(taken["help"]),
            median(taken["bare"]),
            "ms",
            HELP_GOAL,
        )
    ]


# --- the table ------------------------------------------------------------------------


def _over(one: float, other: float, unit: str) -> str:
    digits = 1 if unit == "s" else 0
    return f"{one:.{digits}f} {unit} : {other:.{digits}f} {unit} = {one / other:.2f}"


def _ratio(what: str, one: float, other: float, unit: str, goal: float) -> Row:
    return Row(what, _over(one, other, unit), f"≤ {goal:g}", one / other <= goal)


def _at_most(what: str, value: float, unit: str, goal: float) -> Row:
    return Row(what, f"{value:.0f} {unit}", f"≤ {goal:g} {unit}", value <= goal)


def table(rows: list[Row], title: str) -> Table:
    """All rows; those with a goal stand out."""
    shown = Table(title=title, title_justify="left")
    shown.add_column("what", overflow="fold")
    shown.add_column("measured (medians)", overflow="fold")
    shown.add_column("goal", no_wrap=True)
    shown.add_column("met", no_wrap=True)
    for row in rows:
        met = "" if row.met is None else "yes" if row.met else "no"
        style = "dim" if row.met is None else "green" if row.met else "red"
        shown.add_row(escape(row.what), escape(row.measured), row.goal, met, style=style)
    return shown


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def measure(options: argparse.Namespace) -> list[Row]:
    rows: list[Row] = []
    out = HERE.parent / "build" / "bench-speed"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    with tempfile.TemporaryDirectory(dir=out) as folder:
        if options.only in {None, "walk"}:
            rows += walks(Path(folder), options.browser, options.rounds)
        if options.only in {None, "judge"}:
            rows += judging(Path(folder), options.browser)
        if options.only in {None, "report"}:
            _tell("a report of sixty steps, written, opened and scrolled through")
            rows += [Row(*line) for line in report_lines(weigh_report(None, options.browser))]
        if options.only in {None, "help"}:
            rows += starting()
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--browser", help="path, command or kind of browser")
    parser.add_argument("--rounds", type=int, default=3, help="walks of each way")
    parser.add_argument("--only", choices=["walk", "judge", "report", "help"])
    parser.add_argument("--one-walk", nargs=2, metavar=("ADDRESS", "OUT"), help=argparse.SUPPRESS)
    parser.add_argument("--no-record", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--no-ocr", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one_walk:
        address, out = options.one_walk
        recorded, reading = not options.no_record, not options.no_ocr
        taken = one_walk(address, Path(out), options.browser, recorded=recorded, reading=reading)
        print(json.dumps(taken))
        return 0
    try:
        found = find_browser(options.browser)
        _tell(f"{found.kind} {found.version}, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}")
        rows = measure(options)
    except KeyboardInterrupt:
        _tell("error: interrupted")
        return 130
    except Exception as error:  # noqa: BLE001 - whatever it was, it is one line
        _tell(f"error: {error}")
        return 1
    title = f"{found.version} ({found.kind}), {os.cpu_count()} CPUs, load now {os.getloadavg()[0]:.1f}"
    console = Console() if sys.stdout.isatty() else Console(width=130)
    console.print(table(rows, title))
    return 0


if __name__ == "__main__":
    sys.exit(main())
