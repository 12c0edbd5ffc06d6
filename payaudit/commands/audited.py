"""A walk that a command asks for, judged, whether it ends by itself or by Ctrl-C."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from payaudit import terminal

if TYPE_CHECKING:
    from payaudit.audit import Judged
    from payaudit.sealing import Sealing
    from payaudit.walk.options import Options
    from payaudit.walk.walk import Walked


def audited(  # noqa: PLR0913 - the whole of an audit
    target: str, out: Path, options: Options, rules: Path | None, sealing: Sealing, *, quiet: bool
) -> tuple[Judged, int]:
    """Audit until done or interrupted; also the code for it."""
    import asyncio

    from payaudit.audit import FAILED, INTERRUPTED, audit, exit_code

    async def go(tell: Callable[[str, str], None]) -> tuple[Judged, Walked]:
        task = asyncio.ensure_future(audit(target, out, options, tell, rules, sealing))
        loop = asyncio.get_running_loop()

        def stop(*_: object) -> None:
            if not loop.is_closed():  # a press when all is already put away changes nothing
                loop.call_soon_threadsafe(task.cancel)

        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, stop)
        return await task

    with terminal.progress(quiet=quiet) as tell:
        judged, walked = asyncio.run(go(tell))
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)  # all is written; a late press must not spoil the exit code
    if walked.audit.failure_en:
        terminal.error(walked.audit.failure_en, walked.audit.failure_zh or "")
    if walked.audit.end_reason == "interrupted":
        return judged, INTERRUPTED
    for failure in judged.sealed.failures if judged.sealed else ():
        terminal.error(failure.en, failure.zh)
        return judged, FAILED
    return judged, exit_code(judged)


def closing(
    out: Path, *more: Path, evidence: bool = True, page: bool = True, judged: Judged | None = None
) -> None:
    """Name the files that were written, the one to read last."""
    from payaudit.audit import PAGE, REPORT
    from payaudit.recordings import EVIDENCE

    beside = judged.sealed.files if judged is not None and judged.sealed is not None else []
    terminal.written([out / REPORT, *([out / EVIDENCE] if evidence else []), *more, *beside])
    if page:
        terminal.readable(out / PAGE)
