"""Away from the paywall: what stands in the way, how many layers, how long.

Exits are tried as a viewer would: the close mark, then a decline, then a tap
outside the layer, then the device's back. Nothing that pays or stays is pressed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial

from payaudit.model.evidence import Goal
from payaudit.perceive.bare_question import holds_back
from payaudit.perceive.controls import Control
from payaudit.perceive.intents import best, guesses
from payaudit.perceive.naming import offer_name
from payaudit.perceive.paint import contains
from payaudit.perceive.pay_controls import pay_controls, priced
from payaudit.perceive.prices import amounts
from payaudit.perceive.taboo import taboo
from payaudit.walk.agenda import Budget
from payaudit.walk.goals.paywall import Found
from payaudit.walk.run import Run
from payaudit.walk.stage import View

_SHORT = 48  # characters of an answer; those that shame are long
_STAYS = {"stay", "accept_gate", "pay", "unlock", "play", "agreement_link", "watch_ad", "fold"}
_PLAIN = 0.5  # score of a caption that declines
_COOKIES = 0.6  # score of a caption that refuses cookies
_LITTLE = 25  # texts of a page that only asks to stay
_LAYERS = 7  # more than anybody would answer
_WAIT_S = 0.3  # short, so that the moment an exit appears is known within a second
_WAITS = 12  # a close mark that takes longer is as good as none


@dataclass(frozen=True)
class Left:
    """Whether the paywall was left, the view at the end, and the layers on the way that sold something."""

    left: bool
    view: View
    sold: tuple[View, ...] = ()


async def leave(run: Run, found: Found, budget: Budget) -> Left:
    """Leave from the paywall in front."""
    view = found.view
    view = await _await_close(run, view, budget)
    sold: list[View] = []
    waited = False
    stays: set[str] = set()  # captions of answers that led back to the paywall
    for _ in range(_LAYERS):
        before = view
        if view.step.goal == "leave" and view.scene.kind in {"paywall", "plea"} and view.scene.cards:
            sold.append(view)
        tried = False
        for way in (partial(_tap_exit, stays=stays), _tap_outside, _go_back):
            moved = await way(run, view, budget)
            if moved is None:
                continue
            tried = True
            view = moved
            if view.scene.key != before.scene.key or view.step.outcome.changed:
                break
        target = view.step.action.target
        if before.scene.kind != "paywall" and view.scene.key == found.view.scene.key and target is not None:
            stays.add(target.label)
        if _free(run, view, found):
            return Left(left=True, view=view, sold=tuple(sold))
        if not tried or (view.scene.key == before.scene.key and not view.step.outcome.changed):
            # Not even the device's back leads out: a mark may still come up, as it does over a layer.
            view = view if waited else await _until_an_exit(run, view, budget, "leave")
            if waited or not exits(run, view):
                break
            waited = True
    return Left(left=_free(run, view, found), view=view, sold=tuple(sold))


async def stay_for(run: Run, found: Found, name: str, budget: Budget) -> View | None:
    """Go the way out again as far as the layer that sells the offer of that name.

    Its presses belong to the offers: nothing is told by them about leaving.
    """
    view = await _await_close(run, found.view, budget, "offers")
    for _ in range(_LAYERS):
        if any(offer_name(c, run.lexicon) == name for c in view.scene.cards):
            return view
        moved = await _tap_exit(run, view, budget, "offers")
        if moved is None or _free(run, moved, found):
            return None
        view = moved
    return None


async def closed(run: Run, view: View, budget: Budget, goal: Goal) -> View | None:
    """What lies under a layer, seen by going out of it as a viewer would; None where no way out worked."""
    for _ in range(_LAYERS):
        moved = await _tap_exit(run, view, budget, goal)
        if moved is None:
            return None
        if moved.screen.overlay is None:
            return moved
        view = moved
    return None


def exits(run: Run, view: View, stays: Collection[str] = ()) -> list[tuple[Control, str, str]]:
    """Controls that lead out, best first: (control, intent, why); ``stays``: captions known to lead back."""
    layered = view.screen.overlay is not None
    ranked: list[tuple[Control, str, str]] = []
    order = ("close", "decline", "back") if view.scene.kind == "paywall" else ("decline", "close", "back")
    for intent in order:
        for control, guess in best(intent, view.screen, run.lexicon, 0.5):
            if (
                control in view.scene.pays
                or _is_the_question(control)
                or control.label in stays
                or _about_cookies(run, view, control)
                or _accepts(run, view, control)
            ):
                continue
            if layered and intent != "back" and not _near_layer(view, control):
                continue
            ranked.append((control, intent, guess.why))
    if not layered:
        ranked = (
            [r for r in ranked if r[1] != "back"]
            + _further_down(run, view)
            + [r for r in ranked if r[1] == "back"]
        )
        asked = not ranked and holds_back(view.screen, run.lexicon)
        return _other_button(run, view, stays) if asked else ranked
    # The answers of a small dialog come before a mark of what lies under it.
    own = [r for r in ranked if view.screen.tree.inside(r[0].node, view.screen.scope)]
    if own:
        return own + [r for r in ranked if r not in own]
    return _other_button(run, view, stays) + ranked


def _is_the_question(control: Control) -> bool:
    """Whether a bare text asks rather than answers (真的不看了？)."""
    return not control.strong and control.label.strip().endswith(("?", "？"))


def _further_down(run: Run, view: View) -> list[tuple[Control, str, str]]:
    """On a page that sells, what declines by its caption and is only to be scrolled to."""
    if view.scene.kind != "paywall":
        return []
    pays = {c.node for c in pay_controls(view.screen, run.lexicon, reachable=False)}
    found = []
    for control in view.screen.controls:
        short = control.strong and 0 < len(control.label.strip()) <= _SHORT
        if control.reach != "scroll" or not short or control.node in pays or _accepts(run, view, control):
            continue
        said = guesses(control, view.screen, run.lexicon)
        if "decline" in said and said["decline"].score >= _PLAIN and not set(said) & _STAYS:
            found.append((control, "decline", f"{said['decline'].why}; it stands further down"))
    return found[:1]


def _accepts(run: Run, view: View, control: Control) -> bool:
    """Whether a caption that seems to decline names a price, or speaks of accepting as much."""
    if priced(control) or taboo(control, view.screen, run.lexicon) is not None:
        return True
    said = guesses(control, view.screen, run.lexicon)
    away = max((said[i].score for i in ("close", "decline", "back") if i in said), default=0.0)
    return any(said[i].score >= away for i in ("pay", "unlock", "accept_gate") if i in said)


def _about_cookies(run: Run, view: View, control: Control) -> bool:
    """Whether it answers a cookie bar beside the paywall, which keeps nobody there."""
    said = guesses(control, view.screen, run.lexicon).get("reject_cookies")
    return said is not None and said.score >= _COOKIES and run.lexicon.has("cookies", view.screen.words)


def _other_button(run: Run, view: View, stays: Collection[str]) -> list[tuple[Control, str, str]]:
    """On a small dialog without a known word, the button that does not ask to stay, agree or pay."""
    buttons = [
        c
        for c in view.screen.reachable
        if c.strong
        and c.role in {"button", "link"}
        and 0 < len(c.label.strip()) <= _SHORT
        and view.screen.tree.inside(c.node, view.screen.scope)
    ]
    if not 2 <= len(buttons) <= 3:  # noqa: PLR2004 - a question with its answers
        return []
    wanted = [
        c for c in buttons
        if (c not in view.scene.pays or (stays and not _speaks_of_paying(run, c)))
        and c.label not in stays
        and not view.screen.in_prose(c)
        and taboo(c, view.screen, run.lexicon) is None
        and not set(guesses(c, view.screen, run.lexicon)) & _STAYS
    ]  # fmt: skip
    return [
        (c, "decline", "of this question's answers it is the one that does not ask to stay")
        for c in wanted[-1:]
    ]


def _speaks_of_paying(run: Run, control: Control) -> bool:
    return priced(control) or any(
        run.lexicon.has(group, control.label) for group in ("pay", "unlock", "topup")
    )


def _near_layer(view: View, control: Control) -> bool:
    overlay = view.screen.overlay
    if overlay is None or overlay.box is None:
        return True
    x, y = control.box[0] + control.box[2] / 2, control.box[1] + control.box[3] / 2
    box = overlay.box
    return contains((box[0] - 40, box[1] - 100, box[2] + 80, box[3] + 220), x, y)


async def _await_close(run: Run, view: View, budget: Budget, goal: Goal = "leave") -> View:
    if view.screen.overlay is None and not _only_sells(view):
        return view
    return await _until_an_exit(run, view, budget, goal)


async def _until_an_exit(run: Run, view: View, budget: Budget, goal: Goal) -> View:
    for _ in range(_WAITS):
        if exits(run, view):
            return view
        budget.spend()
        view = await run.wait(_WAIT_S, goal, "no close mark is to be seen yet")
    return view


def _only_sells(view: View) -> bool:
    """Whether a page of its own has nothing to press but what pays and what its sentences link to."""
    screen = view.screen
    return view.scene.kind == "paywall" and all(
        c in view.scene.pays or c.state is not None or not c.strong or screen.in_prose(c)
        for c in screen.reachable
    )


async def _tap_exit(
    run: Run, view: View, budget: Budget, goal: Goal = "leave", *, stays: Collection[str] = ()
) -> View | None:
    for control, intent, why in exits(run, view, stays)[:2]:
        budget.spend()
        after = await run.tap(control, goal, f"to leave: {why}", intent=intent)
        if not _moved(view, after) and _asked(after) and not run.stored:
            # Which answer leads out of the browser's own question is only known by giving it.
            budget.spend()
            with run.dialogs.accepting():
                again = "to leave: the same again, its question answered yes"
                after = await run.tap(control, goal, again, intent=intent)
        if _moved(view, after):
            return after
    return None


def _moved(view: View, after: View) -> bool:
    return after.step.outcome.changed or after.scene.key != view.scene.key


def _asked(view: View) -> bool:
    """Whether the press raised a question without a price, which was answered no."""
    told = [e.data for e in view.step.events if e.kind == "dialog" and e.data.get("answer") == "dismiss"]
    return bool(told) and not any(amounts(str(data.get("message", ""))) for data in told)


async def _tap_outside(run: Run, view: View, budget: Budget) -> View | None:
    node = view.screen.tree.nodes[view.screen.scope]
    if view.screen.overlay is None or node.box is None:
        return None
    shown = view.screen.paint.shown(node.index)
    for x, y in (
        (view.screen.width / 2, 40.0),
        (view.screen.width / 2, view.screen.height - 24),
        (12.0, view.screen.height / 2),
    ):
        if not contains((shown[0] - 30, shown[1] - 80, shown[2] + 60, shown[3] + 160), x, y):
            budget.spend()
            return await run.tap_point(x, y, "leave", "no exit is to be seen; a tap outside the layer")
    return None


async def _go_back(run: Run, _: View, budget: Budget) -> View | None:
    budget.spend()
    return await run.back("leave", "nothing else leads out; the device's back")


def _pleads(run: Run, view: View) -> bool:
    """Whether a page of its own repeats an offer and has something to decline it, and little else."""
    return (
        view.screen.overlay is None
        and bool(view.scene.cards or view.scene.pays)
        and len(view.screen.front) <= _LITTLE
        and bool(best("decline", view.screen, run.lexicon, _PLAIN))
    )


def _free(run: Run, view: View, found: Found) -> bool:
    """Back on the screen from which the paywall was reached, or on one without a further layer."""
    if found.before is not None and (
        view.scene.key == found.before.scene.key
        or view.screen.back_at(found.before.screen, found.view.screen)
    ):
        return True
    if view.screen.beneath(found.view.screen):
        return True
    if view.scene.kind in {"paywall", "plea"} or holds_back(view.screen, run.lexicon) or _pleads(run, view):
        return False
    if view.screen.overlay is None:
        return True
    if found.before is None:
        return False
    before = found.before.screen
    return view.screen.same_layer(before) or (not view.scene.cards and view.screen.reads_as(before))
