"""Weak findings that stand on one screen, told as one sign and never multiplied (law and practices §4.5)."""

from __future__ import annotations

from collections.abc import Sequence

from payaudit.model.finding import Finding
from payaudit.model.report import TogetherV1
from payaudit.model.rule import Rule
from payaudit.model.text import Text

_WEAK = frozenset({"low", "info"})


def together(findings: Sequence[Finding], rules: dict[str, Rule]) -> tuple[TogetherV1, ...]:
    """One entry for each screen with more than one kind of weak finding, in the order of the walk."""
    screens: dict[tuple[int, int], dict[str, None]] = {}
    for finding in findings:
        if finding.verdict == "violation" and finding.severity in _WEAK:
            screens.setdefault((finding.at.run, finding.at.step), {})[finding.rule] = None
    return tuple(_entry(at, tuple(names), rules) for at, names in sorted(screens.items()) if len(names) > 1)


def _entry(at: tuple[int, int], names: tuple[str, ...], rules: dict[str, Rule]) -> TogetherV1:
    run, step = at
    titles = [rules[name].title for name in names]
    return TogetherV1(
        run=run,
        step=step,
        rules=names,
        says=Text(
            en=f"{len(names)} weak signs on one screen, to be counted as one: "
            + "; ".join(t.en for t in titles),
            zh=f"同一画面上的 {len(names)} 项弱线索，合计为一项：" + "；".join(t.zh for t in titles),
        ),
    )
