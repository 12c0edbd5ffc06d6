"""Whether an offer stood chosen before any touch, held against what choosing did later in the walk.

A card drawn otherwise than its neighbours may only be a loud one: where another
was chosen and it still looks the same, its look is no choice. What a page does
to mark a choice, once seen, tells that none was made where no card bears it.
"""

from __future__ import annotations

from collections.abc import Iterator

from payaudit.extract.sightings import Sighting
from payaudit.extract.walked import Seen, Walked
from payaudit.perceive.card import Card, ChosenBy
from payaudit.perceive.chosen import face
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.naming import offer_name


def preselected(walked: Walked, sighting: Sighting) -> tuple[bool | None, ChosenBy | None]:
    """Whether it stood chosen, and how that is known; None where it cannot be told."""
    card, seen = sighting.card, sighting.seen
    several = len(seen.scene.cards) > 1
    loud = _only_loud(walked, seen)
    if several and card.chosen and card.chosen_by == "style" and loud is None:
        return None, card.chosen_by  # no other was chosen since, so that a loud look may be all there is
    if several and card.chosen is not None and not loud:
        return card.chosen, card.chosen_by
    if card.button is not None and card.chooser is None:
        return False, card.chosen_by  # paid by a button of its own, with nothing to choose
    if not several:
        return None, card.chosen_by
    mark = next(_marks(walked, seen), None)
    if mark is not None:
        return False, mark
    return (False, None) if _leads_on(walked, sighting) else (None, None)


def _choices(walked: Walked) -> Iterator[tuple[Seen, str]]:
    """What stood after each press that chose an offer, and the offer's name."""
    for seen in walked.seen:
        if seen.step.action.intent == "choose" and seen.step.action.offer is not None:
            yield seen, seen.step.action.offer


def _named(seen: Seen, name: str, lexicon: Lexicon) -> Card | None:
    return next((c for c in seen.scene.cards if offer_name(c, lexicon) == name), None)


def _only_loud(walked: Walked, seen: Seen) -> bool | None:
    """Whether the card that stands out still does so, looking the same, when another is chosen.

    None where no other was chosen in the walk; False where none stands out by its look alone.
    """
    odd = next((c for c in seen.scene.cards if c.chosen and c.chosen_by == "style"), None)
    if odd is None:
        return False
    name = offer_name(odd, walked.lexicon)
    look = face(seen.screen, odd)
    told = None
    for later, chosen in _choices(walked):
        same = _named(later, name, walked.lexicon)
        if chosen != name and same is not None:
            if face(later.screen, same) == look:
                return True
            told = False
    return told


def _marks(walked: Walked, seen: Seen) -> Iterator[ChosenBy]:
    """How the cards of this screen showed that they were chosen, once they were."""
    here = {offer_name(c, walked.lexicon) for c in seen.scene.cards}
    for later, chosen in _choices(walked):
        card = _named(later, chosen, walked.lexicon) if chosen in here else None
        if card is not None and card.chosen and card.chosen_by in {"class", "style"}:
            yield card.chosen_by


def _leads_on(walked: Walked, sighting: Sighting) -> bool:
    """Whether pressing it led to another screen at once: a button, and no choice."""
    here = {offer_name(c, walked.lexicon) for c in sighting.seen.scene.cards}
    return any(
        chosen == sighting.name
        and bool(later.scene.pays)
        and not here & {offer_name(c, walked.lexicon) for c in later.scene.cards}
        for later, chosen in _choices(walked)
    )
