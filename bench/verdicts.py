"""Which walk of a fixture site shows which verdict of each rule; writes fixtures/shown.yaml.

    bench/verdicts.py --reuse DIR          judge the evidence in DIR/<site>, print a table
    bench/verdicts.py --reuse DIR --write  and keep what was seen in fixtures/shown.yaml

A walk that was killed leaves what it had: for doubts, each walk is also judged as it stood after some of its
steps (``site until run/step``), because a whole walk of an honest page leaves few.
A violation counts where the site's truth states the practice, a compliance where it does not.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).parent.parent))

from fixtures import truth
from payaudit.evidence.read import Evidence
from payaudit.extract.extract import of_walk
from payaudit.extract.history import with_history
from payaudit.extract.recorded import recorded
from payaudit.extract.walked import Walked
from payaudit.judge.judge import judge
from payaudit.judge.jurisdiction import guess
from payaudit.judge.law import load_law
from payaudit.judge.rules import load_rules
from payaudit.model.evidence import Step
from payaudit.model.finding import Finding
from payaudit.model.law import Law
from payaudit.model.rule import RuleSet
from payaudit.perceive.lexicon import bundled

SHOWN = Path(__file__).parent.parent / "fixtures" / "shown.yaml"
HEAD = """\
# Fixture walks that showed each verdict of a rule, as bench/verdicts.py saw them:
# a site, or a site until the run/step at which its walk is taken to have been cut off.
# `stable` demands all three (tests/test_rules.py); the sweep walks the sites again (tests/test_fixtures.py).
"""
VERDICTS = ("violation", "compliant", "unclear")
MOST = 3  # sites named for a verdict
AFTER = (1, 2, 6)  # steps after the first sight of the paywall at which a walk is cut
LATER = ("leave", "cancel")  # goals after whose second step it is cut, too

Shown = dict[str, dict[str, list[str]]]


class CutOff(Evidence):
    """Evidence as a kill after a step would have left it."""

    def __init__(self, whole: Evidence, steps: tuple[Step, ...]) -> None:
        self.__dict__.update(whole.__dict__)
        self.steps = steps
        self.audit = whole.audit.model_copy(update={"ended": None, "end_reason": None, "agenda": ()})


def walks(evidence: Evidence) -> Iterator[tuple[str, Walked]]:
    """The whole walk, then what kills would have left of it."""
    whole = Walked(evidence, bundled())
    yield "", whole
    first = next((i for i, s in enumerate(whole.seen) if s.scene.kind == "paywall"), 0)
    cuts = [first + after for after in AFTER]
    for goal in LATER:
        of_goal = [i for i, s in enumerate(whole.seen) if s.step.goal == goal]
        cuts += [i + 1 for i in of_goal[1:2]]
    for cut in cuts:
        seen = whole.seen[:cut]
        if not seen or len(seen) == len(whole.seen):
            continue
        part = whole.part(0)
        part.seen = seen
        part.evidence = CutOff(evidence, tuple(s.step for s in seen))
        last = seen[-1].step
        yield f" until {last.run}/{last.number}", part


def findings(walked: Walked, rules: RuleSet, law: Law) -> tuple[Finding, ...]:
    """What the rules say of one walk."""
    seen = of_walk(walked)
    facts = with_history(seen, recorded(walked, seen, None), ())
    places = guess(facts, walked.evidence.audit.jurisdictions).ids
    return judge(facts, rules, law, places, date.fromisoformat(facts.captured))


def shown_by(folder: Path) -> Shown:
    """By rule and verdict, the one site's walk that shows it, whole or cut off."""
    law = load_law()
    rules = load_rules(law=law)
    shown: Shown = {rule.id: {verdict: [] for verdict in VERDICTS} for rule in rules.rules}
    stated = {k: bool(v["present"]) for k, v in truth.load(folder.name)["practices"].items()}
    with Evidence.open(folder) as evidence:
        for part, walked in walks(evidence):
            for found in findings(walked, rules, law):
                _note(shown, found, folder.name, part, stated.get(found.catalogue))
    return shown


def gather(folders: list[Path]) -> Shown:
    """By rule and verdict, the walks that show it."""
    shown: Shown = {rule.id: {verdict: [] for verdict in VERDICTS} for rule in load_rules().rules}
    with ProcessPoolExecutor() as pool:
        for folder, found in zip(folders, pool.map(shown_by, folders), strict=True):
            for rule, verdicts in found.items():
                for verdict, names in verdicts.items():
                    kept = shown[rule][verdict]
                    kept += names[: MOST - len(kept)]
            print(folder.name, file=sys.stderr, flush=True)
    return shown


def _note(shown: Shown, found: Finding, site: str, part: str, stated: bool | None) -> None:  # noqa: FBT001 - what the truth says
    if found.verdict == "violation" and (part or stated is not True):
        return
    if found.verdict == "compliant" and (part or stated is True):
        return
    names = shown[found.rule].get(found.verdict)
    if names is not None and len(names) < MOST and not any(n.split()[0] == site for n in names):
        names.append(site + part)


def main() -> int:
    """Measure, print, and keep."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--reuse", type=Path, action="append", required=True, help="evidence by site; the first wins"
    )
    parser.add_argument("--write", action="store_true", help="keep it in fixtures/shown.yaml")
    options = parser.parse_args()
    folders: dict[str, Path] = {}
    for base in options.reuse:
        for name in truth.names():
            if (base / name / "evidence.wacz").is_file():
                folders.setdefault(name, base / name)
    shown = gather([folders[name] for name in sorted(folders)])
    status = {rule.id: rule.status for rule in load_rules().rules}
    for rule, verdicts in shown.items():
        told = "  ".join(f"{verdict}: {', '.join(names) or '-'}" for verdict, names in verdicts.items())
        print(f"{rule} [{status[rule]}]  {told}")
    if options.write:
        SHOWN.write_text(HEAD + yaml.safe_dump(shown, allow_unicode=True, sort_keys=True, width=110), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
