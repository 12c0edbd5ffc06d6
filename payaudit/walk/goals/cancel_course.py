"""From the first control that says it stops a renewal to the one behind which nothing more is asked.

A reason is given, a plain “Next” pressed, an offer to stay turned down. A guest has nothing that renews:
there the control itself is pressed too, to see what it still asks, unless its caption confirms for good.
With somebody's own account it is captured and not pressed, nor is anything that is no link.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from payaudit.perceive.controls import Control
from payaudit.perceive.intents import best
from payaudit.perceive.taboo import taboo
from payaudit.walk.agenda import Budget
from payaudit.walk.goals.cancel_ways import (
    confirms,
    declines,
    goes_on,
    mark,
    onward,
    opens_page,
    reason,
    stops,
)
from payaudit.walk.run import Run, target_of
from payaudit.walk.stage import View

_FURTHER = 6  # controls that say it, one behind the other, and pages between two of them
_LOGIN = 0.6  # score of a caption that asks for a login
_SWITCHES = frozenset({"switch", "checkbox", "radio"})


def stops_left(run: Run, view: View, pressed: set[tuple[str, str]]) -> list[Control]:
    """Controls that stop a renewal and were not pressed yet."""
    return [c for c in stops(run, view) if mark(c, view) not in pressed]


@dataclass
class Course:
    """One way to the end of a renewal; ``saw`` is told of each page on it."""

    run: Run
    budget: Budget
    pressed: set[tuple[str, str]]
    saw: Callable[[View], None]
    given: set[str] = field(default_factory=set)  # reasons that were given

    async def through(self, view: View, control: Control, presses: int) -> View | None:
        """The capture of the last control that stops it, its value the presses; None where none was met."""
        found: View | None = None
        for _ in range(_FURTHER):
            final = not self._leads_on(control)
            if final:
                found = await self._point_out(control, presses + 1)
                if not self._harmless(view, control):
                    return found
            after = await self._press(view, control, final=final)
            if after.scene.key == view.scene.key and not after.step.outcome.changed:
                return found
            if final:
                # What stood there before, such as a site's footer, asks nothing further.
                self.pressed |= {mark(c, view) for c in stops(self.run, view)}
            view, presses, further = await self._between(after, presses + 1)
            if not further:
                return found or await self._asked(view, presses)
            control = next((c for c in further if not opens_page(c)), further[0])
        return found

    async def from_a_question(self, view: View, presses: int) -> View | None:
        """The same from a page of one's renewals that asks something, as those before an end do."""
        if self.run.stored or reason(self.run, view, asked=True) is None:
            return None
        view, presses, further = await self._between(view, presses)
        return await self.through(view, further[0], presses) if further else None

    async def _press(self, view: View, control: Control, *, final: bool) -> View:
        self.pressed.add(mark(control, view))
        self.budget.spend()
        label = control.label.strip()
        why = (
            f"a guest has nothing that renews; whether “{label}” asks anything further"
            if final
            else f"it leads to where a renewal is stopped: “{label}”"
        )
        after = await self.run.tap(control, "cancel", why, intent="cancel_link")
        self.saw(after)
        return after

    async def _between(self, view: View, presses: int) -> tuple[View, int, list[Control]]:
        """Through pages that ask why, offer something else or only lead on, to the next that stops it."""
        for _ in range(_FURTHER):
            further = stops_left(self.run, view, self.pressed)
            if further or self.run.stored:
                return view, presses, further
            if (last := confirms(self.run, view)) is not None:
                return view, presses, [last]
            control = self._next(view)
            if control is None:
                break
            self.budget.spend()
            label = control.label.strip()
            after = await self.run.tap(
                control,
                "cancel",
                f"a page on the way to the end of a renewal: “{label}”",
                intent="cancel_link",
            )
            if after.scene.key == view.scene.key and label not in self.given:
                break  # a note that something is missing is no further page
            view, presses = after, presses + 1
            self.saw(view)
        return view, presses, []

    def _next(self, view: View) -> Control | None:
        why = reason(self.run, view)
        if why is not None and why.label.strip() not in self.given:
            self.given.add(why.label.strip())
            return why
        return onward(self.run, view) or declines(self.run, view)

    def _leads_on(self, control: Control) -> bool:
        """With somebody's own account nothing but a link is pressed: it might be a step too far."""
        if self.run.lexicon.has("confirms", control.label):
            return False  # be it a link
        return opens_page(control) or (goes_on(self.run, control) and not self.run.stored)

    def _harmless(self, view: View, control: Control) -> bool:
        """Whether a press can end nothing: a guest's, on no switch, no confirmation, not of the account."""
        return (
            not self.run.stored
            and control.role not in _SWITCHES
            and view.scene.kind != "paywall"
            and not any(self.run.lexicon.has(g, control.label) for g in ("account_end", "confirms"))
            and taboo(control, view.screen, self.run.lexicon) is None
        )

    async def _asked(self, view: View, presses: int) -> View | None:
        """A form or a login before what stops the renewal."""
        asked = [c for c in view.screen.reachable if c.role in {"input", "select"}]
        asked += [c for c, _ in best("login", view.screen, self.run.lexicon, _LOGIN)]
        return await self._point_out(asked[0], presses) if asked else None

    async def _point_out(self, control: Control, presses: int) -> View:
        if control.tap is None:
            self.budget.spend()
            _, control = await self.run.bring(control, "cancel")
        self.budget.spend()
        return await self.run.point_out(
            target_of(control), "cancel", "this stops the renewal", intent="cancel", value=str(presses)
        )
