"""How each finding stands after its reviews, and whether four eyes have seen what is grave."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from payaudit.case.opened import Case
from payaudit.case.review import Read
from payaudit.model.base import Frozen
from payaudit.model.finding import Severity
from payaudit.model.review import Decision
from payaudit.model.text import Text

State = Literal["open", "confirmed", "rejected", "disputed", "needs_more"]
GRAVE: tuple[Severity, ...] = ("critical", "high")
EYES = 2  # pairs of them, for what is grave

STATES: dict[State, Text] = {
    "open": Text(en="open", zh="待复核"),
    "confirmed": Text(en="confirmed", zh="已确认"),
    "rejected": Text(en="rejected", zh="已否定"),
    "disputed": Text(en="disputed", zh="意见不一"),
    "needs_more": Text(en="needs more", zh="待补充"),
}


class Standing(Frozen):
    """One finding with its decisions in order; ``reviewers`` counts those whose last word is a decision.

    Two are two only by different keys and different names.
    """

    id: str
    rule: str
    severity: Severity
    title: Text
    subject: str
    state: State
    reviewers: int
    decisions: tuple[Decision, ...]

    @property
    def lacks_eyes(self) -> bool:
        """Grave, and not decided by two reviewers."""
        return self.severity in GRAVE and self.reviewers < EYES


class Reviewed(NamedTuple):
    """A case with what was decided on it; ``strangers`` are about findings that its report no longer has."""

    case: Case
    stands: tuple[Standing, ...]
    strangers: tuple[Decision, ...]
    problems: tuple[Text, ...]


def reviewed(case: Case, known: Read) -> Reviewed:
    """How each suspected practice of the case stands; a report judged by newer rules may lack some."""
    away = tuple(each for each in known.decisions if each.finding not in case.findings)
    return Reviewed(case, standings(case, known.decisions), away, known.problems)


def standings(case: Case, decisions: Iterable[Decision]) -> tuple[Standing, ...]:
    """Every suspected practice of the report, in its order."""
    known = tuple(decisions)
    out = []
    for ref, finding in case.findings.items():
        own = tuple(each for each in known if each.finding == ref)
        last = {each.key: each for each in own}
        decided = [each for each in last.values() if each.decision != "needs_more"]
        names = {each.reviewer.strip().casefold() for each in decided}
        out.append(
            Standing(
                id=ref,
                rule=finding.rule,
                severity=finding.severity,
                title=finding.title,
                subject=finding.subject,
                state=_state(list(last.values())),
                reviewers=min(len(decided), len(names)),
                decisions=own,
            )
        )
    return tuple(out)


def _state(last: list[Decision]) -> State:
    words = {each.decision for each in last}
    if not words:
        return "open"
    if "needs_more" in words:
        return "needs_more"
    if len(words) > 1:
        return "disputed"
    return "confirmed" if words == {"confirm"} else "rejected"
