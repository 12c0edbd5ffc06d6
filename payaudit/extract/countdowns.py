"""Clocks and counts on the paywall, compared over fresh visits."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations, pairwise

from payaudit.extract.walked import Seen, Walked
from payaudit.model.facts import Countdown, Crowd, Scarcity, Visit
from payaudit.perceive.countdowns import Clock, Count, clocks, counts
from payaudit.perceive.crowds import Crowd as CrowdSeen
from payaudit.perceive.crowds import crowds

_SLACK_S = Decimal(2)  # law and practices §4.3 R26: equal within two seconds
_MOST_SLACK_S = Decimal(10)
_SOON_S = Decimal(5)  # visits closer than that are not compared: a capture takes as long
_TO_TURN = 3  # visits: one step down and one up
_TENTH = Decimal("0.1")
_NAMED = ("enter", "paywall", "read", "offers", "leave", "again")

Sighting = tuple[Seen, Clock]


def countdowns(walked: Walked) -> tuple[Countdown, ...]:
    """Each clock that presses to decide or was seen to run down."""
    visits = _first_sights(walked)
    captions: dict[str, list[tuple[Seen, Clock]]] = {}
    for seen in visits:
        for clock in _by_caption(clocks(seen.screen, walked.lexicon)).values():
            captions.setdefault(clock.caption, []).append((seen, clock))
    found = []
    for sighted in captions.values():
        seen, clock = sighted[0]
        runs = _runs_down(walked, clock.caption)
        if runs is False or (not clock.urgent and not runs):
            continue  # a time that stands still is when something ends
        found.append(
            Countdown(
                text=clock.text,
                first=Decimal(clock.seconds),
                visits=_visits([(s, c.seconds) for s, c in sighted]),
                apart_s=_apart([s for s, _ in sighted]),
                runs_down=runs,
                restarted=_restarted(sighted) if runs else None,
                at=seen.source(clock.node, clock.text, clock.box),
            )
        )
    return tuple(found)


def scarcities(walked: Walked) -> tuple[Scarcity, ...]:
    """Each count in words that press to decide, at every fresh visit."""
    captions: dict[str, list[tuple[Seen, Count]]] = {}
    for seen in _first_sights(walked):
        told: set[str] = set()
        for count in counts(seen.screen, walked.lexicon):
            if count.caption not in told:
                told.add(count.caption)
                captions.setdefault(count.caption, []).append((seen, count))
    return tuple(
        Scarcity(
            text=sighted[0][1].text,
            first=Decimal(sighted[0][1].number),
            visits=_visits([(s, c.number) for s, c in sighted]),
            apart_s=_apart([s for s, _ in sighted]),
            changed=len({c.number for _, c in sighted}) > 1 if len(sighted) > 1 else None,
            samples=len(sighted),
            falls_and_rises=_falls_and_rises([c.number for _, c in sighted]),
            at=sighted[0][0].source(sighted[0][1].node, sighted[0][1].text, sighted[0][1].box),
        )
        for sighted in captions.values()
    )


def crowd_counts(walked: Walked) -> tuple[Crowd, ...]:
    """Each number of people that the paywall shows, at every fresh visit."""
    captions: dict[str, list[tuple[Seen, CrowdSeen]]] = {}
    for seen in walked.untouched():
        for crowd in crowds(seen.screen, walked.lexicon):
            captions.setdefault(crowd.caption, []).append((seen, crowd))
    return tuple(
        Crowd(
            text=sighted[0][1].text,
            first=sighted[0][1].number,
            visits=_visits([(s, c.number) for s, c in sighted]),
            apart_s=_apart([s for s, _ in sighted]),
            samples=len(sighted),
            total=sighted[0][1].total,
            fell=_fell([c.number for _, c in sighted]),
            sway=_sway([c.number for _, c in sighted]),
            at=sighted[0][0].source(sighted[0][1].node, sighted[0][1].text, sighted[0][1].box),
        )
        for sighted in captions.values()
    )


def _fell(numbers: list[Decimal]) -> bool | None:
    return any(b < a for a, b in pairwise(numbers)) if len(numbers) > 1 else None


def _sway(numbers: list[Decimal]) -> Decimal | None:
    if len(numbers) < _TO_TURN:
        return None
    steps = [b - a for a, b in pairwise(numbers)]
    both_ways = max(Decimal(0), min(max(steps), -min(steps)))
    return (both_ways / max(numbers).sqrt()).quantize(_TENTH)


def _falls_and_rises(numbers: list[int]) -> bool | None:
    """Whether it went down at one visit and up at another; three visits at least can tell."""
    if len(numbers) < _TO_TURN:
        return None
    steps = [b - a for a, b in pairwise(numbers)]
    return min(steps) < 0 < max(steps)


def _first_sights(walked: Walked) -> tuple[Seen, ...]:
    """The untouched paywall of each fresh run that was made for it."""
    return tuple(s for s in walked.untouched() if s.step.goal in _NAMED)


def _by_caption(found: tuple[Clock, ...]) -> dict[str, Clock]:
    named: dict[str, Clock] = {}
    for clock in found:
        named.setdefault(clock.caption, clock)
    return named


def _visits(sighted: list[tuple[Seen, int]] | list[tuple[Seen, Decimal]]) -> tuple[Visit, ...]:
    began = sighted[0][0].step.captured
    return tuple(
        Visit(
            after_s=_seconds((seen.step.captured - began).total_seconds()),
            value=Decimal(value),
            at=seen.source(),
        )
        for seen, value in sighted
    )


def _apart(seen: list[Seen]) -> Decimal | None:
    """The shortest time between the visits that were made for the comparison, the first one among them."""
    timed = [s for i, s in enumerate(seen) if not i or s.step.goal == "again"]
    gaps = [(b.step.captured - a.step.captured).total_seconds() for a, b in pairwise(timed)]
    return _seconds(min(gaps)) if gaps else None


def _runs_down(walked: Walked, caption: str) -> bool | None:
    """Whether it fell between two captures of one run; None where it was captured once."""
    moved: list[bool] = []
    for run in walked.runs:
        shown = [
            (s.step.captured, clock.seconds)
            for s in walked.run(run)
            if s.scene.kind == "paywall"
            for clock in _by_caption(clocks(s.screen, walked.lexicon)).values()
            if clock.caption == caption
        ]
        moved += [
            0 < a - b <= (later - earlier).total_seconds() + 2
            for (earlier, a), (later, b) in pairwise(shown)
            if (later - earlier).total_seconds() >= 1
        ]
    return any(moved) if moved else None


def _restarted(sighted: list[Sighting]) -> bool | None:
    """True where it stood as high again though time had passed; False where it had gone on.

    How long a page takes to load moves what a visit shows by seconds, so the slack grows with the time
    between two visits. Anything between tells nothing, and most pairs have to tell the same.
    """
    told: list[bool | None] = []
    for (one, before), (two, after) in combinations(sighted, 2):
        passed = _seconds((two.step.captured - one.step.captured).total_seconds())
        if passed < _SOON_S:
            continue
        slack = min(max(_SLACK_S, passed / 8), _MOST_SLACK_S, passed / 3)
        fallen = Decimal(before.seconds - after.seconds)
        again, onward = abs(fallen) <= slack, abs(fallen - passed) <= slack
        told.append(True if again else (False if onward else None))
    decided = {x for x in told if x is not None}
    if len(decided) != 1 or 2 * sum(x is not None for x in told) <= len(told):
        return None
    return decided.pop()


def _seconds(value: float) -> Decimal:
    return Decimal(str(value)).quantize(_TENTH)
