"""Every mini-program fixture, walked as the command walks it, comes out as its truth says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from fixtures import truth
from fixtures.miniprograms import truths
from payaudit.audit import facts_of
from payaudit.evidence.read import Evidence
from payaudit.judge.rules import load_rules
from tests.commands import Done, invalid_wacz, payaudit
from tests.crew import ahead, asked_for

EVERY = ("wx-honest",)  # in every run; the others under `sweep`
ALL = [pytest.param(n, marks=() if n in EVERY else pytest.mark.sweep, id=n) for n in truths.names()]
WALK_S = 900
STABLE = {rule.catalogue for rule in load_rules().rules if rule.status == "stable"}

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(WALK_S)]
each = pytest.mark.parametrize("program", ALL)


@dataclass(frozen=True)
class Seen:
    """An audit of a mini-program."""

    name: str
    done: Done
    folder: Path
    report: dict[str, Any]
    facts: dict[str, Any]

    @property
    def calls(self) -> list[dict[str, Any]]:
        """The data of its payment calls."""
        with Evidence.open(self.folder / "evidence.wacz") as evidence:
            return [e.data for s in evidence.steps for e in s.events if e.kind == "payment_call"]


@pytest.fixture(scope="session")
def audits(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[Seen]]]:
    """All audits that the selected tests look at, under way."""
    base = tmp_path_factory.mktemp("miniprograms")

    def audit(program: str) -> Seen:
        folder = base / program
        done = payaudit(
            "audit",
            *truths.arguments(program),
            "-o",
            folder,
            "-q",
            "--quick",
            "--max-seconds",
            600,
            seconds=WALK_S,
        )
        assert done.errors == [], done.err
        report = json.loads((folder / "report.json").read_bytes())
        return Seen(program, done, folder, report, facts_of(folder / "evidence.wacz").model_dump(mode="json"))

    with ahead(audit, asked_for(request.session, "program")) as found:
        yield found


@pytest.fixture
def seen(program: str, audits: dict[str, Future[Seen]]) -> Seen:
    """The audit that a test looks at."""
    return audits[program].result()


@each
def test_practices(seen: Seen) -> None:
    found = {f["catalogue"] for f in seen.report["findings"] if f["verdict"] == "violation"}
    stated = {c: bool(s["present"]) for c, s in truths.load(seen.name)["practices"].items()}
    accused = [c for c, present in stated.items() if not present and c in found]
    missed = [c for c, present in stated.items() if present and c in STABLE and c not in found]
    assert (accused, missed) == ([], [])


@each
def test_offers(seen: Seen) -> None:
    left = list(seen.facts["offers"])
    for stated in truths.load(seen.name)["offers"]:
        fits = [o for o in left if o["price"] and Decimal(o["price"]["amount"]) == Decimal(stated["price"])]
        assert fits, stated["name"]
        left.remove(fits[0])
        for field in ("period", "auto_renews"):
            assert fits[0][field] == stated[field], (stated["name"], field)


@each
def test_the_payment_is_intercepted_with_its_arguments(seen: Seen) -> None:
    wanted = truths.load(seen.name)["call"]

    def holds(call: dict[str, Any]) -> bool:
        return call["api"] == wanted["api"] and all(
            _at(call["arguments"], path) == value for path, value in wanted["arguments"].items()
        )

    assert any(holds(call) for call in seen.calls), seen.calls


def _at(value: Any, path: str) -> Any:  # noqa: ANN401 - any JSON
    for part in path.split("."):
        value = json.loads(value) if isinstance(value, str) else value
        value = value.get(part) if isinstance(value, dict) else None
    return value


@each
def test_it_says_that_the_host_was_simulated(seen: Seen) -> None:
    told = truths.load(seen.name)
    with Evidence.open(seen.folder / "evidence.wacz") as evidence:
        kept = evidence.audit.options["miniprogram"]
        assert all("simulated mini-program host" in run.interventions for run in evidence.runs)
    assert len(kept["sha256"]) == 64
    assert kept["app_id"]
    assert kept["kind"] == ("wxapkg" if str(told["package"]).endswith(".wxapkg") else "source")
    assert {f["confidence"] for f in seen.report["findings"]} <= {"probable", "possible"}


@each
def test_a_gap_is_named_and_leaves_a_doubt(seen: Seen) -> None:
    gap = truths.load(seen.name).get("gap")
    named = [g["en"] for g in seen.report["coverage"]["gaps"] if "simulated host:" in g["en"]]
    if gap is None:
        assert named == []
        return
    assert any(gap in line for line in named)
    assert not seen.facts["coverage"]["paywall_seen_whole"]
    verdicts = {(f["rule"], f["verdict"]) for f in seen.report["findings"]}
    assert ("weak-renewal-price", "unclear") in verdicts  # the price that the missing API would have shown
    assert ("hidden-renewal", "violation") not in verdicts


@each
def test_evidence_is_valid(seen: Seen) -> None:
    assert invalid_wacz(seen.folder / "evidence.wacz") == ""


def test_the_forms_of_the_practices_are_known() -> None:
    known = set(truth.load("demo")["practices"]) | {rule.catalogue for rule in load_rules().rules}
    for name in truths.names():
        assert set(truths.load(name)["practices"]) <= known, name
