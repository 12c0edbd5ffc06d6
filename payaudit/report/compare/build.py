"""Two audits to ComparisonV1."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple, get_args

from payaudit.model.comparison import ComparisonV1, Differs, FindingChange, OfferChange, SideV1
from payaudit.model.facts import Facts
from payaudit.model.report import ReportV1
from payaudit.model.text import Text
from payaudit.report.compare.findings import Known, finding_changes
from payaudit.report.compare.offers import episode_changes, match, offer_changes

NOTICE = Text(
    en=(
        "A comparison says what was seen both times and what differs. What was not seen the second time is "
        "never called gone or remedied, and a change is no verdict of law."
    ),
    zh="比较只陈述两次所见及其差异。第二次未见到的，不称为已取消或已改正；变化本身不构成法律认定。",
)


class Side(NamedTuple):
    """One audit: its report and, where evidence was there, its facts."""

    report: ReportV1
    facts: Facts | None


def compare(before: Side, after: Side) -> ComparisonV1:
    """What changed from one audit to the other: the same two give the same comparison."""
    matched = None
    offers = episodes = None
    if before.facts is not None and after.facts is not None:
        matched = match(before.facts, after.facts)
        offers = offer_changes(matched, before.facts, after.facts)
        episodes = episode_changes(before.facts, after.facts)
    known = Known(before.report, after.report, matched, _whole(before), _whole(after))
    findings = finding_changes(known)
    differs = tuple(_differs(before.report, after.report))
    by_offer = Counter(each.change for each in offers or ())
    by_finding = Counter(each.change for each in findings)
    return ComparisonV1(
        notice=NOTICE,
        before=_side(before),
        after=_side(after),
        differs=differs,
        remarks=tuple(_remarks(before, after, differs)),
        offers=offers,
        episodes=episodes,
        findings=findings,
        offer_counts={change: by_offer[change] for change in get_args(OfferChange)},
        finding_counts={change: by_finding[change] for change in get_args(FindingChange)},
    )


def _whole(side: Side) -> bool:
    return side.facts is not None and side.facts.coverage.paywall_seen_whole


def _side(side: Side) -> SideV1:
    report = side.report
    return SideV1(
        target=report.target,
        title=report.title,
        persona=report.persona,
        captured=report.captured,
        jurisdictions=report.jurisdiction.list,
        evidence=report.evidence,
        rules=report.versions.rules,
        facts=side.facts is not None,
        paywall_seen_whole=None if side.facts is None else side.facts.coverage.paywall_seen_whole,
    )


def _differs(before: ReportV1, after: ReportV1) -> Iterator[Differs]:
    told: dict[Differs, bool] = {
        "target": before.target != after.target,
        "persona": before.persona != after.persona,
        "captured": before.captured != after.captured,
        "jurisdiction": before.jurisdiction.list != after.jurisdiction.list,
        "rules": before.versions.rules != after.versions.rules,
        "law": before.versions.law != after.versions.law,
        "tool": before.versions.tool != after.versions.tool,
    }
    yield from (name for name, other in told.items() if other)


def _remarks(before: Side, after: Side, differs: tuple[Differs, ...]) -> Iterator[Text]:
    """What a reader has to know before anything is concluded from the comparison."""
    if before.report.evidence.sha256 is not None and before.report.evidence == after.report.evidence:
        yield Text(en="both sides are the same evidence", zh="两侧是同一份证据")
    if before.facts is None or after.facts is None:
        yield Text(
            en="a side is a report without its evidence: offers and prices were not compared",
            zh="其中一侧只有报告而无证据：未比较项目与价格",
        )
    if "persona" in differs:
        yield Text(
            en="two personas: a difference may be what each device is shown, not a change in time",
            zh="两种角色：差异可能因设备而异，并非随时间变化",
        )
    if "target" in differs:
        yield Text(
            en="two addresses: a difference may lie between two services, not in time",
            zh="两个地址：差异可能存在于两个服务之间，并非随时间变化",
        )
    if "rules" in differs:
        yield Text(
            en="judged by different rules: nothing is called new or remedied",
            zh="两次判断所用规则不同：不称任何做法为新增或已改正",
        )
    for side, en, zh in ((before, "first", "第一次"), (after, "second", "第二次")):
        if side.facts is not None and not side.facts.coverage.paywall_seen_whole:
            yield Text(
                en=f"the {en} walk did not see the paywall whole: what is missing there may only be unseen",
                zh=f"{zh}未能完整查看付费界面：那里缺少的内容可能只是未见到",
            )
    if before.report.captured > after.report.captured:
        yield Text(en="the first audit is the later one", zh="第一侧的审计日期较晚")
