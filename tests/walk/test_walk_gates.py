"""Past what stands before the drama, in many languages and styles, and never by a wrong press."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from payaudit.evidence.read import Evidence
from payaudit.report.explain import explain
from tests.walk.seeking import HERE, Sought, seek

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EXPECTED: dict[str, dict[str, Any]] = {
    folder.name: yaml.safe_load((folder / "expect.yaml").read_text("utf-8"))
    for folder in sorted(HERE.iterdir())
}


# What another site in every run shows in another tongue; a sweep walks them all.
IN_A_SWEEP = ("age-pt", "language", "loop-fr", "wall-app-es", "wall-geo-fr", "wall-login-en")
ALL = [pytest.param(s, marks=pytest.mark.sweep if s in IN_A_SWEEP else ()) for s in EXPECTED]


@pytest.mark.parametrize("site", ALL)
def test_gates(site: str, tmp_path: Path) -> None:
    told = EXPECTED[site]
    seen = seek(site, told.get("start", "/"), told["persona"], tmp_path)
    assert (seen.goal("paywall").state == "reached") is told["reached"], seen.pressed
    assert [p for p in told.get("pressed", ()) if p not in seen.pressed] == []
    assert [p for p in told.get("never", ()) if p in seen.pressed] == []
    assert [t for t in told.get("typed", ()) if t not in seen.typed] == []
    assert all(s.interventions for s in seen.steps if s.action.verb == "type")
    assert len(seen.steps) <= told.get("acts", 26)
    _wall(seen, told)
    _claim(seen, told)
    _explained(seen)


def _wall(seen: Sought, told: dict[str, Any]) -> None:
    if "wall" not in told:
        return
    goal = seen.goal("paywall")
    assert goal.state in {"impossible", "failed"}
    assert goal.reason_en
    assert goal.reason_zh
    assert told.get("says", "") in goal.reason_en
    assert goal.reason_en in seen.facts.coverage.gaps_en
    assert (seen.goal("enter").state == "reached") is told.get("entered", True)
    reason = yaml.safe_load((HERE.parents[2] / "rules/walk/walls.yaml").read_text("utf-8"))[told["wall"]]
    assert goal.reason_en.startswith(reason["reason"]["en"])


def _claim(seen: Sought, told: dict[str, Any]) -> None:
    if "claim" not in told:
        return
    claim = seen.facts.claims[0]
    assert claim.made_by == told["claim"]["made_by"]
    assert claim.price is not None
    assert str(claim.price.amount) == told["claim"]["price"]
    assert claim.advertiser == told["claim"]["advertiser"]
    assert claim.distributor == told["claim"]["distributor"]
    hops = [e for s in seen.steps for e in s.events if e.kind == "navigation" and e.data.get("to")]
    assert len(hops) == told["hops"]
    assert any(told["claim"]["channel"] in str(e.data["url"]) for e in hops)


def _explained(seen: Sought) -> None:
    """Every step can be said in both languages, and the reasons are translated."""
    with Evidence.open(seen.evidence) as evidence:
        english = list(explain(evidence, "en"))
        chinese = list(explain(evidence, "zh"))
    assert len(english) == len(chinese) == len(seen.steps)
    assert not [line for line in chinese if " the " in line or " to " in line.replace("to it", "")]
    for step in seen.steps:
        if step.action.verb == "tap" and step.action.intent in {"gate", "episode", "play", "episodes"}:
            assert [c for c in step.action.candidates if c.passed_over is None], step.action
