"""Every way of tampering with an evidence file, and what verify and the readers say: a table.

    python bench/tamper.py

Ends with 1 where one way is not caught by verify (11) or not refused by a reader (2, one line).
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table
from typer.testing import CliRunner, Result

sys.path.insert(0, str(Path(__file__).parent.parent))

from payaudit.cli import app
from payaudit.evidence.seal.keys import public_pem
from tests.evidence.evidence_zips import unpack
from tests.evidence.tampering import made, ways
from tests.tsa import authority

READERS = ("judge", "facts", "explain")


def run(*words: object) -> Result:
    """One command, in this process: a hundred and forty of its own would take minutes."""
    return CliRunner().invoke(app, [str(word) for word in words], env={"COLUMNS": "400"})


def main() -> int:
    table = Table("tampering", "verify", *READERS, "what verify says", box=None, pad_edge=False)
    missed = 0
    with tempfile.TemporaryDirectory() as name, authority(Path(name) / "tsa") as tsa:
        folder = Path(name)
        original = made(folder, tsa.url)
        key = folder / "us.pub.pem"
        key.write_bytes(public_pem(original.keys))
        every = ways(unpack(original.path))
        for number, way in enumerate(every):
            path = original.copy(folder / f"{number:02}")
            way.do(path, original)
            trust = ("--trust", key) if way.strangers else ()
            verified = run("verify", path, *trust)
            refused = [run(reader, path, *trust) for reader in READERS]
            caught = verified.exit_code == 11 and all(
                each.exit_code == 2 and len(each.output.splitlines()) == 1 for each in refused
            )
            missed += not caught
            said = next((line for line in verified.output.splitlines() if line.startswith("FAILS")), "-")
            table.add_row(
                way.name + (" (told with --trust)" if way.strangers else ""),
                str(verified.exit_code),
                *("refused" if each.exit_code == 2 else str(each.exit_code) for each in refused),
                said.removeprefix("FAILS").strip().replace(str(folder), ""),
            )
    Console(width=230).print(table)
    print(f"{len(every) - missed} of {len(every)} caught by verify and refused by {', '.join(READERS)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
