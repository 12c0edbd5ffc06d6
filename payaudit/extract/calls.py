"""Payment calls: what was asked, for how much, by which press, and what had been shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from payaudit.extract.orders import order_amount, order_renewal, order_signs, stated_amount, stated_signs
from payaudit.extract.walked import Seen, Walked
from payaudit.model.evidence import Event
from payaudit.model.facts import PaymentCall
from payaudit.model.money import Money
from payaudit.perceive.bill import bill_of
from payaudit.perceive.calls import Calls
from payaudit.perceive.cashier_form import cashier_form
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.naming import offer_name
from payaudit.perceive.placed import ASKED
from payaudit.perceive.prices import amounts

How = Literal["arguments", "order", "cashier"]

_FILLED_IN = frozenset({"submit", "code_get", "type", "login"})  # presses on a form of the viewer's own data


def payment_calls(walked: Walked, calls: Calls) -> tuple[PaymentCall, ...]:
    """Every refused call, in order; the same call through two walls counts once."""
    found: list[PaymentCall] = []
    for number in walked.runs:
        steps = walked.run(number)
        said: dict[str, str | None] = {}
        for position, seen in enumerate(steps):
            events = [
                event
                for event in _distinct(seen.events("payment_call"))
                if not _left_over(event, seen.step.action.offer, said)
            ]
            made = [_call(walked, calls, steps, position, event) for event in events]
            # An order that others recorded is a call only where it says what is to be paid.
            found += [
                call
                for call, event in zip(made, events, strict=True)
                if event.data.get("kind") != "order" or call.amount is not None
            ]
    return tuple(found)


def _distinct(events: list[Event]) -> Iterator[Event]:
    """One event per attempt; a redirect or a retry of the same channel in one step is the same attempt."""
    told: set[tuple[str, str]] = set()
    for event in (e for e in events if not e.data.get("echo")):
        key = (str(event.data.get("channel")), str(event.data.get("api", "")).partition("?")[0])
        if key not in told:
            told.add(key)
            yield event


def _left_over(event: Event, offer: str | None, said: dict[str, str | None]) -> bool:
    """Whether a page that was refused a payment sends that one again when another offer is paid for.

    A viewer would have left the page with the first, which still holds its form: what is sent then
    says nothing of the other offer. The walk tries that one again in a run of its own.
    """
    form = cashier_form(event)
    return form is not None and said.setdefault(form, offer) != offer


def _call(walked: Walked, calls: Calls, steps: tuple[Seen, ...], position: int, event: Event) -> PaymentCall:
    seen = steps[position]
    api = str(event.data.get("api", ""))
    url = str(event.data.get("url") or "")
    arguments = event.data.get("arguments")
    arguments = arguments if isinstance(arguments, dict) else {}
    match = (
        calls.recorded(event.data)
        or calls.match_bridge(api)
        or (calls.match_url("GET", url) if url else None)
        or calls.match_url("POST", url)
    )
    amount: Money | None = None
    recurring: bool | None = None
    how: How | None = None
    if match is not None:
        amount = calls.amount_of(match, url or api, arguments, None)
        recurring = calls.recurring_of(match, url or api, arguments, None)
        how = "arguments" if amount is not None else None
    action = seen.step.action
    name = action.offer if action.offer != "dialog" else None
    before = [s for s in steps[:position] if s.step.goal == seen.step.goal or s.scene.kind == "paywall"]
    while len(before) > 1 and before[-1].scene.kind == "gate":
        before = before[:-1]  # a login that came between hides no price that was shown before it
    if action.intent in _FILLED_IN:
        selling = [i for i, s in enumerate(before) if s.scene.kind == "paywall"]
        before = before[: selling[-1] + 1] if selling else before  # nor does its form, whatever it looks like
    shown = _shown(walked, before, name) or _shown_in_dialogs(seen)
    orders = list(walked.evidence.exchanges(seen.step.run, seen.step.number))
    settles = calls.settles(match) if match is not None else None
    if amount is None and event.data.get("kind") == "payment":
        # Fields that no rule of the channel names, such as those posted to a cashier nobody knows.
        amount = stated_amount([arguments], shown, settles)
        how = "arguments" if amount is not None else None
        recurring = True if recurring is None and stated_signs(arguments) else recurring
    if amount is None:
        amount = order_amount(orders, shown, settles)
        how = "order" if amount is not None else None
    if recurring is None and order_signs(orders):
        recurring = True
    later = order_renewal(orders, amount)
    label = action.target.label if action.target is not None else None
    tapped = next((a.money for a in amounts(label or "") if a.money is not None), None)
    reference = tapped or _moved_on(walked, before, name, amount) or _total(before, amount, walked.lexicon)
    reference = reference or shown or _shown_same(before, amount)
    return PaymentCall(
        channel=str(event.data.get("channel", "unknown")),
        api=api.partition("?")[0][:200],
        amount=amount,
        amount_known_by=how,
        recurring=recurring,
        renewal_amount=later.amount,
        renewal_period=later.period,
        offer=name,
        tapped_label=label,
        tapped_amount=tapped,
        shown_amount=reference,
        over_shown=amount.amount - reference.amount
        if amount and reference and amount.currency == reference.currency
        else None,
        label_has_amount=None if label is None else bool(amounts(label)),
        amount_shown_before=_shown_before(before, steps[: position + 1], reference, amount),
        by_choosing=action.intent == "choose",
        wallet_confirms=event.data.get("wallet_confirms"),
        at=seen.source(None, label or api),  # what was pressed stood on the screen before
    )


def _shown(walked: Walked, before: list[Seen], name: str | None) -> Money | None:
    """The price last seen for the offer before the press."""
    for seen in reversed(before):
        for card in seen.scene.cards:
            main = card.main
            if main is None or main.amount.money is None:
                continue
            if name is not None and offer_name(card, walked.lexicon) == name:
                return main.amount.money
            if name is None and len(seen.scene.cards) == 1:
                return main.amount.money
    return None


def _moved_on(walked: Walked, before: list[Seen], name: str | None, amount: Money | None) -> Money | None:
    """The amount itself, where the screen that was paid from states it and the offer was left behind.

    What an earlier screen asked for something else was not the price of what is paid here.
    """
    for seen in before[-1:]:
        if any(offer_name(card, walked.lexicon) == name for card in seen.scene.cards):
            return None
        if any(a.money == amount for text in seen.screen.front for a in amounts(text.text)):
            return amount
    return None


def _total(before: list[Seen], amount: Money | None, lexicon: Lexicon) -> Money | None:
    """The amount itself, where the screen paid from sums up to it, or asks for it outside all cards."""
    for seen in before[-1:]:
        bill = bill_of(seen.screen, seen.scene.pays, lexicon)
        if bill is not None and bill.total.amount.money == amount and bill.total.text.sight == "visible":
            return amount
        of_cards = {id(text) for card in seen.scene.cards for text in card.texts}
        for text in seen.screen.front:
            if id(text) in of_cards:
                continue
            if any(a.money == amount and a.role in ASKED and a.per is None for a in amounts(text.text)):
                return amount
    return None


def _shown_before(
    before: list[Seen], steps: tuple[Seen, ...], reference: Money | None, amount: Money | None
) -> bool | None:
    """Whether the viewer had seen an amount for it; None where one was in sight that may have been meant.

    A page that was still filling up may have shown it between a capture and the press: then it stands
    under what came up next.
    """
    if reference is not None:
        return True
    for seen in before[-1:]:
        of_cards = {id(text) for card in seen.scene.cards for text in card.texts}
        for text in seen.screen.front:
            told = {a.money for a in amounts(text.text) if a.money is not None}
            if amount in told:
                return True
            # An amount in another offer's card speaks of that one; any other may have been meant.
            if told and (id(text) not in of_cards or any(card.chosen for card in seen.scene.cards)):
                return None
    later = [s for s in steps if before and s.step.number > before[-1].step.number]
    under = (t.text for s in later for t in s.screen.texts if t.sight in {"visible", "covered"})
    return None if any(a.money == amount for t in under for a in amounts(t)) else False


def _shown_same(before: list[Seen], amount: Money | None) -> Money | None:
    """The amount itself, where it stood as some offer's price on the screen that was paid from."""
    for seen in before[-1:]:
        if any(c.main is not None and c.main.amount.money == amount for c in seen.scene.cards):
            return amount
    return None


def _shown_in_dialogs(seen: Seen) -> Money | None:
    for event in seen.events("dialog"):
        for amount in amounts(str(event.data.get("message", ""))):
            if amount.money is not None:
                return amount.money
    return None
