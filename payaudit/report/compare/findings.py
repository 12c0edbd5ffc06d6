"""What became of each suspected practice from one audit to the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from payaudit.model.comparison import FindingChange, FindingChangeV1, FindingSideV1
from payaudit.model.finding import SEVERITIES
from payaudit.model.report import ReportV1, RuleJudgedV1
from payaudit.model.text import Text
from payaudit.report.compare.offers import Matched
from payaudit.report.compare.places import Place, Referred, paired, places
from payaudit.report.refs import refs

_ORDER: tuple[FindingChange, ...] = ("new", "newly_seen", "persists", "remedied", "not_reobserved")


class Known(NamedTuple):
    """What decides whether a difference may be called one: the rules, and what was seen whole."""

    before: ReportV1
    after: ReportV1
    offers: Matched | None
    whole_before: bool
    whole_after: bool

    @property
    def same_rules(self) -> bool:
        """Both sides were judged by the same rules."""
        return self.before.versions.rules == self.after.versions.rules


def finding_changes(known: Known) -> tuple[FindingChangeV1, ...]:
    """One entry for each place where either side suspects something; the new and grave first."""
    found = [change for rule in _rules(known) for change in _of_rule(rule, known)]
    return tuple(
        sorted(
            found, key=lambda c: (_ORDER.index(c.change), SEVERITIES.index(c.severity), c.catalogue, c.rule)
        )
    )


def _rules(known: Known) -> list[str]:
    return sorted(
        {
            f.rule
            for report in (known.before, known.after)
            for f in report.findings
            if f.verdict == "violation"
        }
    )


def _of_rule(rule: str, known: Known) -> Iterator[FindingChangeV1]:
    offers = known.offers
    before = places(_findings(known.before, rule), offers.before if offers else ())
    after = places(_findings(known.after, rule), offers.after if offers else ())
    same = paired(before, after, offers.pairs if offers else {})
    for i, place in enumerate(before):
        if place.gravest.finding.verdict == "violation":
            yield _gone(rule, place, after[same[i]] if i in same else None, known)
    came = {j: i for i, j in same.items()}
    for j, place in enumerate(after):
        if place.gravest.finding.verdict != "violation":
            continue
        earlier = before[came[j]] if j in came else None
        if earlier is None or earlier.gravest.finding.verdict != "violation":
            yield _come(rule, place, earlier, known)


def _findings(report: ReportV1, rule: str) -> Iterator[Referred]:
    for ref, finding in zip(refs(report.findings), report.findings, strict=True):
        if finding.rule == rule:
            yield Referred(ref, finding)


def _gone(rule: str, place: Place, later: Place | None, known: Known) -> FindingChangeV1:
    """What became of a practice that the first audit suspected."""
    if later is None:
        return _change("not_reobserved", place.gravest, None, _why_not_again(rule, place, known))
    now = later.gravest
    if now.finding.verdict == "violation":
        return _change("persists", place.gravest, now, _persists(place.gravest, now))
    if now.finding.verdict != "compliant":
        unseen = now.finding.not_seen
        return _change(
            "not_reobserved",
            place.gravest,
            now,
            Text(
                en="reached again, but unclear" + "".join(f"; {t.en}" for t in unseen),
                zh="再次到达，但无法判断" + "".join(f"；{t.zh}" for t in unseen),
            ),
        )
    if not known.same_rules:
        return _change("not_reobserved", place.gravest, now, _OTHER_RULES)
    return _change("remedied", place.gravest, now, _REMEDIED)


def _come(rule: str, place: Place, earlier: Place | None, known: Known) -> FindingChangeV1:
    """What a practice is that only the second audit suspects."""
    then = None if earlier is None else earlier.gravest
    seen_before = _new(place, then, known)
    change: FindingChange = "newly_seen" if seen_before is None else "new"
    return _change(change, then, place.gravest, seen_before or _why_not_before(rule, then, known))


def _new(place: Place, then: Referred | None, known: Known) -> Text | None:
    """Why it can be said that the practice was not there before; None where it cannot."""
    if not known.same_rules:
        return None
    if then is not None:
        return _NEW if then.finding.verdict == "compliant" else None
    if known.offers is None or place.offer is None:
        return None
    if place.offer in known.offers.pairs.values():
        return _DID_NOT_APPLY
    return _NEW_OFFER if known.whole_before else None


def _why_not_before(rule: str, then: Referred | None, known: Known) -> Text:
    if not known.same_rules:
        return _OTHER_RULES
    if then is not None:
        return _EARLIER_UNCLEAR
    judged = _judged(known.before, rule)
    if judged is not None and judged.reason is not None:
        reason = judged.reason
        return Text(en=f"not judged the first time: {reason.en}", zh=f"第一次未作判断：{reason.zh}")
    return _NOT_SEEN_BEFORE


def _why_not_again(rule: str, place: Place, known: Known) -> Text:
    judged = _judged(known.after, rule)
    if judged is not None and judged.reason is not None:
        return Text(
            en=f"not judged the second time: {judged.reason.en}", zh=f"第二次未作判断：{judged.reason.zh}"
        )
    if known.offers is not None and place.offer is not None:
        again = known.offers.pairs.get(place.offer)
        if again is not None:
            name = known.offers.after[again].name
            return Text(
                en=f"the offer is there again as “{name}”, and the rule does not apply to it as it is now",
                zh=f"该项目仍在（“{name}”），而本规则不适用于其现状",
            )
        if known.whole_after:
            return _OFFER_GONE
    return _NOT_SEEN_AGAIN


def _judged(report: ReportV1, rule: str) -> RuleJudgedV1 | None:
    return next((each for each in report.rules_judged if each.rule == rule), None)


def _persists(then: Referred, now: Referred) -> Text:
    one, other = then.finding.severity, now.finding.severity
    if one == other:
        return Text(en="observed again at the same place", zh="在同一处再次观察到")
    return Text(
        en=f"observed again at the same place; severity {one} → {other}",
        zh=f"在同一处再次观察到；等级 {_GRADES[one]} → {_GRADES[other]}",
    )


_GRADES = {"critical": "严重", "high": "高", "medium": "中", "low": "低", "info": "提示"}
_REMEDIED = Text(
    en="the same place was reached again and judged compliant", zh="再次到达同一处，判断为未见异常"
)
_NEW = Text(en="the same place was judged compliant the first time", zh="同一处第一次判断为未见异常")
_NEW_OFFER = Text(
    en="the offer was not there the first time: the paywall was seen whole",
    zh="第一次已完整查看付费界面，当时没有该项目",
)
_DID_NOT_APPLY = Text(
    en="the same offer was there the first time, and the rule did not apply to it as it was",
    zh="第一次已有该项目，而本规则不适用于其当时状况",
)
_EARLIER_UNCLEAR = Text(en="the same place was unclear the first time", zh="同一处第一次无法判断")
_OTHER_RULES = Text(
    en="the two sides were judged by different rules: judge both again to tell",
    zh="两次判断所用规则不同：请重新判断后再比较",
)
_NOT_SEEN_BEFORE = Text(en="the place was not seen the first time", zh="第一次未见到该处")
_NOT_SEEN_AGAIN = Text(en="the place was not seen the second time", zh="第二次未见到该处")
_OFFER_GONE = Text(
    en="the offer is no longer there: the paywall was seen whole", zh="已完整查看付费界面，该项目已不在"
)


def _change(
    change: FindingChange, before: Referred | None, after: Referred | None, reason: Text
) -> FindingChangeV1:
    shown = [each for each in (after, before) if each is not None]
    suspected = next(each for each in shown if each.finding.verdict == "violation").finding
    return FindingChangeV1(
        change=change,
        rule=suspected.rule,
        catalogue=suspected.catalogue,
        title=suspected.title,
        severity=suspected.severity,
        before=before and _side(before),
        after=after and _side(after),
        reason=reason,
    )


def _side(each: Referred) -> FindingSideV1:
    finding = each.finding
    return FindingSideV1(
        id=each.id,
        verdict=finding.verdict,
        severity=finding.severity,
        subject=finding.subject,
        sentence=finding.sentence,
        at=finding.at,
    )
