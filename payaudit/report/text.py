"""The report for a terminal, one block per finding, in the manner of a compiler.

Nothing is printed here: the result is a ``rich.text.Text``; ``.plain`` is the
same without colour, and a console that must not colour does not.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text as Painted

from payaudit.model.finding import SEVERITIES
from payaudit.model.report import (
    AttachmentV1,
    BecauseV1,
    CheckV1,
    EarlierPlaceV1,
    FindingV1,
    HeldV1,
    ProvisionV1,
    ReportV1,
)
from payaudit.model.text import Language, Text
from payaudit.report.custody_text import custody_lines
from payaudit.report.html.words import words
from payaudit.report.refs import refs
from payaudit.report.visible import visible
from payaudit.report.wrap import crop, wrap

_STYLES = {
    "critical": "bold red",
    "high": "red",
    "medium": "yellow",
    "low": "cyan",
    "info": "blue",
    "unclear": "magenta",
    "compliant": "green",
}
_WORDS = {
    "critical": Text(en="critical", zh="严重"),
    "high": Text(en="high", zh="高"),
    "medium": Text(en="medium", zh="中"),
    "low": Text(en="low", zh="低"),
    "info": Text(en="info", zh="提示"),
    "unclear": Text(en="unclear", zh="无法判断"),
    "compliant": Text(en="compliant", zh="未见异常"),
    "note": Text(en="note", zh="说明"),
    "help": Text(en="help", zh="建议"),
    "node": Text(en="node", zh="节点"),
    "run": Text(en="run", zh="会话"),
    "step": Text(en="step", zh="步骤"),
    "limit": Text(en="limit", zh="界限"),
    "confidence": Text(en="confidence", zh="可信度"),
    "confirmed": Text(en="confirmed", zh="已证实"),
    "probable": Text(en="probable", zh="很可能"),
    "possible": Text(en="possible", zh="可能"),
    "experimental": Text(en="this rule is experimental", zh="本规则为试行"),
    "bears on": Text(en="bears on", zh="可能涉及"),
    "annex": Text(en="to be checked", zh="待核实条款"),
    "verified": Text(en="text seen", zh="已见原文"),
    "secondary": Text(en="secondary source", zh="二手来源"),
    "unverified": Text(en="unverified", zh="未核实"),
    "harbour": Text(en="safe harbour", zh="除外情形"),
    "wrong": Text(en="wrong if", zh="可能误判"),
    "holds": Text(en="it holds", zh="符合"),
    "holds not": Text(en="it does not hold", zh="不符合"),
    "unseen": Text(en="not seen whether it holds", zh="未看到是否符合"),
    "look": Text(en="look for yourself", zh="请人工核对"),
    "not judged": Text(en="not judged", zh="未作判断"),
    "leans on": Text(en="leans on", zh="依托"),
    "along": Text(en="judged along", zh="一并判断"),
    "attached": Text(en="attached", zh="附件"),
    "before-purchase": Text(en="before the purchase", zh="购买前"),
    "after-purchase": Text(en="after the purchase", zh="购买后"),
    "cancellation": Text(en="cancellation", zh="取消"),
    "refund": Text(en="refund", zh="退款"),
    "other": Text(en="other", zh="其他"),
    "together": Text(en="together", zh="合并"),
    "gap": Text(en="gap", zh="缺口"),
    "rules": Text(en="rules", zh="规则"),
    "law": Text(en="law", zh="法规"),
}


def render(
    report: ReportV1, language: Language = "en", width: int = 100, *, verbose: bool = False
) -> Painted:
    """The whole report; ``verbose`` adds what was found in order."""
    return _Page(language, max(width, 40)).render(report, verbose=verbose)


class _Page:
    def __init__(self, language: Language, width: int) -> None:
        self._language, self._width = language, width
        self._colon = "：" if language == "zh" else ": "
        self._told: set[str] = set()  # provisions whose paraphrase has been given
        self._out = Painted()

    def render(self, report: ReportV1, *, verbose: bool) -> Painted:
        self._head(report)
        for finding, ref in zip(report.findings, refs(report.findings), strict=True):
            if finding.verdict != "compliant" or verbose:
                self._finding(finding, ref)
        for weak in report.together:
            place = f"{self._say('run')} {weak.run:02} {self._say('step')} {weak.step:04}"
            self._note("together", f"{weak.says.in_(self._language)} ({place})", first="")
        for judged in report.rules_judged:
            if judged.reason is not None:
                said = f"{judged.rule}: {judged.reason.in_(self._language)}"
                self._note("not judged", said, first="")
        for gap in report.coverage.gaps:
            self._note("gap", gap.in_(self._language), first="")
        for each in report.earlier:
            told = (each.name, each.captured, each.persona, f"SHA-256 {(each.sha256 or '—')[:12]}")
            self._note("along", " · ".join(part for part in told if part), first="")
        for item in report.attachments:
            self._note("attached", self._attached(item), first="")
        self._out.append("\n")
        made = report.versions
        register = f"{self._say('rules')} {made.rules[:12]} · {self._say('law')} {made.law[:12]}"
        self._lines(register, "", "", "dim")
        for line in custody_lines(report.custody) if report.custody is not None else ():
            self._lines(line.in_(self._language), "", "", "dim")
        self._lines(report.notice.in_(self._language), "", "", "dim")
        self._lines(summary(report, self._language), "", "", "bold")
        return self._out

    def _say(self, word: str) -> str:
        return _WORDS[word].in_(self._language)

    def _lines(self, text: str, first: str, rest: str, style: str = "") -> None:
        """A paragraph: ``first`` before its first line, ``rest`` before the others."""
        room = self._width - cell_len(first), self._width - cell_len(rest)
        for i, line in enumerate(wrap(text, *room)):
            self._out.append(rest if i else first, "blue")
            self._out.append(line + "\n", style)

    def _note(self, word: str, text: str, first: str = "  ") -> None:
        mark = f"{first}= {self._say(word)}{self._colon}"
        self._lines(text, mark, first + "  ")

    def _head(self, report: ReportV1) -> None:
        where = " ".join(report.jurisdiction.list) or "-"
        self._lines(report.target, "", "", "bold")
        reason = report.jurisdiction.reason.in_(self._language)
        who = words().name("persona", report.persona).in_(self._language).strip()
        self._lines(f"{report.captured} · {who} · {where} ({reason})", "", "", "dim")
        self._out.append("\n")

    def _finding(self, finding: FindingV1, ref: str) -> None:
        grade = finding.severity if finding.verdict == "violation" else finding.verdict
        self._out.append(f"{self._say(grade)}[{finding.rule}]", _STYLES[grade])
        title = f"{self._colon}{finding.title.in_(self._language)}"
        indent = cell_len(f"{self._say(grade)}[{finding.rule}]")
        for i, line in enumerate(wrap(title, self._width - indent, self._width - 2)):
            self._out.append(("  " if i else "") + line + "\n", "bold")
        self._place(finding, ref)
        self._lines(finding.sentence.in_(self._language), "  = ", "    ")
        if finding.verdict != "unclear":
            # What was not seen is in the sentence; it bears on nothing yet.
            self._tests("note", finding.because)
            self._checks("harbour", finding.harbours)
            for provision in finding.provisions:
                self._note("bears on", self._provision(provision))
            for provision in finding.annex_provisions:
                self._note("annex", self._provision(provision))
        sure = self._say(finding.confidence)
        if finding.status == "experimental":
            sure += f" · {self._say('experimental')}"
        if finding.held is not None:
            sure += f" · {held(finding.held).in_(self._language)}"
        self._note("confidence", sure)
        for place in finding.leans_on:
            self._note("leans on", self._leaning(place))
        if finding.verdict == "violation":
            self._checks("wrong", finding.false_positives)
            self._note("help", finding.remedy.in_(self._language))
        self._out.append("\n")

    def _place(self, finding: FindingV1, ref: str) -> None:
        at = finding.at
        parts = [f"{self._say('run')} {at.run:02} {self._say('step')} {at.step:04}"]
        if at.screenshot:
            parts.append(at.screenshot.rpartition("/")[2])
        if at.node is not None:
            parts.append(f"{self._say('node')} {at.node}")
        parts.append(ref)
        self._lines(" · ".join(parts), " --> ", "     ")
        quoted = crop(at.text, self._width - 4)
        if quoted:
            start, length = span(quoted, visible(finding.subject))
            self._out.append("  |\n  | ", "blue")
            self._out.append(quoted + "\n")
            self._out.append("  | ", "blue")
            self._out.append(" " * start + "^" * length + "\n", "bold")
        self._out.append("  |\n", "blue")

    def _tests(self, word: str, tests: Sequence[BecauseV1]) -> None:
        """Each field once: the gravest of its limits comes first and says it all."""
        first = {test.field: test for test in reversed(tests)}
        for field in dict.fromkeys(test.field for test in tests):
            test = first[field]
            said = test.says.in_(self._language)
            if test.threshold_source is not None:
                source = test.threshold_source.in_(self._language)
                said += f" [{self._say('limit')}{self._colon}{source}]"
            self._note(word, said)

    def _checks(self, word: str, checks: Sequence[CheckV1]) -> None:
        """Each harbour or likely mistake with its result, and what told it."""
        for check in checks:
            result = {True: "holds", False: "holds not", None: "unseen"}[check.held]
            said = check.says.in_(self._language)
            told = [test.says.in_(self._language) for test in check.because]
            why = ("；" if self._language == "zh" else "; ").join(t for t in dict.fromkeys(told) if t != said)
            mark = f" [{self._say(result if check.because else 'look')}"
            self._note(word, said + mark + (f"{self._colon}{why}]" if why else "]"))

    def _leaning(self, place: EarlierPlaceV1) -> str:
        at = place.at
        where = f"{self._say('run')} {at.run:02} {self._say('step')} {at.step:04}"
        said = f"{place.evidence} ({place.captured}) · {where}"
        if at.text:
            said += f" · {crop(at.text, self._width // 2)}"
        return said

    def _attached(self, item: AttachmentV1) -> str:
        said = f"{item.name} · {self._say(item.place)} · {item.who}, {item.device}, {item.when}"
        said += f" · SHA-256 {item.sha256[:12]}"
        if item.note:
            said += f" · {item.note}"
        if item.unread is not None:
            return f"{said} · {item.unread.in_(self._language)}"
        return f"{said}{self._colon}{' / '.join(item.lines[:6])}" if item.lines else said

    def _provision(self, provision: ProvisionV1) -> str:
        zh = self._language == "zh"
        name = provision.instrument.original if zh else provision.instrument.en
        article = provision.article.in_(self._language)
        # Chinese runs on behind a Chinese name; behind another one it keeps its distance.
        between = ("" if not name[-1:].isascii() else " ") if zh else ", "
        said = f"{provision.id} · {name}{between}{article}"
        said += f" [{self._say(provision.verification)}]"
        if provision.id not in self._told:
            self._told.add(provision.id)
            said += self._colon + provision.paraphrase.in_(self._language)
        if provision.status_note is not None:
            note = provision.status_note.in_(self._language)
            said += f"（{note}）" if zh else f" ({note})"
        return said


def span(text: str, subject: str) -> tuple[int, int]:
    """The cells to underline: the subject where the text names it, else all of it."""
    at = text.find(subject) if subject else -1
    if at < 0:
        return 0, cell_len(text)
    return cell_len(text[:at]), cell_len(subject)


def summary(report: ReportV1, language: Language) -> str:
    """The last line: ``5 findings: 2 critical, 3 high; 3 unclear; 4 compliant; 2 not judged``."""
    zh = language == "zh"
    verdicts, severities = report.counts.by_verdict, report.counts.by_severity
    total = verdicts["violation"]
    graded = [
        f"{severities[grade]} {_WORDS[grade].in_(language)}" for grade in SEVERITIES if severities[grade]
    ]
    head = f"{total} 项线索" if zh else f"{total} finding{'' if total == 1 else 's'}"
    if graded:
        head += ("：" if zh else ": ") + ("，" if zh else ", ").join(graded)
    skipped = sum(judged.state == "not_judged" for judged in report.rules_judged)
    parts = [
        head,
        f"{verdicts['unclear']} {_WORDS['unclear'].in_(language)}",
        f"{verdicts['compliant']} {_WORDS['compliant'].in_(language)}",
    ]
    if skipped:
        parts.append(
            f"{skipped} 条规则未作判断" if zh else f"{skipped} rule{'' if skipped == 1 else 's'} not judged"
        )
    return ("；" if zh else "; ").join(parts)


def held(count: HeldV1) -> Text:
    """How often a grave finding held, in words."""
    if not count.of:
        return Text(en="no single run alone shows it", zh="任何一次单独进入均不足以显示")
    return Text(
        en=f"held in {count.runs} of {count.of} fresh visits",
        zh=f"在 {count.of} 次重新进入中有 {count.runs} 次成立",
    )
