"""Reading evidence, offline and without trust: every file is hashed before it is believed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pydantic import ValidationError

from payaudit.errors import EvidenceError
from payaudit.evidence import layout
from payaudit.evidence.chain import Problem
from payaudit.evidence.container import Container
from payaudit.evidence.exchange import Entry, Exchange, Missing, WebSocketLog
from payaudit.evidence.find import find_evidence
from payaudit.evidence.ledger import Gap, gap_of, read_ledger
from payaudit.evidence.limits import MEMBER, SNAPSHOT
from payaudit.evidence.load import Links, load_audit, load_links, load_model, load_walk
from payaudit.evidence.members import gunzip
from payaudit.evidence.recover import Recovery
from payaudit.evidence.seal.attest import attest
from payaudit.evidence.seal.lines import problems
from payaudit.evidence.seal.trust import Trust
from payaudit.evidence.traffic import Located, locate, read, records
from payaudit.evidence.verify import Checked, check_package
from payaudit.model.attachment import Attachment, Attachments
from payaudit.model.evidence import Audit, Link, Step
from payaudit.model.readings import Reading, Readings
from payaudit.model.redaction import Redactions

_CACHED = 4


class Evidence:
    """One evidence file, open. Use ``Evidence.open``; close it or use it in a ``with``.

    ``lines`` says of all that was checked what came of it, ``problems`` what of that fails, in
    English and Chinese; empty: it holds.
    """

    def __init__(
        self, container: Container, audit: Audit, links: Links, checked: Checked, trust: Trust
    ) -> None:
        walk = load_walk(container, audit, links, checked)
        self._container = container
        self._links = links
        self._hashes = checked.hashes
        self._snapshots: dict[tuple[int, int], dict[str, Any]] = {}
        self.path = container.path
        self.audit = audit
        self.runs = walk.runs
        self.steps = walk.steps
        self.lines = attest(container, audit, checked, walk, trust)
        self.problems: tuple[Problem, ...] = problems(self.lines)

    @classmethod
    def open(cls, path: Path | str, *, strict: bool = True, trust: Trust | None = None) -> Self:
        """Open a ``.wacz``, a folder with ``evidence.wacz`` in it, or an unfinished walk.

        The folder of a killed walk (``….wacz.partial``) is recovered first. Raises
        EvidenceError where the file is none of ours, cannot be read safely, or anything of it
        fails: its form, a hash, the chain, a signature, a sidecar beside it; with ``strict``
        off these become ``problems``. Where ``trust`` names keys, one of them must have signed.
        """
        container = Container.open(find_evidence(Path(path)))
        try:
            audit, links = load_audit(container), load_links(container)
            checked = check_package(container, [link.warc_offset for link in links.values()])
            opened = cls(container, audit, links, checked, trust or Trust())
            if strict and opened.problems:
                raise _altered(container.path, opened.problems)  # noqa: TRY301 - one place lets go of the file
        except BaseException:
            container.close()
            raise
        return opened

    def close(self) -> None:
        """Let go of the file."""
        self._container.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the whole file, in hex."""
        return self._container.whole_digest()

    @cached_property
    def recovery(self) -> Recovery | None:
        """What was left out when the file was made from a killed walk; None: it was not."""
        return load_model(self._container, Recovery, layout.RECOVERY)

    @cached_property
    def redactions(self) -> Redactions | None:
        """What was taken out of a copy for handing on; None: it is no such copy."""
        return load_model(self._container, Redactions, layout.REDACTIONS)

    @cached_property
    def attachments(self) -> tuple[Attachment, ...]:
        """What people collected by hand beside the walk, in the order of adding."""
        found = load_model(self._container, Attachments, layout.ATTACHMENTS)
        return found.items if found is not None else ()

    def link(self, step: Step) -> Link | None:
        """Return a step's link in the chain; None where it has none that can be read."""
        return self._links.get((step.run, step.number))

    def snapshot(self, step: Step) -> dict[str, Any]:
        """Return the raw snapshot of a step, parsed; treat it as read-only.

        The last few are kept at hand. Raises EvidenceError where there is none.
        """
        key = (step.run, step.number)
        if key not in self._snapshots:
            packed = self.file(step, layout.SNAPSHOT)
            try:
                value = json.loads(gunzip(packed or b"", SNAPSHOT))
            except (ValueError, RecursionError) as error:
                raise _no_snapshot(step) from error
            if not isinstance(value, dict):
                raise _no_snapshot(step)
            while len(self._snapshots) >= _CACHED:
                del self._snapshots[next(iter(self._snapshots))]
            self._snapshots[key] = value
        return self._snapshots[key]

    def readings(self, step: Step) -> tuple[Reading, ...]:
        """Return what was read of the pictures on a step's screen; empty where nothing was."""
        data = self.file(step, layout.READINGS)
        if data is None:
            return ()
        try:
            return Readings.model_validate_json(data).lines
        except ValidationError as error:
            raise EvidenceError(
                f"The readings of step {step.run}/{step.number} cannot be read; record the walk again.",
                f"步骤 {step.run}/{step.number} 的图片文字无法读取；请重新录制。",
            ) from error

    def screenshot_path(self, step: Step) -> str | None:
        """Return where a step's picture lies inside the file; None where it has none."""
        path = _path(step, layout.SCREEN)
        return path if path in self._hashes else None

    def screenshot(self, step: Step) -> bytes | None:
        """Return a step's picture (PNG); None where it has none."""
        return self.file(step, layout.SCREEN)

    def file(self, step: Step, name: str) -> bytes | None:
        """Return a file of a step by its name; None where it has none of that name."""
        path = _path(step, name)
        return self._container.read(path, MEMBER) if path in self._hashes else None

    def exchanges(self, run: int | None = None, step: int | None = None) -> Iterator[Exchange]:
        """Yield what crossed the wire in recorded order, of all or one run, all or one step."""
        for entry in self._entries("exchange", run, step):
            if isinstance(entry, Exchange):
                yield entry

    def websockets(self, run: int | None = None, step: int | None = None) -> Iterator[WebSocketLog]:
        """Yield what WebSockets said, in recorded order."""
        for entry in self._entries("websocket", run, step):
            if isinstance(entry, WebSocketLog):
                yield entry

    def missing(self) -> tuple[Missing, ...]:
        """Return the ledger: each request whose answer is not in the file, and why."""
        found = self._entries("missing", None, None)
        return tuple(entry for entry in found if isinstance(entry, Missing))

    def answers(self) -> dict[tuple[int, int], str]:
        """Return the address of each recorded answer by its place in the WARC: offset and length in bytes.

        Reads every record. Raises EvidenceError where one is damaged.
        """
        if layout.WARC not in self._hashes:
            return {}
        with self._container.stream(layout.WARC) as warc:
            return {(each.offset, each.length): each.url for each in records(warc) if each.kind == "response"}

    def indexed(self) -> list[tuple[str, tuple[int, int]]]:
        """Return address and place (bytes) of each entry of the index. Raises EvidenceError."""
        if layout.INDEX not in self._hashes:
            return []
        found = []
        try:
            for line in self._container.read(layout.INDEX, MEMBER).decode().splitlines():
                entry = json.loads(line.split(" ", 2)[2])
                found.append((str(entry["url"]), (int(entry["offset"]), int(entry["length"]))))
        except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
            raise EvidenceError(
                f"{layout.INDEX} cannot be read; use another copy of the evidence.",
                f"{layout.INDEX} 无法读取；请使用该证据的另一份副本。",
            ) from error
        return found

    @cached_property
    def ledger(self) -> tuple[Gap, ...]:
        """What of the traffic is not in the file, or not whole; from its own record in older files."""
        if layout.LEDGER in self._hashes:
            return read_ledger(self._container.read(layout.LEDGER, SNAPSHOT))
        return tuple(gap for m in self.missing() if (gap := gap_of(m, m.seq or 0)) is not None)

    @cached_property
    def _located(self) -> tuple[Located, ...]:
        with self._container.stream(layout.WARC) as warc:
            return tuple(locate(warc))

    def _entries(self, kind: str, run: int | None, step: int | None) -> Iterator[Entry]:
        if layout.WARC not in self._hashes:
            return
        with self._container.stream(layout.WARC) as warc:
            for where in self._located:
                if where.kind == kind and run in (None, where.run) and step in (None, where.step):
                    yield read(warc, where)


def _path(step: Step, name: str) -> str:
    return layout.packed(layout.Place(step.run, step.number, name))


def _no_snapshot(step: Step) -> EvidenceError:
    return EvidenceError(
        f"Step {step.run}/{step.number} has no readable snapshot; use another copy of the evidence.",
        f"步骤 {step.run}/{step.number} 没有可读的快照；请使用该证据的另一份副本。",
    )


def _altered(path: Path, problems: tuple[Problem, ...]) -> EvidenceError:
    first, more = problems[0], len(problems) - 1
    return EvidenceError(
        f"{path} is damaged or was altered: {first.en}"
        + (f" {more} more such problem{'s' if more > 1 else ''}." if more else "")
        + " Use another copy.",
        f"{path} 已损坏或被改动：{first.zh}"
        + (f"另有 {more} 处问题。" if more else "")
        + "请使用另一份副本。",
    )
