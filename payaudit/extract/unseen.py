"""Facts of pages that nobody saw: what only a look could tell is taken out again.

Such a page has words, but no sizes, places or looks, and what it does not hold may have
been put there by a script. So every measure becomes "not seen", and so does every "no".
Where one offer ends and the next begins is told by the markup alone: enough to list
them, too little to hold one against another. What was ticked is known of a page as it
was sent, and not of one that was saved after somebody had used it.
"""

from __future__ import annotations

from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel

from payaudit.model.facts import Facts, Legibility, Offer

_MEASURED = frozenset({"unit_figure_ratio"})  # relative sizes beyond those of ``Legibility``
_COMPARED = frozenset(
    {"dearest", "median_ratio", "year_ratio", "scope_narrower", "scope_text", "one_off_alternative"}
)
_SURE = frozenset({"dom", "aria"})
Value = TypeVar("Value", bound=BaseModel)


def unseen(facts: Facts, *, sent: bool) -> Facts:
    """The facts without measures and without absences; ways out of a page were never tried.

    ``sent``: pages are as the server sent them, and not as a browser saved them.
    """
    kept = _without(facts)
    return kept.model_copy(
        update={
            "exits": (),
            "leaving": (),
            "coverage": facts.coverage,
            "offers": tuple(_offer(offer, sent=sent) for offer in kept.offers),
            "consents": tuple(c.model_copy(update=_UNCOUNTED if sent else _UNTICKED) for c in kept.consents),
        }
    )


_UNCOUNTED = {"links": None, "dead_links": None}  # links beside a box are told by their place
_UNTICKED = {**_UNCOUNTED, "checked": None, "known_by": None, "checked_runs": 0}


def _offer(offer: Offer, *, sent: bool) -> Offer:
    told: dict[str, Any] = dict.fromkeys(_COMPARED)
    if not sent or offer.preselected_known_by not in _SURE:
        told |= {"preselected": None, "preselected_known_by": None}
    return offer.model_copy(update=told)


def _without(value: Value) -> Value:
    if isinstance(value, Legibility):
        return type(value)()
    told: dict[str, Any] = {}
    for name in type(value).model_fields:
        held = getattr(value, name)
        if name in _MEASURED or (held is False and name in _may_be_unseen(type(value))):
            told[name] = None
        elif isinstance(held, BaseModel):
            told[name] = _without(held)
        elif isinstance(held, tuple):
            told[name] = tuple(_without(each) if isinstance(each, BaseModel) else each for each in held)
    return value.model_copy(update=told)


@cache
def _may_be_unseen(kind: type[BaseModel]) -> frozenset[str]:
    """Fields of yes, no and not seen."""
    return frozenset(
        name
        for name, field in kind.model_fields.items()
        if get_origin(field.annotation) in (Union, UnionType)
        and set(get_args(field.annotation)) == {bool, NoneType}
    )
