"""How a walk is to be done; apart from what does it, which a long list of targets is read without."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from payaudit.evidence.seal.keys import Keys
    from payaudit.model.custody import Custody
    from payaudit.walk.guard.policy import Orders
    from payaudit.walk.journey import Journey
    from payaudit.walk.miniprogram.miniprogram import Staging
    from payaudit.walk.replay.recording import Recording


@dataclass(frozen=True)
class Options:
    """How a walk is to be done."""

    persona: str = "iphone"
    browser: str | None = None
    max_steps: int = 240
    max_seconds: float = 600.0
    again_seconds: float = 60.0  # of wall clock between visits to the same paywall
    personas: tuple[str, ...] = ()  # others under which the paywall is read too
    orders: Orders = "few"
    journey: Journey | None = None
    jurisdictions: tuple[str, ...] = ()
    record: bool = True
    read_pictures: bool = True  # where the engine for it is installed
    entry: dict[str, str] | None = None  # the picture that the address was read from
    by_hand: bool = False  # in a window, by somebody who sits there
    session: Mapping[str, Any] | None = None  # Playwright's storage state, of somebody's own account
    cdp: str | None = None  # address of a browser that runs already
    devtools: str | None = None  # automation address of a WeChat DevTools that runs already
    keys: Keys | None = None  # sign the steps and the packed file
    custody: Custody | None = None
    recording: Recording | None = None  # to be walked again, without a network
    miniprogram: Staging | None = None  # a package walked in the place of an address
