"""The bundled site and whether an audit of it came out as its truth says."""

from __future__ import annotations

from pathlib import Path

from payaudit.data import from_yaml
from payaudit.model.report import ReportV1
from payaudit.model.text import Text


def demo_site() -> Path:
    """Inside the wheel, or among the fixtures of a checkout."""
    here = Path(__file__).parent
    inside = here / "demo_site"
    return inside if inside.is_dir() else here.parent / "fixtures" / "sites" / "demo"


def differences(site: Path, report: ReportV1) -> tuple[Text, ...]:
    """What the report has too much or too little against ``truth.yaml``; empty: nothing."""
    truth = from_yaml((site / "truth.yaml").read_text("utf-8"))["practices"]
    judged = {rule.catalogue for rule in report.rules_judged}
    found = {f.catalogue for f in report.findings if f.verdict == "violation"}
    wrong = []
    for catalogue in sorted(set(truth) & judged):
        there = bool(truth[catalogue]["present"])
        if there and catalogue not in found:
            wrong.append(
                Text(en=f"{catalogue} is on the site and was not found", zh=f"站点存在 {catalogue}，但未发现")
            )
        if not there and catalogue in found:
            wrong.append(
                Text(
                    en=f"{catalogue} was found and is not on the site",
                    zh=f"发现了 {catalogue}，但站点并不存在",
                )
            )
    return tuple(wrong)
