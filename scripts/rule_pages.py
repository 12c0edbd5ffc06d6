"""Write docs/rules/ anew from rules/: a page for each rule, the catalogue, and the files' schema."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from payaudit.judge import schema
from payaudit.judge.law import load_law
from payaudit.judge.page import pages
from payaudit.judge.rules import load_rules

FOLDER = Path(__file__).parent.parent / "docs" / "rules"


def main() -> None:
    law = load_law()
    wanted = pages(load_rules(law=law), law)
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    (FOLDER.parent / "schema" / schema.FILE).write_bytes(schema.schema())


if __name__ == "__main__":
    main()
