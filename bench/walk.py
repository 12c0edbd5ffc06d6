"""How far the walk gets: every fixture site's agenda against its truth.

    bench/walk.py                  all sites that state an agenda, two at a time, into build/bench-walk
    bench/walk.py demo kanji       these sites
    bench/walk.py --reuse DIR      read the evidence in DIR/<site> again, without a browser

Ends with 1 when a paywall was not reached or a press was wrong, else with 0.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent))

from fixtures import truth
from payaudit.errors import EvidenceError
from payaudit.evidence.read import Evidence
from payaudit.model.evidence import Step
from payaudit.serve import serving

ROOT = Path(__file__).parent.parent
PAYAUDIT = str(Path(sys.executable).parent / "payaudit")
PATIENCE_S = 1500
WIDTH = 130  # of the table where nobody looks on
ACTS = {"tap", "swipe", "back", "point"}  # a scroll that only looks, a wait and typing are none
STEPS_OFF = 1  # presses by which a way to cancel may differ from the truth's
GOALS = ("paywall", "calls", "ladder", "leave", "cancel")
WANTED = {"paywall": 1.0, "calls": 0.95, "ladder": 0.9, "leave": 0.95, "cancel": 0.9}

Share = tuple[int, int]  # right, of


@dataclass(frozen=True)
class Course:
    """One site's walk against its truth; a goal that the truth does not speak of is (0, 0)."""

    site: str
    goals: dict[str, Share]
    wrong_presses: tuple[str, ...] = ()
    acts: int = 0
    shortest: int = 0
    steps: int = 0
    seconds: float = 0.0
    waiting: float = 0.0
    failure: str = ""


def walked(site: str, out: Path, browser: str | None, *, quick: bool) -> Path:
    """Audit one site as a user would."""
    stated = truth.load(site)
    kits = truth.KITS if truth.KITS.is_dir() else None
    folder = out / site
    with serving(truth.SITES / site, kits) as address:
        command = [PAYAUDIT, "audit", f"{address}{truth.start(site)}", "-o", str(folder), "--quiet"]
        command += ["--persona", stated["persona"], *(["--browser", browser] if browser else [])]
        command += ["--quick"] if quick else []
        subprocess.run(command, capture_output=True, check=False, timeout=PATIENCE_S)
    return folder


def course(site: str, folder: Path) -> Course:
    """Read what a walk left and hold it against the truth."""
    told = subprocess.run([PAYAUDIT, "facts", str(folder)], capture_output=True, text=True, check=False)
    if told.returncode:
        return Course(site, {}, failure=next(iter(told.stderr.splitlines()[-1:]), "no facts"))
    facts = json.loads(told.stdout)
    try:
        with Evidence.open(folder) as evidence:
            steps, audit = evidence.steps, evidence.audit
    except EvidenceError as error:
        return Course(site, {}, failure=error.en)
    stated = truth.load(site)
    agenda = stated["agenda"]
    reached = {g["goal"]: g for g in facts["coverage"]["goals"]}
    paywall = _paywall(steps, reached)
    return Course(
        site,
        {
            "paywall": _paywall_right(agenda, facts),
            "calls": _calls(agenda, facts),
            "ladder": _ladder(agenda, facts),
            "leave": _leave(stated, facts, reached),
            "cancel": _cancel(agenda, facts),
        },
        wrong_presses=tuple(_wrong(agenda, steps, audit.target)),
        acts=sum(s.action.verb in ACTS for s in steps if paywall and _before(s, paywall)),
        shortest=int((agenda.get("paywall") or {}).get("acts") or 0) if paywall else 0,
        steps=len(steps),
        seconds=(audit.ended - audit.started).total_seconds() if audit.ended else 0.0,
        waiting=sum((s.captured - s.started).total_seconds() for s in steps if s.action.verb == "wait"),
    )


