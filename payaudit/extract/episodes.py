"""The episode list: numbers, locks and prices as shown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from payaudit.extract.ladder import Priced, prices_by_episode
from payaudit.extract.walked import Seen, Walked
from payaudit.model.facts import Episode, PaymentCall
from payaudit.model.money import Money
from payaudit.perceive.grid import episode_grid, locked_cells, range_tabs
from payaudit.perceive.prices import amounts

_TOTAL = re.compile(
    r"(?:全|共|总)\s*(\d{1,3})\s*[集话話]|更新至\s*(?:第)?\s*(\d{1,3})\s*[集话話]"
    r"|(\d{1,3})\s*(?:episodes|eps\b|Folgen|épisodes)",
    re.IGNORECASE,
)


def episodes(walked: Walked, calls: Sequence[PaymentCall] = ()) -> tuple[Episode, ...]:
    """One for each numbered cell of the fullest list seen, and for each that was opened besides.

    A price comes from the cell, else from the paywall behind it.
    """
    listed = _listed(walked)
    opened = prices_by_episode(walked, calls)
    known = {e.number for e in listed}
    told = [_priced(e, opened[e.number]) if e.number in opened else e for e in listed]
    told += [
        _priced(Episode(number=number, state="locked", at=priced[2]), priced)
        for number, priced in opened.items()
        if number not in known
    ]
    return tuple(sorted(told, key=lambda e: e.number))


def _priced(episode: Episode, priced: Priced) -> Episode:
    unit, value, at, _ = priced
    if episode.price is not None or episode.coins is not None:
        return episode
    price = None if unit == "coins" else Money(amount=value, currency=unit)
    coins = value if unit == "coins" else None
    state = episode.state or "locked"
    return episode.model_copy(update={"price": price, "coins": coins, "price_at": at, "state": state})


def _listed(walked: Walked) -> tuple[Episode, ...]:
    best: tuple[Seen, int] | None = None
    for seen in walked.seen:
        count = len(episode_grid(seen.screen))
        if count and (best is None or count > best[1]):
            best = (seen, count)
    if best is None:
        return ()
    seen = best[0]
    cells = episode_grid(seen.screen)
    locked = {c.number for c in locked_cells(cells, walked.lexicon)}
    found = []
    for cell in cells:
        priced = amounts(cell.rest)
        money = next((a.money for a in priced if a.money is not None), None)
        coins = next((a.coins for a in priced if a.coins is not None), None)
        found.append(
            Episode(
                number=cell.number,
                state=None if not locked else ("locked" if cell.number in locked else "free"),
                price=money,
                coins=coins,
                at=seen.source(cell.control.node, cell.control.label, cell.control.box),
            )
        )
    return tuple(found)


def total_episodes(walked: Walked) -> int | None:
    """How many episodes the drama walked says it has; None where it does not, or not beyond doubt.

    Its own list decides. A screen that states several numbers speaks of several dramas: of those
    only one that the list ends with is this one's.
    """
    stated: list[int] = []
    for seen in walked.seen:
        if seen.step.goal not in {"enter", "paywall", "read", "offers", "leave"}:
            continue
        here = {
            int(next(filter(None, match.groups())))
            for text in seen.screen.front
            for match in _TOTAL.finditer(text.text)
        }
        grid = episode_grid(seen.screen)
        if grid:
            end = max(grid[-1].number, *(last for _, last, _ in range_tabs(seen.screen)), 0)
            further = {n for n in here if n >= end}
            if end in here or not further:
                return end
            if len(further) == 1:
                return further.pop()
        elif len(here) == 1:
            stated += here
    return stated[-1] if stated else None
