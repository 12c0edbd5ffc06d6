"""Every payment call of the walk with its arguments: what was asked of whom, and that it was refused."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from payaudit.evidence.read import Evidence
from payaudit.model.called import channel
from payaudit.model.evidence import Event, Step
from payaudit.model.facts import Facts, PaymentCall
from payaudit.model.text import Text
from payaudit.report.html.shown import shown
from payaudit.report.html.timeline import anchor

_ARGUMENTS = 6000  # characters of arguments that are printed; more is cut in the middle


@dataclass(frozen=True)
class CallView:
    """One refused call. ``fact`` is what was made of it; None where it was not told apart."""

    at: str
    channel: Text
    api: str
    url: str
    signature: str
    wall: str
    arguments: str
    fact: PaymentCall | None
    href: str
    run: int
    step: int


def calls(evidence: Evidence, facts: Facts) -> tuple[CallView, ...]:
    """In the order of the walk."""
    made = []
    for step in evidence.steps:
        events = [event for event in step.events if event.kind == "payment_call"]
        known = [c for c in facts.payment_calls if (c.at.run, c.at.step) == (step.run, step.number)]
        made += [_view(step, event, _fact(event, known)) for event in events]
    return tuple(made)


def _fact(event: Event, known: Sequence[PaymentCall]) -> PaymentCall | None:
    """What the extractor made of an event: the call of that step to that channel."""
    same = [call for call in known if call.channel == event.data.get("channel")]
    exact = [call for call in same if call.api == event.data.get("api")]
    return next(iter(exact or same), None)


def _view(step: Step, event: Event, fact: PaymentCall | None) -> CallView:
    data = event.data
    return CallView(
        at=event.at.strftime("%H:%M:%S"),
        channel=channel(str(data.get("channel") or "unknown")),
        api=_text(data.get("api")),
        url=_text(data.get("url")),
        signature=_text(data.get("signature")),
        wall=_text(data.get("wall")),
        arguments=arguments(data.get("arguments")),
        fact=fact,
        href="#" + anchor(step.run, step.number),
        run=step.run,
        step=step.number,
    )


def arguments(value: object) -> str:
    """As indented JSON; what was text stays text, JSON inside of text is opened once."""
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return shown(str(value), _ARGUMENTS)
    try:
        return shown(json.dumps(value, ensure_ascii=False, indent=2), _ARGUMENTS)
    except (TypeError, ValueError, RecursionError):
        return shown(str(value), _ARGUMENTS)


def _text(value: object) -> str:
    return "" if value is None else str(value)
