"""The walk as the extractor reads it: each step with its screen, built once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from payaudit.evidence.read import Evidence
from payaudit.model.evidence import Box, Event, Step
from payaudit.model.facts import Source
from payaudit.perceive.at_home import at_home
from payaudit.perceive.home_currency import home_of
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.scene import Scene, read_scene
from payaudit.perceive.screen import Screen, build
from payaudit.perceive.tree import Rect

_ASKED = frozenset({"XHR", "Fetch"})
_ANSWER_BYTES = 200_000  # an answer that names a price's currency is shorter
# What these goals look at is another episode, a page of one's own or another visit:
# facts of their own, never further offers of the paywall.
_APART = frozenset({"credits", "ladder", "cancel", "again", "personas"})
_NOT_THE_FIRST = _APART - {"again"}  # a fresh visit is a first sight as good as any


@dataclass(frozen=True)
class Seen:
    """One step with what was on its screen."""

    step: Step
    screen: Screen
    scene: Scene
    shot: str | None

    @property
    def apart(self) -> bool:
        """Whether it belongs to a goal that looks elsewhere than at the paywall and its offers."""
        return self.step.goal in _APART

    def source(self, node: int | None = None, text: str = "", box: Rect | None = None) -> Source:
        """Where something on this screen was seen; what was read from pixels has no node.

        Of a page without layout neither node nor box is told: nobody saw it there.
        """
        if not self.screen.tree.placed:
            node, box = None, None
        if node is not None and self.screen.pictured(node):
            node = None
        return Source(
            run=self.step.run,
            step=self.step.number,
            node=node,
            text=text[:300],
            box=Box(x=round(box[0], 1), y=round(box[1], 1), width=round(box[2], 1), height=round(box[3], 1))
            if box
            else None,
            screenshot=self.shot,
        )

    def events(self, kind: str) -> list[Event]:
        """What happened of a kind between the capture before and this one."""
        return [e for e in self.step.events if e.kind == kind]


class Walked:
    """All steps of one evidence file, in order."""

    def __init__(self, evidence: Evidence, lexicon: Lexicon) -> None:
        self.evidence = evidence
        self.lexicon = lexicon
        under = {r.number: r.persona for r in evidence.runs}
        main = evidence.audit.persona
        screens = tuple(build(evidence.snapshot(s), evidence.readings(s)) for s in evidence.steps)
        self.home = home_of(screens, self._answers)
        with at_home(self.home):
            seen = tuple(self._read(screens))
        self.seen: tuple[Seen, ...] = tuple(s for s in seen if under.get(s.step.run, main) == main)
        self.others: dict[str, tuple[Seen, ...]] = {
            name: tuple(s for s in seen if under.get(s.step.run) == name)
            for name in sorted(set(under.values()) - {main})
        }

    def _answers(self) -> Iterator[str]:
        """What the back ends of the walk's pages said."""
        for exchange in self.evidence.exchanges():
            if exchange.resource_type in _ASKED and len(exchange.response_body) < _ANSWER_BYTES:
                yield exchange.response_body.decode("utf-8", "replace")

    def _read(self, screens: Iterable[Screen]) -> Iterator[Seen]:
        for step, screen in zip(self.evidence.steps, screens, strict=True):
            yield Seen(
                step,
                screen,
                read_scene(screen, self.lexicon, None, step.action.intent),
                self.evidence.screenshot_path(step),
            )

    def part(self, number: int) -> Walked:
        """One run alone, as if nothing else had been walked; its screens are not read again."""
        alone = Walked.__new__(Walked)
        alone.evidence, alone.lexicon, alone.seen = self.evidence, self.lexicon, self.run(number)
        alone.others, alone.home = {}, self.home
        return alone

    def run(self, number: int) -> tuple[Seen, ...]:
        """The steps of one run."""
        return tuple(s for s in self.seen if s.step.run == number)

    @property
    def runs(self) -> tuple[int, ...]:
        """Numbers of the runs that have steps."""
        return tuple(dict.fromkeys(s.step.run for s in self.seen))

    def untouched(self) -> tuple[Seen, ...]:
        """The first sight of the paywall in each run, before anything on it was pressed."""
        found = []
        for number in self.runs:
            first = next((s for s in self.run(number) if s.scene.kind == "paywall"), None)
            if first is not None and first.step.goal not in _NOT_THE_FIRST:
                found.append(first)
        return tuple(found)

    @cached_property
    def unfolded(self) -> frozenset[str]:
        """Texts that a press on something folded showed, and that no first sight of the paywall shows."""
        found: set[str] = set()
        for before, after in pairwise(self.seen):
            target = after.step.action.target
            if after.step.action.intent != "fold" or target is None or before.step.run != after.step.run:
                continue
            # What opens within an offer's own card comes with choosing it.
            if not any(before.screen.tree.inside(target.node, c.node) for c in before.scene.cards):
                found |= _legible(after.screen) - _legible(before.screen)
        return frozenset(found.difference(*(_legible(s.screen) for s in self.untouched())))

    def selling(self) -> tuple[Seen, ...]:
        """Every screen that offers something, pleas to stay included."""
        return tuple(
            s
            for s in self.seen
            if s.scene.kind in {"paywall", "plea"}
            and not s.apart
            and s.scene.cards
            and s.step.action.intent != "agreement_link"
        )

    def agreements(self) -> tuple[Seen, ...]:
        """What came of pressing links to agreements, also on the search for a way to cancel."""
        return tuple(s for s in self.seen if s.step.action.intent in {"agreement_link", "terms"})


def _legible(screen: Screen) -> set[str]:
    return {t.text.strip() for t in screen.texts if t.sight != "hidden" and t.text.strip()}
