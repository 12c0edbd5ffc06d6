"""From the members of a file to the nouns of the model, with a problem for what cannot be read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import ValidationError

from payaudit.errors import EvidenceError
from payaudit.evidence import layout
from payaudit.evidence.chain import Linked, Problem, verify_chain
from payaudit.evidence.container import Container
from payaudit.evidence.limits import SNAPSHOT
from payaudit.evidence.verify import Checked
from payaudit.model.base import Frozen
from payaudit.model.evidence import Audit, Link, RunInfo, Step

Model = TypeVar("Model", bound=Frozen)
Links = dict[tuple[int, int], Link]

_FORMAT = "payaudit-evidence/1"


@dataclass(frozen=True, slots=True)
class Walk:
    """Runs and steps in order, and what is wrong with them or their chain."""

    runs: tuple[RunInfo, ...]
    steps: tuple[Step, ...]
    problems: tuple[Problem, ...]
    linked: tuple[Linked, ...]


def load_audit(container: Container) -> Audit:
    """Read ``audit.json``. Raises EvidenceError where the file is not ours, or too new."""
    path = container.path
    if layout.AUDIT not in container.names:
        raise EvidenceError(
            f"{path} was recorded by another tool: it has no {layout.AUDIT}. "
            "Give a .wacz that payaudit recorded, or make evidence of it with `payaudit import`.",
            f"{path} 由其他工具记录：其中没有 {layout.AUDIT}。请提供由 payaudit 记录的 .wacz 文件，"
            "或用 payaudit import 将其转为证据。",
        )
    data = container.read(layout.AUDIT, SNAPSHOT)
    try:
        version = json.loads(data)["format"]
        if version == _FORMAT:
            return Audit.model_validate_json(data)
    except (ValueError, KeyError, TypeError, RecursionError) as error:  # ValidationError too
        raise EvidenceError(
            f"{path} is damaged or was altered: {layout.AUDIT} cannot be read. Use another copy.",
            f"{path} 已损坏或被改动：{layout.AUDIT} 无法读取。请使用另一份副本。",
        ) from error
    raise EvidenceError(
        f"{path} has the format {version!a}, this payaudit reads {_FORMAT}. Update payaudit.",
        f"{path} 的格式为 {version!a}，本版 payaudit 只能读取 {_FORMAT}。请升级 payaudit。",
    )


def load_links(container: Container) -> Links:
    """Read the links of all steps; one that cannot be read is left out."""
    links: Links = {}
    for name in container.names:
        place = layout.place(name)
        if place is not None and place.step is not None and place.file == layout.CHAIN:
            link = load_model(container, Link, name)
            if link is not None:
                links[place.run, place.step] = link
    return links


def load_walk(container: Container, audit: Audit, links: Links, checked: Checked) -> Walk:
    """Read runs and steps and check the chain. Never raises: what is wrong is a problem."""
    hashes = checked.hashes
    problems: list[Problem] = []
    runs: list[RunInfo] = []
    steps: list[Step] = []
    linked: list[Linked] = []
    for number in sorted({place.run for name in hashes if (place := layout.place(name))}):
        path = layout.packed(layout.Place(number, None, layout.RUN))
        run = load_model(container, RunInfo, path)
        if run is not None and run.number == number:
            runs.append(run)
        else:
            problems.append(_unreadable(path))
    for (number, step_number), files in sorted(_files(hashes).items()):
        path = layout.packed(layout.Place(number, step_number, layout.STEP))
        step = load_model(container, Step, path)
        if step is not None and (step.run, step.number) == (number, step_number):
            steps.append(step)
        else:
            problems.append(_unreadable(path))
        linked.append(Linked(number, step_number, links.get((number, step_number)), files))
    problems += verify_chain(audit, linked, checked.prefixes)
    return Walk(tuple(runs), tuple(steps), tuple(problems), tuple(linked))


def load_model(container: Container, model: type[Model], path: str) -> Model | None:
    """Read one value; None where it is missing or cannot be read."""
    if path not in container.names:
        return None
    try:
        return model.model_validate_json(container.read(path, SNAPSHOT))
    except (EvidenceError, ValidationError):
        return None


def _files(hashes: Mapping[str, str]) -> dict[tuple[int, int], dict[str, str]]:
    """Return for each step the files that its link should name, with their hashes."""
    found: dict[tuple[int, int], dict[str, str]] = {}
    for name, digest in hashes.items():
        place = layout.place(name)
        if place is None or place.step is None:
            continue
        files = found.setdefault((place.run, place.step), {})
        if place.file != layout.CHAIN:
            files[place.file] = digest
        run = layout.packed(layout.Place(place.run, None, layout.RUN))
        if run in hashes:
            files[layout.RUN] = hashes[run]
    return found


def _unreadable(path: str) -> Problem:
    return Problem(f"{path} is missing or cannot be read.", f"{path} 缺失或无法读取。")
