"""Writing evidence while the walk is running.

Everything lies in ``<out>.wacz.partial`` from the moment it is recorded; a kill loses at
most the step in flight. ``finish`` packs the folder, opens the result, and only then
removes the folder.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from payaudit.errors import EvidenceError, UsageError
from payaudit.evidence import layout
from payaudit.evidence.chain import build_link, genesis
from payaudit.evidence.disk import (
    is_locked,
    plain_words,
    replace_file,
    sync_folder,
    write_file,
)
from payaudit.evidence.exchange import Exchange, Missing, WebSocketLog
from payaudit.evidence.ledger import gap_of, note
from payaudit.evidence.limits import SNAPSHOT
from payaudit.evidence.pack import pack
from payaudit.evidence.read import Evidence
from payaudit.evidence.seal.heads import sign_head
from payaudit.evidence.seal.keys import Keys
from payaudit.evidence.seal.sidecar import move_aside
from payaudit.evidence.warc import WarcWriter
from payaudit.model.base import Frozen
from payaudit.model.evidence import Audit, Link, RunInfo, Step


class EvidenceWriter:
    """Records one walk into a folder. Not for use by several threads at once.

    Every method that writes raises EvidenceError when the disk fails; what was recorded
    before stays. Use ``create``.
    """

    def __init__(self, folder: Path, audit: Audit, warc: WarcWriter, keys: Keys | None = None) -> None:
        self.folder = folder
        self.head = genesis(audit)
        """Hash of the last link, or the genesis."""
        self._keys = keys
        self._genesis = self.head
        self._warc = warc
        warc.on_entry = self._note
        self._run: RunInfo | None = None
        self._run_hash = ""
        self._last = 0

    @classmethod
    def create(cls, folder: Path, audit: Audit, keys: Keys | None = None) -> Self:
        """Start a recording in ``folder``, conventionally ``<out>.wacz.partial``, signed with ``keys``.

        What an earlier, killed walk left there is moved aside to ``<folder>-1`` and so
        on. Raises UsageError where ``folder`` cannot be written or is in use.
        """
        try:
            if is_locked(folder / layout.WARC):
                raise UsageError(
                    f"Another walk is recording into {folder}; wait for it or choose another name.",
                    f"另一次巡查正在写入 {folder}；请等待其结束或换一个名称。",
                )
            if folder.is_dir() and any(folder.iterdir()):
                folder.rename(_aside(folder))
            (folder / layout.WARC).parent.mkdir(parents=True, exist_ok=True)
            (folder / layout.AUDIT).parent.mkdir(exist_ok=True)
            replace_file(folder / layout.AUDIT, _json(audit))
            warc = WarcWriter(folder / layout.WARC, audit.tool)
        except OSError as error:
            raise UsageError(
                f"Cannot write to {folder} ({error.strerror or error}); choose another place.",
                f"无法写入 {folder}（{error.strerror or error}）；请选择其他位置。",
            ) from error
        return cls(folder, audit, warc, keys)

    def begin_run(self, run: RunInfo) -> None:
        """Begin a fresh browser context; its steps follow. Runs are numbered upwards."""
        if self._run is not None and run.number <= self._run.number:
            msg = f"run {run.number} after run {self._run.number}"
            raise ValueError(msg)
        data = _json(run)
        with plain_words(self.folder):
            folder = self.folder / layout.run_folder(run.number)
            (folder / "steps").mkdir(parents=True)
            replace_file(folder / layout.RUN, data)
        self._run, self._run_hash, self._last = run, _sha256(data), 0

    def add_step(
        self,
        step: Step,
        snapshot: bytes,
        screen: bytes | None,
        *,
        extra: Mapping[str, bytes] | None = None,
    ) -> Link:
        """Keep a step, all of it or nothing, and return its link in the chain.

        ``snapshot`` is UTF-8 JSON, not yet compressed; ``screen`` a PNG; ``extra`` further
        files by name, such as OCR readings. Raises ValueError out of order.
        """
        if self._run is None or step.run != self._run.number or step.number <= self._last:
            msg = f"step {step.run}/{step.number} is not the next one"
            raise ValueError(msg)
        step_json = _json(step)
        size = max(len(snapshot), len(step_json))
        if size > SNAPSHOT:
            raise EvidenceError(
                f"The page is too large to keep ({size} bytes).",
                f"页面过大，无法保存（{size} 字节）。",
            )
        files = {
            layout.STEP: step_json,
            layout.SNAPSHOT: gzip.compress(snapshot, compresslevel=6, mtime=0),
        }
        if screen is not None:
            files[layout.SCREEN] = screen
        for name, data in (extra or {}).items():
            if name in {*files, layout.SCREEN, layout.CHAIN, layout.RUN} or not (
                layout.FILE_NAME.fullmatch(name)
            ):
                msg = f"a step cannot have a file called {name!r}"
                raise ValueError(msg)
            files[name] = data
        hashes = {name: _sha256(data) for name, data in files.items()}
        link = build_link({**hashes, layout.RUN: self._run_hash}, self.head, self._warc.prefix())
        if self._keys is not None:
            link = sign_head(link, self._keys)
        files[layout.CHAIN] = _json(link)
        with plain_words(self.folder):
            self._warc.sync()
            self._place(step, files)
        self.head, self._last = link.hash, step.number
        return link

    def add_exchange(self, exchange: Exchange) -> int:
        """Record a request with its answer; return its sequence number, from 1."""
        with plain_words(self.folder):
            return self._warc.exchange(exchange)

    def add_websocket(self, log: WebSocketLog) -> int:
        """Record what a WebSocket said since its last log; return the sequence number."""
        with plain_words(self.folder):
            return self._warc.websocket(log)

    def add_missing(  # noqa: PLR0913 - a line of the ledger has these columns
        self,
        url: str,
        method: str,
        reason: str,
        run: int,
        step: int,
        *,
        at: datetime | None = None,
    ) -> int:
        """Record that a request got no answer or was refused; ``at`` is now unless given."""
        with plain_words(self.folder):
            return self._warc.missing(Missing(url, method, reason, run, step, at))

    def write_audit(self, audit: Audit) -> None:
        """Replace ``audit.json``; target and start are in the chain and must stay."""
        if genesis(audit) != self._genesis:
            msg = "target and start of an audit cannot change"
            raise ValueError(msg)
        with plain_words(self.folder):
            replace_file(self.folder / layout.AUDIT, _json(audit))

    def finish(self, out: Path) -> Path:
        """Pack everything into ``out``, check it by opening it, remove the folder.

        A file that was at ``out`` is kept as ``<out>-1.wacz``, with its sidecars. Where the chain
        turns out to be broken the folder stays too. Raises EvidenceError where the disk fails or the
        result cannot be opened, with the folder left as it is.
        """
        packed = out.with_name(f".{out.name}.packed")
        with plain_words(self.folder):
            self._warc.close()
            out.parent.mkdir(parents=True, exist_ok=True)
            try:
                pack(self.folder, packed, self._keys)
                with Evidence.open(packed, strict=False) as check:
                    whole = not check.problems
                move_aside(out)
                packed.replace(out)
            finally:
                packed.unlink(missing_ok=True)
            sync_folder(out.parent)
        if whole:
            shutil.rmtree(self.folder, ignore_errors=True)
        return out

    def close(self) -> None:
        """Stop recording and leave the folder as it is."""
        with plain_words(self.folder):
            self._warc.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _note(self, entry: Exchange | WebSocketLog | Missing, seq: int) -> None:
        """Keep the ledger: a gap is never silent."""
        gap = gap_of(entry, seq)
        if gap is not None:
            note(self.folder / layout.LEDGER, gap)

    def _place(self, step: Step, files: Mapping[str, bytes]) -> None:
        final = self.folder / layout.step_folder(step.run, step.number)
        draft = final.with_name(f".{final.name}.tmp")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        for name, data in files.items():
            write_file(draft / name, data)
        sync_folder(draft)
        draft.rename(final)
        sync_folder(final.parent)


def _aside(folder: Path) -> Path:
    number = 1
    while (aside := folder.with_name(f"{folder.name}-{number}")).exists():
        number += 1
    return aside


def _json(value: Frozen) -> bytes:
    """Return a value as JSON; a lone surrogate of a hostile page becomes a question mark."""
    plain: Any = value.model_dump(mode="json")
    return json.dumps(plain, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
