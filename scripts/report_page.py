"""Write docs/report.md's tables and docs/schema/ anew, from the models and payaudit/report/fields.yaml."""

from pathlib import Path

from payaudit.model.comparison import ComparisonV1
from payaudit.model.report import ReportV1
from payaudit.report import schema
from payaudit.report.fields import page

DOCS = Path(__file__).parent.parent / "docs"
MARK = "<!-- from here on generated: make report-page -->\n"


def text() -> str:
    """The page: what is written by hand, then the tables."""
    head = (DOCS / "report.md").read_text("utf-8").partition(MARK)[0]
    return f"{head}{MARK}\n## report.json\n\n{page(ReportV1)}\n## compare --format json\n\n{_own()}"


def _own() -> str:
    """The tables of a comparison, without those that a report has already."""
    known = {part.splitlines()[0] for part in page(ReportV1).split("### ") if part}
    parts = page(ComparisonV1).split("### ")[1:]
    return "".join("### " + part for part in parts if part.splitlines()[0] not in known)


if __name__ == "__main__":
    (DOCS / "report.md").write_text(text(), "utf-8")
    for path in schema.write(DOCS / "schema"):
        print(path)
