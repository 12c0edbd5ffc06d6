"""What the simulated host answers: ``rules/miniprogram/policy.yaml``, checked when read."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from payaudit.data import read_data, rules_folder
from payaudit.model.base import Frozen

Dialect = Literal["wx", "tt", "ks"]


class Answer(Frozen):
    """One answer: ``ok`` goes to the caller's success, ``fail`` is the reason its fail is told."""

    ok: dict[str, Any] | None = None
    fail: str | None = None
    more: dict[str, Any] = Field(default_factory=dict)
    note: str = ""

    def told(self) -> dict[str, Any]:
        """As the page takes it."""
        return {"ok": self.ok} if self.ok is not None else {"fail": self.fail or "", "more": self.more}


class HostPolicy(Frozen):
    """The policy file; see the head of it."""

    pays: dict[Dialect, tuple[str, ...]]
    cancelled: dict[str, Answer]
    answers: dict[str, Answer]
    quiet: tuple[str, ...]

    def cancel(self, api: str) -> Answer:
        """How a refused payment is told; ``api`` with its namespace, ``tt.pay``."""
        return self.cancelled.get(api, self.cancelled["default"])


class Names(Frozen):
    """``rules/miniprogram/names.yaml``."""

    source: str
    names: tuple[str, ...]


def host_policy() -> HostPolicy:
    """The bundled policy. Raises ``RuleError``."""
    return read_data(rules_folder() / "miniprogram" / "policy.yaml", HostPolicy)


def api_names() -> tuple[str, ...]:
    """Every member of the host's API that is known by name. Raises ``RuleError``."""
    return read_data(rules_folder() / "miniprogram" / "names.yaml", Names).names
