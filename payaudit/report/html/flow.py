"""How one gets to pay, as a drawing: the way to the paywall, what each offer asks, the way out.

Laid out here in px of the drawing; the template only sets it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from payaudit.evidence.read import Evidence
from payaudit.model.called import channel
from payaudit.model.evidence import Goal, Step
from payaudit.model.facts import Facts, PaymentCall
from payaudit.model.text import Text
from payaudit.report.html.lines import Lines, lines
from payaudit.report.html.picture import Picture, Place
from payaudit.report.html.timeline import act, anchor
from payaudit.report.html.words import money, say, words

WIDTH = 960
_THUMB, _GAP = 112, 92  # px: width of a screen, room for what is pressed between two
_TALL = 1.72  # most height of a screen over its width; the rest is cut
_FLAT = 0.56  # least height of a screen over its width
_BOX = 72.0  # px: height of a box of words
_PER_ROW = 5
_MOST = 10  # screens of one lane; more are left out of its middle, and counted
_MARGIN = 8
_QUIET = frozenset({"wait", "scroll", "capture", "swipe"})  # acts that lead nowhere by themselves


@dataclass(frozen=True)
class Node:
    """A screen, or a box of words."""

    kind: str  # screen, more, box, wallet, end
    x: float
    y: float
    width: float
    height: float
    words: Lines
    picture: Picture | None = None
    href: str | None = None


@dataclass(frozen=True)
class Arrow:
    """From one node to the next, with what was done."""

    points: str
    x: float
    y: float
    words: Lines | None


@dataclass(frozen=True)
class Lane:
    """A heading in the drawing."""

    title: Text
    y: float


@dataclass(frozen=True)
class Flow:
    """The whole drawing."""

    height: float
    lanes: tuple[Lane, ...]
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]


def flow(evidence: Evidence, facts: Facts, pictures: Mapping[Place, Picture]) -> Flow | None:
    """The drawing; None where the walk took no step."""
    if not evidence.steps:
        return None
    made = _Drawing(pictures)
    way, reached = _way_in(evidence, facts)
    made.screens(say("flow_in" if reached else "flow_in_only"), way)
    if facts.payment_calls:
        made.calls(say("flow_calls"), facts)
    if out := _way_out(evidence, facts):
        left = facts.leaving[0].left if facts.leaving else None
        end = {True: "flow_left", False: "flow_not_left", None: "flow_left_unknown"}[left]
        made.screens(say("flow_out"), out, say(end))
    return made.done()


def _way_in(evidence: Evidence, facts: Facts) -> tuple[list[Step], bool]:
    """The steps up to the first paywall; all of the first run where none was reached."""
    place = next(iter(_places(facts, "paywall")), None)
    run = place[0] if place else evidence.steps[0].run
    steps = [step for step in evidence.steps if step.run == run and (not place or step.number <= place[1])]
    return steps, place is not None


def _way_out(evidence: Evidence, facts: Facts) -> list[Step]:
    """The paywall that was left, and the steps by which it was."""
    places = [(at.at.run, at.at.step) for at in facts.leaving] or _places(facts, "leave")
    if not places:
        return []
    run = places[0][0]
    steps = [step for step in evidence.steps if step.run == run]
    start = next((i for i, s in enumerate(steps) if (s.run, s.number) == places[0]), 0)
    leaving = [s for s in steps[start + 1 :] if s.action.goal == "leave"]
    return [steps[start], *leaving] if leaving else []


def _places(facts: Facts, goal: Goal) -> list[Place]:
    return [place for result in facts.coverage.goals if result.goal == goal for place in result.steps]


def _telling(steps: Sequence[Step]) -> list[tuple[Step, int]]:
    """Steps that led somewhere, each with how many quiet ones followed it."""
    kept: list[tuple[Step, int]] = []
    for step in steps:
        if kept and step.action.verb in _QUIET:
            kept[-1] = (step, kept[-1][1] + 1)
        else:
            kept.append((step, 0))
    return kept


class _Drawing:
    def __init__(self, pictures: Mapping[Place, Picture]) -> None:
        self._pictures = pictures
        self._y = 0.0
        self._column, self._row_height = 0, 0.0
        self._before: Node | None = None
        self._lanes: list[Lane] = []
        self._nodes: list[Node] = []
        self._arrows: list[Arrow] = []

    def done(self) -> Flow:
        return Flow(self._y, tuple(self._lanes), tuple(self._nodes), tuple(self._arrows))

    def _lane(self, title: Text) -> None:
        self._y += 30
        self._lanes.append(Lane(title, self._y))
        self._y += 20
        self._column, self._row_height, self._before = 0, 0.0, None

    def screens(self, title: Text, steps: Sequence[Step], end: Text | None = None) -> None:
        """One lane of screens, in rows from left to right."""
        self._lane(title)
        told = _telling(steps)
        acts = [_pressing(steps, step, quiet) for step, quiet in told]
        left_out = max(len(told) - _MOST, 0)
        head = _MOST // 2
        for i, (step, _) in enumerate(told):
            if not head <= i < head + left_out:
                self._screen(step, acts[i])
            elif i == head:
                self._words("more", say("flow_more", n=left_out), acts[i])
        if end is not None:
            self._words("end", end, None)
        self._y += self._row_height + 14

    def _screen(self, step: Step, done: Text | None) -> None:
        place = (step.run, step.number)
        picture = self._pictures.get(place)
        ratio = min(max(picture.height / picture.width, _FLAT), _TALL) if picture else 1.0
        caption, href = lines(_caption(step), 18, 2), "#" + anchor(*place)
        node = Node("screen", self._next(), self._y, _THUMB, _THUMB * ratio, caption, picture, href)
        self._add(node, done, 17.0 * max(len(caption.en), len(caption.zh)) + 6)

    def _words(self, kind: str, text: Text, done: Text | None) -> None:
        x = self._next()
        self._add(Node(kind, x, self._y, _THUMB, _BOX, lines(text, 16, 3)), done)

    def _next(self) -> float:
        """Where the next node begins: to the right, or on a new row."""
        if self._column == _PER_ROW:
            self._y += self._row_height + 46
            self._column, self._row_height = 0, 0.0
        return float(_MARGIN + self._column * (_THUMB + _GAP))

    def _add(self, node: Node, done: Text | None, below: float = 0) -> None:
        if self._before is not None:
            self._arrow(self._before, node, done, wrapped=not self._column)
        self._nodes.append(node)
        self._before = node
        self._column += 1
        self._row_height = max(self._row_height, node.height + below)

    def _arrow(self, before: Node, node: Node, done: Text | None, *, wrapped: bool) -> None:
        text = None if done is None else lines(done, 13, 4)
        start_x, start_y = before.x + before.width, before.y + min(before.height, _BOX) / 2
        if not wrapped:
            level = node.y + min(before.height, node.height, _BOX) / 2
            points = f"{start_x + 4},{level} {node.x - 6},{level}"
            self._arrows.append(Arrow(points, (start_x + node.x) / 2, level + 16, text))
            return
        # Round the end of the row, down, and back to its beginning.
        edge, middle, centre = start_x + 16, node.y - 20, node.x + node.width / 2
        corners = (
            (start_x + 4, start_y),
            (edge, start_y),
            (edge, middle),
            (centre, middle),
            (centre, node.y - 5),
        )
        points = " ".join(f"{x},{y}" for x, y in corners)
        one = None if done is None else lines(done, 90, 1)
        self._arrows.append(Arrow(points, WIDTH / 2, middle - 6, one))

    def calls(self, title: Text, facts: Facts) -> None:
        """One row for each payment call: the offer, what was pressed, what was asked of whom."""
        self._lane(title)
        for call in facts.payment_calls:
            href = "#" + anchor(call.at.run, call.at.step)
            offer = Text(en=call.offer or "—", zh=call.offer or "—")
            asked = say("flow_asked", channel=channel(call.channel), amount=_asked(call))
            texts = (("box", offer, 270.0), ("box", _label(call), 270.0), ("wallet", asked, 316.0))
            before: Node | None = None
            x = float(_MARGIN)
            for kind, text, width in texts:
                node = Node(kind, x, self._y, width, 44.0, lines(text, int(width / 7.6), 2), None, href)
                if before is not None:
                    points = f"{before.x + before.width + 4},{self._y + 22} {node.x - 6},{self._y + 22}"
                    self._arrows.append(Arrow(points, 0, 0, None))
                self._nodes.append(node)
                before, x = node, x + width + 40
            self._y += 54
        self._y += 4


def _caption(step: Step) -> Text:
    """What kind of screen it is; the page's own title where that says more."""
    if step.scene in (None, "other") and step.title.strip():
        return Text(en=step.title.strip(), zh=step.title.strip())
    return words().name("scene", step.scene or "other")


def _pressing(steps: Sequence[Step], shown: Step, quiet: int) -> Text | None:
    """What was done to come to a screen; of several acts the one that led there."""
    at = next(i for i, step in enumerate(steps) if step is shown) - quiet
    return act(steps[at]) if at > 0 else None


def _label(call: PaymentCall) -> Text:
    said = call.tapped_label or ""
    return say("flow_pressed", label=said) if said else say("flow_pressed_nothing")


def _asked(call: PaymentCall) -> Text:
    return say("amount_not_seen") if call.amount is None else money(call.amount)
