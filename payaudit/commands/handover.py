"""The commands around evidence that changes hands: a redacted copy, what was collected by hand."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from payaudit import terminal
from payaudit.commands.options import EvidencePath, Lang
from payaudit.errors import UsageError
from payaudit.terminal import reported, say

if TYPE_CHECKING:
    from payaudit.model.attachment import Placement
    from payaudit.model.redaction import Redactions


def redact(
    evidence: EvidencePath,
    *,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="COPY", help=say("file for the copy", "副本文件"))
    ],
    also: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATTERN",
            help=say(
                "an expression (RE2) for more to take out; of one with a group, the group",
                "另需去除内容的正则表达式（RE2）；有分组时只去除第一个分组",
            ),
        ),
    ] = None,
    _lang: Lang = None,
) -> None:
    """End with 0 when the copy is written, whatever was found."""
    from payaudit import __version__
    from payaudit.evidence.find import find_evidence
    from payaudit.handover import compared
    from payaudit.redact.walk_copy import redact as make

    with reported():
        original = find_evidence(evidence)
        told = make(original, out, also or (), tool=f"payaudit/{__version__}")
        _tell(told)
        same, differences = compared(original, out)
        if differences:
            terminal.remark(
                f"the copy leads to {same} of the same findings; it differs in {len(differences)}, as"
                " words that a rule reads were taken out:",
                f"副本得出 {same} 项相同结论；另有 {len(differences)} 处不同，因为规则所依据的文字已被去除：",
            )
            for each in differences:
                terminal.remark(f"  {each.en}", f"  {each.zh}")
        else:
            terminal.remark(
                f"judged: the copy leads to the same {same} findings as the original",
                f"已判断：副本与原件得出相同的 {same} 项结论",
            )
        terminal.written([out])


def _tell(told: Redactions) -> None:
    """What was removed, a line for each kind."""
    about = {each.kind: each.about for each in told.removed}
    terminal.tell(
        f"{told.count} replaced ({len(told.removed)} different values) in a copy of {told.original_sha256}",
        f"共替换 {told.count} 处（{len(told.removed)} 个不同的值），原件 SHA-256 为 {told.original_sha256}",
    )
    for kind, count in sorted(told.by_kind.items(), key=lambda each: (-each[1], each[0])):
        terminal.tell(f"  {count:>5}  {kind}: {about[kind].en}", f"  {count:>5}  {kind}：{about[kind].zh}")
    for each in told.unsearched:
        terminal.tell(
            f"  not searched, as it holds no text: {each.what} ({each.count})",
            f"  未检索（不含文本）：{each.what}（{each.count}）",
        )
    for name in told.left_out:
        terminal.tell(
            f"  left out, as it would not hold for the copy: {name}", f"  未收入（对副本不成立）：{name}"
        )


def attach(  # noqa: PLR0913 - the options of the command
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help=say("the files", "文件"))],
    *,
    to: Annotated[
        Path,
        typer.Option("--to", metavar="EVIDENCE", help=say("evidence they belong to", "所属的证据")),
    ],
    who: Annotated[str, typer.Option(help=say("who collected them", "收集人"))],
    device: Annotated[str, typer.Option(help=say("on which device", "所用设备"))],
    when: Annotated[
        str,
        typer.Option(
            help=say("when, with its zone: 2026-09-01T10:30+08:00", "时间（含时区）：2026-09-01T10:30+08:00")
        ),
    ],
    place: Annotated[
        str,
        typer.Option(help="before-purchase, after-purchase, cancellation, refund, other"),
    ],
    note: Annotated[str | None, typer.Option(help=say("what else is to be said", "备注"))] = None,
    offer: Annotated[
        str | None,
        typer.Option(
            help=say("the offer that had been bought, as the paywall names it", "所购选项在付费界面上的名称")
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help=say("the new file; beside the old one when left out", "新文件；不填则放在原证据旁"),
        ),
    ] = None,
    _lang: Lang = None,
) -> None:
    """The evidence itself is never changed; a file that is attached already is not added again."""
    from payaudit.attaching import Tags
    from payaudit.attaching import attach as add

    with reported():
        tags = Tags(
            who=_said(who, "--who"),
            device=_said(device, "--device"),
            when=_moment(when),
            place=_place(place),
            note=note,
            offer=offer,
        )
        done = add(files, to, tags, out)
        for name in done.known:
            terminal.remark(f"{name}: attached already", f"{name}：已附加过")
        for item in done.added:
            read = f"{len(item.lines)} lines read" if item.unread is None else item.unread.en
            read_zh = f"读出 {len(item.lines)} 行" if item.unread is None else item.unread.zh
            terminal.tell(f"{item.sha256}  {item.name}: {read}", f"{item.sha256}  {item.name}：{read_zh}")
        if done.out is None:
            terminal.remark("nothing new; no file was written", "没有新材料；未写入文件")
        else:
            terminal.written([done.out])


def _said(text: str, option: str) -> str:
    if not text.strip():
        raise UsageError(f"{option} is empty; say it", f"{option} 为空；请填写")
    return text.strip()


def _moment(text: str) -> datetime:
    try:
        when = datetime.fromisoformat(text.strip())
    except ValueError:
        when = None
    if when is None or when.tzinfo is None:
        raise UsageError(
            f"--when {text!r} is no time with a zone; write it as 2026-09-01T10:30+08:00",
            f"--when {text!r} 不是带时区的时间；请写作 2026-09-01T10:30+08:00",
        )
    return when


def _place(text: str) -> Placement:
    from payaudit.model.attachment import PLACEMENTS

    for place in PLACEMENTS:
        if place == text:
            return place
    raise UsageError(
        f"--place {text!r} is none of {', '.join(PLACEMENTS)}",
        f"--place {text!r} 不是 {'、'.join(PLACEMENTS)} 之一",
    )


def import_(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help=say("a .wacz, .warc, .warc.gz, .html, or a folder of pages", "文件或网页文件夹"),
        ),
    ],
    *,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="EVIDENCE", help=say("file for the evidence", "证据文件"))
    ],
    _lang: Lang = None,
) -> None:
    """`judge` reads such a file as it is; evidence of it is for attaching, redacting and keeping."""
    from payaudit import __version__
    from payaudit.evidence.copy import check_out
    from payaudit.foreign.archive import is_foreign, open_foreign
    from payaudit.foreign.record import record

    with reported():
        if not is_foreign(file):
            raise UsageError(
                f"{file} is nothing to import: name a .wacz or .warc of another recorder, or saved HTML",
                f"{file} 无法导入：请指定其他工具录制的 .wacz 或 .warc，或保存的 HTML",
            )
        check_out(out, file)
        archive = open_foreign(file)
        record(archive, out, tool=f"payaudit/{__version__}")
        pages, answers = len(archive.pages), len(archive.exchanges)
        terminal.tell(
            f"{pages} pages, {answers} answers of {archive.kind} {archive.sha256}",
            f"{archive.kind} {archive.sha256}：{pages} 个页面，{answers} 条响应",
        )
        for gap in archive.gaps:
            terminal.remark(f"gap: {gap.en}", f"缺口：{gap.zh}")
        terminal.written([out])
