"""Which targets of a frame a sweep looks at: exclusions first, then a sample by seed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from payaudit.errors import UsageError
from payaudit.sweep.targets import Frame, Target

Fate = Literal["chosen", "excluded", "not_sampled", "unreadable"]


@dataclass(frozen=True)
class Exclusions:
    """Addresses, hosts (and all below them) and platforms that are left out, with the reason given."""

    reasons: dict[str, str]

    def of(self, target: Target) -> str | None:
        """Why a target is left out; ``None`` where it is not."""
        if not self.reasons:
            return None
        host = urlsplit(f"//{target.host}").hostname or ""
        parts = host.split(".")
        above = (".".join(parts[i:]) for i in range(len(parts)))
        for name in (target.address, target.host, target.platform, *above):
            if name in self.reasons:
                return self.reasons[name] or name
        return None


def read_exclusions(path: Path | None) -> Exclusions:
    """One address, host or platform per line, the reason after a comma. Raises ``UsageError``."""
    if path is None:
        return Exclusions({})
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read ({error})", f"{path}：无法读取（{error}）") from error
    pairs = (line.partition(",") for line in lines if line.strip() and not line.startswith("#"))
    return Exclusions({name.strip(): reason.strip() for name, _, reason in pairs})


def fates(
    frame: Frame, exclusions: Exclusions, sample: int | None, seed: str
) -> Iterator[tuple[Target, Fate, str]]:
    """Every target with what becomes of it and why.

    The sample is the ``sample`` targets with the least SHA-256 of seed and id: the same seed draws
    the same targets whatever the order of the rows, and a larger sample contains the smaller one.
    """
    drawn = _drawn(frame, exclusions, sample, seed)
    for target in frame.targets:
        if target.unreadable is not None:
            yield target, "unreadable", target.unreadable
        elif (reason := exclusions.of(target)) is not None:
            yield target, "excluded", reason
        elif drawn is not None and target.id not in drawn:
            yield target, "not_sampled", f"seed {seed}"
        else:
            yield target, "chosen", ""


def _drawn(frame: Frame, exclusions: Exclusions, sample: int | None, seed: str) -> frozenset[str] | None:
    if sample is None:
        return None
    able = (t.id for t in frame.targets if t.unreadable is None and exclusions.of(t) is None)
    return frozenset(
        sorted(able, key=lambda name: hashlib.sha256(f"{seed}:{name}".encode()).digest())[:sample]
    )
