"""Datasette on a catalogue: the ready questions as forms, answers as CSV, links to the reports."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from payaudit.errors import UsageError
from payaudit.model.text import Language
from payaudit.sweep.questions import Question, questions
from payaudit.sweep.sweep import REPORTS

_PLUGINS = Path(__file__).with_name("datasette_plugins")
_FACETS = {
    "audits": ["platform", "status", "reached", "persona", "sweep"],
    "findings": ["rule", "verdict", "severity", "confidence"],
    "offers": ["kind", "period", "currency", "auto_renews"],
    "merchants": ["kind"],
    "targets": ["fate", "platform", "sweep"],
}


def needs_datasette() -> None:
    """Raise ``UsageError`` where the extra is not installed."""
    try:
        import datasette  # noqa: F401, PLC0415 - an extra
    except ImportError as error:
        raise UsageError(
            'serving needs Datasette: pip install "payaudit[serve]"',
            '此功能需要 Datasette：pip install "payaudit[serve]"',
        ) from error


def metadata(file: Path, language: Language) -> dict[str, Any]:
    """What Datasette is told of the catalogue."""
    tables = {name: {"facets": facets} for name, facets in _FACETS.items()}
    queries = {name: _query(each, language) for name, each in questions().items()}
    zh = language == "zh"
    return {
        "title": "payaudit 巡查目录库" if zh else "payaudit: catalogue of sweeps",
        "description": "所列均为涉嫌做法的线索，是否违反由主管机关或法院认定。"
        if zh
        else "Findings are suspected practices; whether a provision was breached is for the authorities.",
        "plugins": {"payaudit": {"folder": str(file.parent)}},
        "databases": {file.stem: {"tables": tables, "queries": queries}},
    }


def command(file: Path, folder: Path, told: Path, host: str, port: int) -> list[str]:
    """Datasette's own program on a catalogue, with reports and evidence of the folder beside it."""
    beside = [
        part
        for name in (REPORTS, "evidence")
        if (folder / name).is_dir()
        for part in ("--static", f"{name}:{folder / name}")
    ]
    settings = [part for name, value in _SETTINGS.items() for part in ("--setting", name, value)]
    where = ["-h", host, "-p", str(port), "--metadata", str(told), "--plugins-dir", str(_PLUGINS)]
    return [sys.executable, "-m", "datasette", "serve", str(file), *where, *settings, *beside]


_SETTINGS = {"sql_time_limit_ms": "5000", "max_csv_mb": "0", "allow_download": "on", "suggest_facets": "off"}


def write_metadata(path: Path, file: Path, language: Language) -> Path:
    """The file that Datasette reads it from."""
    path.write_text(json.dumps(metadata(file, language), ensure_ascii=False, indent=2), "utf-8")
    return path


def _query(each: Question, language: Language) -> dict[str, Any]:
    names = [(key, parameter.in_(language)) for key, parameter in each.parameters.items()]
    said = [*((each.note.in_(language),) if each.note else ()), *(f"{key}: {text}" for key, text in names)]
    return {
        "title": each.title.in_(language),
        "description": "\n".join(said),
        "sql": each.sql,
        "params": list(each.parameters),
    }
