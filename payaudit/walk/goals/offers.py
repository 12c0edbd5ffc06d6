"""Each offer chosen, captured, and taken to its payment call, which is refused."""

from __future__ import annotations

from collections.abc import Callable

from payaudit.walk.agenda import Budget
from payaudit.walk.goals.tried import Tried
from payaudit.walk.goals.way_to_pay import WayToPay
from payaudit.walk.run import Run
from payaudit.walk.stage import View


async def try_offer(  # noqa: PLR0913, PLR0917 - where the offer stands, told whole
    run: Run,
    view: View,
    name: str,
    budget: Budget,
    through: str | None = None,
    tab: str | None = None,
) -> Tried:
    """From the paywall in front, choose the offer and press on until a call is refused.

    ``through`` names the offer of the first paywall behind which this one is
    sold, ``tab`` the caption of the tab that it stands behind.
    """
    run.dialogs.policy = "accept"
    try:
        return await WayToPay(run, view, name, budget, through, tab=tab).go()
    finally:
        run.dialogs.policy = "decline"


async def towards(  # noqa: PLR0913, PLR0917 - where the screen stands, told whole
    run: Run,
    view: View,
    name: str,
    budget: Budget,
    through: str | None,
    there: Callable[[View], bool],
    tab: str | None = None,
) -> View | None:
    """On the way to an offer's payment call, as far as the screen that is wanted."""
    tried = await WayToPay(run, view, name, budget, through, there, tab=tab).go()
    return tried.view if there(tried.view) else None
