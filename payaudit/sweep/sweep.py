"""A sweep: every chosen target audited once, on an engine, into a catalogue, by this one coordinator."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from payaudit.errors import BrowserMissing, PayauditError, UsageError
from payaudit.sweep.catalogue import Catalogue, options_text
from payaudit.sweep.events import EventLog, Tally, now
from payaudit.sweep.feeder import Politeness, feed
from payaudit.sweep.job import AuditOne, Engine, Failure, Job, Outcome
from payaudit.sweep.past import earlier
from payaudit.sweep.sample import Exclusions, fates
from payaudit.sweep.store import EvidenceStore
from payaudit.sweep.targets import Frame, Target
from payaudit.sweep.versions import Versions

if TYPE_CHECKING:
    from payaudit.walk.journey import Journey
    from payaudit.walk.options import Options

WORK = "work"
REPORTS = "reports"


@dataclass(frozen=True)
class Plan:
    """How a sweep is to be done. ``attempts`` at a target in all, each of at most ``seconds``."""

    name: str
    folder: Path
    options: Options
    polite: Politeness
    attempts: int
    seconds: float
    versions: Versions
    rules: Path | None = None
    sample: int | None = None
    seed: str = "0"

    def told(self) -> dict[str, Any]:
        """What must be the same when a sweep is gone on with."""
        walk = self.options
        return {
            "browser": walk.browser,
            "max_steps": walk.max_steps,
            "max_seconds": walk.max_seconds,
            "again_seconds": walk.again_seconds,
            "personas": list(walk.personas),
            "orders": walk.orders,
            "sample": self.sample,
            "seed": self.seed,
            "rules": self.versions.rules,
            "law": self.versions.law,
            "tool": self.versions.tool,
        }


@dataclass(frozen=True)
class Rows:
    """What a row says of how to walk: journeys by name, and jurisdictions by how they are written."""

    journeys: dict[str, Journey]
    places: dict[str, tuple[str, ...]]

    def options(self, target: Target, base: Options) -> Options:
        """The options of a target's walk."""
        return replace(
            base,
            persona=target.persona,
            journey=self.journeys.get(target.journey),
            jurisdictions=self.places.get(target.jurisdiction, ()),
        )


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Keep other coordinators away from a folder; raises ``UsageError`` where one is at work."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".sweep.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise UsageError(
                f"another sweep is at work in {folder}; wait for it, or choose another folder with -o",
                f"{folder} 中已有巡查在运行；请等待其结束，或用 -o 另选文件夹",
            ) from None
        shutil.rmtree(folder / WORK, ignore_errors=True)  # of a coordinator that was killed
        yield


def begin(plan: Plan, frame: Frame, exclusions: Exclusions, catalogue: Catalogue) -> list[Target]:
    """Put the frame down, or find the sweep that was begun; the targets that are chosen.

    Raises ``UsageError`` where the sweep of this name was begun with another list or other options.
    """
    known = catalogue.sweep(plan.name)
    told = options_text(plan.told())
    if known is not None:
        _same(plan, frame, known, told)
    if known is None:
        head = {
            "sweep": plan.name,
            "started": now(),
            "ended": None,
            "frame_name": frame.name,
            "frame_sha256": frame.sha256,
            "frame_rows": len(frame.targets),
            "repeated_rows": frame.repeated,
            "sample": plan.sample,
            "seed": plan.seed,
            "options": told,
            "tool": plan.versions.tool,
            "rules": plan.versions.rules,
            "law": plan.versions.law,
        }
        catalogue.begin(
            head,
            (
                {
                    "sweep": plan.name,
                    "target_id": target.id,
                    "row": target.row,
                    "target": target.address,
                    "platform": target.platform,
                    "persona": target.persona,
                    "tags": target.tags,
                    "fate": fate,
                    "reason": reason,
                }
                for target, fate, reason in fates(frame, exclusions, plan.sample, plan.seed)
            ),
        )
    drawn = fates(frame, exclusions, plan.sample, plan.seed)
    return [target for target, fate, _ in drawn if fate == "chosen"]


def _same(plan: Plan, frame: Frame, known: dict[str, Any], told: str) -> None:
    if known["frame_sha256"] != frame.sha256:
        what = f"another list ({known['frame_name']})", f"另一份列表（{known['frame_name']}）"
    elif known["options"] != told:
        what = "other options, rules or version", "不同的选项、规则或版本"
    else:
        return
    raise UsageError(
        f"the sweep {plan.name!r} was begun with {what[0]}; "
        "go on with the same, or begin a new one with --name",
        f"巡查 {plan.name!r} 开始时使用的是{what[1]}；请保持一致，或用 --name 另起一次",
    )


