"""The price of one episode, on screens that were really seen."""

from __future__ import annotations

from pathlib import Path

from payaudit.evidence.read import Evidence
from payaudit.extract.walked import Walked
from payaudit.perceive.episode_price import episode_price
from payaudit.perceive.lexicon import bundled

RECORDED = Path(__file__).parents[2] / "fixtures" / "recorded"


def test_the_price_of_a_set_is_not_that_of_one() -> None:
    with Evidence.open(RECORDED / "daodao.wacz") as evidence:
        walked = Walked(evidence, bundled())
        prices = [episode_price(s.screen, s.scene, walked.lexicon) for s in walked.untouched()]
    assert prices
    assert {str(p.amount.money) if p is not None else None for p in prices} == {"TWD 10"}
