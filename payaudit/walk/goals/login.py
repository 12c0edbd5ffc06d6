"""Past a mock login or an age form with the fictitious viewer's data.

Typed: phone, e-mail, code, password, name, birth; nothing else. The box that
agrees to the terms is ticked only where the login does not go on without it.
"""

from __future__ import annotations

import re
from dataclasses import replace

from payaudit.model.evidence import Goal
from payaudit.perceive.controls import Control
from payaudit.perceive.fields import Field
from payaudit.perceive.gates import Gate, asks_mail, gate_of
from payaudit.perceive.intents import guesses
from payaudit.perceive.lexicon import Lexicon
from payaudit.perceive.screen import Screen
from payaudit.perceive.taboo import taboo
from payaudit.walk.agenda import Budget
from payaudit.walk.run import Run
from payaudit.walk.stage import View
from payaudit.walk.viewer import entry

_CODE = re.compile(r"(?<!\d)(\d{4,8})(?!\d)")
_ROUNDS = 3  # phone and code, then the terms' box, then once more
_SUBMIT = ("login", "accept_gate", "age_gate", "answer_yes")
_CLEAR = 0.55
_TICK_PX = 12.0  # from a row's edge to the middle of its tick
_NOT_NEEDED = (
    "newsletter", "push_permission", "grant_passwordless", "passwordless", "renewal", "autobuy",
)  # fmt: skip
_WHY = "the fictitious viewer's data; a {kind} form stands before the content"


async def pass_form(run: Run, view: View, budget: Budget, goal: Goal, gate: Gate) -> View:
    """Fill and send the form in front; returns the last view, past it or not."""
    why = _WHY.format(kind=gate.kind)
    for turn in range(_ROUNDS):
        here = _asked(run, view)
        if here is None or here.kind != gate.kind or not here.fields:
            return view
        view = await _fill(run, view, budget, goal, why)
        if turn:
            view = await _tick_terms(run, view, budget, goal)
        view = await _send(run, view, budget, goal)
    return view


async def _fill(run: Run, view: View, budget: Budget, goal: Goal, why: str) -> View:
    language = _language(run, view)
    asked_code = False
    for _ in range(6):  # fields of one form; each view may show others
        fields = _fields(run, view)
        empty = [f for f in fields if not f.value and not (f.kind == "code" and not asked_code)]
        sender = _sender(view, run.lexicon)
        if not asked_code and not any(f.kind in {"phone", "email"} for f in empty):
            if sender is not None:
                budget.spend()
                view = await run.tap(sender, goal, "to be sent a code, as the form asks", intent="code_get")
            asked_code = True
            continue
        field = next((f for f in empty if entry(f, language, None) is not None), None)
        if field is None:
            return view
        text = entry(field, language, _shown_code(view, run.lexicon)) or ""
        budget.spend()
        run.intervene(f"typed “{text}” as {field.kind} into “{field.control.label[:40]}”", why)
        view = await run.type_into(field.control, text, goal, f"{field.kind}: {why}")
        after = next((f for f in _fields(run, view) if f.kind == field.kind), None)
        if after is not None and not after.value and field.kind != "code":
            return view  # it takes no typing
        if field.kind == "code":
            return view
    return view


def _asked(run: Run, view: View) -> Gate | None:
    return gate_of(view.screen, run.lexicon, run.info.locale) or asks_mail(view.screen, run.lexicon)


def _fields(run: Run, view: View) -> tuple[Field, ...]:
    gate = _asked(run, view)
    return gate.fields if gate is not None else ()


def _sender(view: View, lexicon: Lexicon) -> Control | None:
    return _best(view.screen, lexicon, ("code_get",))


async def _send(run: Run, view: View, budget: Budget, goal: Goal) -> View:
    control = _of_its_form(run, view) or _submit(view.screen, run.lexicon)
    if control is None:
        return view
    budget.spend()
    return await run.tap(control, goal, "to send the form that stands before the content", intent="submit")


