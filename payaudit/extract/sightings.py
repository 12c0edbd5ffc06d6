"""Every offer that could be told apart: where it was first seen, and where it was chosen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from payaudit.extract.walked import Seen, Walked
from payaudit.perceive.card import Card
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.naming import offer_name
from payaudit.perceive.prices import amounts
from payaudit.perceive.urls import address

_ON_THE_WAY = frozenset({"gate", "submit", "terms", "type", "code_get", "agree", "reject_cookies"})
_STAYS = frozenset({"wait", "scroll", "type", "answer_dialog", "capture"})  # acts that lead nowhere else


@dataclass(frozen=True)
class Sighting:
    """An offer where it was first seen, and where it was chosen."""

    name: str
    seen: Seen
    card: Card
    chosen_at: tuple[Seen, Card] | None
    pressed_on: Seen | None = None
    """What stood on the screen when its pay control was pressed, last."""

    @property
    def decision(self) -> tuple[Seen, Card]:
        """The screen from which it would have been paid."""
        return self.chosen_at or (self.seen, self.card)


def sightings(walked: Walked) -> tuple[Sighting, ...]:
    """Every offer, in the order of first sight; the same name at another price is another one."""
    lexicon = walked.lexicon
    first: dict[tuple[str, str], tuple[Seen, Card]] = {}
    taken = _taken(walked)
    for seen in walked.selling():
        before = [s for s, _ in first.values()]
        before_coins = {coins for _, card in first.values() if (coins := _coins_bought(card)) is not None}
        later = (seen.step.run, seen.step.number) in taken and not _same_step(seen, before)
        bill = later and _is_bill(seen, before)
        for card in seen.scene.cards:
            main = card.main
            if main is None:
                continue
            price = f"{main.amount.money}/{main.amount.coins}"
            known = any(told == price for _, told in first)
            if seen.scene.kind == "plea" and _brings(card, before_coins):
                continue  # coins that a plea offers again are what one gets, not what it costs
            asks_to_stay = seen.scene.kind == "plea" or (seen.step.goal == "leave" and seen.screen.overlay)
            if asks_to_stay and main.amount.money is None and not seen.scene.pays:
                continue  # what coins would do, told to one who leaves
            if bill or (known and (seen.scene.kind == "plea" or later)):
                continue  # a plea or a later step that repeats an offer is no new one
            first.setdefault((offer_name(card, lexicon), price), (seen, card))
    return tuple(
        Sighting(name, seen, card, _chosen_at(walked, name, lexicon), _pressed_on(walked, name))
        for (name, _), (seen, card) in first.items()
    )


def _taken(walked: Walked) -> set[tuple[int, int]]:
    """Steps on which an offer had been pressed and was on its way to be paid: pay bars, receipts, bills."""
    steps: set[tuple[int, int]] = set()
    for run in walked.runs:
        underway = False
        begun: str | None = None  # where the offer was pressed
        bills: set[str] = set()  # pages that a press to pay led to: gone back to, they are still no shop
        for seen in walked.run(run):
            here = address(seen.step.url).path
            action = seen.step.action
            # A login on the way is a part of it.
            stays = action.verb in _STAYS or (action.verb == "tap" and action.intent in _ON_THE_WAY)
            underway = action.offer is not None or (underway and stays and seen.step.goal == "offers")
            if action.offer is not None and action.intent == "choose":
                begun = here
            elif underway and begun is not None and here != begun:
                bills.add(here)
            begun = begun or (here if underway else None)
            if underway or here in bills:
                steps.add((run, seen.step.number))
    return steps


def _coins_bought(card: Card) -> int | Decimal | None:
    """The coins that a pack for money holds."""
    main = card.main
    if main is None or main.amount.money is None:
        return None
    return next((p.amount.coins for p in card.placed if p.amount.coins is not None), None)


def _brings(card: Card, packs: Collection[int | Decimal]) -> bool:
    """Whether a card without money names the coins of a pack that was seen before."""
    main = card.main
    return main is not None and main.amount.money is None and main.amount.coins in packs


def _same_step(seen: Seen, before: Collection[Seen]) -> bool:
    return any((s.step.run, s.step.number) == (seen.step.run, seen.step.number) for s in before)


def _is_bill(seen: Seen, before: Collection[Seen]) -> bool:
    """Whether a page further on lists what is to be paid: several amounts, no choice, one control that pays.

    A shop that a press leads to has something to choose, or a button for each.
    """
    elsewhere = all(address(s.step.url).path != address(seen.step.url).path for s in before)
    priced = [c for c in seen.scene.cards if c.main is not None]
    listed = len(priced) > 1 and not any(_pressable(c) for c in priced)
    strong = [c for c in seen.scene.pays if c.strong]
    # A row that leads to the ways to pay looks like one more control that pays; the sum stands on one.
    sums = [c for c in strong if amounts(c.label)] or strong
    return bool(before) and elsewhere and listed and len(sums) <= 1


def _pressable(card: Card) -> bool:
    """Whether it was made to be pressed; a bare row of words was not."""
    return any(c is not None and c.strong for c in (card.chooser, card.button))


def _chosen_at(walked: Walked, name: str, lexicon: Lexicon) -> tuple[Seen, Card] | None:
    for seen in walked.seen:
        if seen.step.action.intent == "choose" and seen.step.action.offer == name:
            for card in seen.scene.cards:
                if offer_name(card, lexicon) == name:
                    return seen, card
    return None


def _pressed_on(walked: Walked, name: str) -> Seen | None:
    pressed = [
        before
        for before, seen in pairwise(walked.seen)
        if seen.step.action.intent == "pay"
        and seen.step.action.offer == name
        and before.step.run == seen.step.run
    ]
    return pressed[-1] if pressed else None
