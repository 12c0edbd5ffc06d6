"""Lists of episodes and the price of one, on screens that were really seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from payaudit.evidence.read import Evidence
from payaudit.extract.walked import Walked
from payaudit.perceive.episode_price import episode_price
from payaudit.perceive.grid import episode_grid, locked_cells
from payaudit.perceive.lexicon import bundled

RECORDED = Path(__file__).parents[2] / "fixtures" / "recorded"


def _walked(name: str) -> Walked:
    with Evidence.open(RECORDED / f"{name}.wacz") as evidence:
        return Walked(evidence, bundled())


@pytest.fixture(scope="module")
def bare_texts() -> Walked:
    """Rows of bare text under one listener, most of them below the view, their lock a picture."""
    return _walked("byeolbit")


def test_a_list_of_bare_texts_is_read_to_its_end(bare_texts: Walked) -> None:
    grids = [g for g in (episode_grid(s.screen) for s in bare_texts.seen) if g]
    assert grids
    for grid in grids:
        assert [c.number for c in grid] == list(range(1, 73))
        assert any(c.control.tap is None for c in grid)


def test_what_stands_in_the_row_says_which_are_locked(bare_texts: Walked) -> None:
    grid = next(g for g in (episode_grid(s.screen) for s in bare_texts.seen) if g)
    assert "무료" in grid[0].rest
    assert locked_cells(grid, bare_texts.lexicon)[0].number == 9


def test_coins_that_are_needed_are_the_price(bare_texts: Walked) -> None:
    prices = [episode_price(s.screen, s.scene, bare_texts.lexicon) for s in bare_texts.untouched()]
    assert prices
    assert all(p is not None and p.amount.coins == 30 for p in prices)


def test_the_price_of_a_set_is_not_that_of_one() -> None:
    walked = _walked("daodao")
    prices = [episode_price(s.screen, s.scene, walked.lexicon) for s in walked.untouched()]
    assert prices
    assert {str(p.amount.money) if p is not None else None for p in prices} == {"10 TWD"}
