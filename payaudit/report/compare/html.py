"""A comparison as one page that needs nothing else: no script, no network, both languages."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template

from payaudit.model.comparison import ComparisonV1
from payaudit.model.report import BoxV1, PlaceV1
from payaudit.model.text import Language, Text
from payaudit.report.compare.pictures import Album, Picture
from payaudit.report.compare.words import CHANGES, GRADES, runs, summary, value
from payaudit.report.html.words import say
from payaudit.report.html.words import words as names
from payaudit.report.visible import visible

_POLICY = (
    "default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
)
_HERE = Path(__file__).parent


def page(comparison: ComparisonV1, before: Album, after: Album, language: Language = "en") -> str:
    """The whole page; ``language`` is the one shown first, the other is a press away."""
    style = _read("page.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

    def screen(side: str, place: PlaceV1) -> Picture | None:
        return (before if side == "A" else after).of(side, place.run, place.step)

    def frame(box: BoxV1 | None, picture: Picture) -> BoxV1 | None:
        """The box where it lies on the picture; None where it does not."""
        if box is None or box.x >= picture.width or box.y >= picture.height or box.x + box.width <= 0:
            return None
        return box

    # The body asks for the pictures, so that those it needs are known when they are put before it.
    body = _template("page.html.j2").render(
        comparison=comparison,
        screen=screen,
        frame=frame,
        taken=lambda: [*before.taken(), *after.taken()],
        style=style,
        policy=_POLICY.format(digest=digest),
        first=language,
        changes=CHANGES,
        grades=GRADES,
        episodes=runs(comparison.episodes or ()),
        persona=lambda code: names().name("persona", code),
        spot=lambda run, step: say("place", run=run, step=step),
        both=lambda text: Text(en=value(text, "en"), zh=value(text, "zh")),
        summary=Text(en=summary(comparison, "en"), zh=summary(comparison, "zh")),
    )
    return body + "\n"


@cache
def _template(name: str) -> Template:
    made = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters["visible"] = visible
    return made.from_string(_read(name))


@cache
def _read(name: str) -> str:
    return (_HERE / name).read_text("utf-8")
