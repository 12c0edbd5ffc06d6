"""The register of provisions: read from ``rules/law/*.yaml``, chosen by place and day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from payaudit.data import rules_folder
from payaudit.errors import RuleError
from payaudit.judge.yamlfile import both, digest, read
from payaudit.model.law import Law, Provision, covers


def load_law(folder: Path | None = None, *more: Path | None) -> Law:
    """Read every provision of a folder; the bundled ones without one.

    ``more`` are folders whose provisions are added; one with a known id takes
    the place of all its wordings. Folders that do not exist add nothing.
    """
    folder = folder or rules_folder() / "law"
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise RuleError(
            f"{folder}: holds no *.yaml; name a folder with provisions",
            f"{folder}：没有 *.yaml 文件，请指定法规条款所在的文件夹",
        )
    found = _read(paths)
    hashes = [digest(folder, paths)]
    for other in more:
        if other is not None and (extra := sorted(other.glob("*.yaml"))):
            added = _read(extra)
            found = {**found, **added}
            hashes.append(digest(other, extra))
    ordered = tuple(
        wording
        for key in sorted(found)
        for wording in sorted(found[key], key=lambda each: each.in_force.since or date.min)
    )
    return Law(provisions=ordered, sha256=both(hashes))


def _read(paths: Sequence[Path]) -> dict[str, list[Provision]]:
    """The wordings of each provision; two of one id may not be in force on the same day."""
    found: dict[str, list[Provision]] = {}
    files: dict[str, str] = {}
    for path in paths:
        document = read(path)
        entries = document.data
        if not isinstance(entries, list):
            raise document.error((), "write a list of provisions", "应为条款列表")
        for i, entry in enumerate(entries):
            provision = document.validate(Provision, entry, (i,))
            wordings = found.setdefault(provision.id, [])
            if any(known.in_force.meets(provision.in_force) for known in wordings):
                first = files[provision.id]
                raise document.error(
                    (i, "id"),
                    f"{provision.id} stands in {first} already; use another id, or dates that do not overlap",
                    f"{provision.id} 已在 {first} 中，请换一个编号，或使生效期间互不重叠",
                )
            wordings.append(provision)
            files.setdefault(provision.id, path.name)
    return found


def choose(
    law: Law, ids: Sequence[str], jurisdictions: Sequence[str], on: date
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Those of ``ids`` that concern the jurisdictions on that day.

    First what may be cited (seen in the text or in a secondary source), then the
    annex: what has not been checked, and proposals, which bind nobody yet and
    are printed with their note.
    """
    cited: list[str] = []
    annex: list[str] = []
    for name in ids:
        provision = law.get(name, on)
        if provision is None or not any(covers(place, provision.jurisdiction) for place in jurisdictions):
            continue
        if provision.nature == "proposal":
            annex.append(name)
        elif provision.on(on):
            (annex if provision.verification == "unverified" else cited).append(name)
    return tuple(cited), tuple(annex)
