"""What people collected by hand beside a walk: ``payaudit/attachments.json``."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, get_args

from payaudit.model.base import Frozen
from payaudit.model.readings import Readings
from payaudit.model.text import Text

Placement = Literal["before-purchase", "after-purchase", "cancellation", "refund", "other"]
PLACEMENTS: tuple[Placement, ...] = get_args(Placement)


class Attachment(Frozen):
    """One file as it was handed in, who made it on which device and when, and what could be read of it.

    Boxes in ``readings`` are in px of the picture. ``unread`` says why nothing was read;
    None where something was looked for. ``offer`` names what had been bought, where that was told.
    """

    member: str  # path inside the evidence file
    name: str  # file name as given
    sha256: str
    bytes: int
    media_type: str
    who: str
    device: str
    when: datetime
    place: Placement
    note: str | None = None
    offer: str | None = None
    added: datetime
    readings: Readings | None = None
    text: str | None = None
    unread: Text | None = None
    redacted: bool = False  # not as handed in: private words were taken out of it

    @property
    def lines(self) -> tuple[str, ...]:
        """What was read, line by line."""
        read = self.text.splitlines() if self.text else []
        read += [line.text for line in self.readings.lines] if self.readings else []
        return tuple(line.strip() for line in read if line.strip())


class Attachments(Frozen):
    """All of them in the order of adding. ``original_sha256`` is of the file they were last added to."""

    format: Literal["payaudit-attachments/1"] = "payaudit-attachments/1"
    original_sha256: str
    items: tuple[Attachment, ...] = ()
