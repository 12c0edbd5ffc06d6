"""Legibility of what is stated of a renewal, at the moment the offer could be paid."""

from __future__ import annotations

from collections.abc import Collection

from payaudit.extract.legible import legibility, weakness
from payaudit.extract.terms import Renewal, sentences
from payaudit.extract.walked import Seen
from payaudit.model.facts import Legibility
from payaudit.perceive.card import Card
from payaudit.perceive.placed import Placed

_SENTENCE = 6  # characters; a shorter note stands in many texts


class Measured:
    """Statements on one offer, measured against its price and its pay control."""

    def __init__(  # noqa: PLR0913 - what is measured, and against what
        self,
        seen: Seen,
        card: Card,
        main: Placed,
        stated: list[Renewal],
        *,
        pressed_on: Seen | None = None,
        unfolded: Collection[str] = (),
    ) -> None:
        self._seen = seen
        self._unfolded = unfolded
        self._pressed_on = pressed_on
        self._stated = stated
        self._price = main.runs
        self._pay = card.button or next(iter(seen.scene.pays), None)

    def of_price(self) -> Legibility | None:
        """Of the renewal price where it is most legible."""
        priced = [n for n in self._stated if n.price]
        called = [n for n in priced if n.amount and n.amount.role == "renewal"]
        return self._best([(n, n.price) for n in called or priced])

    def weakest(self) -> Legibility | None:
        """The least legible of fact, price and period, each where it is most legible."""
        parts = (
            self._best([(n, n.fact) for n in self._stated if n.fact]),
            self.of_price(),
            self._best([(n, n.period) for n in self._stated if n.period]),
        )
        return max((p for p in parts if p is not None), key=weakness, default=None)

    def _best(self, spans: list[tuple[Renewal, tuple[int, int] | None]]) -> Legibility | None:
        return min((self._of(n, s) for n, s in spans), key=weakness, default=None)

    def _of(self, note: Renewal, span: tuple[int, int] | None) -> Legibility:
        """As it stood where the offer was chosen, or better, where its pay control was pressed."""
        wanted = span or (0, len(note.text.text))
        words = note.text.text.strip()
        folded = len(words) >= _SENTENCE and any(words in text for text in self._unfolded)
        here = legibility(self._seen.screen, note.text, wanted, self._price, self._pay, folded=folded)
        if self._pressed_on is None or self._pressed_on is self._seen:
            return here
        told = (t for t in self._pressed_on.screen.texts if note.text.text in t.text)
        again = (part for t in told for part in (t, *sentences(t)) if part.text == note.text.text)
        # On a further page it stands open, whatever it did on the one before.
        folded = folded and self._pressed_on.step.url == self._seen.step.url
        there = (
            legibility(self._pressed_on.screen, t, wanted, self._price, self._pay, folded=folded)
            for t in again
        )
        seen = [m for m in there if m.in_viewport]
        return min((here, *seen), key=lambda m: (not m.in_viewport, weakness(m)))