@dataclass
class Sweep:
    """A sweep under way."""

    plan: Plan
    rows: Rows
    catalogue: Catalogue
    store: EvidenceStore
    engine: Engine
    log: EventLog
    tally: Tally
    audit: AuditOne

    async def run(self, chosen: list[Target]) -> None:
        """Audit what is not done yet. Raises ``PayauditError`` when it cannot go on; a later run goes on."""
        from payaudit.sweep.pool import close_pool  # noqa: PLC0415 - a long list is read before the pipeline

        done = self.catalogue.done(self.plan.name)
        left = [target for target in chosen if target.id not in done]
        self.tally.total, self.tally.before = len(chosen), len(chosen) - len(left)
        self.log.say("sweep", total=len(chosen), done=self.tally.before, coordinator=os.getpid())
        # One thread writes: the catalogue has one writer, and the walks are not held up by it.
        with ThreadPoolExecutor(1) as self._writer:
            try:
                async with self.engine:
                    polite = self.plan.polite
                    window = polite.window or await self.engine.slots()
                    await feed(left, self._one, replace(polite, window=window))
            finally:
                close_pool()
                shutil.rmtree(self.plan.folder / WORK, ignore_errors=True)
        self.catalogue.end(self.plan.name, now())
        self.log.say("swept", ok=self.tally.ok, failed=self.tally.failed)

    async def _one(self, target: Target) -> None:
        audit_id = f"{self.plan.name}/{target.id}"
        self.tally.running += 1
        try:
            outcome, attempt = await self._attempts(audit_id, target)
            loop = asyncio.get_running_loop()
            first = await loop.run_in_executor(self._writer, self._save, audit_id, target, outcome, attempt)
        finally:
            self.tally.running -= 1
        if outcome.failure is not None:
            self.tally.failed += 1
        else:
            self.tally.ok += 1
            self.tally.unreached += not outcome.head["reached"]
            self.tally.findings += outcome.head["violations"]
            self.tally.unclear += outcome.head["unclear"]
        what = {"failure": outcome.failure.kind} if outcome.failure else {"reached": outcome.head["reached"]}
        self.log.say("stored" if first else "refused", audit=audit_id, attempts=attempt, **what)

    async def _attempts(self, audit_id: str, target: Target) -> tuple[Outcome, int]:
        loop = asyncio.get_running_loop()
        told = (self.catalogue.engine, target.address, self.plan.versions)
        before = await loop.run_in_executor(self._writer, earlier, *told)
        for attempt in range(1, self.plan.attempts + 1):
            job = Job(
                audit_id,
                attempt,
                target.address,
                self.rows.options(target, self.plan.options),
                self.plan.seconds,
                self.plan.rules,
                self.plan.folder / WORK / target.id if self.engine.here else None,
                None if self.engine.here else self.plan.versions,
                before,
            )
            where = {"target": target.address, "host": target.host, "earlier": len(before)}
            self.log.say("start", audit=audit_id, attempt=attempt, **where)
            outcome = await self.engine.submit(self.audit, job)
            failure = outcome.failure
            if failure is None:
                break
            self.log.say("attempt failed", audit=audit_id, attempt=attempt, kind=failure.kind, why=failure.en)
            if failure.kind == "browser":
                raise BrowserMissing(failure.en, failure.zh)
            if failure.kind == "mismatch":
                raise UsageError(failure.en, failure.zh)
            if failure.final:
                break
            if attempt < self.plan.attempts:
                self.tally.retried += 1
                await asyncio.sleep(self.plan.polite.delay_s)
        return outcome, attempt

    def _save(self, audit_id: str, target: Target, outcome: Outcome, attempts: int) -> bool:
        """Evidence and report first, the row last: a row is only there when all it names is."""
        place = sha256 = page = None
        if outcome.evidence is not None:
            place, sha256 = self.store.put(audit_id, outcome.evidence)
        if outcome.report is not None:
            page = self._report(audit_id, outcome)
        failure = outcome.failure or Failure("failed", "", "")
        row = {
            "audit_id": audit_id,
            "sweep": self.plan.name,
            "target_id": target.id,
            "target": target.address,
            "platform": target.platform,
            "host": target.host,
            "persona": target.persona,
            "tags": target.tags,
            "title": None,
            "merchant": None,
            "captured": None,
            "day": None,
            "audited_at": now(),
            "status": "error" if outcome.failure else "ok",
            "failure": failure.kind if outcome.failure else None,
            "error_en": failure.en or None,
            "error_zh": failure.zh or None,
            "reached": False,
            "attempts": attempts,
            "seconds": round(outcome.seconds, 3),
            "violations": 0,
            "unclear": 0,
            "evidence": place,
            "evidence_sha256": sha256,
            "page": page,
            "tool": None,
            "rules": None,
            "law": None,
            **outcome.head,
        }
        first = self.catalogue.save(row, outcome.report, outcome.rows)
        shutil.rmtree(self.plan.folder / WORK / target.id, ignore_errors=True)
        return first

    def _report(self, audit_id: str, outcome: Outcome) -> str:
        """Write what a person reads; where the best of it lies, below the folder."""
        from payaudit.audit import PAGE  # noqa: PLC0415 - as above

        folder = self.plan.folder / REPORTS / audit_id
        files = {"report.json": outcome.report, PAGE: outcome.page}
        written = [name for name, data in files.items() if data is not None]
        for name in written:
            path = folder / name
            try:
                folder.mkdir(parents=True, exist_ok=True)
                half = path.with_suffix(".half")
                half.write_bytes(files[name] or b"")
                half.replace(path)
            except OSError as error:
                raise PayauditError(
                    f"{path}: cannot be written ({error.strerror}); mend it and run the same command again",
                    f"{path}：无法写入（{error.strerror}）；处理后重新运行同一命令",
                ) from error
        return f"{REPORTS}/{audit_id}/{written[-1]}"