def _of_its_form(run: Run, view: View) -> Control | None:
    """The one button of the form that the first field stands in."""
    screen = view.screen
    field = next(iter(_fields(run, view)), None)
    forms = list(screen.tree.ancestors(field.control.node)) if field is not None else []
    form = next((i for i in forms if screen.tree.nodes[i].tag == "FORM"), None)
    if form is None:
        return None
    inside = [
        c
        for c in screen.reachable
        if c.role == "button"
        and c.strong
        and screen.tree.inside(c.node, form)
        and taboo(c, screen, run.lexicon) is None
        and "code_get" not in guesses(c, screen, run.lexicon)
    ]
    return inside[0] if len(inside) == 1 else None


def _submit(screen: Screen, lexicon: Lexicon) -> Control | None:
    """The button of the form: by its caption, else the lowest wide one beside the fields."""
    named = _best(screen, lexicon, _SUBMIT)
    if named is not None:
        return named
    wide = [
        c
        for c in screen.reachable
        if c.strong
        and c.role == "button"
        and c.box[2] >= 0.4 * screen.width
        and taboo(c, screen, lexicon) is None
        and "code_get" not in guesses(c, screen, lexicon)
    ]
    return max(wide, key=lambda c: (c.box[1], c.node), default=None)


def _best(screen: Screen, lexicon: Lexicon, intents: tuple[str, ...]) -> Control | None:
    found = []
    for control in screen.reachable:
        if control.role in {"input", "select", "checkbox", "radio", "switch", "label"}:
            continue
        said = guesses(control, screen, lexicon)
        score = max((said[i].score for i in intents if i in said), default=0.0)
        if score >= _CLEAR and taboo(control, screen, lexicon) is None:
            found.append((control.strong, score, control.box[1], control))
    return max(found, key=lambda f: f[:3])[3] if found else None


async def _tick_terms(run: Run, view: View, budget: Budget, goal: Goal) -> View:
    """Tick what agrees to the terms of the account, and no box that allows anything else."""
    for control in view.screen.reachable:
        if control.state or control.role in {"input", "select", "link"}:
            continue
        label = control.label
        boxed = control.role in {"checkbox", "radio", "switch", "icon", "label"}
        named = run.lexicon.has("consent", label) or (boxed and run.lexicon.has("agreement_link", label))
        if named and not any(run.lexicon.has(g, label) for g in _NOT_NEEDED):
            why = "the login does not go on without agreeing to its terms"
            budget.spend()
            return await run.tap(_at_its_start(control), goal, why, intent="terms")
    return view


def _at_its_start(control: Control) -> Control:
    """Where a row of words holds its own tick, that stands first; its middle may be a link."""
    x, y, width, height = control.box
    if control.tap is None or width <= 2 * _TICK_PX:
        return control
    return replace(control, tap=(x + _TICK_PX, y + height / 2))


def _shown_code(view: View, lexicon: Lexicon) -> str | None:
    """A code that the page itself shows, as a mock login does."""
    spoken = [str(e.data.get("message", "")) for e in view.step.events if e.kind == "dialog"]
    spoken += [t.text for t in view.screen.front if len(t.text) < 60]  # noqa: PLR2004 - a toast or a hint
    for text in spoken:
        match = _CODE.search(text)
        if match is not None and lexicon.has("field_code", text):
            return match.group(1)
    return None


def _language(run: Run, view: View) -> str:
    """The language of the form: that of the word which names its first field, else the viewer's own."""
    for field in _fields(run, view):
        for group in ("field_phone", "field_email", "field_birth", "field_code"):
            hits = run.lexicon.find(group, field.control.label)
            if hits:
                return hits[0].language.partition("-")[0]
    words = view.screen.words
    for group in ("login", "code_get", "age_gate"):
        hits = run.lexicon.find(group, words)
        if hits:
            return hits[0].language.partition("-")[0]
    return run.info.locale.partition("-")[0]
