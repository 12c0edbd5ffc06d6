"""Attachments as the report lists them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC

from payaudit.model.attachment import Attachment
from payaudit.model.report import AttachmentV1

_MOST_LINES = 60


def attachments(items: Iterable[Attachment]) -> tuple[AttachmentV1, ...]:
    """Each with its tags, its hash and the first lines that were read of it."""
    return tuple(
        AttachmentV1(
            member=item.member,
            name=item.name,
            sha256=item.sha256,
            bytes=item.bytes,
            media_type=item.media_type,
            who=item.who,
            device=item.device,
            when=item.when.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            place=item.place,
            note=item.note,
            offer=item.offer,
            lines=item.lines[:_MOST_LINES],
            unread=item.unread,
            redacted=item.redacted,
        )
        for item in items
    )
