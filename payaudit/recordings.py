"""Evidence opened to be judged, our own or what others recorded, and the earlier recordings judged along."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from payaudit import __version__
from payaudit.errors import UsageError
from payaudit.evidence.read import Evidence
from payaudit.evidence.seal.trust import Trust
from payaudit.extract.extract import of_walk
from payaudit.extract.recorded import recorded
from payaudit.extract.walked import Walked
from payaudit.foreign.archive import is_foreign, open_foreign
from payaudit.model.recording import Recording
from payaudit.model.report import EarlierV1, EvidenceV1
from payaudit.perceive.lexicon import bundled

EVIDENCE = "evidence.wacz"
_PORTS = {"http": 80, "https": 443}


@contextmanager
def opened(path: Path, trust: Trust | None = None) -> Iterator[tuple[Evidence, EvidenceV1]]:
    """Evidence, or what others recorded as evidence for as long as it is open; and what it is to be called.

    Raises ``EvidenceError`` and ``UsageError``.
    """
    if not is_foreign(path):
        with Evidence.open(path, trust=trust) as evidence:
            yield evidence, EvidenceV1(name=EVIDENCE, sha256=evidence.sha256)
        return
    with TemporaryDirectory(prefix="payaudit-") as folder:
        from payaudit.foreign.record import record  # noqa: PLC0415 - its parsers serve foreign files alone

        archive = open_foreign(path)
        with Evidence.open(
            record(archive, Path(folder, EVIDENCE), tool=f"payaudit/{__version__}")
        ) as evidence:
            # The file's own name would make two copies of one recording differ.
            yield evidence, EvidenceV1(name=f"imported-{archive.kind.lower()}", sha256=archive.sha256)


def before(
    now: Recording, earlier: Sequence[Path | Recording], trust: Trust | None = None
) -> tuple[Recording, ...]:
    """The earlier recordings of the same target, oldest first, whatever order they were named in.

    Raises ``EvidenceError`` for a file that cannot be read, ``UsageError`` for one that cannot be
    judged along. Of recordings that a catalogue remembers, such are left out: machines' clocks differ.
    """
    found: list[Recording] = []
    for each in earlier:
        recording = _read(each, trust) if isinstance(each, Path) else each
        problem = _unfit(each.name if isinstance(each, Path) else "", recording, now, found)
        if problem is None:
            found.append(recording)
        elif isinstance(each, Path):
            raise problem
    return tuple(sorted(found, key=lambda r: (r.started, r.persona, r.sha256 or "")))


def named(earlier: Sequence[Recording]) -> tuple[EarlierV1, ...]:
    """How a report calls them; the files' own names would make two copies of one walk differ."""
    return tuple(
        EarlierV1(
            name=f"earlier-{number}.wacz",
            sha256=recording.sha256,
            captured=recording.captured,
            persona=recording.persona,
        )
        for number, recording in enumerate(earlier, 1)
    )


def same_target(one: str, other: str) -> bool:
    """Whether two addresses lead to the same page, however their host is written."""
    return _plain(one) == _plain(other)


def _read(path: Path, trust: Trust | None) -> Recording:
    with opened(path, trust) as (evidence, called):
        walked = Walked(evidence, bundled())
        return recorded(walked, of_walk(walked), called.sha256)


def _unfit(name: str, each: Recording, now: Recording, others: Sequence[Recording]) -> UsageError | None:
    """Why a recording cannot be judged along with ``now`` and those before it."""
    host = (_host(each.target), _host(now.target))
    # What others recorded may begin at another page of the site: whoever hands it along answers for that.
    if not (same_target(each.target, now.target) or (each.imported and host[0] == host[1])):
        return UsageError(
            f"{name}: a recording of {each.target}, not of {now.target}; hand along those of the same target",
            f"{name}：记录的是 {each.target}，而非 {now.target}；请提交同一目标的记录",
        )
    if each.replay:
        return UsageError(
            f"{name}: a replay, whose day is not that of what it shows; hand along the recording itself",
            f"{name}：这是回放，其日期并非所见内容的日期；请提交原始记录",
        )
    if each.started > (now.ended or now.started):
        return UsageError(
            f"{name}: made after the evidence that is judged; judge the latest, and hand along the others",
            f"{name}：其时间晚于被判断的证据；请判断最新的一份，其余以 --earlier 提交",
        )
    # Copies of one walk, redacted ones too, would count as several.
    if any((each.started, each.persona) == (other.started, other.persona) for other in (now, *others)):
        return UsageError(
            f"{name}: the same walk is handed along twice; name each once",
            f"{name}：同一次巡查被重复提交；每份只列一次",
        )
    return None


def _plain(address: str) -> tuple[str, ...]:
    parts = urlsplit(address)
    host = _host(address)
    return parts.scheme.lower(), host, parts.path.rstrip("/"), parts.query, parts.fragment


def _host(address: str) -> str:
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    try:
        port = parts.port
    except ValueError:
        return parts.netloc.lower()
    return host if port in {None, _PORTS.get(parts.scheme.lower())} else f"{host}:{port}"
