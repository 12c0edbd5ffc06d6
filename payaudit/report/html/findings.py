"""A finding as the page shows it: its place on the picture, its measurements, how sure it is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from payaudit.model.evidence import Box
from payaudit.model.facts import Facts, Source
from payaudit.model.finding import SEVERITIES
from payaudit.model.report import BecauseV1, BoxV1, CheckV1, FindingV1, PlaceV1, ReportV1
from payaudit.model.text import Text
from payaudit.report.html.cited import cited
from payaudit.report.html.elsewhere import measured_texts
from payaudit.report.html.picture import Cut, Picture, Place, within
from payaudit.report.html.words import say, words
from payaudit.report.refs import refs
from payaudit.report.text import held

_LIMITS = ("lt", "lte", "gt", "gte")
_EN = re.compile(r"(.*) \((under|at most|above|at least) (.*)\)", re.DOTALL)
_ZH = re.compile(r"(.*)（(低于|不高于|高于|不低于) (.*)）", re.DOTALL)


@dataclass(frozen=True)
class Measured:
    """A row of the table of measurements; ``limit`` None where nothing is compared."""

    name: Text
    observed: Text
    limit: Text | None
    source: Text | None
    held: bool | None


@dataclass(frozen=True)
class Checked:
    """A safe harbour or a way to be wrong, its result, and what told it."""

    says: Text
    state: str  # holds, holds_not, unseen, look
    told: tuple[Text, ...]


@dataclass(frozen=True)
class Shown:
    """The picture that a finding points at. ``mark`` is None where no region of it is told."""

    picture: Picture | None
    mark: Box | None
    cut: Cut | None
    note: Text | None  # why nothing is marked, or no picture is there


@dataclass(frozen=True)
class Also:
    """A text that the finding measured and that stands elsewhere than the place it points at."""

    at: Source
    shown: Shown


@dataclass(frozen=True)
class FindingView:
    """One finding, ready to be set."""

    number: int
    anchor: str
    ref: str  # by which it is reviewed
    grade: str
    finding: FindingV1
    rows: tuple[Measured, ...]
    harbours: tuple[Checked, ...]
    doubts: tuple[Checked, ...]
    shown: Shown
    also: tuple[Also, ...]
    held: Text | None
    sure: Text
    raise_by: Text

    @property
    def own_words(self) -> bool:
        """Whether its subject is what a page said, and no name that the judge gave it."""
        told = (self.finding.at.text, self.finding.sentence.en)
        return bool(self.finding.subject) and any(self.finding.subject in " ".join(t.split()) for t in told)

    @property
    def something_measured(self) -> bool:
        """Whether any row tells more than that it was not seen: a value, or the limit it is held against."""
        return any(row.observed != say("not_seen") or row.source is not None for row in self.rows)

    @property
    def bears(self) -> tuple[Text, ...]:
        """The provisions as one cites them."""
        return cited(self.finding.provisions)

    @property
    def place(self) -> Place:
        """Run and step."""
        return self.finding.at.run, self.finding.at.step


def marks(report: ReportV1, facts: Facts) -> dict[Place, list[Box]]:
    """The places that the page marks, by run and step; a step whose picture is only shown whole has none."""
    found: dict[Place, list[Box]] = defaultdict(list)
    for finding in report.findings:
        if finding.verdict in ("violation", "unclear"):
            box = _box(finding.at)
            found[finding.at.run, finding.at.step] += [] if box is None else [box]
            for at in measured_texts(finding, facts):
                found[at.run, at.step] += [at.box] if at.box is not None else []
    return dict(found)


def _place(at: Source) -> PlaceV1:
    box = at.box
    return PlaceV1(
        run=at.run,
        step=at.step,
        node=at.node,
        text=at.text,
        box=None if box is None else BoxV1(x=box.x, y=box.y, width=box.width, height=box.height),
        screenshot=at.screenshot,
    )


def views(report: ReportV1, facts: Facts, pictures: Mapping[Place, Picture]) -> tuple[FindingView, ...]:
    """Suspected practices, gravest first, then what stayed unclear."""
    named = list(zip(report.findings, refs(report.findings), strict=True))
    ordered = [(f, ref) for f, ref in named if f.verdict == "violation"]
    ordered.sort(key=lambda pair: SEVERITIES.index(pair[0].severity))
    ordered += [(f, ref) for f, ref in named if f.verdict == "unclear"]
    return tuple(_view(number, named, facts, pictures) for number, named in enumerate(ordered, 1))


def _view(
    number: int, named: tuple[FindingV1, str], facts: Facts, pictures: Mapping[Place, Picture]
) -> FindingView:
    finding, ref = named
    return FindingView(
        number=number,
        anchor=f"finding-{number}",
        ref=ref,
        grade=finding.severity if finding.verdict == "violation" else "unclear",
        finding=finding,
        rows=tuple(map(measured, finding.because)),
        harbours=tuple(map(_checked, finding.harbours)),
        doubts=tuple(map(_checked, finding.false_positives)),
        shown=_shown(finding.at, pictures),
        also=tuple(
            Also(at, shown)
            for at in measured_texts(finding, facts)
            if (shown := _shown(_place(at), pictures)).cut is not None
        ),
        held=None if finding.held is None else held(finding.held),
        sure=words().name("sure", finding.confidence),
        raise_by=_raise_by(finding),
    )


def measured(test: BecauseV1) -> Measured:
    """One test as a row, its values with their units."""
    observed, limit = test.says, None
    if test.observed is None:
        observed = say("not_seen")
    elif test.operator in _LIMITS:
        en, zh = _EN.fullmatch(_after(test.says.en, f"{test.name.en} is ")), None
        if en is not None:
            zh = _ZH.fullmatch(_after(test.says.zh, f"{test.name.zh}为 "))
        if en is not None and zh is not None:
            observed = Text(en=en[1], zh=zh[1])
            limit = Text(en=f"{en[2]} {en[3]}", zh=f"{zh[2]} {zh[3]}")
    else:
        # The name stands in the cell before it.
        observed = Text(
            en=_after(_after(test.says.en, f"{test.name.en}: "), f"{test.name.en} is "),
            zh=_after(_after(test.says.zh, f"{test.name.zh}："), f"{test.name.zh}为 "),
        )
    return Measured(
        name=test.name,
        observed=observed,
        limit=limit,
        source=test.threshold_source,
        held=test.held,
    )


def _after(text: str, head: str) -> str:
    return text.removeprefix(head)


def _checked(check: CheckV1) -> Checked:
    state = {True: "holds", False: "holds_not", None: "unseen"}[check.held] if check.because else "look"
    told = dict.fromkeys(test.says for test in check.because if test.says != check.says)
    return Checked(check.says, state, tuple(told))


def _shown(at: PlaceV1, pictures: Mapping[Place, Picture]) -> Shown:
    picture, box = pictures.get((at.run, at.step)), _box(at)
    if picture is None:
        return Shown(None, None, None, say("no_picture"))
    if box is None:
        return Shown(picture, None, None, say("no_region"))
    if not within(box, picture.width, picture.height):
        return Shown(picture, None, None, say("beyond", y=round(box.y), end=round(picture.height)))
    return Shown(picture, box, picture.cuts.get(box), None)


def _box(at: PlaceV1) -> Box | None:
    """The region; None where none is told or it has no extent."""
    box = at.box
    if box is None or box.width <= 0 or box.height <= 0:
        return None
    return Box(x=box.x, y=box.y, width=box.width, height=box.height)


def _raise_by(finding: FindingV1) -> Text:
    """What would make one surer."""
    if finding.verdict == "unclear":
        return say("raise_unclear")
    if finding.held is not None and finding.held.runs <= 1:
        return say("raise_runs")
    return words().name("raise", finding.confidence)


def tally(report: ReportV1) -> Sequence[tuple[str, int]]:
    """Suspected practices by severity, gravest first, those that there are."""
    counts = report.counts.by_severity
    return [(grade, counts[grade]) for grade in SEVERITIES if counts.get(grade)]
