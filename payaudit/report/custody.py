"""Chain of custody in the report: all of it from the evidence, nothing of the machine that judges."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from payaudit.model.custody import Custody, Watched
from payaudit.model.evidence import Audit, RunInfo
from payaudit.model.report import CaseV1, ClockV1, CustodyV1, OrderV1


def custody(audit: Audit, runs: Sequence[RunInfo], seen: Watched) -> CustodyV1:
    """Who walked, with what, when by whose clock, and what it left at the merchant."""
    made = audit.custody
    case = made.case if made else None
    return CustodyV1(
        case=None if case is None else CaseV1.model_validate(case.model_dump(mode="json")),
        signer=made.signer if made else None,
        key=made.key if made else None,
        wacz_key=made.wacz_key if made else None,
        tool=audit.tool,
        tool_sha256=made.tool_sha256 if made else None,
        rules_at_capture=made.rules_sha256 if made else None,
        law_at_capture=made.law_sha256 if made else None,
        browsers=tuple(dict.fromkeys(run.browser for run in runs)) or (audit.browser,),
        personas=tuple(dict.fromkeys(run.persona for run in runs)) or (audit.persona,),
        command=made.command if made else (),
        started=_time(audit.started),
        ended=None if audit.ended is None else _time(audit.ended),
        end_reason=audit.end_reason,
        clocks=(*_authorities(made), *_servers(seen)),
        orders=tuple(
            OrderV1(host=each.host, run=each.run, step=each.step, at=_time(each.at), number=each.number)
            for each in seen.orders
        ),
    )


def _authorities(made: Custody | None) -> Iterable[ClockV1]:
    for each in made.clocks if made else ():
        halfway = each.sent + (each.received - each.sent) / 2
        ahead = round((each.theirs - halfway).total_seconds(), 1)
        yield ClockV1(kind="tsa", url=each.url, hosts=1, readings=1, ahead_seconds=str(ahead))


def _servers(seen: Watched) -> Iterable[ClockV1]:
    if seen.ahead is not None:
        yield ClockV1(
            kind="http_date",
            url=None,
            hosts=seen.hosts,
            readings=seen.dates,
            ahead_seconds=str(seen.ahead),
        )


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
