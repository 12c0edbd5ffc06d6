"""Walks only as far as the paywall: what the gates' tests look at."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest

from payaudit.evidence.read import Evidence
from payaudit.extract.extract import extract
from payaudit.model.evidence import Audit, GoalResult, Step
from payaudit.model.facts import Facts
from payaudit.serve import serving
from payaudit.walk import walk as walking
from payaudit.walk.agenda import Budget, OutOfBudget
from payaudit.walk.explorer import Explorer
from payaudit.walk.options import Options
from payaudit.walk.walk import Walk

HERE = Path(__file__).parent / "gates"


@dataclass(frozen=True)
class Sought:
    """What a walk to the paywall left."""

    evidence: Path
    audit: Audit
    steps: tuple[Step, ...]
    facts: Facts

    def goal(self, name: str) -> GoalResult:
        return next(g for g in self.audit.agenda if g.goal == name)

    @property
    def pressed(self) -> list[str]:
        return [s.action.target.label for s in self.steps if s.action.verb == "tap" and s.action.target]

    @property
    def typed(self) -> list[str]:
        return [s.action.value or "" for s in self.steps if s.action.verb == "type"]


async def _only_to_the_paywall(world: Walk) -> None:
    explorer = Explorer(world, Budget(50, 150))
    async with world.run("paywall") as run:
        try:
            await explorer._to_paywall(run)
        except OutOfBudget:
            return
    if explorer.failure is not None:
        world.errand.ending.say("no_paywall", *explorer.failure)


def seek(site: str, start: str, persona: str, out: Path) -> Sought:
    """Walk a page of ``gates/`` until the paywall or the reason why not."""
    with serving(HERE / site) as address, pytest.MonkeyPatch.context() as patch:
        patch.setattr(walking, "_explore", _only_to_the_paywall)
        options = Options(persona=persona)
        walked = asyncio.run(walking.walk(address + start, out / "e.wacz", options, lambda *_: None))
    with Evidence.open(walked.evidence) as evidence:
        return Sought(walked.evidence, walked.audit, evidence.steps, extract(evidence))
