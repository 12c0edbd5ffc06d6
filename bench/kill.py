"""A real walk killed at random moments: whether what is left opens, verifies and judges. A table.

    python bench/kill.py [HOW_MANY] [LONGEST_SECONDS]

Walks the bundled site in a browser. Ends with 1 where a rest does not verify or judge.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent))

from payaudit.demo import demo_site
from payaudit.serve import serving
from tests.commands import payaudit, started

SEED = 20260501
VERIFIED, JUDGED = {0}, {0, 3, 4, 10}


def main(count: int = 20, longest: float = 60.0) -> int:
    table = Table("moment", "seconds", "steps", "verify", "judge", "the end", box=None, pad_edge=False)
    chance, bad = random.Random(SEED), 0  # noqa: S311 - moments, not secrets
    with tempfile.TemporaryDirectory() as name, serving(demo_site()) as address:
        for moment in range(count):
            out = Path(name) / f"{moment:02}"
            seconds = chance.uniform(0, longest)
            process = started(
                "audit", address + "/", "-o", out, "--persona", "wechat-iphone", "--quick", "-q"
            )
            while not (out / "evidence.wacz.partial/payaudit/audit.json").exists():
                time.sleep(0.05)
            time.sleep(seconds)
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            steps = len(list(out.glob("evidence.wacz.partial/payaudit/runs/*/steps/[0-9]*")))
            verified, judged = payaudit("verify", out), payaudit("judge", out)
            end = next((line for line in verified.out.splitlines() if "End not attested" in line), "-")
            good = verified.code in VERIFIED and judged.code in JUDGED
            bad += not good
            table.add_row(
                str(moment), f"{seconds:.1f}", str(steps), str(verified.code), str(judged.code), end[:40]
            )
            if not good:
                print(verified.out, judged.err)
    Console(width=120).print(table)
    print(f"{count - bad} of {count} verify and judge")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(*(kind(word) for kind, word in zip((int, float), sys.argv[1:], strict=False))))
