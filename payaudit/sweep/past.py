"""Recordings of earlier audits as a catalogue keeps them and a job carries them: deflated JSON."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from datetime import UTC, datetime

import sqlalchemy as sa

from payaudit.model.recording import Recording
from payaudit.sweep import tables
from payaudit.sweep.versions import Versions

BACK_DAYS = 31  # more than any rule looks back; a month of nights is as many recordings


def pack(recording: Recording) -> bytes:
    """To be kept or sent."""
    return zlib.compress(recording.model_dump_json(exclude_defaults=True).encode())


def unpack(packed: Iterable[bytes]) -> tuple[Recording, ...]:
    """And back."""
    return tuple(Recording.model_validate_json(zlib.decompress(each)) for each in packed)


def made_by(versions: Versions) -> str:
    """What decides what a recording holds: another version may read the same evidence otherwise."""
    return f"{versions.tool} {versions.data}"


def earlier(engine: sa.Engine, target: str, versions: Versions) -> tuple[bytes, ...]:
    """The recordings of a target's audits up to now, the last one of each day and persona, latest first.

    Those that another version made are left out: they could differ from what their
    evidence is read as today, and a report must follow from the evidence it names.
    """
    audits, recordings = tables.audits.c, tables.recordings.c
    wanted = (
        sa.select(recordings.recording, audits.captured, audits.persona)
        .join_from(tables.audits, tables.recordings, audits.audit_id == recordings.audit_id)
        .where(
            audits.target == target,
            audits.status == "ok",
            audits.reached.is_(True),
            audits.day >= datetime.now(UTC).date().toordinal() - BACK_DAYS,
            recordings.made_by == made_by(versions),
        )
        .order_by(audits.audited_at.desc(), audits.audit_id)
    )
    kept: dict[tuple[str, str], bytes] = {}
    with engine.connect() as link:
        for packed, captured, persona in link.execute(wanted):
            kept.setdefault((captured, persona), packed)
    return tuple(kept.values())
