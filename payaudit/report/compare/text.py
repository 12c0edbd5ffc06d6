"""A comparison for a terminal: what changed first, a closing line last."""

from __future__ import annotations

from rich.cells import cell_len
from rich.text import Text as Painted

from payaudit.model.comparison import ComparisonV1, FindingChangeV1, OfferChangeV1, SideV1
from payaudit.model.text import Language
from payaudit.report.compare.words import CHANGES, GRADES, runs, summary, value
from payaudit.report.html.words import words as names
from payaudit.report.wrap import wrap

_STYLES = {
    "new": "bold red",
    "newly_seen": "magenta",
    "persists": "yellow",
    "remedied": "green",
    "not_reobserved": "magenta",
    "repriced": "bold yellow",
    "changed": "yellow",
    "added": "cyan",
    "removed": "cyan",
    "same": "dim",
}


def render(comparison: ComparisonV1, language: Language = "en", width: int = 100) -> Painted:
    """The whole comparison, in lines of at most ``width`` cells."""
    return _Page(language, max(width, 40)).render(comparison)


class _Page:
    def __init__(self, language: Language, width: int) -> None:
        self._language, self._width = language, width
        self._zh = language == "zh"
        self._colon = "：" if self._zh else ": "
        self._out = Painted()

    def render(self, comparison: ComparisonV1) -> Painted:
        self._side("A", comparison.before)
        self._side("B", comparison.after)
        for remark in comparison.remarks:
            self._lines(remark.in_(self._language), "  = ", "    ")
        self._out.append("\n")
        for offer in comparison.offers or ():
            self._offer(offer)
        for numbers, episode in runs(comparison.episodes or ()):
            name = f"第 {numbers} 集" if self._zh else f"episode{'s' if '-' in numbers else ''} {numbers}"
            self._mark("repriced", name)
            self._changed("", episode.before, episode.after, episode.percent)
        if comparison.offers or comparison.episodes:
            self._out.append("\n")
        for finding in comparison.findings:
            self._finding(finding)
        self._lines(comparison.notice.in_(self._language), "", "", "dim")
        self._lines(summary(comparison, self._language), "", "", "bold")
        return self._out

    def _lines(self, text: str, first: str, rest: str, style: str = "") -> None:
        room = self._width - cell_len(first), self._width - cell_len(rest)
        for i, line in enumerate(wrap(text, *room)):
            self._out.append(rest if i else first, "blue")
            self._out.append(line + "\n", style)

    def _side(self, name: str, side: SideV1) -> None:
        where = " ".join(side.jurisdictions) or "-"
        who = names().name("persona", side.persona).in_(self._language).strip()
        self._lines(f"{side.target} · {side.captured} · {who} · {where}", f"{name}  ", "   ", "bold")

    def _mark(self, change: str, said: str) -> None:
        word = CHANGES[change].in_(self._language)
        lines = wrap(said, self._width - cell_len(word) - cell_len(self._colon), self._width - 2)
        for i, line in enumerate(lines):
            self._out.append("  " if i else word, _STYLES[change])
            self._out.append(("" if i else self._colon) + line + "\n")

    def _offer(self, offer: OfferChangeV1) -> None:
        shown = offer.after or offer.before
        if shown is None:
            return
        self._mark(
            offer.change, shown.name + (f" · {value(shown.price, self._language)}" if shown.price else "")
        )
        for change in offer.changes:
            self._changed(change.name.in_(self._language), change.before, change.after, change.percent)
        for name in offer.not_compared:
            told = name.in_(self._language)
            self._lines(
                f"{told}：只有一侧见到，未作比较"
                if self._zh
                else f"{told}: seen on one side only, not compared",
                "  = ",
                "    ",
            )

    def _changed(self, name: str, before: str, after: str, percent: str | None) -> None:
        told = f"{value(before, self._language)} → {value(after, self._language)}"
        if percent is not None:
            told += f"（{percent} %）" if self._zh else f" ({percent} %)"
        self._lines(f"{name}{self._colon if name else ''}{told}", "  = ", "    ")

    def _finding(self, finding: FindingChangeV1) -> None:
        shown = finding.after or finding.before
        if shown is None:
            return
        grade = GRADES[finding.severity].in_(self._language)
        self._mark(finding.change, f"{grade}[{finding.rule}] {finding.title.in_(self._language)}")
        before, after = finding.before, finding.after
        same = before is not None and after is not None and before.sentence == after.sentence
        for name, side in (("A", before), ("B", after)):
            if side is not None:
                place = f"{side.at.run:02}/{side.at.step:04} · {side.id}"
                said = "" if same and name == "A" else f" · {side.sentence.in_(self._language)}"
                self._lines(place + said, f"  {name} ", "    ")
        self._lines(finding.reason.in_(self._language), "  = ", "    ")
        self._out.append("\n")
