"""A catalogue as one new SQLite file: to be sent, kept, or looked over with other tools."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from payaudit.errors import UsageError
from payaudit.sweep import tables
from payaudit.sweep.catalogue import Catalogue

_CHUNK = 1000


def copy(source: Catalogue, file: Path) -> int:
    """Write all tables into ``file``; how many audits there are. ``UsageError`` where a file is."""
    if file.exists():
        raise UsageError(f"{file} is there already; name a new file", f"{file} 已存在；请指定新文件")
    half = file.with_name(f"{file.name}.half")
    half.unlink(missing_ok=True)
    target = Catalogue(f"sqlite:///{half}", create=True)
    try:
        # One transaction sees one state of the catalogue, however a sweep goes on.
        with source.engine.connect() as link, target.engine.begin() as into:
            if source.engine.dialect.name == "postgresql":
                link.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            for table in tables.metadata.sorted_tables:
                found = link.execution_options(yield_per=_CHUNK).execute(sa.select(table)).mappings()
                for some in found.partitions():
                    into.execute(sa.insert(table), [dict(row) for row in some])
            audits = into.scalar(sa.select(sa.func.count()).select_from(tables.audits)) or 0
        with target.engine.connect() as link:
            link.exec_driver_sql("PRAGMA journal_mode=DELETE")  # all in one file
    except BaseException:
        target.close()
        half.unlink(missing_ok=True)
        raise
    target.close()
    half.rename(file)
    return audits
