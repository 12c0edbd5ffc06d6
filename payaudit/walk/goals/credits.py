"""The opening of episode 1: its first seconds, where a licence number is shown."""

from __future__ import annotations

from payaudit.perceive.controls import Control
from payaudit.perceive.episode_number import episode_shown
from payaudit.perceive.grid import episode_grid
from payaudit.perceive.intents import best
from payaudit.perceive.paint import area
from payaudit.perceive.scene import gate_controls
from payaudit.walk.agenda import Budget
from payaudit.walk.run import Run
from payaudit.walk.stage import View

_FRAMES_S = (0.5, 2.0, 4.0)  # after the press; titles show the number for two to three seconds
_PRESSES = 5
_FRAME_SHARE = 0.12  # of the screen's area; a smaller video is a trailer in a list


async def opening(run: Run, view: View, budget: Budget) -> list[View]:
    """From the first page into episode 1; the captures of its opening, empty where it was not found."""
    pressed: set[tuple[str, str]] = set()
    began: float | None = None
    for _ in range(_PRESSES):
        step = _next(run, view, pressed)
        if step is None:
            break
        control, intent, why = step
        pressed.add((intent, control.label))
        budget.spend()
        began = run.clock.seconds()
        view = await run.tap(control, "credits", why, intent=intent)
        if intent == "first" or (intent == "play" and _plays(view)):
            break
    there = _plays(view) or episode_shown(view.screen) == 1
    if not there and not any(intent in {"first", "play"} for intent, _ in pressed):
        return []
    frames = [view]
    began = began if began is not None else run.clock.seconds()
    for after in _FRAMES_S:
        budget.spend()
        left = max(0.0, after - (run.clock.seconds() - began))
        frames.append(await run.wait(left, "credits", f"the opening of episode 1, {after:g} s in"))
    return frames


def _next(run: Run, view: View, pressed: set[tuple[str, str]]) -> tuple[Control, str, str] | None:
    gate = view.scene.kind == "gate" or (view.screen.overlay is not None and view.scene.kind != "paywall")
    if gate and not episode_grid(view.screen):
        for control, why, _ in gate_controls(view.screen, run.lexicon):
            if ("gate", control.label) not in pressed:
                return control, "gate", why
    first = next((c for c in episode_grid(view.screen) if c.number == 1), None)
    if first is not None and ("first", first.control.label) not in pressed:
        return first.control, "first", "episode 1, for its opening"
    if any(intent in {"first", "play"} for intent, _ in pressed) and _plays(view):
        return None
    for intent in ("play", "episodes"):
        ways = best(intent, view.screen, run.lexicon, 0.6)
        ways.sort(
            key=lambda way: (-round(way[1].score, 1), -area(way[0].box))
        )  # the main one is drawn largest
        for control, guess in ways:
            if (intent, control.label) not in pressed and control not in view.scene.pays:
                return control, intent, f"towards episode 1: {guess.why}"
    return None


def _plays(view: View) -> bool:
    """Whether a picture or video large enough to be the drama stands on the screen."""
    whole = view.screen.width * view.screen.height
    return any(
        n.tag in {"VIDEO", "CANVAS"} and n.box is not None and n.box[2] * n.box[3] > _FRAME_SHARE * whole
        for n in view.screen.tree.nodes
    )
