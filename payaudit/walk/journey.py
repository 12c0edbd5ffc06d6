"""The same walk by a written script, for what the explorer cannot drive.

    steps:
      - open: https://example.test/drama/1     # left out: the target itself
      - tap: {text: 第9集}                     # nth: 2, the second; answer: accept, its question
      - tap: {at: "0.5,0.9"}                   # what says nothing: shares of the view
      - swipe: up                              # or {from: "0.5,0.8", to: "0.5,0.2"}, or {at: …, by: 640} px
      - wait_for: {text: 解锁}
      - type: {into: 手机号, text: "${phone}"}   # filled from PAYAUDIT_PHONE; then: enter
      - capture: paywall                       # the screen is the untouched paywall
      - choose: {offer: 连续包月}
      - pay: {offer: 连续包月}                 # pressed, and refused by the guard
      - leave: {}
      - back: {}

No verb confirms a payment.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field

from payaudit.data import from_yaml
from payaudit.errors import UsageError
from payaudit.model.base import Frozen
from payaudit.model.evidence import Goal
from payaudit.perceive.controls import Control
from payaudit.perceive.screen import Screen
from payaudit.walk import secret
from payaudit.walk.agenda import Agenda, Budget
from payaudit.walk.goals.leave import leave
from payaudit.walk.goals.offers import try_offer
from payaudit.walk.goals.paywall import Found
from payaudit.walk.goals.tried import called, names
from payaudit.walk.meaning import control_at, meaning
from payaudit.walk.run import Point, Run
from payaudit.walk.stage import View
from payaudit.walk.verbs import Verb, check_fields, check_verb, pair

_WAIT_FOR_S = 15
_FIELDS = frozenset({"input", "select"})
_APPEAR_S = 5  # a person waits as long for what they mean to press


class JourneyStep(Frozen):
    """One verb with its arguments."""

    verb: Verb
    value: str = ""
    arguments: dict[str, str] = Field(default_factory=dict)


class Journey(Frozen):
    """A script and the file it came from."""

    source: str
    steps: tuple[JourneyStep, ...]

    def told(self) -> list[dict[str, Any]]:
        """The steps as the evidence keeps them: what is typed stands as the file has it, never filled in."""
        return [step.model_dump(mode="json") for step in self.steps]


def load(path: Path) -> Journey:
    """Read a journey file; raises ``UsageError`` naming the step that cannot be read."""
    try:
        raw: Any = from_yaml(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UsageError(
            f"{path}: no readable journey ({error})", f"{path}：无法读取巡查脚本（{error}）"
        ) from error
    return _journey(path, raw)


def parse(text: str, source: str) -> Journey:
    """A journey that payaudit wrote itself; raises ``UsageError`` like ``load``."""
    return _journey(Path(source), from_yaml(text))


def _journey(path: Path, raw: Any) -> Journey:  # noqa: ANN401 - whatever YAML gave
    if not isinstance(raw, dict) or not isinstance(raw.get("steps"), list) or set(raw) - {"steps"}:
        raise UsageError(
            f"{path}: a journey is a mapping with `steps`, a list", f"{path}：巡查脚本应只含 steps 列表"
        )
    return Journey(source=path.name, steps=tuple(_step(path, i, s) for i, s in enumerate(raw["steps"], 1)))


def _step(path: Path, number: int, raw: Any) -> JourneyStep:  # noqa: ANN401 - whatever YAML gave
    where = (f"{path}: step {number}", f"{path}：第 {number} 步")
    if not isinstance(raw, dict) or len(raw) != 1:
        raise UsageError(f"{where[0]} must be one verb with its arguments", f"{where[1]}应为一个动词及其参数")
    verb, value = next(iter(raw.items()))
    check_verb(where, str(verb))
    fields = {str(k): str(v) for k, v in value.items()} if isinstance(value, dict) else {}
    bare = "" if value is None or isinstance(value, dict) else str(value)
    check_fields(where, verb, bare, fields)
    lacking = secret.missing(fields.get("text", "")) if verb == "type" else ()
    if lacking:
        raise UsageError(
            f"{where[0]} types what is not kept in the file; set {' and '.join(lacking)}",
            f"{where[1]}需要输入未保存在文件中的内容；请设置环境变量 {'、'.join(lacking)}",
        )
    return JourneyStep(verb=verb, value=bare, arguments=fields)


async def follow(run: Run, journey: Journey, target: str, budget: Budget, agenda: Agenda) -> None:
    """Carry out a journey in one run; goals are ticked off as their screens are captured."""
    await _Follower(run, journey, target, budget, agenda).go()


@dataclass(frozen=True)
class _Turn:
    """One step of the script, the screen before it, and why it is done."""

    step: JourneyStep
    last: View
    why: str

    @property
    def offer(self) -> str:
        return self.step.arguments.get("offer", self.step.value)

    def words(self, key: str = "text") -> str:
        return self.step.arguments.get(key, self.step.value)

    @property
    def nth(self) -> int:
        return int(self.step.arguments.get("nth", 1))

    def point(self, key: str) -> Point:
        """A point of the view, from shares of its width and height."""
        x, y = pair(self.step.arguments.get(key, "")) or (0.5, 0.5)
        return x * self.last.screen.width, y * self.last.screen.height


@dataclass
class _Follower:
    """One run on its way through the script."""

    run: Run
    journey: Journey
    target: str
    budget: Budget
    agenda: Agenda
    goal: Goal = "enter"
    found: Found | None = None

    async def go(self) -> None:
        steps = self.journey.steps
        if not steps or steps[0].verb != "open":
            self.budget.spend()
            await self.run.open(self.target, "the address that was given")
            self._reached("enter")
            self.goal = "paywall"
        for number, step in enumerate(steps, 1):
            self.budget.spend()
            view = await self._do(step, f"step {number} of the journey {self.journey.source}")
            if step.verb == "open":
                self._reached("enter")
                self.goal = "paywall"
            if (view.scene.kind == "paywall" and self.found is None) or step.value == "paywall":
                self.found = Found(view, "screen")
                self._reached("paywall")
                self.goal = "read"

    def _reached(self, goal: Goal) -> None:
        self.agenda.reached(goal, (self.run.info.number, self.run.number))

    async def _do(self, step: JourneyStep, why: str) -> View:
        if step.verb == "open":
            return await self.run.open(step.value or self.target, why)
        if self.run.last is None:
            raise UsageError("a journey begins with a page", "巡查脚本应先打开网页")
        verbs: dict[Verb, Callable[[_Turn], Awaitable[View]]] = {
            "tap": self._tap,
            "swipe": self._swipe,
            "type": self._type,
            "wait_for": self._wait_for,
            "choose": self._choose,
            "pay": self._pay,
            "leave": self._leave,
            "back": self._back,
            "capture": self._capture,
        }
        return await verbs[step.verb](_Turn(step, self.run.last, why))

    async def _await(self, turn: _Turn, words: str) -> Control:
        """The control that a step speaks of, once it is there. Raises ``UsageError``."""
        view = turn.last
        for waited in range(_APPEAR_S + 1):
            found = find(view.screen, words, turn.nth, into=turn.step.verb == "type")
            if found is not None:
                return found
            if waited < _APPEAR_S:
                view = await self.run.wait(1.0, self.goal, f"{turn.why}: “{words}” is not there yet")
        raise UsageError(
            f"{turn.why}: nothing to press says “{words}”; compare the last screenshot, then mend the step",
            f"{turn.why}：没有写着“{words}”的可点元素；请对照最后的截图修改该步",
        )

    async def _tap(self, turn: _Turn) -> View:
        """Press; a question that the page then asks is answered as the step says, else declined."""
        self.run.dialogs.policy = "accept" if turn.step.arguments.get("answer") == "accept" else "decline"
        try:
            return await self._tapped(turn)
        finally:
            self.run.dialogs.policy = "decline"

    async def _tapped(self, turn: _Turn) -> View:
        if "at" in turn.step.arguments:
            return await self._tap_at(turn)
        control = await self._await(turn, turn.words())
        view = self.run.last or turn.last
        intent, offer = meaning(view.screen, view.scene, control, self.run.lexicon)
        goal: Goal = "offers" if intent in {"pay", "choose"} else self.goal
        view = await self.run.tap(control, goal, turn.why, intent=intent, offer=offer)
        if called(view) and intent == "pay":
            self._reached("offers")
        return view

    async def _tap_at(self, turn: _Turn) -> View:
        point = turn.point("at")
        control = control_at(turn.last.screen, *point)
        if control is None:
            return await self.run.tap_point(*point, self.goal, turn.why)
        intent, offer = meaning(turn.last.screen, turn.last.scene, control, self.run.lexicon)
        aimed = replace(control, tap=point, reach="now")
        return await self.run.tap(aimed, self.goal, turn.why, intent=intent, offer=offer)

    async def _swipe(self, turn: _Turn) -> View:
        arguments = turn.step.arguments
        if "from" in arguments:
            return await self.run.drag(turn.point("from"), turn.point("to"), self.goal, turn.why)
        if "by" in arguments:
            return await self.run.move(*turn.point("at"), float(arguments["by"]), self.goal, turn.why)
        if turn.step.value == "up":
            return await self.run.swipe_feed(self.goal, turn.why)
        return await self.run.scroll(self.goal, turn.why, up=True)

    async def _type(self, turn: _Turn) -> View:
        arguments, view = turn.step.arguments, turn.last
        if "into" in arguments:
            control = await self._await(turn, arguments["into"])
            text = arguments.get("text", "")
            typed = secret.filled(text)
            view = await self.run.type_into(control, typed, self.goal, turn.why, shown=text)
        if arguments.get("then") == "enter":
            view = await self.run.enter(self.goal, turn.why)
        return view

    async def _wait_for(self, turn: _Turn) -> View:
        wanted = turn.words()
        view = await self.run.wait(0.5, self.goal, turn.why)
        for _ in range(_WAIT_FOR_S):
            if wanted in view.screen.words:
                return view
            view = await self.run.wait(1.0, self.goal, f"{turn.why}: “{wanted}” is not there yet")
        raise UsageError(
            f"{turn.why}: “{wanted}” did not appear in {_WAIT_FOR_S} s",
            f"{turn.why}：{_WAIT_FOR_S} 秒内未出现“{wanted}”",
        )

    async def _choose(self, turn: _Turn) -> View:
        control = await self._await(turn, turn.offer)
        return await self.run.tap(control, "offers", turn.why, intent="choose", offer=turn.offer)

    async def _pay(self, turn: _Turn) -> View:
        offer = turn.offer or next(iter(names(turn.last, self.run)), "")
        if not offer:
            raise UsageError(
                f"{turn.why}: nothing is on sale here; take the walk to the paywall first",
                f"{turn.why}：此处没有可购买的内容；请先走到付费界面",
            )
        tried = await try_offer(self.run, turn.last, offer, self.budget)
        if tried.called:
            self._reached("offers")
        return tried.view

    async def _leave(self, turn: _Turn) -> View:
        left = await leave(self.run, self.found or Found(turn.last, "screen"), self.budget)
        if left.left:
            self._reached("leave")
        return left.view

    async def _back(self, turn: _Turn) -> View:
        return await self.run.back(self.goal, turn.why)

    async def _capture(self, turn: _Turn) -> View:
        return await self.run.wait(0.0, self.goal, f"{turn.why}: capture {turn.step.value}")


def find(screen: Screen, words: str, nth: int = 1, *, into: bool = False) -> Control | None:
    """The control that says something, or the nth of those that do: exact words and real controls first.

    With ``into``, what takes text comes before its label.
    """
    found = [c for c in screen.controls if c.reach != "blocked" and words and words in c.label]
    found.sort(
        key=lambda c: (into and c.role not in _FIELDS, c.label != words, not c.strong, len(c.label), c.node)
    )
    return found[nth - 1] if len(found) >= nth else None
