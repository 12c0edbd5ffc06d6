"""How right: every fixture site audited by the command line, and held against its truth; amounts of money.

    bench/quality.py                     all sites, two at a time, into build/bench-quality
    bench/quality.py demo plain-html     these sites
    bench/quality.py --quick             without the visits a minute apart, and what they alone can show
    bench/quality.py --reuse DIR         judge the evidence in DIR/<site> again, without a browser

Ends with 1 when a practice is wrong or a site could not be judged, else with 0.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench import money
from bench.money_corpus import corpus
from fixtures import truth
from fixtures.truth import Mark
from payaudit.errors import EvidenceError
from payaudit.evidence.read import Evidence
from payaudit.serve import serving

ROOT = Path(__file__).parent.parent
PAYAUDIT = str(Path(sys.executable).parent / "payaudit")
JUDGED = {0, 3, 4, 10}  # exit codes of an audit that ended in a report
GOALS = ("enter", "paywall", "read", "offers", "leave")
PATIENCE_S = 900
WIDTH = 120  # of the tables where nobody looks on


@dataclass(frozen=True)
class Result:
    """One site: its marks, or why there are none."""

    site: str
    practices: tuple[Mark, ...] = ()
    fields: tuple[Mark, ...] = ()
    goals: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    steps: int = 0
    seconds: float = 0.0
    confused: tuple[tuple[str, str, str], ...] = ()  # practice, step and node, what was said
    grave: tuple[
        str, ...
    ] = ()  # findings of severity high or critical where the truth says the site is honest
    failure: str = ""


def audited(site: str, out: Path, browser: str | None, *, quick: bool) -> Result:
    """Walk and judge one site as a user would."""
    folder = out / site
    shutil.rmtree(folder, ignore_errors=True)
    kits = truth.KITS if truth.KITS.is_dir() else None
    with serving(truth.SITES / site, kits) as address:
        command = ["audit", f"{address}{truth.start(site)}", "-o", str(folder), "--quiet", "--format", "json"]
        command += ["--persona", truth.load(site)["persona"]]
        command += ["--quick"] if quick else []
        done = _run([*command, *(["--browser", browser] if browser else [])])
    return _held(site, folder, done, quick=quick)


def judged(site: str, evidence: Path, out: Path, *, quick: bool) -> Result:
    """Judge one site's evidence again."""
    folder = out / site
    if not evidence.exists():
        return Result(site, failure=f"{evidence} does not exist")
    shutil.rmtree(folder, ignore_errors=True)
    done = _run(["judge", str(evidence), "-o", str(folder), "--format", "json"])
    return _held(site, evidence, done, quick=quick)


