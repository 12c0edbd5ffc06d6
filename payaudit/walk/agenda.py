"""The goals of a walk and what became of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from payaudit.model.evidence import Goal, GoalResult, GoalState

ORDER: tuple[Goal, ...] = (
    "enter", "credits", "paywall", "read", "offers", "ladder", "leave", "cancel", "again", "personas",
)  # fmt: skip
NOT_YET: dict[Goal, tuple[str, str]] = {
    "personas": (
        "one persona per audit unless others are named with --personas",
        "每次审计只用一种角色，除非用 --personas 指定其他角色",
    ),
}
AFTER_PAYWALL: tuple[Goal, ...] = ("read", "offers", "leave")


class OutOfBudget(Exception):  # noqa: N818 - says what happened
    """Steps or seconds are used up."""


class OutOfShare(OutOfBudget):
    """What one goal may take of the budget is used up; the others may go on."""


@dataclass
class Budget:
    """How far a walk may go: steps in all, seconds of wall clock in all."""

    max_steps: int = 240
    max_seconds: float = 600.0
    spent: int = 0
    seconds: Callable[[], float] = monotonic
    _began: float = field(init=False)

    def __post_init__(self) -> None:
        self._began = self.seconds()

    def spend(self) -> None:
        """Use one step; raises ``OutOfBudget``."""
        self.spent += 1
        if self.spent > self.max_steps or self.seconds() - self._began > self.max_seconds:
            raise OutOfBudget


@dataclass
class Share(Budget):
    """A part of a walk's budget for one goal, so that none eats what the others need.

    ``spend`` raises ``OutOfShare`` where the part is used up, ``OutOfBudget`` where the whole is.
    """

    whole: Budget = field(default_factory=Budget)

    def spend(self) -> None:
        """Use one step of the part and of the whole."""
        self.whole.spend()
        try:
            super().spend()
        except OutOfBudget:
            raise OutOfShare from None


class Agenda:
    """Collects one result for each goal; the first answer stands unless it is improved."""

    def __init__(self) -> None:
        self._results: dict[Goal, GoalResult] = {
            goal: GoalResult(goal=goal, state="not_tried", reason_en=en, reason_zh=zh)
            for goal, (en, zh) in NOT_YET.items()
        }

    def reached(self, goal: Goal, *steps: tuple[int, int]) -> None:
        """The goal was reached; further steps are added."""
        before = self._results.get(goal)
        kept = before.steps if before is not None and before.state == "reached" else ()
        self._results[goal] = GoalResult(
            goal=goal, state="reached", steps=tuple(dict.fromkeys((*kept, *steps)))
        )

    def missed(self, goal: Goal, state: GoalState, en: str, zh: str) -> None:
        """The goal was not reached, for a reason."""
        if self.state(goal) != "reached":
            self._results[goal] = GoalResult(goal=goal, state=state, reason_en=en, reason_zh=zh)

    def state(self, goal: Goal) -> GoalState:
        """What is known of it so far."""
        result = self._results.get(goal)
        return result.state if result is not None else "not_tried"

    def results(self) -> tuple[GoalResult, ...]:
        """All goals in order; those never begun say so."""
        return tuple(
            self._results.get(goal)
            or GoalResult(
                goal=goal,
                state="not_tried",
                reason_en="the walk ended before it",
                reason_zh="巡查在此之前已结束",
            )
            for goal in ORDER
        )
