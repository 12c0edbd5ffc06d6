"""``payaudit rules``: list, show, check and begin rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from payaudit import terminal
from payaudit.commands.options import Lang, RulesDir, law_of
from payaudit.errors import UsageError
from payaudit.terminal import reported, say

if TYPE_CHECKING:
    from payaudit.model.rule import RuleSet

rules_app = typer.Typer(no_args_is_help=True)


def _book(rules: Path | None) -> RuleSet:
    """The bundled rules with those of the investigator's own folder."""
    from payaudit.judge.rules import load_rules

    return load_rules(None, law_of(rules), added=rules)


@rules_app.command("list", help=say("All rules with severity and status.", "列出所有规则。"))
def rules_list(rules: RulesDir = None, _lang: Lang = None) -> None:
    """In the order of the catalogue."""
    from rich.console import Console
    from rich.table import Table

    with reported():
        table = Table(box=None, pad_edge=False)
        for name in (
            say("catalogue", "目录号"),
            say("rule", "规则"),
            say("severity", "级别"),
            say("status", "状态"),
        ):
            table.add_column(name, no_wrap=True)
        table.add_column(say("title", "名称"))
        for rule in sorted(_book(rules).rules, key=lambda rule: (rule.catalogue, rule.id)):
            title = rule.title.in_(terminal.LANGUAGE)
            table.add_row(rule.catalogue, rule.id, rule.severity, rule.status, title)
        Console().print(table)


@rules_app.command("show", help=say("One rule in full.", "查看一条规则。"))
def rules_show(
    rule: Annotated[str, typer.Argument(help=say("id or catalogue number", "规则名或目录号"))],
    rules: RulesDir = None,
    _lang: Lang = None,
) -> None:
    """Its file, as it is; all of a catalogue number, or what that waits for."""
    from payaudit.data import rules_folder
    from payaudit.judge.field import suggestion

    with reported():
        book = _book(rules)
        found = [known.id for known in book.rules if rule in {known.id, known.catalogue}]
        waiting = [(p, p.why) for p in book.practices if rule == p.id and p.why is not None]
        if not found and not waiting:
            en, zh = suggestion(rule, [known.id for known in book.rules])
            raise UsageError(
                f"no rule {rule!r}{en}; `payaudit rules list` names them",
                f"没有规则 {rule!r}{zh}；用 payaudit rules list 查看",
            )
        for name in found:
            own = None if rules is None else rules / f"{name}.yaml"
            path = own if own is not None and own.is_file() else rules_folder() / f"{name}.yaml"
            terminal.put(path.read_text("utf-8"))
        for practice, why in waiting:
            facts = ", ".join(practice.waits_for)
            en, zh = "not told by one walk", "一次巡查无法判断"
            if facts:
                en, zh = f"waits for {facts}", f"尚待 {facts}"
            terminal.tell(
                f"# {practice.id} {practice.title.en}: {en}. {why.en}",
                f"# {practice.id} {practice.title.zh}：{zh}。{why.zh}",
            )


@rules_app.command("check", help=say("Read every rule and run its examples.", "读取全部规则并运行其样例。"))
def rules_check(
    rules: Annotated[
        Path | None,
        typer.Argument(
            help=say(
                "a folder of rules to check along with the bundled ones", "与内置规则一并检查的规则文件夹"
            )
        ),
    ] = None,
    _lang: Lang = None,
) -> None:
    """End with 2 where an example comes out otherwise than it says, or a practice is forgotten."""
    from payaudit.judge.check import accounts, check_rules

    with reported():
        book = _book(rules)
        checked = list(check_rules(book))
        bad = [(f"{c.rule} · {c.example}: ", c.problem) for c in checked if c.problem is not None]
        for example, problem in bad:
            terminal.error(example + problem.en, example + problem.zh)
        terminal.tell(
            f"{len(book.rules)} rules, {len(checked)} examples, {len(bad)} wrong",
            f"{len(book.rules)} 条规则，{len(checked)} 个样例，{len(bad)} 个不符",
        )
        told = accounts(book)
        for practice in told.forgotten:
            terminal.error(
                f"{practice}: has no rule and does not say what it waits for; see shared/catalogue.yaml",
                f"{practice}：既无规则，也未说明尚待何种事实；见 shared/catalogue.yaml",
            )
        terminal.tell(
            f"{told.all} practices: {len(told.judged)} judged, {len(told.waiting)} waiting for facts"
            f" ({' '.join(told.waiting)})",
            f"{told.all} 种做法：{len(told.judged)} 种可判断，{len(told.waiting)} 种尚待事实"
            f"（{' '.join(told.waiting)}）",
        )
    raise typer.Exit(2 if bad or told.forgotten else 0)


@rules_app.command("new", help=say("Begin a rule from a commented template.", "由带注释的模板新建规则。"))
def rules_new(
    rule: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help=say("noun of the failing state, such as hidden-fee", "如 hidden-fee，英文小写加连字符"),
        ),
    ],
    *,
    folder: Annotated[
        Path, typer.Option("--dir", help=say("folder to write it to", "写入的文件夹"))
    ] = Path(),
    subject: Annotated[str, typer.Option(help=say("kind of fact it judges", "所判断的事实类别"))] = "offer",
    _lang: Lang = None,
) -> None:
    """Its examples fail until the condition is written: `payaudit rules check DIR` says so."""
    from payaudit.judge.template import template

    with reported():
        path = folder / f"{rule}.yaml"
        text = template(rule, subject, _book(None).words)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            raise UsageError(
                f"{path} exists already; choose another id or --dir", f"{path} 已存在；请换规则名或 --dir"
            ) from None
        except OSError as error:
            raise UsageError(
                f"cannot write {path}: {error.strerror}; choose another --dir",
                f"无法写入 {path}：{error.strerror}；请换 --dir",
            ) from None
        terminal.written([path])
        terminal.tell(
            f"its examples fail until you write the condition: payaudit rules check {folder}",
            f"写好条件之前样例不会通过：payaudit rules check {folder}",
        )
