"""A case as one zip for handing over: the same files give the same bytes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from payaudit.case.contents import Kind, contents
from payaudit.case.files import read_file
from payaudit.case.opened import REVIEW, Case, open_case
from payaudit.case.readme import README, SUMS, Packed, readme
from payaudit.case.review import broken, check
from payaudit.case.standing import EYES, Standing, reviewed
from payaudit.errors import UsageError
from payaudit.evidence.read import Evidence
from payaudit.model.text import Text
from payaudit.report.json import to_json
from payaudit.report.validate import departures

_CHUNK = 1 << 20
_EPOCH = (
    1980,
    1,
    1,
    0,
    0,
    0,
)  # the first day a zip can tell; the files' own days would differ from copy to copy


def bundle(folder: Path, target: Path, *, four_eyes: bool = False) -> tuple[str, ...]:
    """Write the bundle of a case and return the names in it.

    Nothing is packed that does not belong together: raises ``UsageError`` where the report is
    about other evidence, departs from its schema, or lacks the reviews that ``four_eyes`` asks
    for; ``EvidenceError`` where the evidence or the review file was altered.
    """
    case = open_case(folder)
    _check_report(case)
    problems = _problems(case)
    review = read_file(folder / REVIEW) if (folder / REVIEW).exists() else b""
    known = check(review, case.evidence_sha256)
    if known.problems:
        raise broken(folder / REVIEW, known.problems)
    decided = reviewed(case, known)
    if four_eyes:
        _check_eyes(case, decided.stands)
    files = tuple(each for each in contents(folder) if each[0].resolve() != target.resolve())
    _check_earlier(case, files)
    text = readme(Packed(decided, files, problems, four_eyes))
    with _whole(target) as file:
        return _pack(file, text, files, {REVIEW: review} if review else {})


def _pack(
    file: IO[bytes], text: str, files: Sequence[tuple[Path, Kind]], held: dict[str, bytes]
) -> tuple[str, ...]:
    """README first, then the files, then the sums; ``held`` is what was checked and may have grown since."""
    sums: dict[str, str] = {}
    with ZipFile(file, "w", ZIP_STORED) as packed:
        sums[README] = _add(packed, README, [text.encode("utf-8-sig")])
        for path, _ in files:
            sums[path.name] = _add(
                packed, path.name, [held[path.name]] if path.name in held else _parts(path)
            )
        lines = "".join(f"{sums[name]}  {name}\n" for name in sorted(sums))
        _add(packed, SUMS, [lines.encode()])
    return (*sums, SUMS)


def _add(packed: ZipFile, name: str, parts: Sequence[bytes] | Iterator[bytes]) -> str:
    """Pack one file as it is, without its day and its owner; its SHA-256."""
    info = ZipInfo(name, _EPOCH)
    info.create_system = 3
    info.external_attr = 0o644 << 16
    digest = hashlib.sha256()
    with packed.open(info, "w", force_zip64=True) as out:
        for part in parts:
            digest.update(part)
            out.write(part)
    return digest.hexdigest()


def _parts(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while part := file.read(_CHUNK):
            yield part


@contextmanager
def _whole(target: Path) -> Iterator[IO[bytes]]:
    """A file that is there whole or not at all, and never takes another's place."""
    draft = target.with_name(f".{target.name}.tmp")
    try:
        if target.exists():
            raise UsageError(
                f"{target} is there already; remove it, or name another file with -o",
                f"{target} 已存在；请删除，或用 -o 另指定文件",
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.rename(target)
    except OSError as error:
        raise UsageError(
            f"cannot write {target}: {error.strerror}; name another file with -o",
            f"无法写入 {target}：{error.strerror}；请用 -o 另指定文件",
        ) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def _check_report(case: Case) -> None:
    wrong = departures(to_json(case.report))
    if wrong:
        first = wrong[0]
        raise UsageError(
            f"the report is not valid: {first.path}: {first.reason.en}; judge the evidence again",
            f"报告不符合规定格式：{first.path}：{first.reason.zh}；请由证据重新判断",
        )


def _problems(case: Case) -> tuple[Text, ...]:
    """What is wrong with the evidence and no reason to refuse it, such as a chain that broke off."""
    with Evidence.open(case.folder) as evidence:
        return tuple(Text(en=each.en, zh=each.zh) for each in evidence.problems)


def _check_eyes(case: Case, stands: Sequence[Standing]) -> None:
    lacking = [stand for stand in stands if stand.lacks_eyes]
    if lacking:
        told = ", ".join(f"{stand.id} ({stand.rule}: {stand.reviewers}/{EYES})" for stand in lacking)
        raise UsageError(
            f"four eyes: not decided by two reviewers: {told}; see `payaudit review {case.folder} --list`",
            f"四眼复核：尚未由两名复核人决定：{told}；用 payaudit review {case.folder} --list 查看全部",
        )


def _check_earlier(case: Case, files: Sequence[tuple[Path, Kind]]) -> None:
    """Earlier evidence that lies there has to be the one that was judged along."""
    told = {each.name: each.sha256 for each in case.report.earlier}
    for path, _ in files:
        if (
            path.name.startswith("earlier-")
            and told.get(path.name) != hashlib.sha256(read_file(path)).hexdigest()
        ):
            raise UsageError(
                f"{path.name} is not the earlier evidence that report.json names; remove it, or judge again",
                f"{path.name} 不是 report.json 所列的更早证据；请移除，或重新判断",
            )
