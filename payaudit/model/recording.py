"""A recording of a target as later ones look back on it: what was on sale, when, and under which conditions.

It holds only what takes several recordings to tell. What was hidden, ticked or
obstructed on an earlier day is that day's report, not this one's.
"""

from __future__ import annotations

from datetime import datetime

from payaudit.model.base import Frozen
from payaudit.model.facts import Episode, Ladder, Offer, PersonaOffer, Scarcity, Source
from payaudit.model.money import Money


class Asked(Frozen):
    """An amount that a payment call asked for."""

    amount: Money
    at: Source


class Recording(Frozen):
    """What one evidence file shows of prices and counts, and what it may be compared with.

    ``customer``: it may show the account of somebody who has bought; a fresh visit of
    the tool never does.
    """

    sha256: str | None  # of the evidence file; None where it was never closed
    target: str
    persona: str
    captured: str  # date of the walk, ISO 8601, UTC
    started: datetime
    ended: datetime | None = None
    imported: bool = False
    replay: bool = False  # its day is not the day of what it shows
    customer: bool = False
    paywall_at: datetime | None = None  # first sight of the paywall; None: it was not reached
    device_told: bool | None = None  # a text on the paywall gives the device as a reason of the price
    offers: tuple[Offer, ...] = ()
    asked: tuple[Asked, ...] = ()
    persona_offers: tuple[PersonaOffer, ...] = ()
    scarcities: tuple[Scarcity, ...] = ()
    episodes: tuple[Episode, ...] = ()
    ladder: Ladder | None = None
