"""One attempt at one audit: never raises, so that it ends alike here and on another machine."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from payaudit.audit import PAGE, audit
from payaudit.errors import BrowserMissing, PayauditError
from payaudit.report.json import to_json
from payaudit.sweep.job import AuditOne, Failure, FailureKind, Job, Outcome
from payaudit.sweep.past import made_by, pack
from payaudit.sweep.pool import judge_in_pool
from payaudit.sweep.rows import head, rows
from payaudit.sweep.versions import versions

RULES_HERE = "PAYAUDIT_CLUSTER_RULES"  # set by `payaudit cluster worker --rules`
_PREFIX = "payaudit-audit-"
_GRACE_S = 30.0  # for a walk that was called off to pack what it has
_NO_RESULT: Final[dict[str, FailureKind]] = {
    "unreachable": "unreachable",
    "interrupted": "interrupted",
    "journey": "journey",
}


async def audit_target(job: Job) -> Outcome:
    """Walk and judge a target within its time."""
    begun = time.monotonic()
    folder = job.work or _folder()
    try:
        shutil.rmtree(folder, ignore_errors=True)
        rules = job.rules if job.work is not None else rules_here()
        if job.versions is not None and (unlike := job.versions.unlike(versions(rules))):
            return Outcome(_mismatch(unlike), worker=_worker())
        outcome = await limited(lambda given: _audit(given, folder, rules), job)
        if job.work is None and isinstance(outcome.evidence, Path):
            outcome = replace(outcome, evidence=await asyncio.to_thread(outcome.evidence.read_bytes))
        return replace(outcome, seconds=time.monotonic() - begun)
    finally:
        if job.work is None:
            shutil.rmtree(folder, ignore_errors=True)


async def limited(audit_one: AuditOne, job: Job) -> Outcome:
    """Run an attempt for ``job.seconds`` at most, and give up one that does not even end when told to."""
    task = asyncio.ensure_future(_told(audit_one, job))
    try:
        ended, _ = await asyncio.wait({task}, timeout=job.seconds)
        if ended:
            return task.result()
    except asyncio.CancelledError:
        task.cancel()
        await asyncio.wait({task}, timeout=_GRACE_S)
        raise
    task.cancel()
    await asyncio.wait({task}, timeout=_GRACE_S)
    kept = task.result().evidence if task.done() and not task.cancelled() else None
    seconds = f"{job.seconds:g}"
    return Outcome(Failure("timeout", f"not done after {seconds} s", f"{seconds} 秒内未完成"), evidence=kept)


async def _told(audit_one: AuditOne, job: Job) -> Outcome:
    try:
        return await audit_one(job)
    except BrowserMissing as error:
        return Outcome(Failure("browser", error.en, error.zh))
    except PayauditError as error:
        return Outcome(Failure("input", error.en, error.zh))
    except Exception as error:  # noqa: BLE001 - whatever it is, the sweep goes on and the row says it
        said = f"{type(error).__name__}: {error}".partition("\n")[0][:300]
        return Outcome(Failure("failed", said, said))


async def _audit(job: Job, folder: Path, rules: Path | None) -> Outcome:
    judge = partial(judge_in_pool, earlier=job.earlier)
    judged, walked = await audit(job.target, folder, job.options, lambda *_: None, rules, elsewhere=judge)
    reason = walked.audit.end_reason or ""
    kind = _NO_RESULT.get(reason)
    if reason == "cut" and not judged.facts.coverage.paywall_seen:
        kind = "cut"
    if kind is not None:
        said = walked.audit.failure_en or reason, walked.audit.failure_zh or reason
        return Outcome(Failure(kind, *said), evidence=walked.evidence)
    page = folder / PAGE
    found = rows(judged.report, judged.facts)
    if judged.recording is not None:
        made = {"made_by": made_by(versions(rules)), "recording": pack(judged.recording)}
        found["recordings"] = [made]
    return Outcome(
        report=to_json(judged.report),
        page=page.read_bytes() if page.is_file() else None,
        head=head(judged.report, judged.facts),
        rows=found,
        evidence=walked.evidence,
    )


def _folder() -> Path:
    """A folder of this process's own; those of processes that were killed are cleared away."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        owner = left.name.removeprefix(_PREFIX).partition("-")[0]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists() and Path("/proc/self").exists():
            shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))


def _worker() -> str | None:
    """The address of the Dask worker that runs this, by which it can be sent away."""
    from distributed import get_worker  # noqa: PLC0415 - an extra

    try:
        return str(get_worker().address)
    except ValueError:
        return None


def rules_here() -> Path | None:
    """The own rules that a worker was started with."""
    named = os.environ.get(RULES_HERE)
    return Path(named) if named else None


def _mismatch(unlike: tuple[str, ...]) -> Failure:
    said = "; ".join(unlike)
    return Failure(
        "mismatch",
        f"a worker differs from this machine ({said}); "
        "install the same payaudit there and give it the same --rules",
        f"某个 worker 与本机不一致（{said}）；请安装相同版本的 payaudit 并指定相同的 --rules",
    )
