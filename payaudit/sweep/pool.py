"""Processes that judge: extraction is work for a processor, and in a thread it would hold up every walk."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from pathlib import Path

from payaudit.audit import Judged, judge_into
from payaudit.sweep.past import unpack

_RENEWED_AFTER = 40  # judgements; so that what a library keeps does not add up over a night

_pool: ProcessPoolExecutor | None = None


async def judge_in_pool(
    folder: Path, evidence: Path, rules: Path | None, *, earlier: tuple[bytes, ...] = ()
) -> Judged:
    """Judge evidence in another process, and leave the reports in the folder. Raises what judging does.

    ``earlier`` are packed recordings of the same target, judged along.
    """
    loop = asyncio.get_running_loop()
    try:
        return await loop.run_in_executor(_ready(), _judge, folder, evidence, rules, earlier)
    except BrokenProcessPool:  # one was killed, for want of memory perhaps
        close_pool()
        return await loop.run_in_executor(_ready(), _judge, folder, evidence, rules, earlier)


def close_pool() -> None:
    """End the processes."""
    global _pool  # noqa: PLW0603 - one pool for each process, whoever audits in it
    if _pool is not None:
        _pool.shutdown(wait=False, cancel_futures=True)
        _pool = None


def _judge(folder: Path, evidence: Path, rules: Path | None, earlier: tuple[bytes, ...]) -> Judged:
    return judge_into(folder, evidence, rules, unpack(earlier))


def _ready() -> ProcessPoolExecutor:
    global _pool  # noqa: PLW0603 - see above
    if _pool is None:
        _pool = ProcessPoolExecutor(
            os.cpu_count(), get_context("spawn"), _begin, max_tasks_per_child=_RENEWED_AFTER
        )
    return _pool


def _begin() -> None:
    """Leave Ctrl-C to the parent, and end with it: a pool's children outlive a killed parent otherwise."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
