"""report.html: one file that opens anywhere, asks nothing of a network and runs nothing of the page audited.

Same report, facts and evidence, same bytes.
"""

from __future__ import annotations

import base64
import hashlib
from collections import defaultdict
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from payaudit.evidence.read import Evidence
from payaudit.model.facts import Facts
from payaudit.model.report import ReportV1
from payaudit.model.text import Language, Text
from payaudit.report.custody_text import custody_lines
from payaudit.report.html import plots
from payaudit.report.html.calls import calls
from payaudit.report.html.findings import marks, tally, views
from payaudit.report.html.flow import WIDTH, flow
from payaudit.report.html.picture import Place, pictures
from payaudit.report.html.shown import shown
from payaudit.report.html.spoken import spoken
from payaudit.report.html.summary import summary
from payaudit.report.html.timeline import anchor, timeline
from payaudit.report.html.words import money, say, words

_HERE = Path(__file__).parent
_FILES = _HERE / "templates"
_LONG = 8000  # characters of the longest text that is printed whole: arguments of a call


def to_html(report: ReportV1, facts: Facts, evidence: Evidence, language: Language | None = None) -> bytes:
    """The page as UTF-8. ``evidence`` is the open file that ``report`` and ``facts`` were made from.

    ``language`` is the one shown first; left out, it is that of the market.
    """
    first = language or ("zh" if _chinese(report) else "en")
    seen = pictures(evidence, marks(report, facts))
    found = views(report, facts, seen)
    resting: dict[Place, tuple[str, ...]] = defaultdict(tuple)
    for view in found:
        if view.grade != "unclear":
            resting[view.place] += (view.anchor,)
    style, script = _file("style.css") + _footer(report, first), _file("page.js")
    page = (
        _environment()
        .get_template("page.html")
        .render(
            report=report,
            facts=facts,
            audit=evidence.audit,
            evidence=evidence,
            first=first,
            languages=("zh", "en") if first == "zh" else ("en", "zh"),
            page_language=facts.languages[0] if len(facts.languages) == 1 else "",
            summary=summary(report, facts, evidence),
            tally=tally(report),
            findings=[view for view in found if view.grade != "unclear"],
            unclear=[view for view in found if view.grade == "unclear"],
            pictures=seen,
            flow=flow(evidence, facts, seen),
            flow_width=WIDTH,
            calls=calls(evidence, facts),
            runs=timeline(evidence, seen, resting),
            ladder=plots.ladder_plot(facts),
            packs=plots.packs(facts),
            custody=tuple(custody_lines(report.custody)) if report.custody is not None else (),
            renewals=plots.renewals(facts),
            countdowns=plots.countdowns(facts),
            plot=plots,
            numbers={view.anchor: view.number for view in found},
            style=Markup(style),  # noqa: S704 - our own file
            script=Markup(script),  # noqa: S704 - our own file
            style_hash=_hash(style),
            script_hash=_hash(script),
        )
    )
    return page.encode()


def _chinese(report: ReportV1) -> bool:
    """Whether the market that was audited reads Chinese first."""
    return any(place.partition("-")[0] in {"CN", "HK", "MO", "TW"} for place in report.jurisdiction.list)


def _footer(report: ReportV1, first: Language) -> str:
    """What stands at the foot of each printed page: which evidence, which page."""
    digest = (report.evidence.sha256 or "")[:16]
    # Hexadecimal only, so that nothing of it can end the string.
    digest = "".join(c for c in digest if c in "0123456789abcdef")
    word = "证据" if first == "zh" else "evidence"
    return f'@page{{@bottom-left{{content:"payaudit · {word} {digest}"}}}}\n'


def _hash(text: str) -> str:
    """A source of a Content-Security-Policy: this text and no other."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


@cache
def _file(name: str) -> str:
    return (_FILES / name).read_text("utf-8")


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_FILES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    made.globals |= {"say": say, "name": words().name, "money": money, "anchor": anchor}
    made.filters |= {"both": both, "tidy": shown, "uncut": uncut, "clock": plots.clock, "plain": plots.plain}
    return made


def _finalize(value: object) -> object:
    """What stands between ``{{`` and ``}}``: text of a page made harmless, a ``Text`` in both languages."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, Text):
        return spoken(value)
    if isinstance(value, str):
        return shown(value)
    return "" if value is None else value


def uncut(text: str) -> Markup:
    """What was cut to its own measure before, and is not to be cut again."""
    return escape(shown(text, _LONG))


def both(text: Text) -> str:
    """Both languages in one attribute, where markup cannot stand."""
    return text.en if text.en == text.zh else f"{text.en} / {text.zh}"
