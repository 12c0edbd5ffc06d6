"""How each finding stands, for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text as Painted

from payaudit.case.keys import fingerprint, holds
from payaudit.case.opened import Case
from payaudit.case.standing import STATES, Reviewed, Standing
from payaudit.model.review import Decision
from payaudit.model.text import Language, Text
from payaudit.report.compare.words import GRADES
from payaudit.report.wrap import wrap

_STYLES = {
    "open": "yellow",
    "confirmed": "red",
    "rejected": "green",
    "disputed": "magenta",
    "needs_more": "magenta",
}
_VERBS = {
    "confirm": Text(en="confirms", zh="确认"),
    "reject": Text(en="rejects", zh="否定"),
    "needs_more": Text(en="needs more", zh="待补充"),
}


def render(reviewed: Reviewed, language: Language = "en", width: int = 100) -> Painted:
    """A block for each finding, what is wrong with the file, a closing line."""
    page = _Page(reviewed.case, language, max(width, 40))
    for stand in reviewed.stands:
        page.stand(stand)
    for decision in reviewed.strangers:
        page.away(decision)
    for problem in reviewed.problems:
        page.line(problem.in_(language), "! ", "red")
    page.line(_closing(reviewed.stands, reviewed.problems, language), "", "bold")
    return page.out


class _Page:
    def __init__(self, case: Case, language: Language, width: int) -> None:
        self._case, self._language, self._width = case, language, width
        self._zh = language == "zh"
        self.out = Painted()

    def line(self, text: str, first: str, style: str = "") -> None:
        for i, part in enumerate(wrap(text, self._width - len(first))):
            self.out.append(" " * len(first) if i else first, style)
            self.out.append(part + "\n", style)

    def stand(self, stand: Standing) -> None:
        grade, state = GRADES[stand.severity].in_(self._language), STATES[stand.state].in_(self._language)
        head = f"{stand.id} {state} "
        self.out.append(head, _STYLES[stand.state])
        rule = f"{grade}[{stand.rule}]"
        if cell_len(head + rule) > self._width:
            self.out.append("\n  ")
        self.out.append(f"{rule}\n", "bold")
        self.line(f"{stand.title.in_(self._language)} · {stand.subject}", "  ")
        for decision in stand.decisions:
            self._decision(decision)
        if stand.lacks_eyes and stand.decisions:
            self.line(
                "尚待另一名复核人" if self._zh else "one more reviewer is needed for four eyes", "  = ", "dim"
            )

    def away(self, decision: Decision) -> None:
        said = "报告中已无此线索" if self._zh else "the report has no such finding any more"
        self.out.append(f"{decision.finding} [{decision.rule}] {said}\n", "magenta")
        self._decision(decision)

    def _decision(self, decision: Decision) -> None:
        good = holds(decision.key, decision.signature, decision.message())
        seal = (
            ("签名成立" if self._zh else "signature holds")
            if good
            else ("签名不成立" if self._zh else "SIGNATURE DOES NOT HOLD")
        )
        when = decision.at.strftime("%Y-%m-%d %H:%M UTC")
        key = f"{'密钥' if self._zh else 'key'} {fingerprint(decision.key)[:16]}…"
        verb = _VERBS[decision.decision].in_(self._language)
        self.line(f"{when} · {decision.reviewer} · {verb} · {key} · {seal}", "  - ", "" if good else "red")
        self.line(decision.reason, "    ")
        if decision.reply is not None:
            self.line(("经营者答复：" if self._zh else "the trader answered: ") + decision.reply, "    ")
        if decision.report != self._case.report_sha256:
            self.line(
                "针对此前的一版报告" if self._zh else "decided on an earlier judging of this evidence",
                "    ",
                "dim",
            )


def _closing(stands: Sequence[Standing], problems: Sequence[Text], language: Language) -> str:
    zh = language == "zh"
    counted = Counter(stand.state for stand in stands)
    told = ("，" if zh else ", ").join(f"{n} {STATES[state].in_(language)}" for state, n in counted.items())
    lacking = sum(stand.lacks_eyes for stand in stands)
    parts = [f"{len(stands)} 项线索" if zh else f"{len(stands)} finding{'' if len(stands) == 1 else 's'}"]
    if told:
        parts[0] += ("：" if zh else ": ") + told
    parts.append(f"{lacking} 项尚缺四眼复核" if zh else f"{lacking} lack four eyes")
    if problems:
        parts.append(f"{len(problems)} 处不成立" if zh else f"{len(problems)} things do not hold")
    elif any(stand.decisions for stand in stands):
        parts.append("签名均成立" if zh else "all signatures hold")
    return ("；" if zh else "; ").join(parts)
