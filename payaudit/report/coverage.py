"""What was reached and what was not, and hence which rules were judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from payaudit.model.evidence import Goal, GoalResult, GoalState
from payaudit.model.facts import Coverage, Facts
from payaudit.model.finding import Finding
from payaudit.model.report import CoverageV1, GoalV1, RuleJudgedV1
from payaudit.model.rule import Rule, Subject
from payaudit.model.text import Text

# The goals whose reaching brings facts of a kind to light.
_GOALS: dict[Subject, tuple[Goal, ...]] = {
    "offer": ("paywall", "read"),
    "consent": ("paywall", "read"),
    "disclosure": ("paywall", "read"),
    "payment_call": ("paywall", "offers"),
    "leaving": ("paywall", "leave"),
    "exit": ("paywall", "leave"),
    "dialog": ("paywall", "leave"),
    "episode": ("ladder",),
    "ladder": ("ladder",),
    "cancel": ("cancel",),
    "countdown": ("paywall", "again"),
    "scarcity": ("paywall", "again"),
    "crowd": ("paywall", "again"),
    "licence": ("paywall", "credits"),
    "clause": ("paywall", "read"),
    "identity": ("paywall", "cancel"),
    "merchant": ("paywall", "cancel"),
    "coin_plan": ("paywall", "read"),
    "series_cost": ("paywall", "read"),
    "urgency": ("paywall", "read"),
    "minor_guard": ("paywall", "read"),
    "claim": ("enter",),
    "persona_pair": ("personas",),
}
# Kinds of which a place seen whole can be said to hold none.
_ON_PAYWALL: tuple[Subject, ...] = ("offer", "consent", "disclosure", "clause", "coin_plan", "urgency")
_GOAL_NAMES: dict[Goal, Text] = {
    "enter": Text(en="entering the drama", zh="进入剧集"),
    "credits": Text(en="the opening of episode 1", zh="第 1 集片头"),
    "paywall": Text(en="the paywall", zh="付费界面"),
    "read": Text(en="reading the paywall to its end", zh="完整阅读付费界面"),
    "offers": Text(en="taking the offers to their payment call", zh="逐项走到支付调用"),
    "ladder": Text(en="the prices of later episodes", zh="后续剧集的价格"),
    "leave": Text(en="leaving the paywall", zh="离开付费界面"),
    "cancel": Text(en="a way to cancel", zh="取消续费的途径"),
    "again": Text(en="fresh runs for comparison", zh="全新会话复查"),
    "personas": Text(en="the same under another device", zh="更换设备复查"),
}
_STATES: dict[GoalState, Text] = {
    "reached": Text(en="reached", zh="已达到"),
    "impossible": Text(en="not possible here", zh="在此无法进行"),
    "out_of_budget": Text(en="the walk's budget ended before", zh="巡查预算用尽，未及进行"),
    "failed": Text(en="failed", zh="未成功"),
    "not_tried": Text(en="not tried", zh="未尝试"),
}


def coverage(facts: Facts) -> CoverageV1:
    """The coverage of the audit that the report is about."""
    seen = facts.coverage
    return CoverageV1(
        goals=tuple(
            GoalV1(
                goal=goal.goal,
                state=goal.state,
                reason=None if goal.state == "reached" else _reason(goal),
            )
            for goal in seen.goals
        ),
        gaps=tuple(Text(en=en, zh=zh) for en, zh in zip(seen.gaps_en, seen.gaps_zh, strict=False)),
        walk_ended=seen.walk_ended,
    )


def rule_judged(
    rule: Rule, facts: Facts, findings: Sequence[Finding], jurisdictions: Sequence[str]
) -> RuleJudgedV1:
    """What a rule came to; with no finding, whether it did not apply or could not be judged."""
    counts = Counter(finding.verdict for finding in findings)
    elsewhere = bool(jurisdictions) and not any(map(rule.concerns, jurisdictions))
    reason = None if findings or elsewhere else _not_judged(rule, facts, jurisdictions)
    return RuleJudgedV1(
        rule=rule.id,
        catalogue=rule.catalogue,
        title=rule.title,
        state="judged" if findings else "not_judged" if reason else "not_applicable",
        counts={verdict: counts[verdict] for verdict in sorted(counts)},
        reason=reason,
    )


def _not_judged(rule: Rule, facts: Facts, jurisdictions: Sequence[str]) -> Text | None:
    """Why nothing was there to judge; ``None`` if the rule simply does not apply."""
    if rule.status == "retired":
        why = rule.retired_because or Text(en="no reason given", zh="未说明原因")
        return Text(en=f"the rule is retired: {why.en}", zh=f"该规则已停用：{why.zh}")
    if rule.places and not jurisdictions:
        places = ", ".join(rule.places)
        return Text(
            en=f"counts in {places} only, and the market is not known; name it with --jurisdiction",
            zh=f"仅适用于 {places}，而面向哪个市场不明；请用 --jurisdiction 指定",
        )
    if _has(facts, rule.subject):
        return None
    if rule.subject in _ON_PAYWALL and facts.coverage.paywall_seen_whole:
        return None
    for goal in _GOALS[rule.subject]:
        result = _result(facts.coverage, goal)
        if result.state != "reached":
            name, why = _GOAL_NAMES[goal], _reason(result)
            return Text(en=f"{name.en}: {why.en}", zh=f"{name.zh}：{why.zh}")
    return Text(
        en="the place was reached, but nothing of the kind was seen, and it was not seen whole",
        zh="已到达该处，但未见相关内容，且未能完整查看",
    )


def _result(seen: Coverage, goal: Goal) -> GoalResult:
    found = [result for result in seen.goals if result.goal == goal]
    # A walk without this goal on its agenda did not try it.
    return found[0] if found else GoalResult(goal=goal, state="not_tried")


def _reason(goal: GoalResult) -> Text:
    state = _STATES[goal.state]
    return Text(en=goal.reason_en or state.en, zh=goal.reason_zh or state.zh)


def _has(facts: Facts, subject: Subject) -> bool:
    held = {
        "offer": facts.offers,
        "consent": facts.consents,
        "payment_call": facts.payment_calls,
        "leaving": facts.leaving,
        "exit": facts.exits,
        "episode": facts.episodes,
        "disclosure": facts.disclosures,
        "dialog": facts.dialogs,
        "licence": () if facts.licence is None else (facts.licence,),
        "ladder": () if facts.ladder is None else (facts.ladder,),
        "cancel": () if facts.cancel is None else (facts.cancel,),
        "countdown": facts.countdowns,
        "scarcity": facts.scarcities,
        "crowd": facts.crowds,
        "clause": facts.clauses,
        "identity": facts.identities,
        "merchant": () if facts.merchant is None else (facts.merchant,),
        "coin_plan": () if facts.coin_plan is None else (facts.coin_plan,),
        "series_cost": () if facts.series_cost is None else (facts.series_cost,),
        "urgency": facts.urgencies,
        "minor_guard": () if facts.minor_guard is None else (facts.minor_guard,),
        "claim": facts.claims,
        "persona_pair": facts.persona_pairs,
    }[subject]
    return bool(held)
