"""What a lawyer reads in a minute."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from payaudit.evidence.read import Evidence
from payaudit.model.facts import Facts
from payaudit.model.report import ReportV1
from payaudit.model.text import Text
from payaudit.report.html.words import say, words

_BEIJING = timezone(timedelta(hours=8))
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True)
class Summary:
    """Title, the one paragraph, and the counts beside it."""

    title: str
    day: Text
    in_china: str  # the same stretch of time by Beijing's clock
    persona: Text
    paragraph: Text
    suspected: int
    unclear: int
    compliant: int
    not_judged: int
    problems: tuple[Text, ...]  # of the evidence file


def summary(report: ReportV1, facts: Facts, evidence: Evidence) -> Summary:
    """Derived from the report and the walk alone."""
    seen = facts.coverage
    reached = (
        "reached_whole" if seen.paywall_seen_whole else "reached_part" if seen.paywall_seen else "reached_not"
    )
    calls = sum(event.kind == "payment_call" for step in evidence.steps for event in step.events)
    told = say("calls_none") if not calls else say("calls_one") if calls == 1 else say("calls_some", n=calls)
    day, persona = _day(report.captured), words().name("persona", report.persona)
    verdicts = report.counts.by_verdict
    return Summary(
        title=report.title or "",
        day=day,
        in_china=_in_china(evidence.audit.started, evidence.audit.ended),
        persona=persona,
        paragraph=say(
            "whole_sentence",
            day=day,
            target=_target(report.target),
            persona=persona,
            runs=len(evidence.runs),
            steps=len(evidence.steps),
            reached=say(reached),
            calls=told,
        ),
        suspected=verdicts.get("violation", 0),
        unclear=verdicts.get("unclear", 0),
        compliant=verdicts.get("compliant", 0),
        not_judged=sum(rule.state == "not_judged" for rule in report.rules_judged),
        problems=tuple(Text(en=problem.en, zh=problem.zh) for problem in evidence.problems),
    )


def _target(told: str) -> Text:
    """An address, or a mini-program by its id."""
    return Text(en=told, zh=re.sub("^mini-program ", "小程序 ", told))


def _in_china(started: datetime, ended: datetime | None) -> str:
    """``北京时间 12月1日 18:51–18:53``, which may be a day later than UTC."""
    begun = started.astimezone(_BEIJING)
    told = f"北京时间 {begun.month}月{begun.day}日 {begun:%H:%M}"
    return told if ended is None else f"{told}–{ended.astimezone(_BEIJING):%H:%M}"


def _day(iso: str) -> Text:
    """``29 November 2026``, ``2026年11月29日``."""
    day = date.fromisoformat(iso)
    return Text(
        en=f"{day.day} {_MONTHS[day.month - 1]} {day.year}", zh=f"{day.year}年{day.month}月{day.day}日"
    )
