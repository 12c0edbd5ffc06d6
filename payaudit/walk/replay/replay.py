"""Walks a recording again: the same agenda or journey, answered from the recorded traffic alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from payaudit.errors import BrowserMissing, EvidenceError
from payaudit.evidence.read import Evidence
from payaudit.model.evidence import Audit
from payaudit.walk.browser import find_browser
from payaudit.walk.journey import Journey, parse
from payaudit.walk.options import Options
from payaudit.walk.replay.recording import Recording
from payaudit.walk.script import journey_of
from payaudit.walk.walk import walk

Tell = Callable[[str, str], None]


@dataclass(frozen=True)
class Replayed:
    """Where the replay's own evidence lies, how it ended, and what its recording lacked."""

    evidence: Path
    audit: Audit
    recording: Recording


async def replay(file: Path, out: Path, browser: str | None, tell: Tell) -> Replayed:
    """Walk the recording ``file`` again and leave ``out`` (a ``.wacz``).

    Raises ``EvidenceError`` where the file cannot be replayed, ``BrowserMissing``.
    """
    with Evidence.open(file) as evidence:
        if not evidence.steps:
            raise EvidenceError(
                f"{file} holds no step of a walk, so there is nothing to replay.",
                f"{file} 中没有巡查步骤，无可重放。",
            )
        if evidence.audit.options.get("devtools"):
            raise EvidenceError(
                f"{file} was walked in WeChat DevTools, which gives no traffic to replay; judge it again,"
                " or repeat the audit there.",
                f"{file} 是在微信开发者工具中巡查所得，没有可重放的流量；可重新判断，或在其中再次审计。",
            )
        recording = Recording.of(evidence)
        options = _options(evidence, recording)
        kind = evidence.runs[0].browser.partition(" ")[0] if evidence.runs else None
    options = replace(options, browser=browser or _like(kind))
    walked = await walk(recording.audit.target, out, options, tell)
    return Replayed(walked.evidence, walked.audit, recording)


def _like(kind: str | None) -> str | None:
    """The recording's kind of browser, where this machine has it."""
    try:
        return str(find_browser(kind).path)
    except BrowserMissing:
        return None


def _options(evidence: Evidence, recording: Recording) -> Options:
    told: dict[str, Any] = recording.audit.options
    plain = Options()
    return Options(
        persona=recording.audit.persona,
        max_steps=int(told.get("max_steps", plain.max_steps)),
        max_seconds=float(told.get("max_seconds", plain.max_seconds)),
        again_seconds=float(told.get("again_seconds", plain.again_seconds)),
        personas=tuple(told.get("personas") or ()),
        orders="none" if told.get("orders") == "none" else "few",
        journey=_journey(evidence, told),
        jurisdictions=recording.audit.jurisdictions,
        entry=told.get("entry"),
        recording=recording,
    )


def _journey(evidence: Evidence, told: dict[str, Any]) -> Journey | None:
    """The script that was followed; of a walk by hand the way that was shown."""
    if told.get("journey") is None and not told.get("by_hand"):
        return None
    steps = told.get("journey_steps")
    if isinstance(steps, list):
        return Journey.model_validate({"source": told["journey"], "steps": steps})
    return parse(journey_of(evidence), str(told.get("journey") or "by hand"))