def _run(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    command = [PAYAUDIT, *arguments]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", f"error: not done within {PATIENCE_S} s")


def _held(site: str, evidence: Path, done: subprocess.CompletedProcess[str], *, quick: bool) -> Result:
    """The report against the truth."""
    if done.returncode not in JUDGED or not done.stdout.strip():
        return Result(site, failure=f"exit code {done.returncode}: {_last(done.stderr)}")
    facts = _run(["facts", str(evidence)])
    if facts.returncode:
        return Result(site, failure=f"facts: {_last(facts.stderr)}")
    report = json.loads(done.stdout)
    states = {g["goal"]: g["state"] for g in report["coverage"]["goals"]}
    try:
        with Evidence.open(evidence) as opened:
            steps, audit = len(opened.steps), opened.audit
    except EvidenceError as error:
        return Result(site, failure=error.en)
    practices = tuple(truth.practices(site, report, quick=quick))
    return Result(
        site,
        practices=practices,
        fields=tuple(truth.offers(site, json.loads(facts.stdout))),
        goals=tuple(g for g in GOALS if states.get(g) == "reached"),
        missed=tuple(g for g in GOALS if states.get(g) != "reached"),
        steps=steps,
        seconds=(audit.ended - audit.started).total_seconds() if audit.ended else 0.0,
        confused=tuple(_confused(practices, report)),
        grave=() if not truth.load(site)["honest"] else tuple(_grave(report)),
    )


def _confused(marks: Iterable[Mark], report: dict[str, Any]) -> Iterable[tuple[str, str, str]]:
    """Of each practice that is wrong, what the report said, and of which step and node."""
    for mark in marks:
        if mark.right:
            continue
        of_it = [f for f in report["findings"] if f["catalogue"] == mark.what]
        shown = [f for f in of_it if f["verdict"] == "violation"] if mark.found else of_it
        what = f"{'false' if mark.found else 'missed'} {mark.what}"
        if not shown:
            yield what, "", "no fact of the kind, or the rule did not apply to it"
        for finding in shown[:3]:
            at = finding["at"]
            yield what, f"{at['run']}/{at['step']} node {at['node']}", finding["sentence"]["en"]


def _grave(report: dict[str, Any]) -> Iterable[str]:
    for finding in report["findings"]:
        if finding["verdict"] == "violation" and finding["severity"] in {"high", "critical"}:
            yield f"{finding['catalogue']}: {finding['sentence']['en']}"


def _last(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if "rror" in line]
    return next(reversed(errors or lines), "nothing was said")


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "–"


def rules(results: Iterable[Result]) -> Table:
    """Each rule over all sites that were judged."""
    marks = [m for r in results for m in r.practices]
    table = Table(title="Practices by rule", title_justify="left")
    table.add_column("rule")
    for name in ("sites", "stated present", "found", "false", "missed", "precision", "recall"):
        table.add_column(name, justify="right")

    def row(name: str, of: list[Mark]) -> None:
        hit = sum(m.stated and m.found for m in of)
        false = sum(m.found and not m.stated for m in of)
        missed = sum(m.stated and not m.found for m in of)
        numbers = [str(n) for n in (len(of), hit + missed, hit, false, missed)]
        wrong = "red" if false or missed else ""
        table.add_row(name, *numbers, _share(hit, hit + false), _share(hit, hit + missed), style=wrong)

    for rule in sorted({m.what for m in marks}):
        row(rule, [m for m in marks if m.what == rule])
    table.add_section()
    row("all", marks)
    return table


def fields(results: Iterable[Result]) -> Table:
    """Each field of an offer over all offers that state it."""
    marks = [m for r in results for m in r.fields]
    table = Table(title="Fields of offers", title_justify="left")
    table.add_column("field (* essential)")
    for name in ("stated", "right", "wrong", "share"):
        table.add_column(name, justify="right")

    def row(name: str, of: list[Mark]) -> None:
        right = sum(m.right for m in of)
        style = "red" if right < len(of) else ""
        table.add_row(
            name, str(len(of)), str(right), str(len(of) - right), _share(right, len(of)), style=style
        )

    by_field = {f: [m for m in marks if _field(m) == f] for f in truth.FIELDS}
    for field in sorted(truth.FIELDS, key=lambda f: f not in truth.ESSENTIAL):
        row(f"{field} *" if field in truth.ESSENTIAL else field, by_field[field])
    table.add_section()
    row("essential *", [m for f in truth.ESSENTIAL for m in by_field[f]])
    row("all", marks)
    return table


def sites(results: Iterable[Result]) -> Table:
    """Each site: how far the walk came and what is wrong."""
    table = Table(title="Sites", title_justify="left")
    for name in ("site", "goals reached", "wrong practices", "wrong fields"):
        table.add_column(name, overflow="fold")
    for name in ("seconds", "steps"):
        table.add_column(name, justify="right")
    for result in results:
        goals = f"{len(result.goals)} of {len(GOALS)}"
        goals += f", not {' '.join(result.missed)}" if result.missed else ""
        bad_marks = [m for m in result.practices if not m.right]
        wrong = [f"{'false' if m.found else 'missed'} {m.what}" for m in bad_marks]
        counts = {f: sum(_field(m) == f and not m.right for m in result.fields) for f in truth.FIELDS}
        bad = [f"{n} {f}{'*' if f in truth.ESSENTIAL else ''}" for f, n in counts.items() if n]
        cells = (goals, ", ".join(wrong) or "none", ", ".join(bad) or "none")
        if result.failure:
            cells = ("none", f"not judged: {result.failure}", "")
        table.add_row(
            result.site, *map(escape, cells), f"{result.seconds:.0f}", str(result.steps),
            style="red" if wrong or result.failure else "yellow" if bad else "",
        )  # fmt: skip
    return table


def wrongs(results: Iterable[Result]) -> Table:
    """Each field that is wrong, as stated and as found."""
    table = Table(title="Wrong fields", title_justify="left")
    for name in ("site", "offer and field", "stated", "found"):
        table.add_column(name, overflow="fold")
    for mark in (m for r in results for m in r.fields if not m.right):
        table.add_row(mark.site, escape(mark.what), escape(str(mark.stated)), escape(str(mark.found)))
    return table


def confusions(results: Iterable[Result]) -> Table:
    """Each practice that is wrong, with what was said and where."""
    table = Table(title="Confusions", title_justify="left")
    for name in ("site", "practice", "step and node", "what the report says"):
        table.add_column(name, overflow="fold")
    for result in results:
        for practice, place, said in result.confused:
            table.add_row(result.site, practice, place, escape(said))
    return table


def _field(mark: Mark) -> str:
    return mark.what.rpartition(".")[2]


def _wrong(marks: Iterable[Mark]) -> int:
    return sum(not m.right for m in marks)


def measure(names: list[str], options: argparse.Namespace) -> list[Result]:
    """All results, as they come said on stderr, given back in the order of ``names``."""

    def one(site: str) -> Result:
        result = (
            judged(site, options.reuse / site, options.out, quick=options.quick)
            if options.reuse
            else audited(site, options.out, options.browser, quick=options.quick)
        )
        practices, fields = _wrong(result.practices), _wrong(result.fields)
        said = result.failure or f"{practices} practices wrong, {fields} fields wrong"
        print(f"{site}: {said} ({result.seconds:.0f} s)", file=sys.stderr, flush=True)
        return result

    with _threads(options.jobs) as threads:
        return list(threads.map(one, names))


@contextmanager
def _threads(jobs: int) -> Any:  # noqa: ANN401 - an executor
    """As many at a time; what has not begun is dropped when one fails or Ctrl-C comes."""
    pool = ThreadPoolExecutor(jobs)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def main() -> int:
    known = truth.names()
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sites", nargs="*", metavar="SITE", help="all when left out")
    parser.add_argument("--reuse", type=Path, metavar="DIR", help="evidence by site, to be judged again")
    parser.add_argument(
        "--quick", action="store_true", help="visits a minute apart were, or are to be, left out"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bench-quality")
    parser.add_argument("--browser", help="path, command or kind of browser")
    parser.add_argument("--jobs", type=int, default=2, help="sites at a time")
    options = parser.parse_args()
    unknown = sorted(set(options.sites) - set(known))
    if unknown:
        parser.error(f"no site {', '.join(unknown)}; there are {', '.join(known)}")
    if options.reuse and options.reuse.resolve() == options.out.resolve():
        # What is judged must not be cleared away.
        options.out = options.out.with_name(f"{options.out.name}-again")
    options.out.mkdir(parents=True, exist_ok=True)
    try:
        results = measure(options.sites or known, options)
    except KeyboardInterrupt:
        print("error: interrupted", file=sys.stderr)
        return 130
    fields_wrong = sum(_wrong(r.fields) for r in results)
    wrong = sum(_wrong(r.practices) for r in results)
    failed = [r.site for r in results if r.failure]
    console = Console() if sys.stdout.isatty() else Console(width=WIDTH)
    console.print(rules(results), fields(results))
    if fields_wrong:
        console.print(wrongs(results))
    console.print(sites(results), confusions(results), *money.shown(corpus()))
    grave = [f"{r.site}: {said}" for r in results for said in r.grave]
    honest = sum(bool(truth.load(r.site)["honest"]) for r in results)
    console.print(
        f"{honest} honest sites: {len(grave)} findings of severity high or critical",
        *grave,
        sep="\n",
        markup=False,
    )
    said = f"{len(results)} sites: {wrong} practices wrong, {fields_wrong} fields wrong"
    if failed:
        said += f", {len(failed)} not judged ({', '.join(failed)})"
    console.print(said, highlight=False)
    return 1 if wrong or failed else 0


if __name__ == "__main__":
    sys.exit(main())