def _paywall(steps: Iterable[Step], reached: dict[str, Any]) -> Step | None:
    at = next(iter((reached.get("paywall") or {}).get("steps") or []), None)
    return next((s for s in steps if at and [s.run, s.number] == list(at)), None)


def _before(step: Step, paywall: Step) -> bool:
    return step.run == paywall.run and step.number <= paywall.number


def _paywall_right(agenda: dict[str, Any], facts: dict[str, Any]) -> Share:
    seen = bool(facts["coverage"]["paywall_seen"])
    if agenda.get("wall"):
        # Right is to say why there is none, and not to claim one.
        return int(not seen and bool(facts["coverage"]["gaps_en"])), 1
    return int(seen), 1


def _calls(agenda: dict[str, Any], facts: dict[str, Any]) -> Share:
    wanted = int(agenda.get("calls") or 0)
    made = {c["offer"] or c["at"]["step"] for c in facts["payment_calls"]}
    return min(wanted, len(made)), wanted


def _ladder(agenda: dict[str, Any], facts: dict[str, Any]) -> Share:
    prices = (agenda.get("ladder") or {}).get("prices") or {}
    if not prices:
        return 0, 0
    unit = str(agenda["ladder"].get("unit") or "coins")
    rungs = {int(n): Decimal(str(price)) for n, price in prices.items()}
    found = {int(e["number"]): _amount(e, unit) for e in facts["episodes"]}
    told = {n: price for n, price in found.items() if price is not None and _stated(rungs, n)}
    # A few rungs tell a ladder; each that was read has to be right, and a move seen where prices move.
    right = all(price in _stated(rungs, n) for n, price in told.items())
    moves = len(set(told.values())) >= min(2, len(set(rungs.values())))
    return int(right and moves and len(told) >= min(3, len(rungs))), 1


def _stated(rungs: dict[int, Decimal], number: int) -> set[Decimal]:
    """What an episode may cost by the truth: a rung, or between two rungs what either of them says."""
    below = max((n for n in rungs if n <= number), default=None)
    above = min((n for n in rungs if n >= number), default=below)
    if below is None or above is None:
        return set()
    return {rungs[below], rungs[above]}


def _amount(episode: dict[str, Any], unit: str) -> Decimal | None:
    """In the truth's unit; another one is no answer."""
    if unit == "coins":
        return None if episode.get("coins") is None else Decimal(str(episode["coins"]))
    price = episode.get("price")
    return Decimal(str(price["amount"])) if price and price["currency"] == unit else None


def _leave(stated: dict[str, Any], facts: dict[str, Any], reached: dict[str, Any]) -> Share:
    wanted = stated.get("leave")
    if not wanted or (stated.get("agenda") or {}).get("wall"):
        return 0, 0
    if not facts["leaving"]:
        return int((reached.get("leave") or {}).get("state") == "reached" and not wanted["layers"]), 1
    return int(any(left["layers"] == wanted["layers"] for left in facts["leaving"])), 1


def _cancel(agenda: dict[str, Any], facts: dict[str, Any]) -> Share:
    wanted = agenda.get("cancel") or {}
    if wanted.get("present") is None:
        return 0, 0
    found = (facts.get("cancel") or {}).get("steps")
    if not wanted["present"]:
        return int(found is None), 1
    return int(found is not None and abs(found - wanted["steps"]) <= STEPS_OFF), 1


def _wrong(agenda: dict[str, Any], steps: Iterable[Step], target: str) -> Iterable[str]:
    """Presses that the truth forbids, and presses after which another site stood there."""
    never = [str(n).strip() for n in agenda.get("never_press") or []]
    host = urlsplit(target).hostname
    for step in steps:
        label = step.action.target.label.strip() if step.action.target else ""
        where = urlsplit(step.url)
        if label and any(label == n for n in never):
            yield f"{step.run}/{step.number} “{label[:20]}”"
        elif step.action.intent in {"agreement_link", "terms"}:
            continue  # an agreement is read where its publisher keeps it, and come back from
        elif step.action.verb == "tap" and where.scheme in {"http", "https"} and where.hostname != host:
            yield f"{step.run}/{step.number} left for {where.hostname}"


