"""``payaudit law``: what the register of provisions says, and since when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from payaudit import terminal
from payaudit.commands.options import Lang, Places, RulesDir, law_of, places
from payaudit.errors import UsageError
from payaudit.terminal import reported, say

if TYPE_CHECKING:
    from payaudit.model.law import InForce, Law, Provision

law_app = typer.Typer(no_args_is_help=True)
_VERIFICATION = {
    "verified": ("text seen", "已见原文"),
    "secondary": ("secondary source", "二手来源"),
    "unverified": ("unverified: never a finding's basis", "未核实：不作为线索依据"),
}
_NATURE = {
    "law": ("law", "法律法规"),
    "guidance": ("guidance, not binding", "指引，无约束力"),
    "case": ("a case", "个案"),
    "campaign": ("campaign", "专项行动"),
    "platform_rule": ("rule of a platform", "平台规则"),
    "proposal": ("not in force", "未生效"),
}
_USE = {
    "duty": ("duty", "义务"),
    "harbour": ("works for the trader", "对经营者有利"),
    "remedy": ("remedy or sanction", "救济或罚则"),
    "context": ("context", "背景"),
}
_On = Annotated[
    str | None,
    typer.Option("--on", metavar="DATE", help=say("as of this day, 2026-09-01", "以此日为准，如 2026-09-01")),
]


@law_app.command("list", help=say("The provisions, one line each.", "逐行列出条款。"))
def law_list(
    *, on: _On = None, jurisdiction: Places = None, rules: RulesDir = None, _lang: Lang = None
) -> None:
    """Those in force on a day, where one is named."""
    from rich.console import Console
    from rich.table import Table

    with reported():
        law, day = law_of(rules), _day(on)
        wanted = places(jurisdiction, rules)
        table = Table(box=None, pad_edge=False)
        for name in (
            say("id", "编号"),
            say("in force", "生效期间"),
            say("content", "核实"),
            say("kind", "性质"),
        ):
            table.add_column(name, no_wrap=True)
        table.add_column(say("instrument and article", "文件与条款"))
        shown = list(_chosen(law, wanted, day))
        for each in shown:
            table.add_row(
                each.id, _period(each.in_force), each.verification, _word(_NATURE, each.nature), _name(each)
            )
        Console().print(table)
        unchecked = sum(each.verification == "unverified" for each in shown)
        terminal.tell(
            f"{len(shown)} provisions, {unchecked} unverified (annex only); register {law.sha256[:12]}",
            f"{len(shown)} 条，其中 {unchecked} 条未核实（仅列入附录）；登记册 {law.sha256[:12]}",
        )


@law_app.command("show", help=say("One provision in full.", "查看一条条款。"))
def law_show(
    provision: Annotated[str, typer.Argument(help=say("id, such as CN-CRPR-10", "编号，如 CN-CRPR-10"))],
    *,
    on: _On = None,
    rules: RulesDir = None,
    _lang: Lang = None,
) -> None:
    """Every wording, or the one of a day, and the rules that refer to it."""
    from payaudit.judge.field import suggestion
    from payaudit.judge.rules import load_rules

    with reported():
        law, day = law_of(rules), _day(on)
        wordings = [each for each in law.provisions if each.id == provision.upper()]
        if not wordings:
            en, zh = suggestion(provision.upper(), [each.id for each in law.provisions])
            raise UsageError(
                f"no provision {provision!r}{en}; `payaudit law list` names them",
                f"没有条款 {provision!r}{zh}；用 payaudit law list 查看",
            )
        book = load_rules(None, law, added=rules)
        referring = [
            f"{rule.catalogue} {rule.id}" for rule in book.rules if provision.upper() in rule.provisions
        ]
        bound = [each for each in wordings if day is None or each.on(day)]
        for each in bound or wordings:
            _tell(each, day)
        terminal.tell(
            f"rules: {', '.join(referring) or 'none yet'}", f"相关规则：{'、'.join(referring) or '暂无'}"
        )


def _tell(each: Provision, day: date | None) -> None:
    name = say(each.instrument.en, each.instrument.original)
    terminal.tell(f"{each.id} · {name}, {each.article.en}", f"{each.id} · 《{name}》{each.article.zh}")
    if terminal.LANGUAGE == "en" and each.instrument.original != each.instrument.en:
        terminal.tell(f"  original: {each.instrument.original}", "")
    lines = [
        ("in force", "生效期间", _period(each.in_force), _period(each.in_force)),
        ("kind", "性质", *_both(_NATURE, each.nature)),
        ("use", "作用", *_both(_USE, each.use)),
        ("paraphrase", "转述", each.paraphrase.en, each.paraphrase.zh),
        ("source", "来源", each.source.en, each.source.zh),
        ("content", "核实", *_both(_VERIFICATION, each.verification)),
    ]
    if each.status_note is not None:
        lines.insert(3, ("note", "说明", each.status_note.en, each.status_note.zh))
    for en, zh, said_en, said_zh in lines:
        terminal.tell(f"  {en}: {said_en}", f"  {zh}：{said_zh}")
    if day is not None and not each.on(day):
        terminal.tell(f"  not in force on {day}", f"  {day} 未生效")


def _chosen(law: Law, wanted: tuple[str, ...], day: date | None) -> Iterable[Provision]:
    from payaudit.model.law import covers

    for each in law.provisions:
        if wanted and not any(covers(place, each.jurisdiction) for place in wanted):
            continue
        if day is None or each.on(day):
            yield each


def _both(words: dict[str, tuple[str, str]], key: str) -> tuple[str, str]:
    return words[key]


def _word(words: dict[str, tuple[str, str]], key: str) -> str:
    return say(*words[key])


def _name(each: Provision) -> str:
    if terminal.LANGUAGE == "zh":
        return f"{each.instrument.original} {each.article.zh}"
    return f"{each.instrument.en}, {each.article.en}"


def _period(span: InForce) -> str:
    if span.since is None and span.until is None:
        return say("unknown", "不详")
    return f"{span.since or ''}…{span.until or ''}"


def _day(text: str | None) -> date | None:
    """The day named; raises ``UsageError`` for what is none."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"{text!r} is no date; write it as 2026-09-01", f"{text!r} 不是日期，请写作 2026-09-01"
        ) from None
