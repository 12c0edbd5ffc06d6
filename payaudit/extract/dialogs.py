"""Native dialogs, and what is sold in them."""

from __future__ import annotations

from payaudit.extract.walked import Walked
from payaudit.model.facts import Dialog, Offer, PaymentCall
from payaudit.perceive.naming import without_amounts
from payaudit.perceive.periods import period_in
from payaudit.perceive.placed import ASKED
from payaudit.perceive.prices import amounts
from payaudit.perceive.trials import trial_days


def dialogs(walked: Walked) -> tuple[Dialog, ...]:
    """Every dialog, in order."""
    return tuple(
        Dialog(
            kind=str(e.data.get("type", "")),
            message=str(e.data.get("message", ""))[:1000],
            answer=str(e.data.get("answer", "")),
            at=seen.source(None, str(e.data.get("message", ""))),
        )
        for seen in walked.seen
        if not seen.apart
        for e in seen.events("dialog")
    )


def dialog_offers(walked: Walked, calls: tuple[PaymentCall, ...], *, whole: bool) -> tuple[Offer, ...]:
    """An offer for each price that a question asked for before any screen did."""
    if walked.untouched():
        return ()
    found: dict[str, Offer] = {}
    for dialog in dialogs(walked):
        if dialog.kind == "alert":
            continue
        priced = [a for a in amounts(dialog.message) if a.money is not None and a.role in ASKED]
        if not priced or str(priced[0].money) in found:
            continue
        price = priced[0].money
        call = next((c for c in calls if c.amount is None or c.amount == price), None)
        later = next((a for a in amounts(dialog.message) if a.role == "renewal"), None)
        stated = walked.lexicon.has("renewal", dialog.message)
        denied = walked.lexicon.negated("renewal", dialog.message)
        renews = (
            call.recurring
            if call is not None and call.recurring is not None
            else (True if stated else (False if denied or (whole and call is not None) else None))
        )
        token = price is not None and price.amount <= 1
        trial = bool(
            trial_days(dialog.message) is not None
            or walked.lexicon.has("trial", dialog.message)
            or (renews and token)
        )
        found[str(price)] = Offer(
            name=without_amounts(dialog.message.splitlines()[0])[:40] or dialog.message[:40],
            kind="membership" if period_in(dialog.message) else "episode",
            price=price,
            period=period_in(dialog.message),
            auto_renews=renews,
            auto_renews_known_by="call" if call is not None and call.recurring is not None else "dialog",
            renewal_price=later.money if later else None,
            trial=trial,
            trial_days=trial_days(dialog.message),
            renewal_stated=_told(stated, renews),
            renewal_price_stated=_told(later is not None, renews),
            renewal_period_stated=_told(later is not None and later.per is not None, renews),
            trial_length_stated=_told(trial_days(dialog.message) is not None, trial),
            charged=call.amount if call else None,
            claims_all=walked.lexicon.has("all_episodes", dialog.message),
            at=dialog.at,
        )
    return tuple(found.values())


def _told(yes: bool, applies: bool | None) -> bool | None:  # noqa: FBT001 - a truth, handed through
    """A dialog is seen whole at once: what it does not say, it does not say."""
    return yes if applies else None
