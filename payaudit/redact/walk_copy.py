"""The redacted copy of an evidence file: every member cleaned, linked and packed anew.

Two passes over everything: first all private values are gathered, so that one that gives
itself away in a header is also found where it stands in a body or on a screen. The same
file and patterns always give the same copy.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from payaudit.errors import EvidenceError
from payaudit.evidence import layout
from payaudit.evidence.container import Container
from payaudit.evidence.copy import check_out, relink, unpack
from payaudit.evidence.disk import plain_words
from payaudit.evidence.pack import pack_files
from payaudit.evidence.read import Evidence
from payaudit.model.readings import Reading, Readings
from payaudit.model.redaction import Redactions, Unsearched
from payaudit.redact.attached import clean_attachments
from payaudit.redact.kinds import Kinds
from payaudit.redact.screens import black_out, clean_snapshot, gather_snapshot, regions
from payaudit.redact.secrets import Secrets
from payaudit.redact.traffic import Parts, gather, media, rewrite

_SALT = b"payaudit-redaction-salt/1\n"
_CHUNK = 1024 * 1024
_SIGNED = (".sig", ".tsr", ".tsq", ".ed25519.json", ".p7s", ".pem")
_OF_ORIGINAL = frozenset({layout.REDACTIONS, layout.ORIGINAL_PACKAGE, layout.ORIGINAL_DIGEST})


def redact(path: Path, out: Path, also: Sequence[str] = (), *, tool: str) -> Redactions:
    """Write the copy ``out`` of the evidence ``path``; returns what was taken out.

    Raises EvidenceError where the evidence does not hold (its chain would be made anew over
    the break), ``UsageError`` where ``out`` is there already or an expression is none.
    """
    kinds = Kinds.load(also)
    with Evidence.open(path) as evidence:
        if evidence.problems:
            first = evidence.problems[0]
            raise EvidenceError(
                f"{evidence.path} does not hold, and a copy would hide it: {first.en}",
                f"{evidence.path} 未通过校验，制作副本会掩盖这一点：{first.zh}",
            )
        source, original = evidence.path, evidence.sha256
    check_out(out, source)
    container = Container.open(source)
    try:
        with (
            plain_words(out.absolute().parent),
            tempfile.TemporaryDirectory(prefix=".redact-", dir=out.absolute().parent) as scratch,
        ):
            left_out = tuple(sorted(n for n in container.names if n.endswith(_SIGNED) or n in _OF_ORIGINAL))
            files = unpack(container, Path(scratch), left_out)
            before = {name: _sha256(file) for name, file in files.items()}
            copy = _Copy(files, Path(scratch), kinds, Secrets(_salt(source)))
            copy.gather()
            copy.clean()
            told = Redactions(
                original_sha256=original,
                tool=tool,
                patterns_sha256=kinds.sha256,
                count=sum(each.count for each in copy.secrets.removed()),
                by_kind=_by_kind(copy.secrets),
                removed=copy.secrets.removed(),
                unchanged=tuple(sorted(name for name in files if _sha256(files[name]) == before[name])),
                left_out=left_out,
                custody=copy.custody,
                unsearched=tuple(Unsearched(what=w, count=n) for w, n in sorted(copy.unsearched.items())),
            )
            files[layout.REDACTIONS] = Path(scratch, "redactions")
            plain = json.dumps(told.model_dump(mode="json"), ensure_ascii=False, indent=1)
            files[layout.REDACTIONS].write_text(plain, "utf-8")
            packed = pack_files(files, Path(scratch, "packed.wacz"))
            with Evidence.open(packed) as check:
                if check.problems:  # never handed on: it would look altered
                    raise EvidenceError(check.problems[0].en, check.problems[0].zh)
            packed.replace(out)
    finally:
        container.close()
    return told


class _Copy:
    """The files on their way: gathered from, then changed in place."""

    def __init__(self, files: dict[str, Path], scratch: Path, kinds: Kinds, secrets: Secrets) -> None:
        self.files, self.scratch, self.kinds, self.secrets = files, scratch, kinds, secrets
        self.unsearched: dict[str, int] = {}
        self.custody: dict[str, Any] | None = None

    def gather(self) -> None:
        """First pass."""
        for name, path in self.files.items():
            parts = self._parts(name)
            if name == layout.WARC:
                with path.open("rb") as warc:
                    gather(warc, parts)
                self.unsearched = dict(parts.unsearched)
            elif name.endswith(layout.SNAPSHOT):
                gather_snapshot(path.read_bytes(), parts)
            elif _is_text(name, path):
                parts.gather(path.read_bytes())
        self.secrets.close()

    def clean(self) -> None:
        """Second pass; pictures first, as they are judged by the snapshots as these were."""
        for name in [name for name in self.files if name.endswith(layout.SCREEN)]:
            self._screen(name)
        self.unsearched |= clean_attachments(self.files, self._parts)
        for name, path in self.files.items():
            parts = self._parts(name)
            if name == layout.WARC or name.endswith(layout.CHAIN):
                continue
            if name.endswith(layout.SNAPSHOT):
                self._put(path, clean_snapshot(path.read_bytes(), parts))
            elif _is_text(name, path):
                self._put(path, parts.clean(path.read_bytes(), "text"))
        self._without_custody()
        relink(self.files, self._traffic())

    def _without_custody(self) -> None:
        """Take out by whose keys the original was signed: no signature of it holds for the copy."""
        path = self.files[layout.AUDIT]
        audit = json.loads(path.read_bytes())
        self.custody = audit.pop("custody", None)
        if self.custody is not None:
            path.write_text(json.dumps(audit, ensure_ascii=False, indent=1), "utf-8")

    def _traffic(self) -> dict[int, tuple[int, str]]:
        """Write the WARC anew; for each record's old end the new one with the SHA-256 up to it."""
        path, made = self.files.get(layout.WARC), hashlib.sha256()
        cuts = {0: (0, made.hexdigest())}
        if path is None:
            return cuts
        new = self.scratch / "data.warc.gz"
        with path.open("rb") as stream, path.open("rb") as source, new.open("wb") as file:

            def write(data: bytes) -> None:
                file.write(data)
                made.update(data)

            for old, end in rewrite(stream, source, write, self._parts(layout.WARC)):
                cuts[old] = (end, made.hexdigest())
        new.replace(path)
        return cuts

    def _screen(self, name: str) -> None:
        place = layout.place(name)
        if place is None or place.step is None:
            return
        snapshot = self.files.get(layout.packed(place._replace(file=layout.SNAPSHOT)))
        if snapshot is None:
            return
        readings = _readings(self.files.get(layout.packed(place._replace(file=layout.READINGS))))
        parts = self._parts(name)
        found, width = regions(snapshot.read_bytes(), readings, parts)
        self._put(self.files[name], black_out(self.files[name].read_bytes(), found, width, parts))

    def _parts(self, name: str) -> Parts:
        return Parts(self.kinds, self.secrets, name)

    @staticmethod
    def _put(path: Path, data: bytes) -> None:
        if path.read_bytes() != data:
            path.write_bytes(data)


def _is_text(name: str, path: Path) -> bool:
    if name.endswith((".gz", layout.SCREEN)):
        return False
    with path.open("rb") as file:
        return media(file.read(_CHUNK)) is None


def _readings(path: Path | None) -> tuple[Reading, ...]:
    if path is None:
        return ()
    try:
        return Readings.model_validate_json(path.read_bytes()).lines
    except ValidationError:
        return ()


def _by_kind(secrets: Secrets) -> dict[str, int]:
    counts: dict[str, int] = {}
    for each in secrets.removed():
        counts[each.kind] = counts.get(each.kind, 0) + each.count
    return counts


def _salt(path: Path) -> bytes:
    """What only a holder of the original can make; see ``Removed``."""
    made = hashlib.sha256(_SALT)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            made.update(chunk)
    return made.digest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