def table(courses: Iterable[Course]) -> Table:
    """A line a site."""
    drawn = Table(title="Goals of the walk by site", title_justify="left")
    drawn.add_column("site")
    for name in (*GOALS, "wrong presses", "acts / shortest", "steps", "seconds"):
        drawn.add_column(name, justify="right", overflow="fold")
    for c in courses:
        if c.failure:
            drawn.add_row(c.site, c.failure, style="red")
            continue
        cells = ["–" if not c.goals[g][1] else f"{c.goals[g][0]}/{c.goals[g][1]}" for g in GOALS]
        missed = any(right < of for right, of in c.goals.values()) or c.wrong_presses
        drawn.add_row(
            c.site, *cells, "; ".join(c.wrong_presses) or "0", f"{c.acts}/{c.shortest}", str(c.steps),
            f"{c.seconds:.0f}", style="red" if missed else "",
        )  # fmt: skip
    return drawn


def totals(courses: list[Course]) -> Table:
    """Each goal over all sites, beside what is wanted."""
    drawn = Table(title="Goals over all sites", title_justify="left")
    for name in ("goal", "right", "of", "share", "wanted"):
        drawn.add_column(name, justify="left" if name == "goal" else "right")
    for goal in GOALS:
        right = sum(c.goals.get(goal, (0, 0))[0] for c in courses)
        of = sum(c.goals.get(goal, (0, 0))[1] for c in courses)
        share = right / of if of else 1.0
        style = "" if share >= WANTED[goal] else "red"
        drawn.add_row(goal, str(right), str(of), f"{share:.2f}", f"{WANTED[goal]:.2f}", style=style)
    ratios = [c.acts / c.shortest for c in courses if c.shortest]
    if ratios:
        drawn.add_row("acts against the shortest way, median", f"{median(ratios):.1f}", "", "", "≤ 2.0")
    waiting, whole = sum(c.waiting for c in courses), sum(c.seconds for c in courses)
    if whole:
        drawn.add_row("of the time, waits of the agenda's own", f"{waiting / whole:.2f}", "", "", "")
    drawn.add_row("wrong presses", str(sum(len(c.wrong_presses) for c in courses)), "", "", "0")
    return drawn


def main() -> int:
    known = [name for name in truth.names() if truth.load(name).get("agenda")]
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sites", nargs="*", metavar="SITE", help="all when left out")
    parser.add_argument("--reuse", type=Path, metavar="DIR", help="evidence by site, to be read again")
    parser.add_argument("--quick", action="store_true", help="without the visits a minute apart")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bench-walk")
    parser.add_argument("--browser", help="path, command or kind of browser")
    parser.add_argument("--jobs", type=int, default=2, help="sites at a time")
    options = parser.parse_args()
    unknown = sorted(set(options.sites) - set(known))
    if unknown:
        parser.error(f"no site with an agenda: {', '.join(unknown)}; there are {', '.join(known)}")

    def one(site: str) -> Course:
        try:
            folder = (
                options.reuse / site
                if options.reuse
                else walked(site, options.out, options.browser, quick=options.quick)
            )
        except subprocess.TimeoutExpired:
            return Course(site, {}, failure=f"not done within {PATIENCE_S} s")
        return course(site, folder)

    with ThreadPoolExecutor(options.jobs) as pool:
        courses = list(pool.map(one, options.sites or known))
    console = Console() if sys.stdout.isatty() else Console(width=WIDTH)
    console.print(table(courses), totals(courses))
    unreached = [c.site for c in courses if c.failure or c.goals["paywall"][0] < c.goals["paywall"][1]]
    return 1 if unreached or any(c.wrong_presses for c in courses) else 0


if __name__ == "__main__":
    sys.exit(main())
