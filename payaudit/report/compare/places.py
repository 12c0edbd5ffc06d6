"""Which findings of two audits speak of the same place.

A place is an offer, or else what the finding's subject is called without its digits: a clock
that shows another time and the same layer of another visit are one place.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from payaudit.model.facts import Offer
from payaudit.model.finding import Verdict
from payaudit.model.report import FindingV1
from payaudit.report.compare.likeness import pairs, similar, words

ALIKE = 0.6
"""Names this much alike are one place; a screening heuristic."""

_GRAVEST: tuple[Verdict, ...] = ("violation", "unclear", "compliant", "not_applicable")


class Referred(NamedTuple):
    """A finding with its id."""

    id: str
    finding: FindingV1


class Place(NamedTuple):
    """All that one rule says of one place; ``offer`` by its position among the side's offers."""

    key: str
    offer: int | None
    findings: tuple[Referred, ...]

    @property
    def gravest(self) -> Referred:
        """The finding that decides: a doubt outweighs *compliant*, a violation outweighs both."""
        return min(self.findings, key=lambda each: _GRAVEST.index(each.finding.verdict))


def places(findings: Iterable[Referred], offers: tuple[Offer, ...]) -> tuple[Place, ...]:
    """The findings of one rule, by place, in the report's order."""
    found: dict[tuple[str, int | None], list[Referred]] = {}
    for each in findings:
        offer = _offer(each.finding, offers)
        key = "" if offer is not None else _key(each.finding.subject)
        found.setdefault((key, offer), []).append(each)
    return tuple(Place(key, offer, tuple(each)) for (key, offer), each in found.items())


def _key(subject: str) -> str:
    return subject if subject.isdigit() else words(subject)


def _offer(finding: FindingV1, offers: tuple[Offer, ...]) -> int | None:
    """The offer that a finding is about: by its name, and of namesakes by the place."""
    named = [i for i, offer in enumerate(offers) if offer.name and offer.name == finding.subject]
    here = [i for i in named if _at(offers[i]) == (finding.at.run, finding.at.step, finding.at.node)]
    if here:
        return here[0]
    return named[0] if len(named) == 1 else None


def _at(offer: Offer) -> tuple[int, int, int | None]:
    return offer.at.run, offer.at.step, offer.at.node


def paired(before: tuple[Place, ...], after: tuple[Place, ...], offers: dict[int, int]) -> dict[int, int]:
    """Which place of one side is which of the other, by position.

    Two offers only where they were matched as offers. Others by their names; where each side
    has one place left that is no offer, the rule speaks of one thing, whatever it is called.
    """
    scores = {}
    for i, one in enumerate(before):
        for j, other in enumerate(after):
            if one.offer is not None and other.offer is not None:
                if offers.get(one.offer) == other.offer:
                    scores[i, j] = 2.0
            elif one.offer is None and other.offer is None:
                alike = 1.0 if one.key == other.key else similar(one.key, other.key)
                if (
                    alike >= ALIKE and not (one.key.isdigit() or other.key.isdigit())
                ) or one.key == other.key:
                    scores[i, j] = alike
    found = pairs(scores)
    rest = [i for i, place in enumerate(before) if i not in found and place.offer is None]
    left = [j for j, place in enumerate(after) if j not in found.values() and place.offer is None]
    if len(rest) == len(left) == 1 and not (before[rest[0]].key.isdigit() or after[left[0]].key.isdigit()):
        found[rest[0]] = left[0]
    return found
