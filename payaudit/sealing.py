"""By whom and what a walk is made, and what speaks for its file afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from payaudit.errors import EvidenceError, PayauditError, RuleError
from payaudit.evidence.seal.keys import Keys
from payaudit.evidence.seal.sidecar import write_seal
from payaudit.evidence.seal.stamp import Stamped, clock, stamp
from payaudit.judge.yamlfile import digest, read
from payaudit.model.custody import Case, Custody, Signer

_HIDDEN = "…"
_SECRET_OPTIONS = frozenset({"--password", "--token"})  # there are none; typed by mistake they are not kept


@dataclass(frozen=True)
class Sealing:
    """Whose keys, which authorities and whose case a walk has; with no keys it is signed by none."""

    keys: Keys | None = None
    signer: Signer = "machine"
    tsa: tuple[str, ...] = ()
    case: Case | None = None
    command: tuple[str, ...] = ()

    def custody(self, rules_sha256: str, law_sha256: str) -> Custody | None:
        """What is known before a walk; asks the authorities for their time. Raises UsageError."""
        if self.keys is None:
            return None
        return Custody(
            case=self.case,
            signer=self.signer,
            key=self.keys.id,
            wacz_key=self.keys.ecdsa_id,
            tool_sha256=source_sha256(),
            rules_sha256=rules_sha256,
            law_sha256=law_sha256,
            command=without_secrets(self.command),
            clocks=tuple(clock(url) for url in self.tsa),
        )

    def seal(self, evidence: Path) -> Sealed:
        """Sidecars of a walk's file: a seal where the key is a person's, and a stamp of each authority."""
        return seal(evidence, self.keys if self.signer == "investigator" else None, self.tsa)


@dataclass(frozen=True)
class Sealed:
    """What was left beside a file, and what went wrong on the way."""

    seal: Path | None = None
    stamps: tuple[Stamped, ...] = ()
    failures: tuple[PayauditError, ...] = field(default=())

    @property
    def files(self) -> list[Path]:
        """The sidecars."""
        return [*([self.seal] if self.seal else []), *(each.path for each in self.stamps)]


def seal(path: Path, keys: Keys | None, tsa: Sequence[str]) -> Sealed:
    """Leave sidecars beside a file. Raises EvidenceError where it cannot be read or nothing be written."""
    try:
        with path.open("rb") as file:
            sha256 = file_digest(file, "sha256").hexdigest()
            size = file.tell()
        made = None if keys is None else write_seal(path, sha256, size, datetime.now(UTC), keys)
        stamps: list[Stamped] = []
        failures: list[PayauditError] = []
        for url in tsa:
            try:
                stamps.append(stamp(path, sha256, url))
            except PayauditError as failure:
                failures.append(failure)
    except OSError as error:
        why = error.strerror or str(error)
        raise EvidenceError(f"Cannot seal {path}: {why}.", f"无法封存 {path}：{why}。") from error
    return Sealed(made, tuple(stamps), tuple(failures))


def load_case(path: Path) -> Case:
    """Read ``case.yaml``. Raises RuleError that names the line, with a suggestion for an unknown field."""
    document = read(path)
    if document.data is None:
        return Case()
    if not isinstance(document.data, dict):
        raise RuleError(
            f"{path}: holds no fields; `payaudit case new` writes a template",
            f"{path}：没有字段；用 payaudit case new 生成模板",
        )
    # A field left empty in the template was not filled in.
    told = {name: value for name, value in document.data.items() if value is not None}
    return document.validate(Case, told)


def source_sha256() -> str:
    """SHA-256 over the tool's own source, the same in a checkout and in an installed package."""
    package = Path(__file__).parent
    return digest(package, [path for path in package.rglob("*.py") if "rules" not in path.parts])


def without_secrets(command: Sequence[str]) -> tuple[str, ...]:
    """A command line as it may be kept: no password in an address or after an option."""
    kept: list[str] = []
    for word in command:
        option, equals, value = word.partition("=")
        if kept and kept[-1] in _SECRET_OPTIONS:
            kept.append(_HIDDEN)
        elif option in _SECRET_OPTIONS and equals:
            kept.append(f"{option}={_HIDDEN}")
        elif option.startswith("--") and equals:
            kept.append(f"{option}={_plain_address(value)}")
        else:
            kept.append(_plain_address(word))
    return tuple(kept)


def _plain_address(word: str) -> str:
    try:
        parts = urlsplit(word)
        if "@" not in parts.netloc:
            return word
        return urlunsplit(parts._replace(netloc=f"{_HIDDEN}@{parts.netloc.rpartition('@')[2]}"))
    except ValueError:
        return word
