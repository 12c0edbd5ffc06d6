"""Datasette shows an audit's id as a link to its report, and evidence as a link to its file."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

from datasette import hookimpl
from markupsafe import Markup


@hookimpl  # type: ignore[untyped-decorator] # pluggy's marker, which gives the function back
def render_cell(value: Any, column: str, datasette: Any) -> Markup | None:  # noqa: ANN401 - Datasette's own types are untyped
    """A link where the cell names something that lies in the folder of the sweeps."""
    if not isinstance(value, str) or not value:
        return None
    if column == "audit_id":
        folder = Path((datasette.plugin_config("payaudit") or {}).get("folder", ""), "reports", value)
        for name in ("report.html", "report.json"):
            if (folder / name).is_file():
                return Markup('<a href="/reports/{}/{}">{}</a>').format(quote(value), name, value)
    if column == "page" and value.startswith("reports/"):
        return Markup('<a href="/{}">{}</a>').format(quote(value), value)
    if column == "evidence" and value.startswith("evidence/"):
        return Markup('<a href="/{}">{}</a>').format(quote(value), value)
    return None
