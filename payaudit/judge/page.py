"""A page for each rule and one for the catalogue, in Markdown and both languages.

Written from the rule files and the register by ``scripts/rule_pages.py``; a test
keeps what lies in ``docs/rules/`` the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import yaml

from payaudit.model.law import Law
from payaudit.model.rule import Practice, Rule, RuleSet, Threshold

_NOTE = "<!-- Written by scripts/rule_pages.py from rules/; change those and run it again. -->"


def pages(rules: RuleSet, law: Law) -> dict[str, str]:
    """File name to content, for all of ``docs/rules/``."""
    found = {f"{rule.id}.md": page(rule, law) for rule in rules.rules}
    return {"README.md": index(rules), **found}


def index(rules: RuleSet) -> str:
    """The catalogue: which rule judges a practice, or what it waits for."""
    lines = [
        _NOTE,
        "# Rules · 规则",
        "",
        "| | practice | 做法 | rules, or what it waits for · 规则或尚待的事实 |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {practice.id} | {practice.title.en} | {practice.title.zh} | {_served(practice, rules)} |"
        for practice in rules.practices
    ]
    return "\n".join(lines) + "\n"


def _served(practice: Practice, rules: RuleSet) -> str:
    serving = [f"[{rule.id}]({rule.id}.md)" for rule in rules.rules if rule.catalogue == practice.id]
    if practice.why is not None:
        facts = ", ".join(f"`{fact}`" for fact in practice.waits_for or [f"needs {practice.needs}"])
        serving.append(f"{facts}: {practice.why.en} {practice.why.zh}")
    return "<br>".join(serving)


def page(rule: Rule, law: Law) -> str:
    """One rule: what it observes, with which limits, what that bears upon, how it could be wrong."""
    return (
        "\n".join([*_head(rule), *_logic(rule), *_limits(rule.thresholds), *_law(rule, law), *_tail(rule)])
        + "\n"
    )


def _head(rule: Rule) -> Iterator[str]:
    yield from (_NOTE, f"# {rule.catalogue} · {rule.id}", "")
    yield from (f"**{rule.title.en}**", "", f"**{rule.title.zh}**", "")
    yield from (rule.explanation.en, "", rule.explanation.zh, "")
    facts = [f"severity **{rule.severity}**", f"status **{rule.status}**", f"judges each **{rule.subject}**"]
    if rule.places:
        facts.append(f"counts in **{', '.join(rule.places)}** only")
    if rule.confidence_at_most != "confirmed":
        facts.append(f"confidence at most **{rule.confidence_at_most}**")
    yield from (" · ".join(facts), "")
    if rule.retired_because is not None:
        yield from (f"Retired: {rule.retired_because.en} 停用原因：{rule.retired_because.zh}", "")


def _logic(rule: Rule) -> Iterator[str]:
    logic: dict[str, object] = {"when": rule.when, "violates": rule.violates}
    if rule.unless:
        logic["unless"] = [
            each.holds if each.title is None else {**each.title.model_dump(), "is": each.holds}
            for each in rule.unless
        ]
    if rule.severity_when:
        logic["severity_when"] = [
            {"severity": each.severity, "is": each.holds} for each in rule.severity_when
        ]
    # Plain copies: a condition that stands twice would become an anchor.
    text = yaml.dump(logic, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100)
    yield from ("## Logic · 判断逻辑", "", "```yaml", text.rstrip(), "```", "")


class _Plain(yaml.SafeDumper):
    """YAML without anchors."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - as in PyYAML
        return True


def _limits(thresholds: dict[str, Threshold]) -> Iterator[str]:
    if not thresholds:
        return
    yield from ("## Limits · 阈值", "", "| name | value | source | 来源 |", "|---|---|---|---|")
    for name, each in thresholds.items():
        yield f"| `{name}` | {each.default} | {each.source.en} | {each.source.zh} |"
        for place, dated in each.elsewhere.items():
            for one in dated:
                source, span = one.source or each.source, f"{one.since or ''}…{one.until or ''}"
                yield f"| `{name}` in {place}, {span} | {one.value} | {source.en} | {source.zh} |"
    yield ""


def _law(rule: Rule, law: Law) -> Iterator[str]:
    yield from ("## Bears on · 可能涉及", "")
    yield from (
        "| provision | instrument | in force · 生效 | content · 核实 | note · 说明 |",
        "|---|---|---|---|---|",
    )
    for name in rule.provisions:
        for each in (known for known in law.provisions if known.id == name):
            span = f"{each.in_force.since or ''}…{each.in_force.until or ''}"
            note = "" if each.status_note is None else f"{each.status_note.en} {each.status_note.zh}"
            known_as = "" if each.instrument.original == each.instrument.en else f" ({each.instrument.en})"
            title = f"{each.instrument.original}{known_as}, {each.article.en}"
            annex = " (annex only)" if each.verification == "unverified" or each.nature == "proposal" else ""
            yield f"| {name} | {title} | {span} | {each.verification}{annex} | {note} |"
    yield ""


def _tail(rule: Rule) -> Iterator[str]:
    yield from ("## Could be wrong if · 可能误判", "")
    for known in rule.false_positives:
        checked = "" if known.looks_so is None else " *(checked · 自动核对)*"
        yield f"- {known.en} {known.zh}{checked}"
    yield from ("", "## Remedy · 改正建议", "", rule.remedy.en, "", rule.remedy.zh, "")
    yield from ("## Examples · 样例", "", "| example | verdict |", "|---|---|")
    yield from _rows([(each.name, each.verdict) for each in rule.examples])


def _rows(cells: Sequence[tuple[str, str]]) -> Iterator[str]:
    for name, verdict in cells:
        yield f"| {name} | {verdict} |"
