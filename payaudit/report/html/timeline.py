"""The walk as it went: runs, and for each step its picture, what was pressed on it next, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from payaudit.evidence.read import Evidence
from payaudit.model.evidence import Box, RunInfo, Step
from payaudit.model.text import Text
from payaudit.report.explain import acted, sentence
from payaudit.report.html.picture import Picture, Place
from payaudit.report.html.words import say, words
from payaudit.report.reasons import said

_LABEL = 40  # characters of a caption under a thumbnail


@dataclass(frozen=True)
class StepView:
    """One step. ``press`` is where the next act touched this screen, CSS px."""

    step: Step
    anchor: str
    act: Text
    why: Text
    told: Text  # the whole sentence, with what else was weighed
    picture: Picture | None
    press: Box | None
    paid: bool  # a payment call was refused here
    findings: tuple[str, ...]  # anchors of findings that rest on it
    chain: str | None


@dataclass(frozen=True)
class RunView:
    """One fresh context and its steps."""

    run: RunInfo | None
    number: int
    purpose: Text
    persona: Text
    interventions: tuple[Text, ...]
    steps: tuple[StepView, ...]


def anchor(run: int, number: int) -> str:
    """The address of a step on the page."""
    return f"step-{run}-{number}"


def timeline(
    evidence: Evidence, pictures: Mapping[Place, Picture], resting: Mapping[Place, tuple[str, ...]]
) -> tuple[RunView, ...]:
    """All runs in order. ``resting``: the findings that rest on a step, by run and step."""
    infos = {run.number: run for run in evidence.runs}
    numbers = sorted({*infos, *(step.run for step in evidence.steps)})
    return tuple(_run(evidence, number, infos.get(number), pictures, resting) for number in numbers)


def _run(
    evidence: Evidence,
    number: int,
    info: RunInfo | None,
    pictures: Mapping[Place, Picture],
    resting: Mapping[Place, tuple[str, ...]],
) -> RunView:
    steps = [step for step in evidence.steps if step.run == number]
    made = []
    for i, step in enumerate(steps):
        before = steps[i - 1] if i else None
        after = steps[i + 1] if i + 1 < len(steps) else None
        link = evidence.link(step)
        made.append(
            StepView(
                step=step,
                anchor=anchor(step.run, step.number),
                act=act(step),
                why=why(step),
                told=Text(en=sentence(step, "en", before), zh=sentence(step, "zh", before)),
                picture=pictures.get((step.run, step.number)),
                press=pressed(after),
                paid=any(event.kind == "payment_call" for event in step.events),
                findings=resting.get((step.run, step.number), ()),
                chain=None if link is None else link.hash,
            )
        )
    known = words()
    return RunView(
        run=info,
        number=number,
        purpose=known.name("goal", info.purpose) if info else say("unknown"),
        persona=known.name("persona", info.persona) if info else say("unknown"),
        interventions=tuple(
            known.name("intervention", what) for what in (info.interventions if info else ())
        ),
        steps=tuple(made),
    )


def act(step: Step) -> Text:
    """What was done, short: ``Tapped “立即播放”``."""
    en = acted(step, "en")
    return Text(en=en[:1].upper() + en[1:], zh=acted(step, "zh"))


def why(step: Step) -> Text:
    """The reason in both languages; a journey's own words stay as they are."""
    reason = step.action.why
    return Text(en=said(reason, "en") or reason, zh=said(reason, "zh") or reason)


def pressed(after: Step | None) -> Box | None:
    """Where the next act touched the screen before it."""
    if after is None or after.action.target is None:
        return None
    box = after.action.target.box
    return box if box.width > 0 and box.height > 0 else None


def label(step: Step) -> str:
    """The caption of what was pressed, one line."""
    target = step.action.target
    text = " ".join((target.label if target else step.action.value or "").split())
    return text if len(text) <= _LABEL else text[: _LABEL - 1] + "…"
