"""The chain of steps: who changes, removes or reorders one breaks every later link.

A link's hash is the SHA-256, in lower-case hex, of this object as canonical JSON
(UTF-8, keys sorted, no spaces, nothing escaped that JSON lets stand)::

    {"files": {name: sha256, …}, "previous": hash, "warc_offset": bytes, "warc_sha256": sha256}

``files`` holds every file of the step but ``chain.json``, and the ``run.json`` of its
run. ``warc_sha256`` covers the first ``warc_offset`` bytes of ``data.warc.gz``: all the
traffic up to this step. ``previous`` is the hash of the step before, over all runs in
order; before the first step it is the *genesis*, the SHA-256 of the canonical JSON of
``{"custody": …, "format": …, "started": …, "target": …}`` as they stand in ``audit.json``
(without ``custody`` where there is none). The rest of ``audit.json`` is written when the
walk ends and is no part of the chain. A link may carry a signature of its hash
(``seal.heads``), which is no part of the hash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from payaudit.model.evidence import Audit, Link


class Problem(NamedTuple):
    """One thing that is not as it should be, in both languages."""

    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Linked:
    """A step as it was found: its link if it has one, and the SHA-256 of each file."""

    run: int
    step: int
    link: Link | None
    files: Mapping[str, str]


def genesis(audit: Audit) -> str:
    """Return what the first step calls ``previous``."""
    bound = {"format", "started", "target"} | ({"custody"} if audit.custody is not None else set())
    return _hash(audit.model_dump(mode="json", include=bound))


def build_link(files: Mapping[str, str], previous: str, warc: tuple[int, str]) -> Link:
    """Return the link of a step; ``warc`` is length and SHA-256 of the traffic so far."""
    offset, digest = warc
    body = {
        "files": dict(files),
        "previous": previous,
        "warc_offset": offset,
        "warc_sha256": digest,
    }
    return Link(
        files=dict(files),
        previous=previous,
        warc_offset=offset,
        warc_sha256=digest,
        hash=_hash(body),
    )


def verify_chain(audit: Audit, steps: Sequence[Linked], prefixes: Mapping[int, str]) -> list[Problem]:
    """Return what is wrong with the chain; an empty list: it holds.

    ``steps`` in order of run and step. ``prefixes`` gives the SHA-256 of the WARC's
    first n bytes, for each ``warc_offset`` that the WARC is long enough for.
    """
    problems: list[Problem] = []
    previous, reached = genesis(audit), 0
    for found in steps:
        en, zh = f"Step {found.run}/{found.step}", f"步骤 {found.run}/{found.step}"
        link = found.link
        if link is None:
            problems.append(Problem(f"{en} has no readable chain.json.", f"{zh}没有可读的 chain.json。"))
            continue
        made = build_link(link.files, link.previous, (link.warc_offset, link.warc_sha256))
        if link.hash != made.hash:
            problems.append(Problem(f"{en}: the link was altered.", f"{zh}：链节被改动。"))
        if link.previous != previous:
            problems.append(
                Problem(
                    f"{en} does not follow the step before it: one was removed, moved or altered.",
                    f"{zh}与前一步骤不相连：有步骤被删除、移动或改动。",
                )
            )
        if link.warc_offset < reached or prefixes.get(link.warc_offset) != link.warc_sha256:
            problems.append(
                Problem(
                    f"{en}: the traffic recorded up to it was altered or is not all there.",
                    f"{zh}：截至该步骤的流量记录被改动或不完整。",
                )
            )
        problems.extend(_files(en, zh, link.files, found.files))
        previous, reached = link.hash, max(reached, link.warc_offset)
    return problems


def _files(en: str, zh: str, listed: Mapping[str, str], found: Mapping[str, str]) -> Iterable[Problem]:
    for name in sorted(listed.keys() | found.keys()):
        if name not in found:
            yield Problem(f"{en}: {name} is missing.", f"{zh}：缺少 {name}。")
        elif name not in listed:
            yield Problem(f"{en}: {name} was added.", f"{zh}：多出 {name}。")
        elif listed[name] != found[name]:
            yield Problem(f"{en}: {name} was altered.", f"{zh}：{name} 被改动。")


def _hash(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
