"""Where the evidence of sweeps lies: a folder, or a bucket. What was written there is never written again."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from payaudit.errors import PayauditError, UsageError

if TYPE_CHECKING:
    from obstore.store import S3Store


class EvidenceStore(Protocol):
    """Takes an evidence file in, once, and gives its place back."""

    def put(self, name: str, evidence: Path | bytes) -> tuple[str, str]:
        """Place and SHA-256 of what now lies there. Raises ``PayauditError`` when it cannot be written."""
        ...


def store_of(place: str | None, folder: Path) -> EvidenceStore:
    """A store by its address, ``s3://BUCKET/PREFIX``, or the folder of the sweeps. Raises ``UsageError``."""
    if place is None:
        return InFolder(folder)
    if place.startswith("s3://"):
        return InBucket(place)
    raise UsageError(
        f"{place}: evidence lies beside the catalogue, or in s3://BUCKET/PREFIX",
        f"{place}：证据存放在目录库旁，或 s3://存储桶/前缀",
    )


class InFolder:
    """``evidence/`` below the folder of the sweeps; places are relative to that folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, name: str, evidence: Path | bytes) -> tuple[str, str]:
        """Whole or not at all, and never over another file."""
        sha256 = sha256_of(evidence)
        place = Path("evidence") / f"{name}-{sha256[:16]}.wacz"
        final = self.folder / place
        half = final.with_name(f"{final.name}.half")
        try:
            final.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(evidence, Path):
                half.unlink(missing_ok=True)
                _link_or_copy(evidence, half)
            else:
                half.write_bytes(evidence)
            # A name that exists holds these very bytes: its name is made from them.
            if not final.exists():
                half.rename(final)
            half.unlink(missing_ok=True)
            final.chmod(0o444)
        except OSError as error:
            raise _unwritten(str(final), str(error.strerror)) from error
        return place.as_posix(), sha256


class InBucket:
    """A bucket that speaks S3; its keys and region come from the usual ``AWS_…`` variables."""

    def __init__(self, place: str) -> None:
        try:
            from obstore.store import S3Store  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise UsageError(
                'evidence in s3:// needs obstore: pip install "payaudit[s3]"',
                '证据存入 s3:// 需要 obstore：pip install "payaudit[s3]"',
            ) from error
        self.place = place.rstrip("/")
        plain = os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://")
        options: dict[str, Any] = {"client_options": {"allow_http": True}} if plain else {}
        self.store: S3Store = S3Store.from_url(self.place, **options)

    def put(self, name: str, evidence: Path | bytes) -> tuple[str, str]:
        """Refused by the store where the name exists, which then holds the same bytes."""
        import obstore  # noqa: PLC0415 - an extra
        from obstore.exceptions import AlreadyExistsError, BaseError  # noqa: PLC0415

        sha256 = sha256_of(evidence)
        key = f"{name}-{sha256[:16]}.wacz"
        try:
            obstore.put(self.store, key, evidence, mode="create", use_multipart=False)
        except AlreadyExistsError:
            pass
        except BaseError as error:
            raise _unwritten(f"{self.place}/{key}", str(error).partition("\n")[0]) from error
        return f"{self.place}/{key}", sha256


def sha256_of(evidence: Path | bytes) -> str:
    """SHA-256 in hex."""
    if isinstance(evidence, bytes):
        return hashlib.sha256(evidence).hexdigest()
    with evidence.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _link_or_copy(source: Path, to: Path) -> None:
    try:
        os.link(source, to)
    except OSError:
        shutil.copyfile(source, to)


def _unwritten(place: str, why: str) -> PayauditError:
    return PayauditError(
        f"{place}: evidence could not be stored ({why}); mend it and run the same command again: it goes on "
        "where it stopped",
        f"{place}：证据无法保存（{why}）；处理后重新运行同一命令即可续跑",
    )
