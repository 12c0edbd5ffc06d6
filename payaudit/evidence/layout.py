"""Where things lie: while a walk is running, and in the packed file.

In the folder of a walk::

    archive/data.warc.gz
    payaudit/audit.json
    payaudit/ledger.jsonl
    payaudit/runs/01/run.json
    payaudit/runs/01/steps/0001/step.json  snapshot.json.gz  screen.png  chain.json

In the packed file the same, but never deeper than one folder::

    payaudit/run-01.json
    payaudit/run-01-step-0001-step.json  …

because ``wacz validate`` (0.6.0) compares only the last two parts of a path with the
list in ``datapackage.json`` and calls every file below ``payaudit/runs/`` unlisted.
"""

from __future__ import annotations

import re
from typing import NamedTuple

WARC = "archive/data.warc.gz"
INDEX = "indexes/index.cdx"
PAGES = "pages/pages.jsonl"
PACKAGE = "datapackage.json"
DIGEST = "datapackage-digest.json"
AUDIT = "payaudit/audit.json"
RECOVERY = "payaudit/recovery.json"
LEDGER = "payaudit/ledger.jsonl"
REDACTIONS = "payaudit/redactions.json"
ATTACHMENTS = "payaudit/attachments.json"
ORIGINAL_PACKAGE = (
    "payaudit/original-list.gz"  # packed: `wacz validate` takes a plain one for the list itself
)
ORIGINAL_DIGEST = "payaudit/original-list-digest.gz"

RUN = "run.json"
STEP = "step.json"
SNAPSHOT = "snapshot.json.gz"
SCREEN = "screen.png"
READINGS = "readings.json"
CHAIN = "chain.json"

FILE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*(\.[a-z0-9]+)+")
"""What a file of a step may be called."""

_RUN = re.compile(r"payaudit/run-(\d{2,})\.json")
_STEP = re.compile(r"payaudit/run-(\d{2,})-step-(\d{4,})-(.+)")
_RUN_FOLDER = re.compile(r"payaudit/runs/(\d{2,})/run\.json")
_STEP_FOLDER = re.compile(r"payaudit/runs/(\d{2,})/steps/(\d{4,})/([^/]+)")


class Place(NamedTuple):
    """Whose file it is: a run's ``run.json`` (``step`` is None) or a file of a step."""

    run: int
    step: int | None
    file: str


def run_folder(run: int) -> str:
    """Return the folder of a run, as long as the walk is running."""
    return f"payaudit/runs/{run:02d}"


def step_folder(run: int, step: int) -> str:
    """Return the folder of a step, as long as the walk is running."""
    return f"{run_folder(run)}/steps/{step:04d}"


def packed(place: Place) -> str:
    """Return the path of a file inside the packed file."""
    if place.step is None:
        return f"payaudit/run-{place.run:02d}.json"
    return f"payaudit/run-{place.run:02d}-step-{place.step:04d}-{place.file}"


def place(path: str) -> Place | None:
    """Say whose file a path of the packed file is; None for everything else."""
    return _place(path, _RUN, _STEP)


def place_in_folder(path: str) -> Place | None:
    """Say whose file a path of a walk's folder is; None for everything else."""
    return _place(path, _RUN_FOLDER, _STEP_FOLDER)


def _place(path: str, run: re.Pattern[str], step: re.Pattern[str]) -> Place | None:
    if match := run.fullmatch(path):
        return Place(int(match[1]), None, RUN)
    if match := step.fullmatch(path):
        return Place(int(match[1]), int(match[2]), match[3])
    return None
