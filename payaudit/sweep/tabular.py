"""An answer as CSV, JSON or Parquet."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

from payaudit.errors import UsageError
from payaudit.sweep.catalogue import Answer

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def to_csv(answer: Answer) -> str:
    """With a header. A text that a spreadsheet would run as a formula gets a ``'`` before it.

    Names and labels come from the audited pages, which may be hostile.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(answer.columns)
    writer.writerows([_harmless(cell) for cell in row] for row in answer.rows)
    return out.getvalue()


def to_json(answer: Answer) -> str:
    """A list of objects; amounts are strings, so that no digit is lost."""
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    return json.dumps(rows, ensure_ascii=False, indent=2, default=_plain) + "\n"


def write_parquet(answer: Answer, path: Path) -> None:
    """One file. Raises ``UsageError`` where pyarrow is missing or nothing can be written."""
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError as error:
        raise UsageError(
            'Parquet needs pyarrow: pip install "payaudit[parquet]"',
            'Parquet 需要 pyarrow：pip install "payaudit[parquet]"',
        ) from error
    columns = {
        name: [float(row[i]) if isinstance(row[i], Decimal) else row[i] for row in answer.rows]
        for i, name in enumerate(answer.columns)
    }
    try:
        parquet.write_table(pa.table(columns), path)
    except OSError as error:
        raise unwritable(path, error) from error


def unwritable(path: Path, error: OSError) -> UsageError:
    """A file that cannot be written."""
    return UsageError(
        f"{path}: cannot be written ({error.strerror})", f"{path}：无法写入（{error.strerror}）"
    )


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _plain(value: object) -> str:
    if isinstance(value, bytes):
        return value.hex()
    return str(value)
