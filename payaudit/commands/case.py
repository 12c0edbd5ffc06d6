"""The commands on a finished case: check its report, review its findings, hand it over."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from payaudit import terminal
from payaudit.commands.options import Format, Lang, check_format
from payaudit.terminal import reported, say

if TYPE_CHECKING:
    from payaudit.case.opened import Case
    from payaudit.case.standing import Reviewed
    from payaudit.model.review import Verb


def validate(
    report: Annotated[
        Path,
        typer.Argument(
            help=say(
                "report.json, the folder that holds it, or a comparison",
                "report.json、其所在文件夹，或比较结果",
            )
        ),
    ],
    _lang: Lang = None,
) -> None:
    """End with 0 where the file is valid, else with 2 and a line for each departure: path and reason."""
    from payaudit.audit import REPORT
    from payaudit.case.files import read_file
    from payaudit.errors import UsageError
    from payaudit.report.validate import departures

    with reported():
        file = report / REPORT if report.is_dir() else report
        wrong = departures(read_file(file))
        for each in wrong:
            terminal.tell(f"{each.path}: {each.reason.en}", f"{each.path}：{each.reason.zh}")
        if wrong:
            count = len(wrong)
            raise UsageError(
                f"{file}: {count} thing{' is' if count == 1 else 's are'} not as the schema has "
                + ("it" if count == 1 else "them"),
                f"{file}：{count} 处与规定格式不符",
            )
        terminal.tell(f"{file}: valid", f"{file}：有效")


_CaseFolder = Annotated[
    Path,
    typer.Argument(
        metavar="CASE",
        help=say(
            "folder of an audit, with report.json and evidence.wacz",
            "含 report.json 与 evidence.wacz 的审计文件夹",
        ),
    ),
]


def bundle(
    folder: _CaseFolder,
    *,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help=say("the zip to write", "要写的 zip 文件"))
    ] = Path("case.zip"),
    four_eyes: Annotated[
        bool,
        typer.Option(
            "--four-eyes",
            help=say(
                "refuse while two reviewers have not decided on every critical and high finding",
                "每条严重与高等级线索须由两名复核人决定，否则拒绝",
            ),
        ),
    ] = False,
    _lang: Lang = None,
) -> None:
    """The same files give the same bytes; ends with 2 where they do not belong together."""
    from payaudit.case.bundle import bundle as pack

    with reported():
        for name in pack(folder, out, four_eyes=four_eyes):
            terminal.tell(name, name)
        terminal.written([out])


def review(  # noqa: PLR0913 - the options of the command
    folder: _CaseFolder,
    *,
    finding: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            help=say("the finding: its id, the beginning of it, or the rule", "线索：编号、编号开头或规则名"),
        ),
    ] = None,
    decision: Annotated[
        str | None,
        typer.Option(
            help=say("confirm, reject or needs-more", "confirm 确认、reject 否定、needs-more 待补充")
        ),
    ] = None,
    reason: Annotated[str | None, typer.Option(help=say("why", "理由"))] = None,
    reply: Annotated[str | None, typer.Option(help=say("what the trader answered", "经营者的答复"))] = None,
    reviewer: Annotated[
        str | None,
        typer.Option(envvar="PAYAUDIT_REVIEWER", help=say("name of the reviewer", "复核人姓名")),
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option(
            envvar="PAYAUDIT_KEY",
            metavar="FILE",
            help=say(
                "private key (PEM, Ed25519); its password from PAYAUDIT_KEY_PASSWORD, or asked for",
                "复核人私钥（PEM，Ed25519）；密码取自 PAYAUDIT_KEY_PASSWORD 或询问",
            ),
        ),
    ] = None,
    list_: Annotated[
        bool,
        typer.Option(
            "--list", help=say("how each finding stands; nothing is written", "列出各线索的复核情况，不写入")
        ),
    ] = False,
    output: Format = "text",
    _lang: Lang = None,
) -> None:
    """Without a decision it lists; ends with 2 where review.jsonl does not hold."""
    from payaudit.case.opened import REVIEW, open_case
    from payaudit.case.review import broken, read_review
    from payaudit.case.standing import reviewed

    with reported():
        check_format(output)
        case = open_case(folder)
        if not list_ and (finding or decision):
            _decide(case, _Given(finding, decision, reason, reply, reviewer, key))
        known = read_review(case)
        _list(reviewed(case, known), output)
        if known.problems:
            raise broken(folder / REVIEW, known.problems)


class _Given(NamedTuple):
    finding: str | None
    decision: str | None
    reason: str | None
    reply: str | None
    reviewer: str | None
    key: Path | None


def _decide(case: Case, given: _Given) -> None:
    from datetime import UTC, datetime

    from payaudit.case import review as reviews
    from payaudit.case.keys import load
    from payaudit.errors import UsageError

    needed = ("finding", "decision", "reason", "reviewer", "key")
    missing = [f"--{name}" for name in needed if not str(getattr(given, name) or "").strip()]
    if missing:
        told = ", ".join(missing)
        raise UsageError(
            f"a decision needs {told} too; --list shows the findings", f"作出决定还需 {told}；--list 列出线索"
        )
    words: dict[str, Verb] = {"confirm": "confirm", "reject": "reject", "needs-more": "needs_more"}
    if given.decision not in words:
        raise UsageError(
            f"no decision {given.decision!r}; choose confirm, reject or needs-more",
            f"没有 {given.decision!r} 这种决定；可选 confirm、reject、needs-more",
        )
    ref = reviews.find(case, str(given.finding))
    signer = load(Path(str(given.key)), lambda: terminal.password("PAYAUDIT_KEY_PASSWORD"))
    said = reviews.Words(
        words[given.decision], str(given.reason).strip(), given.reply, str(given.reviewer).strip()
    )
    made = reviews.decide(case, ref, said, signer, datetime.now(UTC))
    terminal.remark(f"appended: decision {made.number}", f"已追加：第 {made.number} 项决定")


def _list(reviewed: Reviewed, output: str) -> None:
    import json

    from payaudit.case.listing import render

    if output == "json":
        data = {
            "holds": not reviewed.problems,
            "problems": [each.model_dump() for each in reviewed.problems],
            "findings": [stand.model_dump(mode="json") for stand in reviewed.stands],
        }
        terminal.put(json.dumps(data, ensure_ascii=False, indent=2) + "\n")
        return
    terminal.paint(lambda width: render(reviewed, terminal.LANGUAGE, width))
