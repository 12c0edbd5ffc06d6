"""What leaving the paywall took: exits, layers in the way, delays."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

from payaudit.extract.legible import decimal
from payaudit.extract.pixels import mark_contrast
from payaudit.extract.walked import Seen, Walked
from payaudit.model.facts import Exit, ExitEffect, ExitKind, Leaving
from payaudit.perceive.bare_question import holds_back
from payaudit.perceive.controls import Control
from payaudit.perceive.hit_area import hit_area
from payaudit.perceive.intents import best
from payaudit.perceive.prices import amounts
from payaudit.perceive.tree import Rect

_PLAIN = ("decline", "close", "back", "stay", "answer_no", "answer_yes")  # what a way out says without blame
_WORD = re.compile(r"[^\W\d_]+")
_FEW = 4  # words of a caption that says no more than that
_MOST = 0.5  # of a longer one that has to be understood
_STAYS = 0.5  # score from which a caption goes on with the offer
_KINDS: dict[str, ExitKind] = {"close": "close", "decline": "decline", "back": "back"}


def exits(walked: Walked) -> tuple[Exit, ...]:
    """Every exit that was tried in a run that leaves, in order."""
    found = []
    for steps in _leaving_runs(walked):
        start = _begin(steps)
        if start is None:
            continue
        home = steps[start - 1] if start else None
        for before, after in pairwise(steps[start:]):
            kind = _kind(after)
            if kind is None:
                continue
            target = after.step.action.target
            control = _control(before, target.node if target else None)
            size = hit_area(before.screen, control) if control else None
            found.append(
                Exit(
                    kind=kind,
                    label=target.label if target else "",
                    width=decimal(size[2]) if size else None,
                    height=decimal(size[3]) if size else None,
                    contrast=decimal(_contrast(walked, before, control), 2) if control else None,
                    delay_s=_delay(steps, before),
                    shaming=_shaming(walked, target.label if target else ""),
                    effect=_effect(walked, before, after, home, steps[start]),
                    **_accepting(walked, before, control, size),
                    at=before.source(
                        target.node if target else None,
                        target.label if target else kind,
                        control.box if control else None,
                    ),
                )
            )
    return tuple(found)


def _shaming(walked: Walked, label: str) -> bool | None:
    """None where nothing is said, or a sentence of which little more than a refusal is understood."""
    lexicon = walked.lexicon
    if lexicon.has("shame", label):
        return True
    hits = {h for group in _PLAIN for h in lexicon.find(group, label)}
    understood = max((h.end - h.start for h in hits), default=0)
    long = len(_WORD.findall(label)) > _FEW
    return None if not label or (long and understood < _MOST * len(label)) else False


def leavings(walked: Walked) -> tuple[Leaving, ...]:
    """One for each run that set out to leave."""
    return tuple(one for steps in _leaving_runs(walked) if (one := _leaving(walked, steps)) is not None)


def _leaving_runs(walked: Walked) -> list[tuple[Seen, ...]]:
    return [
        steps
        for number in walked.runs
        if (steps := walked.run(number)) and any(s.step.goal == "leave" for s in steps)
    ]


def _begin(steps: tuple[Seen, ...]) -> int | None:
    """The paywall that is left: the first one, or what is sold behind it where the way led further."""
    first_exit = next((i for i, s in enumerate(steps) if _kind(s) is not None), len(steps))
    further = max((i for i in range(first_exit) if steps[i].step.goal == "offers"), default=0)
    selling = {"paywall"} if not further else {"paywall", "plea"}
    return next((i for i, s in enumerate(steps) if i >= further and s.scene.kind in selling), None)


def _leaving(walked: Walked, steps: tuple[Seen, ...]) -> Leaving | None:
    start = _begin(steps)
    if start is None:
        return _leaving_by_dialogs(steps)
    if all(_kind(s) is None for s in steps[start:]):
        return None  # no exit was tried: nothing is told of any
    first = steps[start]
    home = steps[start - 1] if start else None
    layers: list[str] = []
    left = False
    stuck = first.scene.key
    close: tuple[Seen, Control] | None = None
    close_effect: ExitEffect | None = None
    back_works: bool | None = None
    tried = held = False
    for before, after in pairwise(steps[start:]):
        kind = _kind(after)
        if kind is None:
            continue
        effect = _effect(walked, before, after, home, first)
        target = after.step.action.target
        control = _control(before, target.node if target else None)
        leads_out = kind == "close" or (kind in {"decline", "back"} and effect in {"left", "retention"})
        # The first exit is the paywall's own, though one in words that came late has changed what it says.
        own = not tried or before.scene.key == stuck
        tried = tried or effect != "nothing"
        held = held or (after.step.action.verb == "back" and effect == "nothing" and not _stayed(after))
        if leads_out and close is None and own and control is not None:
            close, close_effect = (before, control), effect
        elif close is not None and control is not None and _same(close[1], control) and effect == "left":
            close_effect = effect  # pressed again, its question answered otherwise
        if kind == "back" and after.step.action.verb == "back" and not _stayed(after):
            back_works = effect == "left"
        dialogs = [str(e.data.get("message", "")) for e in after.events("dialog")]
        layers += [message for message in dialogs if message not in layers]
        if effect == "retention" and not dialogs and not _at_the_till_again(before, after, first):
            told = " / ".join(t.text.strip() for t in after.screen.front[:4])[:160]
            # An answer that led back, and the cross again: the same layer stands in the way once.
            layers += [told] if told not in layers else []
        left = left or effect == "left"
    # Where the device's own way back does nothing, a page is left by its mark alone, as a layer is.
    overlay = first.screen.overlay is not None or (held and back_works is False)
    agenda = {g.goal: g.state for g in walked.evidence.audit.agenda}
    seen_whole = left or agenda.get("leave") in {"reached", "failed"}
    found = close is not None
    sides = hit_area(close[0].screen, close[1])[2:] if close else None
    return Leaving(
        overlay=overlay,
        left=left if seen_whole else None,
        layers=len(layers) if seen_whole else None,
        layer_texts=tuple(layers),
        # A lock upon a clip that names no price is no till: one goes on past it.
        close_found=found or (False if seen_whole and first.scene.cards else None),
        close_width=decimal(sides[0]) if sides else None,
        close_height=decimal(sides[1]) if sides else None,
        close_side=decimal(min(sides)) if sides else None,
        close_contrast=decimal(_contrast(walked, *close), 2) if close else None,
        close_delay_s=_delay(steps, close[0]) if close else None,
        close_pays=(close_effect == "payment") if close else None,
        close_worded=sum(c.isalpha() for c in close[1].label) > 1 if close else None,
        close_works=close_effect in {"left", "retention"} if close else None,
        back_works=back_works,
        at=(close[0] if close else first).source(
            close[1].node if close else None, close[1].label if close else "", close[1].box if close else None
        ),
    )


def _at_the_till_again(before: Seen, after: Seen, first: Seen) -> bool:
    """Whether a layer was closed and what one had wanted to leave stands there again: no further layer."""
    if before.scene.key == first.scene.key or after.scene.kind != "paywall":
        return False
    sold = [{c.main.key for c in s.scene.cards if c.main is not None} for s in (first, after)]
    layered = [s.screen.overlay is not None for s in (first, after)]
    return bool(sold[0]) and sold[0] == sold[1] and layered[0] == layered[1]


def _same(one: Control, other: Control) -> bool:
    return (one.node, one.label) == (other.node, other.label)


def _leaving_by_dialogs(steps: tuple[Seen, ...]) -> Leaving | None:
    """A paywall of native dialogs: each further question after the first refusal is a layer."""
    for seen in steps:
        asked = [e for e in seen.events("dialog") if e.data.get("type") in {"confirm", "prompt", "alert"}]
        priced = next((i for i, e in enumerate(asked) if amounts(str(e.data.get("message", "")))), None)
        if priced is None:
            continue
        further = [
            str(e.data.get("message", "")) for e in asked[priced + 1 :] if e.data.get("type") != "alert"
        ]
        return Leaving(
            overlay=False,
            left=True,
            layers=len(further),
            layer_texts=tuple(further),
            at=seen.source(None, str(asked[priced].data.get("message", ""))),
        )
    return None


def _kind(seen: Seen) -> ExitKind | None:
    action = seen.step.action
    if action.goal != "leave":
        return None
    if action.verb == "outside_tap":
        return "outside"
    if action.verb == "back":
        return "back"
    return _KINDS.get(action.intent or "") if action.verb == "tap" else None


def _effect(walked: Walked, before: Seen, after: Seen, home: Seen | None, paywall: Seen) -> ExitEffect:
    """What an exit did; ``home`` is the screen from which the paywall was reached."""
    if after.events("payment_call"):
        return "payment"
    if home is not None and (
        after.scene.key == home.scene.key or after.screen.back_at(home.screen, paywall.screen)
    ):
        return "left"
    if after.screen.beneath(paywall.screen):
        return "left"
    another = after.screen.overlay is not None and (
        home is None
        or not (
            after.screen.same_layer(home.screen)
            or (not after.scene.cards and after.screen.reads_as(home.screen))
        )
    )
    nothing: ExitEffect = "retention" if after.events("dialog") else "nothing"  # a question is a layer
    if after.scene.kind in {"paywall", "plea"} or another or holds_back(after.screen, walked.lexicon):
        return nothing if after.scene.key == before.scene.key else "retention"
    if after.scene.key == before.scene.key and not after.step.outcome.changed:
        return nothing
    return "left"


def _stayed(seen: Seen) -> bool:
    """Whether the walk kept from going back, because that would have left the site."""
    return any(e.data.get("note") for e in seen.events("navigation"))


def _control(seen: Seen, node: int | None) -> Control | None:
    return next((c for c in seen.screen.controls if c.node == node), None)


def _accepting(walked: Walked, seen: Seen, control: Control | None, size: Rect | None) -> dict[str, object]:
    """What goes on with the offer beside a way out in words: the largest such control of the layer."""
    if control is None or size is None or not any(c.isalpha() for c in control.label):
        return {}
    scope = seen.screen.scope
    pool = [c for c, _ in best("stay", seen.screen, walked.lexicon, _STAYS)]
    pool += [c for c, _ in best("pay", seen.screen, walked.lexicon, _STAYS)] + list(seen.scene.pays)
    tree = seen.screen.tree
    others = [
        (hit_area(seen.screen, c), c)
        for c in pool
        if c.node != control.node
        and c.label != control.label
        and tree.inside(c.node, scope)
        and not tree.inside(c.node, control.node)
        and not tree.inside(control.node, c.node)
    ]
    if not others:
        return {"accept_beside": False}
    area, accept = max(others, key=lambda o: o[0][2] * o[0][3])
    own = size[2] * size[3]
    return {
        "accept_beside": True,
        "accept_label": accept.label,
        "accept_area_ratio": decimal(area[2] * area[3] / own, 2) if own else None,
        "accept_contrast": decimal(_contrast(walked, seen, accept), 2),
    }


def _delay(steps: tuple[Seen, ...], at: Seen) -> Decimal | None:
    """Seconds from the first sight of the layer to the last capture without its exit.

    A lower bound; zero where the first capture already shows the exit.
    """
    layer: list[Seen] = []
    for seen in reversed([s for s in steps if s.step.number <= at.step.number]):
        # What another layer took before it, a login say, is no wait for this one.
        if seen.scene.kind not in {"paywall", "plea"} or not seen.screen.same_layer(at.screen):
            break
        layer.insert(0, seen)
    if not layer:
        return None
    waits = [s for s in layer if s.step.action.verb == "wait" and s.step.goal == "leave"]
    if not waits:
        return Decimal(0)
    begin = layer[0].step.captured
    before_last = [s for s in layer if s.step.number < waits[-1].step.number]
    last_without = before_last[-1] if before_last else layer[0]
    return decimal((last_without.step.captured - begin).total_seconds(), 2)


def _contrast(walked: Walked, seen: Seen, control: Control) -> float | None:
    """Contrast of a mark with what lies behind it (WCAG SC 1.4.11): of its letters, else of its pixels."""
    tree = seen.screen.tree
    known = [
        r.contrast
        for t in seen.screen.texts
        if tree.inside(t.node, control.node)
        for r in t.runs
        if r.contrast is not None
    ]
    if known:
        return max(known)
    shot = walked.evidence.screenshot(seen.step)
    return mark_contrast(shot, control.box, seen.screen.width) if shot else None
